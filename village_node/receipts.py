"""What a receipt code shows to its holder, and how guessing is slowed."""

from __future__ import annotations

import threading

from sync.errors import SealBroken
from sync.sealing.receipt_code import ReceiptKeys
from village_node.log import NodeLog
from village_node.services import (
    STEP_NAMES,
    Answer,
    LadderStep,
    ReceiptView,
    TooManyGuesses,
    UnknownReceipt,
)
from village_node.timekeeping import Stamp, TimeKeeper

GUESSES = 20
"""Wrong codes in a row before waiting: a person mistypes, forty people in a session mistype."""
REFILL_S = 30.0
"""A wrong code more for each half minute. 2^53 codes at that rate: eight billion years."""


class GuessLimit:
    """A bucket of wrong guesses for the whole box (no address of a phone is kept). Survives a restart."""

    def __init__(self, log: NodeLog, times: TimeKeeper) -> None:
        self._log = log
        self._times = times
        self._left = float(log.number("guesses_left", GUESSES))
        # While the box was off the bucket fills only by dates that both can be trusted.
        away_s = times.age_of_wall_s(log.number("guesses_at") or None)
        self._left = min(GUESSES, self._left + (away_s or 0) / REFILL_S)
        self._at = times.monotonic_s()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take one guess before the code is tried, so that many at once are no more guesses.

        Raises TooManyGuesses when there is none left.
        """
        with self._lock:
            now = self._times.monotonic_s()
            self._left = min(GUESSES, self._left + max(0.0, now - self._at) / REFILL_S)
            self._at = now
            if self._left < 1:
                raise TooManyGuesses(int((1 - self._left) * REFILL_S) + 1)
            self._left -= 1

    def right(self) -> None:
        """Give the guess back: the code was right."""
        with self._lock:
            self._left = min(GUESSES, self._left + 1)

    def wrong(self) -> None:
        """Keep on disk that a guess was wrong, so that pulling the plug wins nothing."""
        with self._lock:
            left = int(self._left)
        self._log.set_number("guesses_left", left)
        self._log.set_number("guesses_at", self._times.trusted_wall_s() or 0)


class Receipts:
    """Looks up receipts and opens their answers."""

    def __init__(self, *, log: NodeLog, times: TimeKeeper, salt: bytes) -> None:
        self._log = log
        self._times = times
        self._salt = salt
        self._limit = GuessLimit(log, times)

    def look_up(self, code: str) -> ReceiptView:
        """Return what the code shows; raise UnknownReceipt or TooManyGuesses."""
        self._limit.take()
        keys = ReceiptKeys(code, self._salt)
        steps = self._log.steps(keys.find)
        answers = tuple(self._open(keys, *row) for row in self._log.answers(keys.find))
        if not steps and not answers:
            self._limit.wrong()
            raise UnknownReceipt
        self._limit.right()
        ladder = tuple(self._step(i, steps.get(i), max(steps, default=-1)) for i in range(len(STEP_NAMES)))
        return ReceiptView(ladder, tuple(answer for answer in answers if answer is not None))

    def _step(self, number: int, stamp: Stamp | None, highest: int) -> LadderStep:
        # Who acted has read, and what was read was received, even if that news is still on its way.
        age = None if stamp is None else self._times.age_s(stamp)
        return LadderStep(STEP_NAMES[number], stamp is not None or number < highest, age)

    def _open(
        self, keys: ReceiptKeys, generation: int, counter: int, asks: bool, written_at_s: int, sealed: bytes
    ) -> Answer | None:
        try:
            text = keys.open_answer(generation, counter, sealed).decode("utf-8")
        except (SealBroken, UnicodeDecodeError):
            return None
        return Answer(text, asks, self._times.age_of_wall_s(written_at_s))
