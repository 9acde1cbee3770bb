"""What a receipt code shows to its holder, and how guessing is slowed."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sync.errors import SealBroken
from sync.sealing.receipt_code import ReceiptKeys
from sync.wire.numbers import UpRecord
from village_node.duress import UnderDuress
from village_node.log import NodeLog
from village_node.log_rows import RECEIPTS_LOST
from village_node.services import (
    STEP_NAMES,
    Answer,
    FollowUpView,
    LadderStep,
    ReceiptMayBeLost,
    ReceiptView,
    TooManyGuesses,
    UnknownReceipt,
    pictures_number,
)
from village_node.timekeeping import Stamp, TimeKeeper

FOLLOW_UP_STEPS = 3
"""Saved, on its way, received: the hub says no more of an addition or a withdrawal."""
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


@dataclass(frozen=True, repr=False)
class OpenedReceipt:
    """A code that is right: its keys, its steps, and the real receipt where it is a duress code."""

    keys: ReceiptKeys
    real_find: bytes | None
    steps: dict[int, Stamp]

    @property
    def under_duress(self) -> bool:
        """Whether somebody may have been forced to show it."""
        return self.real_find is not None


class Receipts:
    """Looks up receipts and opens their answers."""

    def __init__(self, *, log: NodeLog, times: TimeKeeper, salt: bytes, duress: UnderDuress) -> None:
        self._log = log
        self._times = times
        self._salt = salt
        self._duress = duress
        self._limit = GuessLimit(log, times)

    def open(self, code: str) -> OpenedReceipt:
        """Return what a code leads to; raise UnknownReceipt or TooManyGuesses."""
        self._limit.take()
        keys = ReceiptKeys(code, self._salt)
        real = self._log.find_under_duress(keys.find)
        steps = self._log.steps(keys.find if real is None else real)
        if not steps and not self._log.answers(keys.find):
            self._limit.wrong()
            raise self._not_found()
        self._limit.right()
        return OpenedReceipt(keys, real, steps)

    def _not_found(self) -> UnknownReceipt:
        """Where the card lost receipts once, nobody knows whether a code was never given."""
        return ReceiptMayBeLost() if self._log.number(RECEIPTS_LOST) else UnknownReceipt()

    def look_up(self, code: str) -> ReceiptView:
        """Return what the code shows; raise UnknownReceipt or TooManyGuesses."""
        opened = self.open(code)
        if opened.real_find is not None:
            return self._duress.view(opened.keys.find, opened.real_find, self._ladder)
        answers = (self._open(opened.keys, *row) for row in self._log.answers(opened.keys.find))
        follow_ups = (
            FollowUpView(
                kind == UpRecord.WITHDRAWAL,
                self._ladder(steps)[:FOLLOW_UP_STEPS],
                self._log.files_state(key),
            )
            for kind, key, steps in self._log.follow_ups(opened.keys.find)
        )
        return ReceiptView(
            self._ladder(opened.steps),
            tuple(answer for answer in answers if answer is not None),
            tuple(follow_ups),
            self._log.files_state(opened.keys.find),
        )

    def look_up_pictures(self, pictures: tuple[int, ...]) -> ReceiptView:
        """Return the ladder of the one receipt with these pictures.

        Raises UnknownReceipt, also for several, or TooManyGuesses.
        """
        self._limit.take()
        finds = self._log.finds_of_pictures(pictures_number(pictures))
        if len(finds) != 1:
            self._limit.wrong()
            raise self._not_found()
        self._limit.right()
        return ReceiptView(self._ladder(self._log.steps(finds[0])), (), files=self._log.files_state(finds[0]))

    def _ladder(self, steps: dict[int, Stamp]) -> tuple[LadderStep, ...]:
        return tuple(self._step(i, steps.get(i), max(steps, default=-1)) for i in range(len(STEP_NAMES)))

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
        return Answer(text, asks, self._times.age_of_wall_s(written_at_s), written_at_s)
