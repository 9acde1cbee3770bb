"""The node's end of the link: selective repeat with bitmap receipts, over any lossy datagram carrier.

Bytes and `now` in; frames, events and the next timer out. The session knows envelopes as opaque bytes.
What it holds can be rebuilt from the store after a restart: offer everything again that no receipt covers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from sync.errors import MalformedWire, SealBroken
from sync.identifiers import BROADCAST, EnvelopeId, Lane
from sync.link.budget import AirtimeBudget, Politeness
from sync.link.bursts import Planned, Room, plan_burst
from sync.link.chance import Chance
from sync.link.conversation import Conversation, Pending
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
from sync.link.fragments import Assembly
from sync.link.loss import LossEstimate, repeats_before_asking
from sync.link.ranges import RangeSet
from sync.link.retry import RetryTimer
from sync.link.settings import LinkSettings
from sync.sealing.derivation import mac_matches
from sync.sealing.downlink import StaticKeys
from sync.wire.frame_blocks import TAG_BYTES, EpochBlock, PollBlock, epoch_block_bytes, poll_block_bytes
from sync.wire.frame_codec import (
    DataFrame,
    DownFragmentFrame,
    DownFrame,
    FragmentFrame,
    PartialReceipt,
    ReceiptFrame,
    SharedFrame,
    UnknownEpochFrame,
    decode_frame,
    encode_frame,
)
from sync.wire.lane_receipts import LaneReceipt

_REMEMBERED_POLLS = 64
RECEIPT_BYTES = 20
"""What a receipt usually takes."""
_BURST_LASTS_S = 3600
_ARRIVE_MEANWHILE = 1000
"""Bounds from which the room for a poll block is taken when a burst is planned."""


@dataclass(frozen=True)
class _AskedPoll:
    epoch: bytes
    at: float
    frame_number: int


class NodeSession:
    """One node's side of the radio link. Not thread-safe: one thread owns it."""

    def __init__(
        self,
        *,
        keys: StaticKeys,
        payload_limit: Callable[[], int],
        airtime_ms: Callable[[int], float],
        rng: Chance,
        now: float,
        settings: LinkSettings | None = None,
        generation: int = 0,
        down_seen: RangeSet | None = None,
        peer: int = BROADCAST,
        bound: bool = False,
        utilisation: Callable[[], float | None] = lambda: None,
        region_share: Callable[[], float] = lambda: 1.0,
    ) -> None:
        """`utilisation` and `region_share` are what the radio tells: how busy the channel is, and the share
        of the time that its region allows (`sync.carriers.base.RadioState`)."""
        self._keys = keys
        self._payload_limit = payload_limit
        self._airtime_ms = airtime_ms
        self._rng = rng
        self.settings = settings or LinkSettings()
        duty_cycle, burst_ms = self.settings.duty_cycle, self.settings.budget_burst_ms
        self.budget = AirtimeBudget(duty_cycle, burst_ms, now, region_share)
        self._politeness = Politeness(
            utilisation,
            cap=self.settings.polite_cap,
            free_share=self.settings.polite_free_share,
            least_share=self.settings.polite_least_share,
        )
        self._retry = RetryTimer(rng, self.settings.first_timeout_s)
        self._generation = generation
        self._down_seen = down_seen or RangeSet()
        self._home_peer = peer
        self._bound = bound
        self.peer = peer
        self._epochs: dict[int, Conversation] = {}
        self._running: Conversation | None = None
        self.loss = LossEstimate()
        self._plan: deque[Planned] = deque()
        self._channel_free_at = now
        self._heard = False
        self._time_at = float("-inf")
        """When the hub told its time last."""
        """Whether the hub answered in this start."""
        self._planned_limit = 0
        self._urgent_news = False
        """Something urgent came that the plan does not know."""
        self._beacon_at = now + rng.random() * self.settings.first_poll_within_s
        self._ack_at: float | None = None
        self._events: deque[NodeEvent] = deque()
        self._polls: dict[int, _AskedPoll] = {}
        self._next_poll = rng.randrange(1, 0x10000)
        self._down_pieces = Assembly(16)

    # -- what the owner tells ---------------------------------------------------------------------

    def add_epoch(self, epoch: bytes, block: EpochBlock, *, opened_at: float | None) -> None:
        """Name an epoch before its envelopes are offered. `opened_at` is given for the running one.

        Raises ValueError when another epoch has the same tag: draw the new epoch again.
        """
        known = self._epochs.get(epoch[0])
        if known is not None and known.id != epoch:
            raise ValueError("two epochs of a node must not share their first byte")
        if known is None:
            known = self._epochs[epoch[0]] = Conversation(epoch, block, opened_at)
        if opened_at is not None:
            self._running = known

    def drop_epoch(self, epoch: bytes) -> None:
        """Forget an epoch that is settled."""
        known = self._epochs.get(epoch[0])
        if known is not None and known.id == epoch and known is not self._running:
            del self._epochs[epoch[0]]
            self._plan = deque(p for p in self._plan if p.epoch is not known)

    def offer(self, place: EnvelopeId, sealed: bytes, *, urgent: bool, due_at: float) -> None:
        """Take one envelope of the report lane to be carried; an envelope already here stays as it is."""
        epoch = self._epochs[place.epoch[0]]
        if place.lane is not Lane.REPORT or place.epoch != epoch.id:
            raise ValueError("the radio carries the report lane of a named epoch")
        if place.counter not in epoch.pending:
            epoch.pending[place.counter] = Pending(place, sealed, urgent, due_at)
            self._urgent_news |= urgent

    def withdraw(self, place: EnvelopeId) -> None:
        """Forget an envelope that another carrier brought to the hub."""
        epoch = self._epochs.get(place.epoch[0])
        if epoch is not None and epoch.id == place.epoch:
            epoch.pending.pop(place.counter, None)

    def verify_epoch(self, epoch: bytes) -> None:
        """Ask what the hub holds of an epoch, though everything of it was receipted once."""
        self._epochs[epoch[0]].verify = True

    def generation_known(self, generation: int) -> None:
        """Take a newer generation that another carrier brought."""
        if generation > self._generation:
            self._generation = generation
            self._down_seen = RangeSet()

    def down_stored(self, generation: int, counter: int, now: float) -> None:
        """A hub envelope is committed: it is acknowledged from now on."""
        if generation == self._generation:
            self._down_seen.add(counter)
            self._ack_at = now + self.settings.ack_delay_s if self._ack_at is None else self._ack_at

    @property
    def running_epoch(self) -> bytes:
        """Return the id of the running epoch."""
        if self._running is None:
            raise ValueError("no epoch is running")
        return self._running.id

    def block(self, epoch: bytes) -> EpochBlock:
        """Return the whole epoch block, for carriers on which its size does not matter."""
        return self._epochs[epoch[0]].block

    def pending_count(self) -> int:
        """Return how many envelopes wait for a receipt."""
        return sum(len(epoch.pending) for epoch in self._epochs.values())

    # -- events, timers, frames -------------------------------------------------------------------

    def next_event(self) -> NodeEvent | None:
        """Return what happened since, or None."""
        return self._events.popleft() if self._events else None

    def next_timer_at(self, now: float) -> float:
        """Return when `frames_to_send` has something to do, as far as is known."""
        times = [self._beacon_at]
        if self._ack_at is not None:
            times.append(self._ack_at)
        if self._plan:
            times.append(now)
        waits = self._waits_for_hub()
        for epoch in self._epochs.values():
            times.extend(self._epoch_times(epoch, now, waits))
        ready_at = max(self._channel_free_at, min(times), self.budget.ready_at(now))
        return ready_at if self._is_urgent() else max(ready_at, self._politeness.ready_at())

    def _is_urgent(self) -> bool:
        """Whether what goes next is urgent or asks about it; politeness holds back the rest."""
        if not self._plan or self._urgent_news:
            return any(p.urgent for epoch in self._epochs.values() for p in self._sendable(epoch))
        pending = self._plan[0].epoch.pending
        counters = self._plan[0].counters or tuple(pending)
        return any(pending[counter].urgent for counter in counters if counter in pending)

    def _epoch_times(self, epoch: Conversation, now: float, waits: bool) -> list[float]:
        times = []
        if epoch.deadline is not None:
            times.append(epoch.deadline)
        sendable = self._sendable(epoch)
        if any(p.urgent for p in sendable) or (epoch.must_ask() and not waits):
            times.append(now)
        elif sendable and epoch.deadline is None and not waits:
            times.append(min(p.due_at for p in sendable))
        return times

    def frames_to_send(self, now: float) -> list[OutgoingFrame]:
        """Return the frames that are due: one at most, because the channel is busy while it goes."""
        if now < self._channel_free_at:
            return []
        self._check_deadlines(now)
        self._check_limit()
        if not self._plan:
            self._make_plan(now)
        else:
            self._jump_the_queue(now)
        if self.budget.ready_at(now) > now or (now < self._politeness.ready_at() and not self._is_urgent()):
            return []
        while self._plan:
            planned = self._plan.popleft()
            payload = self._build(planned, now)
            if payload is not None:
                return [self._sent(planned, payload, now)]
        return []

    def _sent(self, planned: Planned, payload: bytes, now: float) -> OutgoingFrame:
        airtime_ms = self._airtime_ms(len(payload))
        self.budget.spend(airtime_ms, now)
        self._politeness.spent(airtime_ms, now)
        self._channel_free_at = now + airtime_ms / 1000 + self.settings.gap_s
        planned.epoch.unasked_frames += 1
        if planned.asks:
            patience_s = self._patience_s() if planned.epoch.unasked_frames > 1 else 0.0
            urgent = any(p.urgent and p.sent_in is not None for p in planned.epoch.pending.values())
            timeout_s = max(self._retry.timeout_s(urgent=urgent), patience_s)
            planned.epoch.deadline = self._channel_free_at + timeout_s
            planned.epoch.asked_at = now
            planned.epoch.awaited_poll = planned.epoch.awaited_poll if planned.polls else 0
            planned.epoch.ask_again = False
            planned.epoch.unasked_frames = 0
            self._beacon_at = now + self.settings.beacon_s
        return OutgoingFrame(payload, self.peer)

    def _patience_s(self) -> float:
        """How long the hub may take to see that the question of a burst was lost, or its own answer."""
        turn_ms = 2 * self._airtime_ms(RECEIPT_BYTES) + self._airtime_ms(self._payload_limit())
        return turn_ms / 1000 + 2 * self.settings.quiet_margin_s

    def receive_frame(self, payload: bytes, source: int, now: float) -> bool:
        """Take one frame from the air; return whether it was meant for this node and authentic.

        Anything else changes nothing. Raises nothing.
        """
        try:
            frame = decode_frame(payload)
            if isinstance(frame, ReceiptFrame):
                return self._receipt(frame, source, now)
            if isinstance(frame, DownFrame):
                return self._down(frame.generation, frame.counter, frame.sealed, now)
            if isinstance(frame, DownFragmentFrame):
                return self._down_fragment(frame, now)
            if isinstance(frame, UnknownEpochFrame):
                return self._unknown_epoch(frame, now)
        except (MalformedWire, SealBroken):
            return False
        return False

    # -- planning ---------------------------------------------------------------------------------

    def _check_deadlines(self, now: float) -> None:
        expired = [e for e in self._epochs.values() if e.deadline is not None and e.deadline <= now]
        if not expired:
            return
        self._retry.timed_out()
        self._events.append(HubSilent(self._retry.silent))
        gone = self._retry.silent >= self.settings.silent_before_broadcast
        if gone:
            self.peer = self._home_peer
            self._plan.clear()  # it may have no room for the keys that ride along again from now on
        for epoch in expired:
            epoch.deadline = None
            epoch.confirmed = epoch.confirmed and not gone
            epoch.ask_again = not gone
            self._repeat_or_ask(epoch)

    def _repeat_or_ask(self, epoch: Conversation) -> None:
        """After silence a frame that was alone goes again, where that is cheaper than asking for it."""
        alone = [p for p in epoch.pending.values() if p.sent_in is not None and p.pieces is None]
        if epoch.burst_began != epoch.sent_frames or not self._heard:
            return
        if not alone or any(p.sent_in != epoch.sent_frames for p in alone):
            return
        frame_bytes = sum(len(p.sealed) + 2 for p in alone) + self._room(epoch, epoch.asked_at).poll_bytes
        most = repeats_before_asking(
            self._airtime_ms(min(frame_bytes, self._payload_limit())),
            self._airtime_ms(RECEIPT_BYTES),
            self._airtime_ms(RECEIPT_BYTES),
            self.loss.share(),
        )
        if epoch.repeats < most:
            epoch.repeats += 1
            for pending in alone:
                pending.sent_in = None

    def _check_limit(self) -> None:
        """Plan and cut anew when packets became smaller: no frame may be above the limit that holds now."""
        limit = self._payload_limit()
        if limit < self._planned_limit:
            self._plan.clear()
            for epoch in self._epochs.values():
                for pending in epoch.pending.values():
                    if pending.pieces is not None:
                        pending.pieces, pending.sent_in = None, None
                        pending.unsent_pieces = set()
        self._planned_limit = limit

    def _waits_for_hub(self) -> bool:
        """Whether ordinary envelopes wait for the hub to show itself.

        A hub that was not heard yet, or is silent, is asked one question at a time, however many epochs a
        year of power cuts has left.
        """
        unsure = self._retry.silent > 0 or not self._heard
        return unsure and any(e.deadline is not None for e in self._epochs.values())

    def _jump_the_queue(self, now: float) -> None:
        if self._urgent_news:
            # What was planned and not sent is simply planned again, behind the urgent ones.
            self._plan.clear()
            self._make_plan(now)

    def _make_plan(self, now: float) -> None:
        self._urgent_news = False
        urgent = {e.id for e in self._epochs.values() if any(p.urgent for p in self._sendable(e))}
        order = sorted(
            self._epochs.values(), key=lambda e: (e.id not in urgent, e.asked_at, e.opened_at or 0)
        )
        if urgent:
            # A burst is of one epoch and holds so many frames: ordinary ones of one epoch must not go before
            # urgent ones of the next, or before those that the burst had no frames for.
            order = [epoch for epoch in order if epoch.id in urgent]
        for epoch in order:
            self._plan_epoch(epoch, now, urgent_only=len(urgent) > 1)
        if not self._plan and self._running is not None:
            if now >= self._beacon_at:
                self._plan.append(Planned(self._running, asks=True, polls=True))
            elif self._ack_at is not None and now >= self._ack_at:
                self._plan.append(Planned(self._running))

    def _plan_epoch(self, epoch: Conversation, now: float, *, urgent_only: bool) -> None:
        sendable = self._sendable(epoch)
        urgent = any(p.urgent for p in sendable)
        unsure = self._retry.silent > 0 or not self._heard
        if not urgent and (epoch.deadline is not None or (unsure and self._plan) or self._waits_for_hub()):
            return
        due = any(p.due_at <= now for p in sendable)
        if urgent or (due and not (self._retry.silent and epoch.has_in_flight())):
            self._plan.extend(plan_burst(epoch, sendable, self._room(epoch, now), now, urgent_only))
        elif epoch.must_ask():
            # A short poll asks what arrived; the envelopes themselves are not sent again unasked.
            self._plan.append(Planned(epoch, asks=True, polls=True))

    def _sendable(self, epoch: Conversation) -> list[Pending]:
        return epoch.sendable(self.settings.window, self.settings.urgent_window)

    def _room(self, epoch: Conversation, now: float) -> Room:
        age_s = self._age_s(epoch, now) + _BURST_LASTS_S
        poll_bytes = poll_block_bytes(age_s, self._down_seen.first_missing() + _ARRIVE_MEANWHILE)
        poll_bytes += 0 if epoch.confirmed else epoch_block_bytes(self._block(epoch))
        max_frames = max(1, self.settings.burst_frames - epoch.unasked_frames)
        return Room(self._payload_limit(), poll_bytes, max_frames, self._must_poll(epoch, now))

    def _must_poll(self, epoch: Conversation, now: float) -> bool:
        """Whether a burst needs a poll at its end, though the hub answers one that brings anything new.

        It does for the key, for the time, for an address to send to, to acknowledge, and where what is sent
        may be there already.
        """
        sure = epoch.confirmed and self._heard and self._retry.silent == 0 and epoch.repeats == 0
        return not (
            sure
            and self._ack_at is None
            and self.peer != BROADCAST
            and now < self._time_at + self.settings.ask_time_every_s
        )

    def _block(self, epoch: Conversation) -> EpochBlock:
        """The node's own key rides along until the hub is known to have it."""
        return EpochBlock(epoch.block.node_number, epoch.block.enc) if self._bound else epoch.block

    # -- building ---------------------------------------------------------------------------------

    def _build(self, planned: Planned, now: float) -> bytes | None:
        epoch = planned.epoch
        number = epoch.sent_frames = epoch.sent_frames + 1
        if epoch.unasked_frames == 0 and planned.counters:
            epoch.burst_began = number
        alone = not planned.counters
        block = self._block(epoch) if (planned.polls or alone) and not epoch.confirmed else None
        acknowledges = planned.polls or (alone and self._ack_at is not None)
        poll = self._poll_block(epoch, now, number, asks=planned.asks) if acknowledges else None
        if planned.piece is not None:
            return self._build_piece(planned, number, block, poll)
        envelopes = []
        for counter in planned.counters:
            pending = epoch.pending.get(counter)
            if pending is not None:
                pending.sent_in = number
                envelopes.append((counter, pending.sealed))
        if not envelopes and poll is None and block is None:
            return None
        if envelopes:
            self._events.append(Carried(epoch.id, tuple(counter for counter, _ in envelopes)))
        if len(envelopes) > 1 or (envelopes and poll is not None):
            return encode_frame(self._shared_frame(epoch, envelopes, block, poll, planned.following))
        frame = DataFrame(epoch.tag, tuple(envelopes), block, poll, planned.following)
        payload = encode_frame(frame)
        if len(payload) > self._payload_limit():  # it fills the packet, so it cannot say how many follow
            payload = encode_frame(replace(frame, following=0))
        return payload

    def _shared_frame(
        self,
        epoch: Conversation,
        envelopes: list[tuple[int, bytes]],
        block: EpochBlock | None,
        poll: PollBlock | None,
        following: int,
    ) -> SharedFrame:
        code = self._keys.shared_mac(epoch.id, b"" if poll is None else poll.signed_bytes(), envelopes)
        bare = tuple((counter, sealed[:-TAG_BYTES]) for counter, sealed in envelopes)
        return SharedFrame(
            epoch.tag, bare, code, block, None if poll is None else replace(poll, mac=b""), following
        )

    def _build_piece(
        self, planned: Planned, number: int, block: EpochBlock | None, poll: PollBlock | None
    ) -> bytes | None:
        pending = planned.epoch.pending.get(planned.counters[0])
        if pending is None or pending.pieces is None or planned.piece is None:
            return None if poll is None else encode_frame(DataFrame(planned.epoch.tag, (), block, poll))
        self._events.append(Carried(planned.epoch.id, (pending.id.counter,)))
        pending.unsent_pieces.discard(planned.piece)
        pending.sent_in = number
        frame = FragmentFrame(
            planned.epoch.tag,
            pending.id.counter,
            planned.piece,
            pending.pieces.last,
            pending.pieces.pieces[planned.piece],
            b"",
            block,
            poll,
            planned.following,
        )
        code = self._keys.fragment_up_mac(planned.epoch.id, frame.signed_bytes())
        return encode_frame(replace(frame, mac=code))

    def _poll_block(self, epoch: Conversation, now: float, number: int, *, asks: bool) -> PollBlock:
        poll = self.claim(epoch.id, now, asks=asks)
        if asks:
            epoch.awaited_poll = poll.poll
            self._polls[poll.poll] = _AskedPoll(epoch.id, now, number)
            while len(self._polls) > _REMEMBERED_POLLS:
                del self._polls[next(iter(self._polls))]
        self._ack_at = None
        return poll

    def claim(self, epoch_id: bytes, now: float, *, asks: bool = True) -> PollBlock:
        """Return an authenticated poll block; other carriers use it too, for any epoch of the node."""
        known = self._epochs.get(epoch_id[0])
        number = 0
        if asks:
            number = self._next_poll
            self._next_poll = self._next_poll % 0xFFFF + 1
        base = self._down_seen.first_missing()
        bitmap = self._down_seen.bitmap_from(base + 1, 1)
        unsigned = PollBlock(
            number,
            # A hub that is silent may take another generation with the same low bits for its own: 0 makes
            # it name its generation. An acknowledgement must name it: else it says nothing.
            0
            if asks and self._retry.silent >= self.settings.silent_before_broadcast
            else self._generation & 0xFFFF,
            0 if known is None or known.id != epoch_id else self._age_s(known, now),
            base,
            bitmap[0] if bitmap else 0,
        )
        code = self._keys.poll_mac(epoch_id, unsigned.signed_bytes())
        return replace(unsigned, mac=code)

    @staticmethod
    def _age_s(epoch: Conversation, now: float) -> int:
        return 0 if epoch.opened_at is None else max(0, int(now - epoch.opened_at))

    def asked(self, poll: PollBlock, epoch_id: bytes, now: float) -> None:
        """Remember a claim that another carrier carries, so that its receipt can give the time."""
        self._polls[poll.poll] = _AskedPoll(epoch_id, now, -1)

    # -- receiving --------------------------------------------------------------------------------

    def _receipt(self, frame: ReceiptFrame, source: int, now: float) -> bool:
        epoch = self._epochs.get(frame.epoch_tag)
        if epoch is None:
            return False
        generation = self._generation if frame.generation is None else frame.generation
        expected = self._keys.receipt_mac(generation, epoch.id, frame.signed_bytes())
        if generation < self._generation or not mac_matches(expected, frame.mac):
            return False
        self._adopt(generation)
        epoch.confirmed = True
        epoch.verify = False
        self._bound = True
        held = RangeSet.from_bitmap(frame.base, frame.bitmap)
        came_in = {epoch.pending.pop(counter).sent_in for counter in [c for c in epoch.pending if c in held]}
        newest = max((number for number in came_in if number is not None), default=-1)
        asked = None if frame.poll is None else self._polls.get(frame.poll)
        # A second copy, a replay or a courier's receipt answers no question that is open: what it says is
        # held stays true, but it must not end a wait or lead frames elsewhere.
        if frame.poll is not None and asked is not None and asked.epoch == epoch.id:
            del self._polls[frame.poll]
            self._learn_loss(epoch, came_in)
            self._answered(epoch, frame, asked, source, now)
        elif source != BROADCAST and newest >= 0:
            self._learn_loss(epoch, came_in)
            self._answered_unasked(epoch, frame, newest, now)
        self._events.append(Held(epoch.id, held, generation))
        return True

    def receive_lane_receipt(self, receipt: LaneReceipt) -> bool:
        """Take what a bundle tells of one lane; return whether it was authentic, else nothing changes."""
        expected = self._keys.lane_receipt_mac(receipt.generation, receipt.epoch, receipt.signed_bytes())
        if receipt.generation < self._generation or not mac_matches(expected, receipt.mac):
            return False
        try:
            held = RangeSet.from_bytes(receipt.held)
        except MalformedWire:
            return False
        self._adopt(receipt.generation)
        self._events.append(Held(receipt.epoch, held, receipt.generation, receipt.lane))
        return True

    def _answered(
        self, epoch: Conversation, frame: ReceiptFrame, asked: _AskedPoll, source: int, now: float
    ) -> None:
        self._heard = True
        self._time_at = now
        self._beacon_at = now + self.settings.beacon_s
        self._events.append(HubTime(frame.hub_time_s, asked.at, now))
        if asked.frame_number < 0:
            return  # another carrier asked: that says nothing about the radio
        if source != BROADCAST:
            self.peer = source
        self._retry.measured(max(0.0, now - asked.at))
        epoch.ask_again = False
        if frame.poll == epoch.awaited_poll:
            epoch.deadline = None
        self._send_missing_again(epoch, frame.partial, asked.frame_number)

    def _learn_loss(self, epoch: Conversation, came_in: set[int | None]) -> None:
        """Count the frames of the last burst that came and those that did not."""
        epoch.repeats = 0
        missing = {p.sent_in for p in epoch.pending.values()} - came_in
        lost, arrived = (
            sum(number is not None and number >= epoch.burst_began for number in numbers)
            for numbers in (missing, came_in)
        )
        self.loss.observe(arrived=arrived, lost=lost)

    def _answered_unasked(self, epoch: Conversation, frame: ReceiptFrame, newest: int, now: float) -> None:
        """Take what a receipt tells that answers no poll, and is the first to name what came in `newest`.

        So it was made after that frame came: what went before it and is not held was lost, and at the end of
        the burst of that frame all that is not held. It gives no time and no address.
        """
        self._heard = True
        self._retry.heard()
        epoch.ask_again = False
        ended = newest >= epoch.burst_began and all(p.epoch is not epoch for p in self._plan)
        if ended:
            epoch.deadline = None
        self._beacon_at = now + self.settings.beacon_s
        if self._time_at == float("-inf"):
            self._beacon_at = now + self.settings.first_time_within_s
        self._send_missing_again(epoch, frame.partial, epoch.sent_frames if ended else newest)

    def _send_missing_again(self, epoch: Conversation, partial: PartialReceipt | None, asked_in: int) -> None:
        """What went before the question and is not held was lost."""
        speaks_of = None if partial is None else epoch.pending.get(partial.counter)
        if speaks_of is None or speaks_of.pieces is None:
            partial = None  # of an envelope that is no longer sent
        for counter, pending in epoch.pending.items():
            if pending.sent_in is None or pending.sent_in > asked_in:
                continue
            self._urgent_news |= pending.urgent
            if pending.pieces is None:
                pending.sent_in = None
            elif partial is None or partial.counter == counter:
                # Where the hub speaks of another envelope, this one's turn comes: a receipt has room for one.
                pending.pieces.missing_after(partial)
                pending.unsent_pieces = set(pending.pieces.wanted)

    def _adopt(self, generation: int) -> None:
        if generation > self._generation:
            self._generation = generation
            self._down_seen = RangeSet()
            self._down_pieces = Assembly(16)
            self._events.append(GenerationSeen(generation))

    def _down(self, explicit: int | None, counter: int, sealed: bytes, now: float) -> bool:
        generation = self._generation if explicit is None else explicit
        if generation < self._generation or generation == 0:
            return False
        plain = self._keys.open_down(generation, counter, sealed)
        self._adopt(generation)
        if counter in self._down_seen:
            self.down_stored(generation, counter, now)
        else:
            self._events.append(DownArrived(generation, counter, plain))
        return True

    def _down_fragment(self, frame: DownFragmentFrame, now: float) -> bool:
        generation = self._generation if frame.generation is None else frame.generation
        expected = self._keys.fragment_down_mac(generation, frame.signed_bytes())
        if generation < self._generation or generation == 0 or not mac_matches(expected, frame.mac):
            return False
        self._adopt(generation)
        if frame.counter in self._down_seen:
            self.down_stored(generation, frame.counter, now)
            return True
        whole = self._down_pieces.add(frame.counter, frame.index, frame.last, frame.data)
        return whole is None or self._down(generation, frame.counter, whole, now)

    def _unknown_epoch(self, frame: UnknownEpochFrame, now: float) -> bool:
        epoch = self._epochs.get(frame.epoch_tag)
        # Only after we asked, and once: the hint is not authenticated, and costs a block of 32 bytes.
        if epoch is None or epoch.deadline is None or not epoch.confirmed:
            return False
        epoch.confirmed = False
        self._bound = False
        epoch.deadline = None
        epoch.ask_again = True
        self._plan.clear()  # what is planned may have no room for the node's own key
        return True
