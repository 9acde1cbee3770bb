"""Counts what reaches the hub from each node and what it sends: in memory, a few additions a frame.

Pure: time is an argument, and whoever stores takes what has gathered.
"""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from sync.carriers.base import HeardPayload
from sync.link.hearing import Heard, KnownEpoch, RadioPath
from sync.link_quality import Figures, Grade, Measured, day_number, grade
from sync.wire.numbers import FrameType

RADIO, GATEWAY, INTERNET, COURIER = "radio", "gateway", "http", "courier"
CARRIERS = (RADIO, GATEWAY, INTERNET, COURIER)
MAX_PATHS = 4096
"""Radio addresses whose node is remembered, to say for whom a frame goes out."""
REPEATED_WITHIN_S = 900.0
"""A node that misses the answer asks again, after 15 minutes at most (`sync.link.retry`). Later questions are
new ones."""
LARGEST_STEP = 64
"""Questions of a node are numbered. A larger step than this is a new start of the node, not so many lost."""
_POLL_NUMBERS = 0xFFFF


@dataclass(frozen=True)
class Question:
    """An authentic question: its epoch, its number if it is a poll (None: the end of a burst), and whether it
    came alone, without anything new."""

    epoch: bytes
    poll: int | None
    alone: bool


def question_of(payload: bytes, heard: Heard, epoch: KnownEpoch, new: int) -> Question | None:
    """Return the question of a frame: a poll, or the end of a burst that brought something new."""
    if heard.following:
        return None
    if heard.poll is not None and heard.poll[1].poll:
        kind = payload[0] >> 3 & 7
        return Question(epoch.id, heard.poll[1].poll, alone=kind != FrameType.FRAGMENT and not new)
    return Question(epoch.id, None, alone=False) if new else None


@dataclass(slots=True)
class NodeCounts(Figures):
    """What one day saw of one node.

    `questions_heard` came by radio: polls, and ends of bursts with something new. A node asks again only when
    no answer came: `receipts_lost` are answers after which it did, `questions_missed` the polls between, by
    their numbers, that never came. What was lost before a first question came cannot be seen here; the node
    itself knows it. `bundles` are parts of bundles by internet and courier, one an epoch. Envelopes are new
    ones, by carrier. Signal and hops are those of the hub's own radio: a gateway's bundle carries none.
    `airtime_ms` is what the hub's own radio sent to the node.
    """

    frames_heard: int = 0
    questions_heard: int = 0
    questions_missed: int = 0
    receipts_lost: int = 0
    bundles: int = 0
    radio_envelopes: int = 0
    gateway_envelopes: int = 0
    http_envelopes: int = 0
    courier_envelopes: int = 0
    receipts_sent: int = 0
    downs_sent: int = 0
    airtime_ms: float = 0.0
    rssi_dbm: Measured = field(default_factory=Measured)
    snr_db: Measured = field(default_factory=Measured)
    margin_db: Measured = field(default_factory=Measured)
    hops: Measured = field(default_factory=Measured)

    @property
    def grade(self) -> Grade:
        """Return the radio link of these days in one word; UNKNOWN where only other carriers were used."""
        if not self.frames_heard:
            return Grade.UNKNOWN
        return grade(
            asked=self.questions_heard + self.questions_missed,
            answered=self.questions_heard - self.receipts_lost,
            heard=self.frames_heard,
            margin_db=self.margin_db.mean,
        )


@dataclass(slots=True)
class OwnCounts(Figures):
    """What one day saw on the hub's own radio. `seconds` is how long it was there, `foreign_frames` were
    none of ours."""

    seconds: float = 0.0
    frames_sent: int = 0
    airtime_ms: float = 0.0
    frames_heard: int = 0
    foreign_frames: int = 0
    channel_used: Measured = field(default_factory=Measured)


@dataclass(frozen=True)
class Gathered:
    """What was counted since it was taken last: (node, day) and day -> counts, (node, carrier) -> Unix
    seconds of the last contact."""

    nodes: dict[tuple[int, int], NodeCounts]
    own: dict[int, OwnCounts]
    contacts: dict[tuple[int, str], float]

    def __bool__(self) -> bool:
        return bool(self.nodes or self.own or self.contacts)


