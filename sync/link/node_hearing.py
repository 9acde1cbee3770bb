"""What the node's end of the link hears: receipts, what comes down, and a hub that does not know an epoch."""

from __future__ import annotations

import contextlib

from sync.errors import MalformedWire, SealBroken
from sync.identifiers import BROADCAST
from sync.link.conversation import Conversation
from sync.link.events import DownArrived, GenerationSeen, Held, HubTime
from sync.link.fragments import Assembly
from sync.link.node_state import AskedPoll, NodeState
from sync.link.ranges import RangeSet
from sync.sealing.derivation import mac_matches
from sync.wire.frame_codec import (
    DownFragmentFrame,
    DownFrame,
    PartialReceipt,
    ReceiptFrame,
    UnknownEpochFrame,
    decode_frame,
)
from sync.wire.lane_receipts import LaneReceipt


class NodeHearing(NodeState):
    """The hearing half of a node's session; it sends nothing."""

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

    def _receipt(self, frame: ReceiptFrame, source: int, now: float) -> bool:
        epoch = self._epochs.get(frame.epoch_tag)
        if epoch is None:
            return False
        generation = self._generation if frame.generation is None else frame.generation
        expected = self.keys_of(epoch.id).receipt_mac(generation, epoch.id, frame.signed_bytes())
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
        keys = self.keys_of(receipt.epoch)
        expected = keys.lane_receipt_mac(receipt.generation, receipt.epoch, receipt.signed_bytes())
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
        self, epoch: Conversation, frame: ReceiptFrame, asked: AskedPoll, source: int, now: float
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
        plain = self._open_down(generation, counter, sealed)
        self._adopt(generation)
        if counter in self._down_seen:
            self.down_again(now)
        else:
            self._events.append(DownArrived(generation, counter, plain))
        return True

    def _open_down(self, generation: int, counter: int, sealed: bytes) -> bytes:
        """Open a hub envelope under whichever key of the hub it was sealed; raise SealBroken."""
        first, *others = self.down_keys()
        for keys in others:
            with contextlib.suppress(SealBroken):
                return first.open_down(generation, counter, sealed)
            first = keys
        return first.open_down(generation, counter, sealed)

    def _down_fragment(self, frame: DownFragmentFrame, now: float) -> bool:
        generation = self._generation if frame.generation is None else frame.generation
        body = frame.signed_bytes()
        fits = any(mac_matches(k.fragment_down_mac(generation, body), frame.mac) for k in self.down_keys())
        if generation < self._generation or generation == 0 or not fits:
            return False
        self._adopt(generation)
        if frame.counter in self._down_seen:
            self.down_again(now)
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
