"""The node's end of the link: selective repeat with bitmap receipts, over any lossy datagram carrier.

Bytes and `now` in; frames, events and the next timer out. The session knows envelopes as opaque bytes.
What it holds can be rebuilt from the store after a restart: offer everything again that no receipt covers.
"""

from __future__ import annotations

from dataclasses import replace

from sync.identifiers import BROADCAST
from sync.link.bursts import Planned, Room, plan_burst
from sync.link.conversation import Conversation, Pending
from sync.link.events import (
    Carried,
    HubSilent,
    OutgoingFrame,
)
from sync.link.loss import repeats_before_asking
from sync.link.node_hearing import NodeHearing
from sync.link.node_state import AskedPoll
from sync.wire.frame_blocks import TAG_BYTES, EpochBlock, PollBlock, epoch_block_bytes, poll_block_bytes
from sync.wire.frame_codec import (
    DataFrame,
    FragmentFrame,
    SharedFrame,
    encode_frame,
)

_REMEMBERED_POLLS = 64
RECEIPT_BYTES = 20
"""What a receipt usually takes."""
_BURST_LASTS_S = 3600
_ARRIVE_MEANWHILE = 1000
"""Bounds from which the room for a poll block is taken when a burst is planned."""


class NodeSession(NodeHearing):
    """One node's side of the radio link. Not thread-safe: one thread owns it."""

    # -- events, timers, frames -------------------------------------------------------------------

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
        code = self.keys_of(epoch.id).shared_mac(
            epoch.id, b"" if poll is None else poll.signed_bytes(), envelopes
        )
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
        code = self.keys_of(planned.epoch.id).fragment_up_mac(planned.epoch.id, frame.signed_bytes())
        return encode_frame(replace(frame, mac=code))

    def _poll_block(self, epoch: Conversation, now: float, number: int, *, asks: bool) -> PollBlock:
        poll = self.claim(epoch.id, now, asks=asks)
        if asks:
            epoch.awaited_poll = poll.poll
            self._polls[poll.poll] = AskedPoll(epoch.id, now, number)
            while len(self._polls) > _REMEMBERED_POLLS:
                del self._polls[next(iter(self._polls))]
        self._ack_at = None
        if poll.generation_tag:  # without one it acknowledges nothing
            self._acked_at = now
        return poll

    def claim(self, epoch_id: bytes, now: float, *, asks: bool = True, on_air: bool = True) -> PollBlock:
        """Return an authenticated poll block; other carriers use it too, for any epoch of the node.

        `on_air`: by radio. What a bundle brings back names its generation anyway.
        """
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
            if asks and on_air and self._retry.silent >= self.settings.silent_before_broadcast
            else self._generation & 0xFFFF,
            0 if known is None or known.id != epoch_id else self._age_s(known, now),
            base,
            bitmap[0] if bitmap else 0,
        )
        code = self.keys_of(epoch_id).poll_mac(epoch_id, unsigned.signed_bytes())
        return replace(unsigned, mac=code)

    @staticmethod
    def _age_s(epoch: Conversation, now: float) -> int:
        return 0 if epoch.opened_at is None else max(0, int(now - epoch.opened_at))

    def asked(self, poll: PollBlock, epoch_id: bytes, now: float) -> None:
        """Remember a claim that another carrier carries, so that its receipt can give the time."""
        self._polls[poll.poll] = AskedPoll(epoch_id, now, -1)
