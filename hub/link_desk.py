"""Where the hub's link meets its store: radio, gateways, HTTPS and courier files all end here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.content import HubContent
from hub.intake import Intake, Offered, TakenIn
from hub.keyring import Keyring
from hub.link_counts import LinkCounter, question_of
from hub.models import Node
from hub.outgoing import Outgoing, Waiting
from hub.shut_out import ShutOut
from sync.carriers.base import HeardPayload
from sync.clock import Clock
from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.link.events import OutgoingFrame
from sync.link.hearing import Arrival, Heard, KnownEpoch, RadioPath
from sync.link.hub_session import HubSession, RoutedFrame
from sync.link.parking import Parked
from sync.link.ranges import RangeSet
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.bundle_codec import (
    DownBundle,
    EpochSection,
    GatewayBundle,
    NodeSection,
    UpBundle,
    decode_gateway_bundle,
    decode_up_bundle,
    encode_down_bundle,
    encode_gateway_bundle,
)
from sync.wire.content_pieces import ContentPiece
from sync.wire.frame_codec import DownFrame, EpochBlock, PollBlock, encode_frame
from sync.wire.lane_receipts import LaneReceipt
from sync.wire.numbers import BundleKind

TAKE_WITHIN_S = 10.0
"""A third of what a node waits for the answer to its bundle."""
TAKEN_AT_ONCE = 32
"""Envelopes of a bundle in one commit."""


_ALL = RangeSet([(0, 1 << 32)])
_Told = tuple[list[tuple[bytes, bytes]], list[LaneReceipt]]
"""Receipts for one node: of the report lane by epoch, and of other lanes."""


class UnknownSender(Exception):
    """No enrolled node made this bundle."""


@dataclass(frozen=True)
class Imported:
    """What a bundle from a node brought."""

    envelopes: int
    new: int
    refused: int


class HubDesk:
    """Owns the session. Threads may share it. Implements `sync.carriers.radio.RadioUser`."""

    def __init__(
        self,
        *,
        session: HubSession,
        keyring: Keyring,
        intake: Intake,
        outgoing: Outgoing,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        counter: LinkCounter,
        airtime_ms: Callable[[int], float],
        content: HubContent,
    ) -> None:
        self._content = content
        self._session = session
        self._counter = counter
        self._airtime_ms = airtime_ms
        self._keyring = keyring
        self._intake = intake
        self._outgoing = outgoing
        self._db = database
        self._writer = writer
        self._clock = clock
        self._shut_out = ShutOut(database, keyring, outgoing)
        self._parked = Parked()
        self._lock = threading.RLock()
        self._last_change = 0
        self.on_refused: Callable[[EpochBlock, list[EnvelopeId], float], None] = lambda *told: None
        """Told of an epoch in a bundle of which nothing could be opened, and which envelopes came of it."""

    def load(self) -> None:
        """Take up what nodes do not have yet, and where they were heard, after a start."""
        connect(self._db)
        with self._lock:
            heard = Node.select().where(Node.radio_number.is_null(False)).execute(self._db)
            for node in heard:
                path = RadioPath(int(node.radio_gateway or 0), int(node.radio_number or 0))
                self._session.path_known(int(node.number), path)
        self._take_up_new()

    def _offer(self, waiting: Waiting) -> None:
        node = self._keyring.node(waiting.node_number)
        if node is None or node.static_public is None:
            return
        with self._lock:
            if node.retired:
                self._session.down_arrived(waiting.node_number, _ALL)
                return
            keys = self._keyring.static_keys(node)
            self._session.offer_down(waiting.node_number, keys, waiting.counter, waiting.sealed)

    # -- radio ------------------------------------------------------------------------------------

    def due_frames(self) -> Sequence[OutgoingFrame]:
        """Return the frames that are due on the hub's own radio."""
        self._take_up_new()
        with self._lock:
            self._give_owed()
            frames = self._session.frames_to_send(self._clock.monotonic_s())
        self._count_sent(frames)
        return [OutgoingFrame(frame.payload, frame.path.number) for frame in frames]

    def _give_owed(self) -> None:
        """Queue the receipts that are owed though nobody asked, or the question was lost."""
        now = self._clock.monotonic_s()
        for owed in self._session.owed(now):
            self._session.give(owed, self._intake.held(owed.epoch.id), now)

    def _count_sent(self, frames: Sequence[RoutedFrame]) -> None:
        for frame in frames:
            airtime_ms = self._airtime_ms(len(frame.payload))
            self._counter.sent(frame.payload, frame.path, airtime_ms, self._clock.wall_s())

    def _take_up_new(self) -> None:
        """Offer what was queued since, and forget what arrived: by a page, or another process's doing.

        Asked of the database, not told by whoever queues: that one stands inside the writer's transaction.
        """
        newest = self._outgoing.newest()
        if newest <= self._last_change:
            return
        if self._last_change:
            changed = self._outgoing.changes(self._last_change)
        else:  # the first time: what was delivered is long, and nothing of it is known here
            changed = self._outgoing.waiting()
        for one in changed:
            if one.delivered:
                with self._lock:
                    self._session.down_arrived(one.node_number, RangeSet([(one.counter, one.counter + 1)]))
            else:
                self._offer(one)
        self._last_change = newest

    def next_timer_at(self) -> float:
        """Return when there may be one next."""
        now = self._clock.monotonic_s()
        with self._lock:
            at = self._session.next_timer_at(now)
        return now + 3600 if at is None else at

    def hear_payload(self, heard: HeardPayload) -> None:
        """Take a payload from the hub's own radio."""
        self.hear_frame(heard.payload, RadioPath(0, heard.source), signal=heard)

    def hear_frame(self, payload: bytes, path: RadioPath, *, signal: HeardPayload | None = None) -> None:
        """Take a frame from the air: commit what opens, then queue the receipt that was asked for."""
        with self._lock:
            heard = self._session.receive_frame(payload, path, self._clock.monotonic_s())
            if heard is None:
                self._counter.heard_foreign(path, self._clock.wall_s())
                return
            arrivals = list(heard.arrivals)
            candidates = heard.arrivals[0].candidates if heard.arrivals else ()
            if heard.poll is not None:
                candidates = (heard.poll[0],)
            arrivals.extend(self._parked.take_back(heard.tag, candidates))
            at = self._clock.wall_s()
            taken = self._intake.take([_offered(a) for a in arrivals], via="radio", at=at)
            now = self._clock.monotonic_s()
            unopened = []
            for arrival, result in zip(arrivals, taken, strict=True):
                if result is None:
                    unopened.append(arrival)
                else:
                    self._session.took(heard, result.epoch, now, new=result.new)
            self._parked.keep(heard.tag, *unopened)
            if heard.unplaced is not None:
                self._parked.keep(heard.tag, heard.unplaced)
            if unopened or heard.unplaced is not None or (not heard.arrivals and heard.poll is None):
                self._session.unknown(heard, now, self._shut_out.frame_for(payload))
            self._count_heard(payload, heard, taken, signal, at, is_news=self._claimed(heard, at))
            self._answer(heard, at)

    def _count_heard(
        self,
        payload: bytes,
        heard: Heard,
        taken: Sequence[TakenIn | None],
        signal: HeardPayload | None,
        at: float,
        *,
        is_news: bool,
    ) -> None:
        opened = [result for result in taken if result is not None]
        new = sum(result.new for result in opened)
        epoch = heard.poll[0] if heard.poll is not None else opened[0].epoch if opened else None
        self._counter.heard(
            None if epoch is None else epoch.node_number,
            heard.path,
            at,
            question=None if epoch is None else question_of(payload, heard, epoch, new),
            envelopes=new,
            signal=signal,
            is_news=is_news,
        )

    def _claimed(self, heard: Heard, at: float) -> bool:
        """Take the claim of a poll; return whether it was made just now."""
        if heard.poll is None:
            return False
        epoch, poll = heard.poll
        return self._intake.claim(epoch, poll.age_s, via="gateway" if heard.path.gateway else "radio", at=at)

    def _answer(self, heard: Heard, at: float) -> None:
        if heard.poll is None:
            return
        epoch, poll = heard.poll
        self._remember_path(epoch.node_number, heard.path)
        self._node_has(epoch, poll)
        self._session.answer(heard, self._intake.held(epoch.id), int(at), self._clock.monotonic_s())

    def _remember_path(self, node_number: int, path: RadioPath) -> None:
        node = self._keyring.node(node_number)
        if node is not None and (node.radio_gateway, node.radio_number) != (path.gateway, path.number):
            self._writer.run(
                lambda: (
                    Node.update(radio_gateway=path.gateway, radio_number=path.number)
                    .where(Node.number == node_number)
                    .execute(self._db)
                )
            )

    # -- gateways ---------------------------------------------------------------------------------

    def gateway_exchange(self, data: bytes) -> bytes:
        """Take the frames that a gateway heard, return those that it should send.

        Raises MalformedWire or UnknownSender, and then nothing has changed.
        """
        bundle = decode_gateway_bundle(data, BundleKind.GATEWAY_UP)
        node = self._keyring.node(bundle.gateway_number)
        if node is None or node.static_public is None or node.retired:
            raise UnknownSender
        body = bundle.signed_bytes()
        keys = self._keyring.keys_with(node, lambda k: k.gateway_fits(body, bundle.mac))
        if keys is None:
            raise UnknownSender
        for number, frame in bundle.frames:
            self.hear_frame(frame, RadioPath(bundle.gateway_number, number))
        self._take_up_new()
        with self._lock:
            self._give_owed()
            due = self._session.frames_for_gateway(bundle.gateway_number, self._clock.monotonic_s())
        self._count_sent(due)
        reply = GatewayBundle(
            BundleKind.GATEWAY_DOWN,
            bundle.gateway_number,
            bundle.nonce,
            tuple((frame.path.number, frame.payload) for frame in due),
        )
        code = keys.gateway_mac(up=False, body=reply.signed_bytes())
        return encode_gateway_bundle(replace(reply, mac=code))

    # -- bundles ----------------------------------------------------------------------------------

    def exchange(self, data: bytes, *, via: str) -> tuple[bytes, Imported]:
        """Take a node's bundle and return the one for it.

        Raises MalformedWire when it is damaged, UnknownSender when no node of this hub made it, StorageError
        when nothing was committed. A bundle without epochs is a question whether the hub is there.
        """
        bundle = decode_up_bundle(data)
        nodes, imported = self._import(bundle, via)
        told = self._shut_out.sections_for(bundle) if via == "http" else ()
        if bundle.epochs and not nodes and not told:
            raise UnknownSender
        content = self._content.next_pieces if via == "http" else lambda _: ()
        sections = tuple(self.node_section(n, *told, content=content(n)) for n, told in nodes.items())
        for section in sections:
            receipts, downs = len(section.receipts) + len(section.lane_receipts), len(section.downs)
            self._counter.replied(section.node_number, self._clock.wall_s(), receipts=receipts, downs=downs)
        return encode_down_bundle(DownBundle(sections + told)), imported

    def _import(self, bundle: UpBundle, via: str) -> tuple[dict[int, _Told], Imported]:
        at = self._clock.wall_s()
        began = self._clock.monotonic_s()
        nodes: dict[int, _Told] = {}
        envelopes = new = refused = 0
        for section in bundle.epochs:
            learned = self._keyring.learn(section.block)
            if learned is None:
                refused += len(section.envelopes)
                self.on_refused(section.block, [place for place, _ in section.envelopes], at)
                continue
            may_be = learned.candidates
            offered = [Offered(may_be, e.lane, e.counter, sealed) for e, sealed in section.envelopes]
            taken = self._take_in_turns(offered, via, at, began)
            envelopes += sum(1 for result in taken if result is not None)
            new += sum(1 for result in taken if result is not None and result.new)
            refused += sum(1 for result in taken if result is None)
            opened = [result.epoch for result in taken if result is not None]
            epoch, claim, is_news = self._claim(opened or may_be, section, via, at)
            if claim is None and not any(taken):
                self.on_refused(section.block, [place for place, _ in section.envelopes], at)
                continue  # nothing proves that this came from the node
            fresh = sum(1 for result in taken if result is not None and result.new)
            self._counter.bundle(epoch.node_number, via, at, envelopes=fresh, is_news=is_news)
            receipts, lane_receipts = nodes.setdefault(epoch.node_number, ([], []))
            held = self._intake.held(epoch.id)
            with self._lock:
                poll = None if claim is None else claim.poll
                frame = self._session.receipt_frame(
                    epoch, held, poll, 0 if poll is None else int(at), knows_generation=False
                )
            receipts.append((epoch.id, frame))
            for lane in section.asked_lanes:
                self._intake.was_asked(epoch, lane, at)
                lane_receipts.append(self._lane_receipt(epoch, lane))
        return nodes, Imported(envelopes, new, refused)

    def _take_in_turns(
        self, offered: Sequence[Offered], via: str, at: float, began: float
    ) -> list[TakenIn | None]:
        """Commit some envelopes at a time; over HTTPS none any more when that has taken long.

        Dense texts are read at some ten a second, and a node waits half a minute for its answer: what was not
        looked at is not receipted, and comes with the node's next bundle.
        """
        taken: list[TakenIn | None] = []
        for start in range(0, len(offered), TAKEN_AT_ONCE):
            took_s = self._clock.real_s(self._clock.monotonic_s() - began)
            if via == "http" and start and took_s > TAKE_WITHIN_S:
                break
            taken += self._intake.take(offered[start : start + TAKEN_AT_ONCE], via=via, at=at)
        return taken

    def _lane_receipt(self, epoch: KnownEpoch, lane: Lane) -> LaneReceipt:
        generation = self._outgoing.generation
        receipt = LaneReceipt(epoch.id, lane, generation, self._intake.held(epoch.id, lane).to_bytes())
        code = epoch.keys.lane_receipt_mac(generation, epoch.id, receipt.signed_bytes())
        return replace(receipt, mac=code)

    def _claim(
        self, may_be: Sequence[KnownEpoch], section: EpochSection, via: str, at: float
    ) -> tuple[KnownEpoch, PollBlock | None, bool]:
        """Return which of these the epoch of a section is, the claim where it fits, and whether it is new."""
        claim = section.claim
        for epoch in may_be:
            if claim is not None and epoch.keys.poll_fits(epoch.id, claim.signed_bytes(), claim.mac):
                is_news = self._intake.claim(epoch, claim.age_s, via=via, at=at)
                self._node_has(epoch, claim)
                return epoch, claim, is_news
        return may_be[0], None, False

    def _node_has(self, epoch: KnownEpoch, claim: PollBlock) -> None:
        """Take which hub envelopes a node says it has."""
        has = RangeSet.from_bitmap(claim.down_base, b"")
        for place in range(8):
            if claim.down_bitmap & (0x80 >> place):
                has.add(claim.down_base + 1 + place)
        with self._lock:
            if claim.generation_tag == self._outgoing.generation & 0xFFFF:
                self._outgoing.acknowledged(epoch.node_number, has, self._clock.wall_s())
                self._session.down_arrived(epoch.node_number, has)
            lost = self._outgoing.lost(epoch.id, epoch.node_number, claim.generation_tag, has)
            for waiting in lost:
                self._offer(waiting)

    def node_section(
        self,
        number: int,
        receipts: Sequence[tuple[bytes, bytes]],
        lane_receipts: Sequence[LaneReceipt] = (),
        *,
        content: Sequence[ContentPiece] = (),
    ) -> NodeSection:
        """Return what goes to one node: receipts, every hub envelope that it does not have, material."""
        downs = tuple(
            encode_frame(DownFrame(waiting.counter, waiting.sealed, waiting.generation))
            for waiting in self._outgoing.waiting(number)
        )
        return NodeSection(number, tuple(receipts), downs, tuple(lane_receipts), tuple(content))

    def courier_bundle(self, node_numbers: Sequence[int], shut_out: Sequence[int] = ()) -> bytes:
        """Return a bundle for a courier to these nodes: fresh receipts of their epochs, hub envelopes, and
        each update of the material once; and the word to boxes of these villages that count no more."""
        sections = []
        packed: set[bytes] = set()
        for number in node_numbers:
            receipts: list[tuple[bytes, bytes]] = []
            lane_receipts: list[LaneReceipt] = []
            for epoch in self._keyring.epochs_of(number):
                with self._lock:
                    frame = self._session.receipt_frame(epoch, self._intake.held(epoch.id), None, 0, False)
                receipts.append((epoch.id, frame))
                lanes = self._intake.lanes_to_tell(epoch.id)
                lane_receipts.extend(self._lane_receipt(epoch, lane) for lane in lanes)
            content = [p for p in self._content.all_pieces(number) if p.update not in packed]
            packed.update(piece.update for piece in content)
            sections.append(self.node_section(number, receipts, lane_receipts, content=content))
        told = self._shut_out.sections_for_courier([*node_numbers, *shut_out])
        if not sections and not told:
            raise MalformedWire("no village to write to")
        return encode_down_bundle(DownBundle((*sections, *told)))


def _offered(arrival: Arrival) -> Offered:
    return Offered(arrival.candidates, Lane.REPORT, arrival.counter, arrival.sealed)
