"""The hub's end of the link: hears many nodes, receipts what is committed, sends hub envelopes down.

Bytes and `now` in; frames out. It reads no report: envelopes go to the owner as bytes with the epochs that
they may belong to, the owner opens and commits them and says what is held, and only then a receipt exists.
Memory is bounded by nodes on the air, never by history.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sync.errors import MalformedWire, SealBroken
from sync.identifiers import Lane
from sync.link.budget import AirtimeBudget
from sync.link.chance import Chance
from sync.link.fragments import Assembly, OutgoingPieces
from sync.link.hearing import Arrival, EpochDirectory, Heard, KnownEpoch, Owed, Placed, RadioPath
from sync.link.owed_receipts import OwedReceipts
from sync.link.ranges import RangeSet
from sync.link.retry import RetryTimer
from sync.link.settings import LinkSettings
from sync.sealing.derivation import mac_matches
from sync.sealing.downlink import StaticKeys
from sync.wire.frame_codec import (
    MAX_BITMAP_BYTES,
    DataFrame,
    DownFragmentFrame,
    DownFrame,
    FragmentFrame,
    PartialReceipt,
    PollBlock,
    ReceiptFrame,
    SharedFrame,
    UnknownEpochFrame,
    UpFrame,
    decode_frame,
    encode_frame,
)

_DOWN_FRAGMENT_HEAD_BYTES = 1 + 4 + 5 + 2 + 8
_UNKNOWN_EVERY_S = 10.0
"""Junk must not make the hub talk: at most one hint in that time for one path."""
_CROSSING_S, _CROSSING_BY_GATEWAY_S = 4.0, 30.0
"""A hub envelope sent less than this ago may have crossed the poll that does not name it; by a gateway it may
wait there still, whose radio sends some ten frames in that time."""
RECEIPT_BYTES = 20
"""What a receipt usually takes."""
MAX_REPLIES = 256
"""Replies that wait for the air; the oldest is dropped, its node asks again."""
MAX_TALKS = 4096
"""Nodes on the air at once that the session remembers; the one silent longest is forgotten first."""


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
        region_share: Callable[[], float] = lambda: 1.0,
    ) -> None:
        if not generation & 0xFFFF:
            raise ValueError("a poll names a generation by its low 16 bits, and 0 stands for none")
        self._directory = directory
        self._generation = generation
        self._payload_limit = payload_limit
        self._airtime_ms = airtime_ms
        self._rng = rng
        self.settings = settings or LinkSettings()
        duty_cycle, burst_ms = self.settings.duty_cycle, self.settings.budget_burst_ms
        self._budget = AirtimeBudget(duty_cycle, burst_ms, now, region_share)
        self._talks: OrderedDict[int, _Talk] = OrderedDict()
        self._assembly = Assembly()
        self._replies: OrderedDict[tuple[RadioPath, int], bytes] = OrderedDict()
        self._owed = OwedReceipts(self.settings.receipt_repeats)
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
        if not isinstance(frame, UpFrame):
            return None
        candidates = self._candidates(frame)
        if isinstance(frame, SharedFrame):
            placed = self.place(frame, candidates)
            arrivals = () if placed is None else placed.arrivals
            poll = None if placed is None or frame.poll is None else (placed.epoch, frame.poll)
            unplaced = frame if placed is None else None
        else:
            unplaced = None
            poll = self._verified_poll(frame.poll, candidates)
            arrivals = self._arrivals(frame, candidates if poll is None else (poll[0],))
        return Heard(
            path,
            frame.epoch_tag,
            arrivals,
            poll,
            self._heard_from(poll, path),
            frame.following,
            frame.poll is not None and frame.epoch is None,
            unplaced,
        )

    @staticmethod
    def place(frame: SharedFrame, candidates: Sequence[KnownEpoch]) -> Placed | None:
        """Find the epoch whose envelopes a shared frame holds, and give them their tags; None without one."""
        poll = b"" if frame.poll is None else frame.poll.signed_bytes()
        for epoch in candidates:
            try:
                whole = [(c, epoch.opening.retag(Lane.REPORT, c, bare)) for c, bare in frame.envelopes]
            except SealBroken:
                continue
            if mac_matches(epoch.keys.shared_mac(epoch.id, poll, whole), frame.mac):
                return Placed(epoch, tuple(Arrival((epoch,), counter, sealed) for counter, sealed in whole))
        return None

    def _candidates(self, frame: UpFrame) -> tuple[KnownEpoch, ...]:
        if frame.epoch is not None:
            learned = self._directory.learn(frame.epoch)
            if learned is not None and learned.id[0] == frame.epoch_tag:
                return learned.candidates
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
        crossing_s = _CROSSING_BY_GATEWAY_S if path.gateway else _CROSSING_S
        talk.again_at = min(talk.again_at, talk.sent_at + crossing_s)
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

    def took(self, heard: Heard, epoch: KnownEpoch, now: float, *, new: bool) -> None:
        """Take note that an envelope of this frame is committed; `new` unless it was before.

        The burst's end is worked out from it. Should its question be lost, a receipt is owed all the same;
        copies alone earn none, so that nobody makes the hub talk by sending old frames again.
        """
        rest_s = 0.0
        if heard.following:
            turn_s = self._airtime_ms(self._payload_limit()) / 1000 + self.settings.gap_s
            rest_s = heard.following * turn_s + self.settings.quiet_margin_s
        self._owed.took(Owed(epoch, heard.path), now + rest_s, new=new)

    def answer(self, heard: Heard, held: RangeSet | None, hub_time_s: int, now: float) -> None:
        """Queue the receipt that a poll asked for; `held` is what is committed of its epoch's report lane."""
        if heard.poll is None or held is None or heard.poll[1].poll == 0:
            return
        epoch, poll = heard.poll
        self._receipt(Owed(epoch, heard.path), held, poll.poll, hub_time_s)
        self._owed.asked(Owed(epoch, heard.path), self._again_at(held, now))

    def owed(self, now: float) -> list[Owed]:
        """Return the receipts to give unasked now; `give` each."""
        return self._owed.due(now)

    def give(self, owed: Owed, held: RangeSet, now: float) -> None:
        """Queue a receipt that is owed; it echoes no question, so it gives no time."""
        self._receipt(owed, held, None, 0)
        self._owed.given(owed, self._again_at(held, now))

    def _receipt(self, owed: Owed, held: RangeSet, poll: int | None, hub_time_s: int) -> None:
        knows = self._knows(owed.epoch.node_number)
        payload = self.receipt_frame(owed.epoch, held, poll, hub_time_s, knows)
        key = (owed.path, owed.epoch.id[0])
        self._replies.pop(key, None)
        self._reply(key, payload)

    def _again_at(self, held: RangeSet, now: float) -> float | None:
        """Where something is missing its node sends it at once: silence until then means a lost receipt."""
        if held.last() < held.first_missing():
            return None
        turn_ms = self._airtime_ms(RECEIPT_BYTES) + self._airtime_ms(self._payload_limit())
        return now + turn_ms / 1000 + 2 * self.settings.quiet_margin_s

    def _reply(self, key: tuple[RadioPath, int], payload: bytes) -> None:
        self._replies.setdefault(key, payload)
        while len(self._replies) > MAX_REPLIES:
            self._replies.popitem(last=False)

    def _knows(self, node_number: int) -> bool:
        talk = self._talks.get(node_number)
        return talk is not None and talk.knows_generation

    def receipt_frame(
        self, epoch: KnownEpoch, held: RangeSet, poll: int | None, hub_time_s: int, knows_generation: bool
    ) -> bytes:
        """Return the bytes of a receipt; other carriers use it too, and always name the generation.

        `poll` is None, and `hub_time_s` 0, where no poll is answered.
        """
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

    def unknown(self, heard: Heard, now: float, instead: bytes | None = None) -> None:
        """Queue a hint that nothing of this frame could be opened, so that the node sends its key again, or
        what goes `instead`. Only the frame that asks brings the key: those before it are no reason."""
        if not heard.lacks_key and instead is None:
            return
        if now - self._hinted_at.get(heard.path, -1e9) < _UNKNOWN_EVERY_S:
            return
        if len(self._hinted_at) > MAX_TALKS:
            self._hinted_at.clear()
        self._hinted_at[heard.path] = now
        self._reply((heard.path, heard.tag), instead or encode_frame(UnknownEpochFrame(heard.tag)))

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
        if talk.downs.get(counter) not in (None, sealed):  # sealed anew: its node took another key
            talk.arrived(RangeSet([(counter, counter + 1)]))
        talk.downs[counter] = sealed

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
        times.extend(self._owed.times())
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