class LinkCounter:
    """Threads may share it. Memory is bounded by the number of nodes. `at` is Unix seconds."""

    def __init__(self) -> None:
        self._gathered = Gathered({}, {}, {})
        self._questions: dict[int, tuple[Question, float]] = {}
        self._paths: OrderedDict[RadioPath, int] = OrderedDict()
        self._limit_db: float | None = None
        self._lock = threading.Lock()

    def _node(self, node: int, at: float) -> NodeCounts:
        return self._gathered.nodes.setdefault((node, day_number(at)), NodeCounts())

    def _own(self, at: float) -> OwnCounts:
        return self._gathered.own.setdefault(day_number(at), OwnCounts())

    def heard_foreign(self, path: RadioPath, at: float) -> None:
        """Take a frame that none of our nodes made."""
        if not path.gateway:
            with self._lock:
                self._own(at).foreign_frames += 1

    def heard(
        self,
        node: int | None,
        path: RadioPath,
        at: float,
        *,
        question: Question | None,
        envelopes: int,
        signal: HeardPayload | None,
        is_news: bool = True,
    ) -> None:
        """Take a frame from the air: `node` where it proved whose it is, the question in it, `envelopes`
        how many new ones it brought; `is_news`: it was made just now, though it brought none."""
        via = GATEWAY if path.gateway else RADIO
        with self._lock:
            if not path.gateway:
                self._own(at).frames_heard += 1
            if node is None:
                return
            self._remember(path, node)
            counts = self._node(node, at)
            counts.frames_heard += 1
            if question is not None:
                self._count_question(counts, node, question, at)
            self._contact(counts, node, via, envelopes, at, is_news=is_news)
            if signal is not None:
                self._measure(counts, signal)

    def _measure(self, counts: NodeCounts, signal: HeardPayload) -> None:
        counts.rssi_dbm.note(signal.rssi_dbm)
        counts.snr_db.note(signal.snr_db)
        if signal.snr_db is not None and self._limit_db is not None:
            counts.margin_db.note(signal.snr_db - self._limit_db)
        counts.hops.note(signal.hops)

    def _remember(self, path: RadioPath, node: int) -> None:
        self._paths[path] = node
        self._paths.move_to_end(path)
        if len(self._paths) > MAX_PATHS:
            self._paths.popitem(last=False)

    def _count_question(self, counts: NodeCounts, node: int, question: Question, at: float) -> None:
        before, before_at = self._questions.get(node, (None, 0.0))
        if before is not None and before.epoch == question.epoch:
            step = 1
            if question.poll is not None and before.poll is not None:
                step = (question.poll - before.poll) % _POLL_NUMBERS
            if step == 0:
                return  # a copy: relays and gateways bring the same frame again
            if question.alone and step <= LARGEST_STEP and at - before_at <= REPEATED_WITHIN_S:
                counts.receipts_lost += 1
                counts.questions_missed += step - 1
        self._questions[node] = (question, at)
        counts.questions_heard += 1

    def _contact(
        self, counts: NodeCounts, node: int, via: str, envelopes: int, at: float, *, is_news: bool
    ) -> None:
        name = f"{via}_envelopes"
        setattr(counts, name, getattr(counts, name) + envelopes)
        if envelopes or is_news:  # else a box that is gone would be heard for as long as somebody plays it
            self._gathered.contacts[node, via] = max(at, self._gathered.contacts.get((node, via), at))

    def bundle(self, node: int, via: str, at: float, *, envelopes: int, is_news: bool = True) -> None:
        """Take an epoch's part of a node's bundle by internet or courier, with so many new envelopes;
        `is_news`: it was made just now, though it brought none."""
        with self._lock:
            counts = self._node(node, at)
            counts.bundles += 1
            self._contact(counts, node, via, envelopes, at, is_news=is_news)

    def replied(self, node: int, at: float, *, receipts: int, downs: int) -> None:
        """Take that so much went to a node in a bundle."""
        with self._lock:
            counts = self._node(node, at)
            counts.receipts_sent += receipts
            counts.downs_sent += downs

    def sent(self, payload: bytes, path: RadioPath, airtime_ms: float, at: float) -> None:
        """Take a frame that goes out: by the hub's own radio, `airtime_ms` on the air, or by a gateway."""
        kind = payload[0] >> 3 & 7 if payload else -1
        with self._lock:
            if not path.gateway:
                own = self._own(at)
                own.frames_sent += 1
                own.airtime_ms += airtime_ms
            node = self._paths.get(path)
            if node is None:
                return
            counts = self._node(node, at)
            counts.receipts_sent += kind == FrameType.RECEIPT
            counts.downs_sent += kind in (FrameType.DOWN, FrameType.DOWN_FRAGMENT)
            if not path.gateway:
                counts.airtime_ms += airtime_ms

    def watched(self, seconds: float, channel_used: float | None, limit_db: float | None, at: float) -> None:
        """Take that the hub's own radio was there for so long, how busy it found the channel, and the signal
        that its settings need."""
        with self._lock:
            self._limit_db = limit_db
            own = self._own(at)
            own.seconds += seconds
            own.channel_used.note(channel_used)

    # -- storing ----------------------------------------------------------------------------------

    def take(self) -> Gathered:
        """Return what has gathered, and begin anew."""
        with self._lock:
            taken, self._gathered = self._gathered, Gathered({}, {}, {})
        return taken

    def pending(self) -> Gathered:
        """Return a copy of what has gathered and was not taken yet."""
        with self._lock:
            return copy.deepcopy(self._gathered)

    def put_back(self, taken: Gathered) -> None:
        """Take again what could not be stored."""
        with self._lock:
            for place, nodes in taken.nodes.items():
                self._gathered.nodes.setdefault(place, NodeCounts()).add(nodes)
            for day, own in taken.own.items():
                self._gathered.own.setdefault(day, OwnCounts()).add(own)
            for who, at in taken.contacts.items():
                self._gathered.contacts[who] = max(at, self._gathered.contacts.get(who, at))
