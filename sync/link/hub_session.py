"""The hub's end of the link: hears many nodes, receipts what is committed, sends hub envelopes down.

Bytes and `now` in; frames out. It reads no report: envelopes go to the owner as bytes with the epochs that
they may belong to, the owner opens and commits them and says what is held, and only then a receipt exists.
Memory is bounded by nodes on the air, never by history.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sync.errors import MalformedWire
from sync.link.budget import AirtimeBudget
from sync.link.chance import Chance
from sync.link.fragments import Assembly, OutgoingPieces
from sync.link.ranges import RangeSet
from sync.link.retry import RetryTimer
from sync.link.settings import LinkSettings
from sync.sealing.derivation import mac_matches
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch
from sync.wire.frame_codec import (
    MAX_BITMAP_BYTES,
    DataFrame,
    DownFragmentFrame,
    DownFrame,
    EpochBlock,
    FragmentFrame,
    PartialReceipt,
    PollBlock,
    ReceiptFrame,
    UnknownEpochFrame,
    decode_frame,
    encode_frame,
)

_DOWN_FRAGMENT_HEAD_BYTES = 1 + 4 + 5 + 2 + 8
_UNKNOWN_EVERY_S = 10.0
"""Junk must not make the hub talk: at most one hint in that time for one path."""
_CROSSING_S = 4.0
"""A hub envelope sent less than this ago may have crossed the poll that does not name it."""
MAX_REPLIES = 256
"""Replies that wait for the air; the oldest is dropped, its node asks again."""
MAX_TALKS = 4096
"""Nodes on the air at once that the session remembers; the one silent longest is forgotten first."""


@dataclass(frozen=True)
class RadioPath:
    """Where to answer: the gateway that heard a frame (0 = the hub's own radio) and the radio number."""

    gateway: int
    number: int


@dataclass(frozen=True)
class KnownEpoch:
    """An epoch that the hub can open, and the keys of its node."""

    id: bytes
    node_number: int
    keys: StaticKeys
    opening: OpeningEpoch


class EpochDirectory(Protocol):
    """Where the session finds epochs; implemented by the hub's intake."""

    def by_tag(self, tag: int) -> Sequence[KnownEpoch]:
        """Return the epochs whose id starts with this byte, those heard last first."""
        ...

    def learn(self, block: EpochBlock) -> KnownEpoch | None:
        """Derive an epoch from its block and remember it for a while; None when it cannot be right."""
        ...


@dataclass(frozen=True)
class Arrival:
    """One envelope of the report lane and the epochs that it may belong to."""

    candidates: tuple[KnownEpoch, ...]
    counter: int
    sealed: bytes


@dataclass(frozen=True)
class Heard:
    """What one frame brought. Commit the arrivals, then call `answer`."""

    path: RadioPath
    tag: int
    arrivals: tuple[Arrival, ...]
    poll: tuple[KnownEpoch, PollBlock] | None
    acknowledged: tuple[int, RangeSet] | None = None
    """(node number, hub envelopes of the current generation that the node has)."""


@dataclass(frozen=True)
class RoutedFrame:
    """A frame to send and where."""

    payload: bytes
    path: RadioPath


@dataclass
class _Talk:
    """The conversation with one node."""

    retry: RetryTimer
    path: RadioPath | None = None
    keys: StaticKeys | None = None
    downs: dict[int, bytes] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    queue: list[bytes] = field(default_factory=list)
    """Frames of the envelope that is being sent."""
    queued: int = -1
    """Which envelope that is."""
    sent_at: float = float("-inf")
    again_at: float = 0.0
    knows_generation: bool = False

    def due_at(self, now: float, window: int) -> float:
        """Return when there is something to send to the node."""
        unsent = any(c not in self.sent for c in sorted(self.downs)[:window])
        return now if self.queue or unsent else self.again_at

    def arrived(self, counters: RangeSet) -> None:
        """Forget hub envelopes that the node has."""
        for counter in [c for c in self.downs if c in counters]:
            del self.downs[counter]
            self.sent.discard(counter)
        if self.queued in counters:
            self.queue.clear()


class HubSession:
    """The hub's side of the radio link. Not thread-safe: the owner serialises."""

    def __init__(
        self,
        *,
        directory: EpochDirectory,
        generation: int,
        payload_limit: Callable[[], int],
        airtime_ms: Callable[[int], float],
        rng: Chance,
        now: float,
        settings: LinkSettings | None = None,
    ) -> None:
        if not generation & 0xFFFF:
            raise ValueError("a poll names a generation by its low 16 bits, and 0 stands for none")
        self._directory = directory
        self._generation = generation
        self._payload_limit = payload_limit
        self._airtime_ms = airtime_ms
        self._rng = rng
        self.settings = settings or LinkSettings()
        self._budget = AirtimeBudget(self.settings.duty_cycle, self.settings.budget_burst_ms, now)
        self._talks: OrderedDict[int, _Talk] = OrderedDict()
        self._assembly = Assembly()
        self._replies: OrderedDict[tuple[RadioPath, int], bytes] = OrderedDict()
        self._hinted_at: dict[RadioPath, float] = {}
        self._channel_free_at = now

    # -- hearing ----------------------------------------------------------------------------------

    def receive_frame(self, payload: bytes, path: RadioPath, now: float) -> Heard | None:
        """Read one frame from the air; None when it is none of ours. Raises nothing, changes nothing
        that lasts."""
        try:
            frame = decode_frame(payload)
        except MalformedWire:
            return None
        if not isinstance(frame, DataFrame | FragmentFrame):
            return None
        candidates = self._candidates(frame)
        poll = self._verified_poll(frame.poll, candidates)
        if poll is not None:
            candidates = (poll[0],)
        arrivals = self._arrivals(frame, candidates)
        return Heard(path, frame.epoch_tag, arrivals, poll, self._heard_from(poll, path))

    def _candidates(self, frame: DataFrame | FragmentFrame) -> tuple[KnownEpoch, ...]:
        if frame.epoch is not None:
            learned = self._directory.learn(frame.epoch)
            if learned is not None and learned.id[0] == frame.epoch_tag:
                return (learned,)
            return ()
        return tuple(self._directory.by_tag(frame.epoch_tag))

    @staticmethod
    def _verified_poll(
        poll: PollBlock | None, candidates: Sequence[KnownEpoch]
    ) -> tuple[KnownEpoch, PollBlock] | None:
        if poll is None:
            return None
        for epoch in candidates:
            if epoch.keys.poll_fits(epoch.id, poll.signed_bytes(), poll.mac):
                return epoch, poll
        return None

    def _arrivals(
        self, frame: DataFrame | FragmentFrame, candidates: tuple[KnownEpoch, ...]
    ) -> tuple[Arrival, ...]:
        if isinstance(frame, DataFrame):
            return tuple(Arrival(candidates, counter, sealed) for counter, sealed in frame.envelopes)
        for epoch in candidates:
            if mac_matches(epoch.keys.fragment_up_mac(epoch.id, frame.signed_bytes()), frame.mac):
                whole = self._assembly.add((epoch.id, frame.counter), frame.index, frame.last, frame.data)
                return () if whole is None else (Arrival((epoch,), frame.counter, whole),)
        return ()

    def _heard_from(
        self, poll: tuple[KnownEpoch, PollBlock] | None, path: RadioPath
    ) -> tuple[int, RangeSet] | None:
        if poll is None:
            return None
        epoch, block = poll
        talk = self._talk(epoch.node_number)
        talk.path = path
        talk.retry.heard()
        # The node is there: what it does not name is sent again, unless it may still be on its way.
        talk.again_at = min(talk.again_at, talk.sent_at + _CROSSING_S)
        talk.knows_generation = block.generation_tag == self._generation & 0xFFFF
        if not talk.knows_generation:
            return None
        has = RangeSet.from_bitmap(block.down_base, b"")
        for place in range(8):
            if block.down_bitmap & (0x80 >> place):
                has.add(block.down_base + 1 + place)
        talk.arrived(has)
        return epoch.node_number, has

    def _talk(self, node_number: int) -> _Talk:
        talk = self._talks.get(node_number)
        if talk is None:
            talk = self._talks[node_number] = _Talk(RetryTimer(self._rng, 20.0))
        self._talks.move_to_end(node_number)
        while len(self._talks) > MAX_TALKS:
            self._talks.popitem(last=False)
        return talk

    # -- what the owner tells ---------------------------------------------------------------------

    def answer(self, heard: Heard, held: RangeSet | None, hub_time_s: int) -> None:
        """Queue the receipt that a poll asked for; `held` is what is committed of its epoch's report lane."""
        if heard.poll is None or held is None or heard.poll[1].poll == 0:
            return
        epoch, poll = heard.poll
        payload = self.receipt_frame(epoch, held, poll.poll, hub_time_s, self._knows(epoch.node_number))
        key = (heard.path, epoch.id[0])
        self._replies.pop(key, None)
        self._reply(key, payload)

    def _reply(self, key: tuple[RadioPath, int], payload: bytes) -> None:
        self._replies.setdefault(key, payload)
        while len(self._replies) > MAX_REPLIES:
            self._replies.popitem(last=False)

    def _knows(self, node_number: int) -> bool:
        talk = self._talks.get(node_number)
        return talk is not None and talk.knows_generation

    def receipt_frame(
        self, epoch: KnownEpoch, held: RangeSet, poll: int, hub_time_s: int, knows_generation: bool
    ) -> bytes:
        """Return the bytes of a receipt; other carriers use it too, and always name the generation."""
        base = held.first_missing()
        partial = self._partial_of(epoch.id, held)
        frame = ReceiptFrame(
            epoch.id[0],
            poll,
            hub_time_s & 0xFFFFFFFF,
            base,
            held.bitmap_from(base, self._bitmap_room(partial)),
            None if knows_generation else self._generation,
            partial,
        )
        code = epoch.keys.receipt_mac(self._generation, epoch.id, frame.signed_bytes())
        return encode_frame(replace(frame, mac=code))

    def _bitmap_room(self, partial: PartialReceipt | None) -> int:
        used = 1 + 1 + 4 + 2 + 4 + 3 + 8 + (0 if partial is None else 4 + len(partial.bitmap))
        return max(0, min(MAX_BITMAP_BYTES, self._payload_limit() - used))

    def _partial_of(self, epoch: bytes, held: RangeSet) -> PartialReceipt | None:
        for name in self._assembly.names():
            if not isinstance(name, tuple) or name[0] != epoch:
                continue
            if name[1] in held:
                self._assembly.forget(name)
                continue
            found = self._assembly.bitmap(name)
            if found is not None:
                return PartialReceipt(name[1], *found)
        return None

    def unknown(self, heard: Heard, now: float) -> None:
        """Queue a hint that nothing of this frame could be opened: the node sends its key again."""
        if now - self._hinted_at.get(heard.path, -1e9) < _UNKNOWN_EVERY_S:
            return
        if len(self._hinted_at) > MAX_TALKS:
            self._hinted_at.clear()
        self._hinted_at[heard.path] = now
        self._reply((heard.path, heard.tag), encode_frame(UnknownEpochFrame(heard.tag)))

    def path_known(self, node_number: int, path: RadioPath) -> None:
        """Tell where a node was heard before a restart."""
        talk = self._talk(node_number)
        talk.path = talk.path or path

    def path_of(self, node_number: int) -> RadioPath | None:
        """Return where the node was heard last."""
        talk = self._talks.get(node_number)
        return None if talk is None else talk.path

    def offer_down(self, node_number: int, keys: StaticKeys, counter: int, sealed: bytes) -> None:
        """Take one hub envelope of the current generation to be sent to a node until acknowledged."""
        talk = self._talk(node_number)
        talk.keys = keys
        talk.downs.setdefault(counter, sealed)

    def down_arrived(self, node_number: int, counters: RangeSet) -> None:
        """Another carrier brought these to the node."""
        talk = self._talks.get(node_number)
        if talk is not None:
            talk.arrived(counters)

    # -- sending ----------------------------------------------------------------------------------

    def next_timer_at(self, now: float) -> float | None:
        """Return when the hub's own radio has something to send, or None."""
        times = [talk.due_at(now, self.settings.down_window) for talk in self._waiting(0)]
        if any(path.gateway == 0 for path, _ in self._replies):
            times.append(now)
        if not times:
            return None
        return max(self._channel_free_at, min(times), self._budget.ready_at(now))

    def _waiting(self, gateway: int) -> list[_Talk]:
        return [
            t for t in self._talks.values() if t.downs and t.path is not None and t.path.gateway == gateway
        ]

    def frames_to_send(self, now: float) -> list[RoutedFrame]:
        """Return the frame that is due on the hub's own radio: one at most. Receipts go first."""
        if now < self._channel_free_at or self._budget.ready_at(now) > now:
            return []
        frame = self._next_frame(0, now)
        if frame is None:
            return []
        airtime_ms = self._airtime_ms(len(frame.payload))
        self._budget.spend(airtime_ms, now)
        self._channel_free_at = now + airtime_ms / 1000 + self.settings.gap_s
        return [frame]

    def frames_for_gateway(self, gateway: int, now: float, limit: int = 16) -> list[RoutedFrame]:
        """Return what a gateway should send now."""
        frames: list[RoutedFrame] = []
        while len(frames) < limit:
            frame = self._next_frame(gateway, now)
            if frame is None:
                break
            frames.append(frame)
        return frames

    def _next_frame(self, gateway: int, now: float) -> RoutedFrame | None:
        limit = self._payload_limit()
        for path, tag in [key for key in self._replies if key[0].gateway == gateway]:
            payload = self._replies.pop((path, tag))
            if len(payload) <= limit:  # else packets became smaller meanwhile, and the node asks again
                return RoutedFrame(payload, path)
        for talk in self._waiting(gateway):
            frame = self._next_down(talk, now)
            if frame is not None:
                return frame
        return None

    def _next_down(self, talk: _Talk, now: float) -> RoutedFrame | None:
        if talk.path is None:
            return None
        window = sorted(talk.downs)[: self.settings.down_window]
        if any(len(frame) > self._payload_limit() for frame in talk.queue):
            talk.queue.clear()  # packets became smaller: cut anew
            talk.sent.discard(talk.queued)
        unsent = [c for c in window if c not in talk.sent]
        if unsent and not talk.queue:
            talk.queue = self._down_frames(talk, unsent[0])
            talk.queued = unsent[0]
            talk.sent.add(unsent[0])
        if talk.queue:
            talk.sent_at = now
            talk.again_at = now + talk.retry.timeout_s()
            return RoutedFrame(talk.queue.pop(0), talk.path)
        if now >= talk.again_at:
            talk.retry.timed_out()
            talk.sent.clear()
            return self._next_down(talk, now) if window else None
        return None

    def _down_frames(self, talk: _Talk, counter: int) -> list[bytes]:
        sealed = talk.downs[counter]
        generation = None if talk.knows_generation else self._generation
        whole = encode_frame(DownFrame(counter, sealed, generation))
        limit = self._payload_limit()
        if len(whole) <= limit:
            return [whole]
        pieces = OutgoingPieces(sealed, limit - _DOWN_FRAGMENT_HEAD_BYTES)
        return [
            self._down_piece(talk, DownFragmentFrame(counter, i, pieces.last, piece, generation))
            for i, piece in enumerate(pieces.pieces)
        ]

    def _down_piece(self, talk: _Talk, frame: DownFragmentFrame) -> bytes:
        if talk.keys is None:
            raise ValueError("a hub envelope is offered with its node's keys")
        code = talk.keys.fragment_down_mac(self._generation, frame.signed_bytes())
        return encode_frame(replace(frame, mac=code))
