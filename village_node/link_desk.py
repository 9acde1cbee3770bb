"""Where the node's protocol meets its store: one session, whichever carrier brings the frames.

Radio, HTTPS and courier all hand their frames to the same session, so a receipt is checked by one piece of
code however it came. What the session reports is committed here before it is acknowledged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sync.errors import MalformedWire
from sync.identifiers import BROADCAST, EnvelopeId, Lane
from sync.link.events import (
    Carried,
    DownArrived,
    GenerationSeen,
    Held,
    HubSilent,
    HubTime,
    NodeEvent,
    OutgoingFrame,
)
from sync.link.node_session import NodeSession
from sync.wire.bundle_codec import EpochSection, UpBundle, decode_down_bundle, encode_up_bundle
from sync.wire.content_pieces import ContentPiece
from sync.wire.control_records import BackedUp, decode_down
from sync.wire.frame_codec import EpochBlock
from sync.wire.lane_receipts import LaneReceipt
from sync.wire.notices import SignedNotice
from village_node.duress import HubContact
from village_node.log import NodeLog, StoredEnvelope
from village_node.timekeeping import TimeKeeper

MAX_BUNDLE_ENVELOPES = 5_000
"""Envelopes of one bundle; what is left goes with the next."""


MAX_BUNDLE_ENVELOPE_BYTES = 8 * 1024 * 1024
"""Half of what a bundle may have: five thousand reports of the full size would not fit."""
MAX_NAMED_EPOCHS = 200
"""On the air an epoch is named by one byte. A box that starts every day for a year and meets no hub keeps
more epochs: the oldest have a name, the others get one when an older one is settled."""
MAX_BULK_EPOCHS = 50
"""Of one bundle, beside those with a name: a hub reads 256."""


@dataclass(frozen=True, repr=False)
class MadeBundle:
    """A bundle for the hub and the envelopes in it."""

    data: bytes
    envelopes: tuple[EnvelopeId, ...]


@dataclass(frozen=True)
class Applied:
    """What a bundle from the hub held for this node (`authentic` frames, of which `receipts`) and changed."""

    authentic: int
    receipts: int
    receipted: int
    arrived: int
    returned: int = 0
    """Envelopes that an earlier generation had receipted and this one lacks: they wait again."""
    bulk_receipted: int = 0
    """Those of `receipted` that are bulk."""
    content: int = 0
    """Pieces of material that were not here before."""


class LinkDesk:
    """Owns the session. Threads may share it."""

    def __init__(self, *, session: NodeSession, log: NodeLog, times: TimeKeeper, node_number: int) -> None:
        self._session = session
        self._log = log
        self._times = times
        self._node_number = node_number
        self._lock = threading.RLock()
        self._blocks: dict[bytes, EpochBlock] = {}
        self._named: set[bytes] = set()
        self.last_contact_at: float | None = None
        self.answered: HubContact | None = None
        """The latest question that the hub answered, by any carrier."""
        """When the hub was heard last in this start, on the monotonic clock."""
        self.bundle_answered: HubContact | None = None
        """The latest question that a bundle answered."""
        self.act_on: dict[type, Callable[[Any], None]] = {}
        """What to do with a kind of record from the hub, within the commit that notes it; must not raise."""
        self.wake = threading.Event()
        """Set when something new waits to be carried."""
        self.on_silence: Callable[[int], None] = lambda times: None
        """Told when a wait for the hub on the radio ended without an answer, so many times in a row."""
        self.on_notice: Callable[[SignedNotice], None] = lambda notice: None
        """Keeps a notice; it may come again, and is acknowledged when this returns."""
        self.on_content: Callable[[Sequence[ContentPiece]], int] = lambda pieces: 0
        """Keeps pieces of material and returns how many were new; likewise."""

    # -- filling the session ----------------------------------------------------------------------

    def add_epoch(self, epoch: bytes, block: EpochBlock, opened_at: float | None) -> None:
        """Take an epoch of this or, oldest first, an earlier start."""
        with self._lock:
            self._blocks[epoch] = block
            if opened_at is not None or self._may_name(epoch):
                self._session.add_epoch(epoch, block, opened_at=opened_at)
                self._named.add(epoch)

    def tags(self) -> set[int]:
        """Return the names on the air that a new epoch must not have.

        Where there is one that no epoch has, those that wait for theirs count too: they could not get it
        as long as the new one runs.
        """
        with self._lock:
            wanted = {epoch[0] for epoch in self._blocks}
            return wanted if len(wanted) < 256 else {epoch[0] for epoch in self._named}

    def _may_name(self, epoch: bytes) -> bool:
        return len(self._named) < MAX_NAMED_EPOCHS and all(epoch[0] != named[0] for named in self._named)

    def _pass_names_on(self) -> None:
        """Give names of settled epochs to those that wait for one."""
        if len(self._named) == len(self._blocks):
            return
        verify = set(self._log.to_verify(self._log.number("generation")))
        busy = verify | self._log.pending_epochs()
        for epoch in self._named - busy - {self._session.running_epoch}:
            self._session.drop_epoch(epoch)
            self._named.discard(epoch)
        new = set()
        for epoch, block in self._blocks.items():
            if epoch in busy and epoch not in self._named and self._may_name(epoch):
                self._session.add_epoch(epoch, block, opened_at=None)
                self._named.add(epoch)
                new.add(epoch)
        if new:
            for envelope in self._log.pending():
                if envelope.id.epoch in new:
                    self._offer(envelope, 0.0)
            for epoch in new & verify:
                self._session.verify_epoch(epoch)

    def load(self, generation: int) -> None:
        """Offer everything again that no receipt covers, after a start."""
        with self._lock:
            self._pass_names_on()
            for envelope in self._log.pending():
                self._offer(envelope, 0.0)
            self._verify(generation)

    def _verify(self, generation: int) -> None:
        for epoch in self._named.intersection(self._log.to_verify(generation)):
            self._session.verify_epoch(epoch)

    def _offer(self, envelope: StoredEnvelope, wait_s: float) -> None:
        if envelope.id.lane is Lane.REPORT and envelope.id.epoch in self._named:
            due_at = self._times.monotonic_s() + (0.0 if envelope.urgent else wait_s)
            self._session.offer(envelope.id, envelope.sealed, urgent=envelope.urgent, due_at=due_at)

    def offer(self, place: EnvelopeId, sealed: bytes, *, urgent: bool, wait_s: float) -> None:
        """Take a committed envelope to be carried; ordinary ones wait so that the moment tells nothing."""
        with self._lock:
            self._offer(StoredEnvelope(place, sealed, urgent, 0, 0), wait_s)
        self.wake.set()

    # -- frames -----------------------------------------------------------------------------------

    def due_frames(self) -> list[OutgoingFrame]:
        """Return the frames that are due on the radio."""
        with self._lock:
            frames = self._session.frames_to_send(self._times.monotonic_s())
            self._settle()
            return frames

    def may_send(self) -> bool:
        """Whether the airtime budget allows a frame now; a gateway asks, too."""
        with self._lock:
            now = self._times.monotonic_s()
            return self._session.budget.ready_at(now) <= now

    def spend_airtime(self, airtime_ms: float) -> None:
        """Take what a relayed frame uses: one box has one budget."""
        with self._lock:
            self._session.budget.spend(airtime_ms, self._times.monotonic_s())

    def next_timer_at(self) -> float:
        """Return when a frame may be due next, on the monotonic clock."""
        with self._lock:
            return self._session.next_timer_at(self._times.monotonic_s())

    def hear(self, frame: bytes, source: int = BROADCAST) -> bool:
        """Take a frame from the hub; return whether it was authentic and meant for this node."""
        with self._lock:
            authentic = self._session.receive_frame(frame, source, self._times.monotonic_s())
            if authentic:
                self.last_contact_at = self._times.monotonic_s()
            self._settle()
            return authentic

    def _settle(self) -> None:
        while True:
            self._event = self._event or self._session.next_event()
            if self._event is None:
                return
            self._take(self._event)  # when the store fails the event stays, and is taken the next time
            self._event = None

    _event: NodeEvent | None = None

    def _take(self, event: NodeEvent) -> None:
        if isinstance(event, Held):
            self._held(event)
        elif isinstance(event, DownArrived):
            self._down(event)
        elif isinstance(event, GenerationSeen):
            self._log.set_number("generation", event.generation)
            self._pass_names_on()
            self._verify(event.generation)
        elif isinstance(event, HubTime):
            if self.answered is None or event.asked_at >= self.answered.asked_at:
                self.answered = HubContact(event.asked_at, event.heard_at)
            self._times.take_hub_time(event.unix_s, event.asked_at, event.heard_at)
        elif isinstance(event, HubSilent):
            self.on_silence(event.times)
        elif isinstance(event, Carried):
            places = [EnvelopeId(event.epoch, Lane.REPORT, counter) for counter in event.counters]
            self._log.carried(places, self._times.stamp())

    def _held(self, event: Held) -> None:
        receipted, again, returned = self._log.apply_held(
            event.epoch, event.lane, event.counters, event.generation, self._times.stamp()
        )
        for place in receipted:
            if place.lane is Lane.REPORT:
                self._session.withdraw(place)
        for envelope in again:
            self._offer(envelope, 0.0)
        if not self._log.number("bound"):
            self._log.set_number("bound", 1)
        self._receipted += len(receipted)
        self._returned += returned
        if event.lane is Lane.BULK:
            self._bulk_receipted += len(receipted)
        if receipted:
            self._pass_names_on()

    _receipted = _returned = _bulk_receipted = 0

    def _down(self, event: DownArrived) -> None:
        try:
            record = decode_down(event.plain)
        except MalformedWire:
            record = None  # of a later version: acknowledged, so that it does not block the lane
        if isinstance(record, SignedNotice):
            self.on_notice(record)
        elif isinstance(record, ContentPiece):
            self._content += self.on_content([record])
        act = self.act_on.get(type(record), lambda _: None)
        if self._log.add_down(
            event.generation, event.counter, record, self._times.stamp(), lambda: act(record)
        ):
            self._arrived += 1
        if isinstance(record, BackedUp) and record.lane is Lane.REPORT:
            verify = record.epoch in self._log.to_verify(self._log.number("generation"))
            self._session.withdraw_below(record.epoch, record.base, verify=verify)
            self._pass_names_on()
        self._session.down_stored(event.generation, event.counter, self._times.monotonic_s())

    _arrived = _content = 0

    # -- bundles ----------------------------------------------------------------------------------

    def up_bundle(self, *, bulk_bytes: int = MAX_BUNDLE_ENVELOPE_BYTES, skip_bulk: int = 0) -> MadeBundle:
        """Return a bundle for the hub with what waits: reports of all epochs first, then bulk.

        Of the room that reports leave, bulk gets at most `bulk_bytes`; 0 leaves it out, and all that a hub
        without it would not read. `skip_bulk` passes over so many envelopes of bulk.
        """
        with self._lock:
            now = self._times.monotonic_s()
            pending = self._log.pending(MAX_BUNDLE_ENVELOPES, most_bytes=MAX_BUNDLE_ENVELOPE_BYTES)
            pending = [envelope for envelope in pending if envelope.id.epoch in self._named]
            by_epoch = _by_epoch(pending)
            wanted = set(by_epoch) | set(self._log.to_verify(self._log.number("generation"))) & self._named
            sections = []
            for epoch in [*sorted(wanted - {self._session.running_epoch}), self._session.running_epoch]:
                claim = self._session.claim(epoch, now, on_air=False)
                self._session.asked(claim, epoch, now)
                envelopes = tuple((e.id, e.sealed) for e in by_epoch.get(epoch, []))
                sections.append(EpochSection(self._blocks[epoch], epoch, claim, envelopes))
            room = min(bulk_bytes, MAX_BUNDLE_ENVELOPE_BYTES - sum(len(e.sealed) for e in pending))
            bulk: list[StoredEnvelope] = []
            if room > 0 and len(pending) < MAX_BUNDLE_ENVELOPES:
                limit = MAX_BUNDLE_ENVELOPES - len(pending)
                bulk = self._log.pending(limit, lane=Lane.BULK, most_bytes=room, skip=skip_bulk)
                bulk = _of_some_epochs(bulk)
                sections += self._bulk_sections(bulk, now)
            data = encode_up_bundle(UpBundle(tuple(sections)))
        return MadeBundle(data, tuple(envelope.id for envelope in (*pending, *bulk)))

    def _bulk_sections(self, bulk: list[StoredEnvelope], now: float) -> list[EpochSection]:
        """Bulk needs no name on the air: the hub tells by the epoch's whole id what it holds."""
        by_epoch = _by_epoch(bulk)
        verify = self._log.to_verify(self._log.number("generation"), Lane.BULK)
        wanted = [*by_epoch, *(epoch for epoch in verify if epoch not in by_epoch)][:MAX_BULK_EPOCHS]
        return [
            EpochSection(
                self._blocks[epoch],
                epoch,
                self._session.claim(epoch, now, asks=False),
                tuple((e.id, e.sealed) for e in by_epoch.get(epoch, [])),
                (Lane.BULK,),
            )
            for epoch in wanted
        ]

    def carried(self, bundle: MadeBundle) -> None:
        """A courier takes the bundle: its reports are on their way."""
        self._log.carried(bundle.envelopes, self._times.stamp())

    def apply_down_bundle(self, data: bytes) -> Applied:
        """Take a bundle from the hub; raise MalformedWire and change nothing when it is damaged.

        Parts that are not authentic, or not for this node, are passed over.
        """
        bundle = decode_down_bundle(data)
        with self._lock:
            before, answered = self._changes(), self.answered
            receipts = downs = 0
            for section in bundle.nodes:
                if section.node_number != self._node_number:
                    continue
                receipts += sum(self.hear(frame) for _, frame in section.receipts)
                receipts += sum(self._hear_lane_receipt(receipt) for receipt in section.lane_receipts)
                downs += sum(self.hear(frame) for frame in section.downs)
            if self.answered is not answered:
                self.bundle_answered = self.answered
            # Signed for everybody: those in another village's part serve as well.
            self._content += self.on_content([p for section in bundle.nodes for p in section.content])
            changed = (now - then for now, then in zip(self._changes(), before, strict=True))
            return Applied(receipts + downs, receipts, *changed)

    def _changes(self) -> tuple[int, int, int, int, int]:
        return self._receipted, self._arrived, self._returned, self._bulk_receipted, self._content

    def _hear_lane_receipt(self, receipt: LaneReceipt) -> bool:
        authentic = self._session.receive_lane_receipt(receipt)
        self._settle()
        return authentic

    def shows_waiting(self) -> str:
        """Return "some" or "none": whether reports wait that the village may see (design D8)."""
        return "none" if self._log.waiting_since() is None else "some"

    def has_work(self, lane: Lane = Lane.REPORT) -> bool:
        """Return whether anything of a lane waits for a receipt or must be asked again."""
        return self._log.has_pending(lane) or bool(self._log.to_verify(self._log.number("generation"), lane))


def _by_epoch(envelopes: list[StoredEnvelope]) -> dict[bytes, list[StoredEnvelope]]:
    found: dict[bytes, list[StoredEnvelope]] = {}
    for envelope in envelopes:
        found.setdefault(envelope.id.epoch, []).append(envelope)
    return found


def _of_some_epochs(bulk: list[StoredEnvelope]) -> list[StoredEnvelope]:
    """Return what comes before the epoch that would be one too many for a bundle."""
    epochs: set[bytes] = set()
    for place, envelope in enumerate(bulk):
        epochs.add(envelope.id.epoch)
        if len(epochs) > MAX_BULK_EPOCHS:
            return bulk[:place]
    return bulk
