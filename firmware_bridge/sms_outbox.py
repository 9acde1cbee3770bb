"""Messages on their way out: a short queue, a rate, tries again, and a verdict for each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from firmware_bridge.at_errors import AtError, Trouble
from firmware_bridge.sms_credit import CreditJudge
from firmware_bridge.sms_pdu import encode_submits


@dataclass(frozen=True)
class SendingSettings:
    """Limits of sending. Each part of a long message counts as one."""

    queue_places: int = 32
    burst: int = 5
    per_minute: float = 6.0
    per_day: int = 300
    tries: int = 3
    retry_after_s: float = 8.0
    longest_parts: int = 3


@dataclass(frozen=True)
class Sent:
    """The network has taken all parts. Whether they arrive nobody says."""

    parts: int = 1


@dataclass(frozen=True)
class NotSent:
    """Not sent, or, with `may_have_been_sent`, nobody knows. `reason` is one line without the number."""

    reason: str
    trouble: Trouble | None = None
    may_have_been_sent: bool = False


Verdict = Sent | NotSent

QUEUE_FULL = NotSent("too many messages wait to be sent: try again later", Trouble.BUSY)
TOO_LONG = NotSent("the text needs too many parts: shorten it")
BAD_NUMBER = NotSent("this is no number that can be written to", Trouble.BAD_NUMBER)
DAY_IS_OVER = NotSent("the day's number of messages is used up: raise it, or wait until tomorrow")
CLOSED = NotSent("the modem is being closed")


class Outgoing:
    """One message: its PDUs with their lengths, and until when it may wait."""

    def __init__(
        self, pdus: list[tuple[bytes, int]], deadline_s: float, decided: Callable[[Verdict], None]
    ) -> None:
        self.pdus = pdus
        self.deadline_s = deadline_s
        self.next_part = 0
        self.tries = 0
        self.not_before_s = 0.0
        self._decided = decided

    def decide(self, verdict: Verdict) -> None:
        """Tell the verdict."""
        self._decided(verdict)


class SmsOutbox:
    """The queue. The session takes a part at a time and tells how it went."""

    def __init__(self, settings: SendingSettings, credit: CreditJudge, now: float) -> None:
        self.credit = credit
        self.waiting_problem: AtError | None = None
        """Why messages wait at all; becomes the verdict of those whose time is over."""
        self._settings = settings
        self._queue: deque[Outgoing] = deque()
        self._in_flight: Outgoing | None = None
        self._reference = 0
        self._saved = float(settings.burst)
        self._saved_at = now
        self._day_starts_s = now
        self._sent_today = 0

    def __len__(self) -> int:
        """Return how many messages wait or are being sent."""
        return len(self._queue) + (self._in_flight is not None)

    def put(
        self, number: str, text: str, deadline_s: float, decided: Callable[[Verdict], None], now: float
    ) -> None:
        """Take a message; `decided` is called once, perhaps at once."""
        try:
            pdus = encode_submits(number, text, self._reference)
        except ValueError:
            decided(BAD_NUMBER)
            return
        self._reference = (self._reference + 1) & 255
        if len(pdus) > self._settings.longest_parts:
            decided(TOO_LONG)
        elif not self.credit.may_try(now):
            decided(NotSent(Trouble.NO_CREDIT.value, Trouble.NO_CREDIT))
        elif len(self) >= self._settings.queue_places:
            decided(QUEUE_FULL)
        elif self._left_today(now) < len(pdus):
            decided(DAY_IS_OVER)
        else:
            self._queue.append(Outgoing(pdus, deadline_s, decided))

    def part_to_send(self, now: float) -> tuple[bytes, int] | None:
        """Return the next PDU and its length when one may be sent now; its fate has to be told."""
        self.expire(now)
        if self._in_flight is not None or not self._queue or now < self._ready_at(now):
            return None
        if self.credit.is_out:
            self.credit.tried(now)
        self._saved -= 1
        self._sent_today += 1
        message = self._in_flight = self._queue.popleft()
        message.tries += 1
        return message.pdus[message.next_part]

    def sent_part(self) -> None:
        """Take note that the network has taken the part."""
        message, self._in_flight = self._in_flight, None
        self.credit.sent()
        self.waiting_problem = None
        if message is None:
            return
        message.next_part += 1
        message.tries = 0
        if message.next_part < len(message.pdus):
            self._queue.appendleft(message)
        else:
            message.decide(Sent(len(message.pdus)))

    def failed_part(self, error: AtError, *, may_have_acted: bool, now: float) -> None:
        """Take note that a part was refused, or that nobody knows."""
        message, self._in_flight = self._in_flight, None
        if message is None:
            return
        passes = error.trouble in (Trouble.BUSY, Trouble.SIM_BUSY, Trouble.NO_NETWORK, Trouble.NO_ANSWER)
        # What may have been sent is never sent again: a villager would get it twice, or for ever.
        if passes and not may_have_acted and message.tries < self._settings.tries:
            message.not_before_s = now + self._settings.retry_after_s * message.tries
            self.waiting_problem = error
            self._queue.appendleft(message)
            return
        self.credit.refused(error, now)
        if self.credit.is_out:
            error = AtError(Trouble.NO_CREDIT, error.code)
        message.decide(NotSent(str(error), error.trouble, may_have_acted or message.next_part > 0))

    def expire(self, now: float) -> None:
        """Give up messages whose time is over."""
        late = [message for message in self._queue if now >= message.deadline_s]
        for message in late:
            self._queue.remove(message)
            error = self.waiting_problem or AtError(Trouble.BUSY)
            message.decide(NotSent(str(error), error.trouble, message.next_part > 0))

    def drop_all(self, verdict: NotSent) -> None:
        """Decide all that wait; one of which parts went out may have been sent."""
        while self._queue:
            message = self._queue.popleft()
            may_have = verdict.may_have_been_sent or message.next_part > 0
            message.decide(replace(verdict, may_have_been_sent=may_have))

    def next_timer_at(self, now: float) -> float:
        """Return when something is due here: a part may go, or a message has waited too long."""
        if not self._queue:
            return float("inf")
        deadline_s = min(message.deadline_s for message in self._queue)
        return min(deadline_s, self._ready_at(now))

    def _ready_at(self, now: float) -> float:
        per_s = self._settings.per_minute / 60
        if now > self._saved_at:
            self._saved = min(float(self._settings.burst), self._saved + (now - self._saved_at) * per_s)
            self._saved_at = now
        wait_s = 0.0 if self._saved >= 1 else (1 - self._saved) / per_s
        return max(self._queue[0].not_before_s, now + wait_s)

    def _left_today(self, now: float) -> int:
        if now >= self._day_starts_s + 86_400:
            self._day_starts_s = now
            self._sent_today = 0
        return self._settings.per_day - self._sent_today
