"""Counts what the node's radio sends and hears, by the hour. Time is an argument; nothing is stored here."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from sync.carriers.base import HeardPayload
from sync.errors import MalformedWire
from sync.link_quality import SILENT_IN_A_ROW, Figures, Grade, Measured, grade
from sync.wire.frame_codec import FragmentFrame, ReceiptFrame, UpFrame, decode_frame

HOUR_S = 3600.0
KEPT_HOURS = 48
"""Hours in memory: two days, so that the last 24 hours can always be told, and undated ones wait a while."""
LONGEST_GAP_S = 600.0
"""The pump looks several times a second. After a longer silence of it the radio was gone, which is not time
observed."""
SAMPLE_EVERY_S = 60.0
_OPEN_QUESTIONS = 64
_REMEMBERED_PIECES = 2048


@dataclass(slots=True)
class LinkCounts(Figures):
    """What one stretch of time saw on the radio.

    `seconds` is how long the radio was there, `airtime_ms` what the node sent, frames for others included.
    Questions are polls and the ends of bursts, which the hub answers, too. `frames_heard` are authentic ones
    for this node; signal and hops are theirs, as the last radio on the way was heard. `envelopes_again` are
    envelopes and pieces that were sent once before. `margin_db` is the signal above what the radio's setting
    needs. `channel_used` is the share of time in which the radio found the channel in use, 0 to 1.
    """

    seconds: float = 0.0
    frames_sent: int = 0
    airtime_ms: float = 0.0
    frames_heard: int = 0
    questions_asked: int = 0
    questions_answered: int = 0
    silences: int = 0
    envelopes_sent: int = 0
    envelopes_again: int = 0
    round_trip_s: Measured = field(default_factory=Measured)
    rssi_dbm: Measured = field(default_factory=Measured)
    snr_db: Measured = field(default_factory=Measured)
    margin_db: Measured = field(default_factory=Measured)
    hops: Measured = field(default_factory=Measured)
    channel_used: Measured = field(default_factory=Measured)

    @property
    def grade(self) -> Grade:
        """Return this stretch of time in one word."""
        return grade(
            asked=self.questions_asked,
            answered=self.questions_answered,
            heard=self.frames_heard,
            margin_db=self.margin_db.mean,
        )


def _pieces_of(frame: UpFrame) -> list[tuple[int, int, int]]:
    """Return (tag, counter, piece) of what a frame carries; a whole envelope is piece -1."""
    if isinstance(frame, FragmentFrame):
        return [(frame.epoch_tag, frame.counter, frame.index)]
    return [(frame.epoch_tag, counter, -1) for counter, _ in frame.envelopes]


@dataclass(slots=True)
class Hour:
    """One hour from `start` on the monotonic clock. `kept` once it was stored."""

    start: float
    counts: LinkCounts
    kept: bool = False


class LinkMeter:
    """Threads may share it: the radio's pump counts, pages read. `now` is on the monotonic clock, seconds."""

    def __init__(self, now: float) -> None:
        self._begin = now
        self._at = now
        self._sample_at = now
        self._limit_db: float | None = None
        self._hours: deque[Hour] = deque([Hour(now, LinkCounts())])
        self._polls: OrderedDict[int, float] = OrderedDict()
        """When each open poll was asked, by its number."""
        self._bursts: OrderedDict[int, tuple[float, int]] = OrderedDict()
        """When the last question about an epoch was asked, by its tag, and its number, 0 for the end of a
        burst: the hub answers that unasked."""
        self._pieces: OrderedDict[tuple[int, int, int], None] = OrderedDict()
        self._silent_in_a_row = 0
        self._lock = threading.Lock()

    def sample_is_due(self, now: float) -> bool:
        """Return whether `sample` is wanted again: about once a minute."""
        return now >= self._sample_at

    def sample(self, channel_used: float | None, limit_db: float | None, now: float) -> None:
        """Take how busy the radio found the channel, and the signal that its settings need."""
        with self._lock:
            self._sample_at = now + SAMPLE_EVERY_S
            self._limit_db = limit_db
            self._open.channel_used.note(channel_used)

    def tick(self, now: float) -> bool:
        """Let time pass; return whether an hour has ended."""
        with self._lock:
            if 0 < now - self._at <= LONGEST_GAP_S:
                self._open.seconds += now - self._at
            self._at = max(self._at, now)
            if now < self._hours[-1].start + HOUR_S:
                return False
            whole_hours = (now - self._begin) // HOUR_S
            self._hours.append(Hour(self._begin + whole_hours * HOUR_S, LinkCounts()))
            while len(self._hours) > 2 * KEPT_HOURS:
                self._hours.popleft()  # the store has failed for two days: figures must not fill the memory
            return True

    @property
    def _open(self) -> LinkCounts:
        return self._hours[-1].counts

    def sent(self, payload: bytes, airtime_ms: float, now: float) -> None:
        """Take a frame that goes out."""
        with self._lock:
            self._open.frames_sent += 1
            self._open.airtime_ms += airtime_ms
            try:
                frame = decode_frame(payload)
            except MalformedWire:
                return
            if not isinstance(frame, UpFrame):
                return  # a gateway's frame for another node
            pieces = _pieces_of(frame)
            for piece in pieces:
                self._carries(piece)
            poll = 0 if frame.poll is None else frame.poll.poll
            if poll or (pieces and not frame.following):
                self._asks(frame.epoch_tag, poll, now)

    def _asks(self, tag: int, poll: int, now: float) -> None:
        self._open.questions_asked += 1
        self._bursts[tag] = (now, poll)
        if poll:
            self._polls[poll] = now
        for questions in (self._polls, self._bursts):
            if len(questions) > _OPEN_QUESTIONS:
                questions.popitem(last=False)

    def _carries(self, piece: tuple[int, int, int]) -> None:
        self._open.envelopes_sent += 1
        self._open.envelopes_again += piece in self._pieces
        self._pieces[piece] = None
        self._pieces.move_to_end(piece)
        if len(self._pieces) > _REMEMBERED_PIECES:
            self._pieces.popitem(last=False)

    def heard(self, heard: HeardPayload, now: float) -> None:
        """Take a frame that was authentic and for this node."""
        with self._lock:
            counts = self._open
            self._silent_in_a_row = 0
            counts.frames_heard += 1
            counts.rssi_dbm.note(heard.rssi_dbm)
            counts.snr_db.note(heard.snr_db)
            if heard.snr_db is not None and self._limit_db is not None:
                counts.margin_db.note(heard.snr_db - self._limit_db)
            counts.hops.note(heard.hops)
            try:
                frame = decode_frame(heard.payload)
            except MalformedWire:
                return
            asked_at = self._answers(frame) if isinstance(frame, ReceiptFrame) else None
            if asked_at is not None:
                counts.questions_answered += 1
                counts.round_trip_s.note(now - asked_at)

    def _answers(self, receipt: ReceiptFrame) -> float | None:
        """Return when the question was asked that this receipt is the first answer to, if any."""
        if receipt.poll is not None:
            if self._bursts.get(receipt.epoch_tag, (0.0, 0))[1] == receipt.poll:
                del self._bursts[receipt.epoch_tag]
            return self._polls.pop(receipt.poll, None)
        asked_at, poll = self._bursts.pop(receipt.epoch_tag, (None, 0))
        if poll and self._polls.pop(poll, None) is None:
            return None
        return asked_at

    def silence(self, times: int) -> None:
        """Take that a wait for the hub ended without an answer, `times` in a row."""
        with self._lock:
            self._open.silences += 1
            self._silent_in_a_row = times

    def last_24_hours(self, now: float) -> LinkCounts:
        """Return the sum of the hours that began in the last 24."""
        found = LinkCounts()
        with self._lock:
            for hour in self._hours:
                if hour.start > now - 24 * HOUR_S:
                    found.add(hour.counts)
        return found

    def grade(self, now: float) -> Grade:
        """Return the link as it is now, in one word."""
        if self._silent_in_a_row >= SILENT_IN_A_ROW:
            return Grade.NONE
        return self.last_24_hours(now).grade

    # -- storing ----------------------------------------------------------------------------------

    def unkept(self, *, with_open: bool) -> list[Hour]:
        """Return the hours that were not stored yet, oldest first; the running one only if wanted."""
        with self._lock:
            hours = list(self._hours) if with_open else list(self._hours)[:-1]
            return [hour for hour in hours if not hour.kept]

    def kept(self, hours: list[Hour]) -> None:
        """Note that these are stored, and let go of hours that nobody asks for any more."""
        with self._lock:
            for hour in hours:
                hour.kept = True
            while len(self._hours) > KEPT_HOURS and self._hours[0].kept:
                self._hours.popleft()

    def too_many(self) -> list[Hour]:
        """Return the oldest hours beyond `KEPT_HOURS` that were not stored: they cannot wait any longer."""
        with self._lock:
            over = max(0, len(self._hours) - KEPT_HOURS)
            return [hour for hour in list(self._hours)[:over] if not hour.kept]
