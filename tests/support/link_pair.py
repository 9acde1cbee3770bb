"""A node's and a hub's session joined by a bad link, with a clock that the test moves.

Around the sessions stand small stores in memory that do what the programs do: the node offers again after a
restart what no receipt covers, the hub keeps what opens and receipts only that.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sync.airtime import CHANNEL_PAYLOAD_LIMIT, PRESETS, payload_airtime_ms
from sync.errors import SealBroken
from sync.identifiers import EnvelopeId, Lane
from sync.link.events import DownArrived, GenerationSeen, Held, HubSilent, HubTime
from sync.link.hearing import Heard, KnownEpoch, RadioPath
from sync.link.hub_session import HubSession
from sync.link.node_session import NodeSession
from sync.link.parking import Parked
from sync.link.ranges import RangeSet
from sync.link.settings import LinkSettings
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch
from sync.wire.frame_codec import DataFrame, EpochBlock, FragmentFrame, Frame, SharedFrame, decode_frame

GENERATION = 1_800_000_000
HUB_RADIO = 100
NODE_RADIO = 200
HUB_UNIX_S = 1_790_000_000
FREE_SETTINGS = LinkSettings(duty_cycle=1.0)
UNBOUND_BYTES = 48
"""A node's key and its MAC in an epoch block."""


def key_pair(rng: random.Random) -> KeyPair:
    return KeyPair.from_private(rng.randbytes(32))


@dataclass
class MemoryHub:
    """Opens and keeps what arrives, in memory; counts what a real intake would store."""

    keys: KeyPair
    node_public: bytes
    psk: bytes
    generation: int = GENERATION
    epochs: dict[bytes, KnownEpoch] = field(default_factory=dict)
    held: dict[bytes, RangeSet] = field(default_factory=dict)
    opened: dict[EnvelopeId, bytes] = field(default_factory=dict)
    stored_twice: int = 0
    down_seen: RangeSet = field(default_factory=RangeSet)

    def by_tag(self, tag: int) -> Sequence[KnownEpoch]:
        return [e for e in self.epochs.values() if e.id[0] == tag]

    def learn(self, block: EpochBlock) -> KnownEpoch | None:
        opening = OpeningEpoch.derive(
            block.enc,
            hub=self.keys,
            node_public=self.node_public,
            psk=self.psk,
            node_number=block.node_number,
        )
        static = StaticKeys(own_private=self.keys.private, other_public=self.node_public, psk=self.psk)
        return self.epochs.setdefault(opening.id, KnownEpoch(opening.id, block.node_number, static, opening))

    def take(self, epoch: KnownEpoch, counter: int, sealed: bytes) -> bool:
        try:
            opened = epoch.opening.open(Lane.REPORT, counter, sealed)
        except SealBroken:
            return False
        place = EnvelopeId(epoch.id, Lane.REPORT, counter)
        self.stored_twice += place in self.opened and self.opened[place] != opened.plain
        self.opened[place] = opened.plain
        self.held.setdefault(epoch.id, RangeSet()).add(counter)
        return True


@dataclass
class Offered:
    """An envelope in the node's store."""

    plain: bytes
    sealed: bytes
    urgent: bool


class LinkPair:
    """Both ends and the air between them. `loss` and the like are chances from 0 to 1."""

    def __init__(
        self,
        *,
        seed: int = 1,
        loss: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        late_s: float = 6.0,
        limit: int = CHANNEL_PAYLOAD_LIMIT,
        bound: bool = True,
        settings: LinkSettings | None = None,
        utilisation: float | None = None,
    ) -> None:
        self.utilisation = utilisation
        self.rng = random.Random(seed)
        self.drawn = (
            f"{seed=}, {loss=}, {duplicate=}, {reorder=}, {late_s=}, {limit=}, {bound=}"  # for a failing test
        )
        self.loss, self.duplicate, self.reorder, self.late_s = loss, duplicate, reorder, late_s
        self.now = 0.0
        self.settings = settings or FREE_SETTINGS
        preset = PRESETS["LongFast"]
        self.airtime_ms: Callable[[int], float] = lambda size: payload_airtime_ms(size, preset)
        self.limit = limit
        self.bound = bound
        self.hub_is_off = False
        node_static, hub_static, self.psk = key_pair(self.rng), key_pair(self.rng), self.rng.randbytes(32)
        self.node_static, self.hub_static = node_static, hub_static
        self.hub = MemoryHub(hub_static, node_static.public, self.psk)
        self.node_keys = StaticKeys(
            own_private=node_static.private, other_public=hub_static.public, psk=self.psk
        )
        self.hub_keys = StaticKeys(
            own_private=hub_static.private, other_public=node_static.public, psk=self.psk
        )
        # The node's store.
        self.offered: dict[EnvelopeId, Offered] = {}
        self.receipted: dict[EnvelopeId, int] = {}
        """In which generation."""
        self.blocks: dict[bytes, EpochBlock] = {}
        self.generation = 0
        self.down_seen: dict[int, RangeSet] = {}
        self.arrived: list[bytes] = []
        self.hub_times: list[HubTime] = []
        self.silences: list[int] = []
        # The hub's store of what goes down, by counter of the present generation.
        self.downs: dict[int, bytes] = {}
        self.next_down = 0
        self.parked = Parked()
        # The air.
        self.air: list[tuple[float, int, str, bytes]] = []
        self.frames: list[bytes] = []
        self.sent: list[tuple[float, str, bytes]] = []
        self.airtime_total_ms = 0.0
        self.sent_counts: dict[str, int] = {"up": 0, "down": 0}
        self._serial = 0
        self.sealing = self.new_epoch()
        self.node = self.new_node_session()
        self.hub_session = self.new_hub_session()

    def __repr__(self) -> str:
        return f"LinkPair({self.drawn})"

    # -- the two ends -----------------------------------------------------------------------------

    def new_epoch(self) -> SealingEpoch:
        while True:
            epoch = SealingEpoch.open(
                hub_public=self.hub_static.public,
                node_static=self.node_static,
                psk=self.psk,
                node_number=1,
                ephemeral_private=self.rng.randbytes(32),
            )
            if all(epoch.id[0] != other[0] for other in self.blocks):
                key = (None, None) if self.bound else (self.node_static.public, self.rng.randbytes(16))
                self.blocks[epoch.id] = EpochBlock(1, epoch.enc, *key)
                return epoch

    def new_node_session(self) -> NodeSession:
        node = NodeSession(
            keys=self.node_keys,
            payload_limit=lambda: self.limit,
            airtime_ms=self.airtime_ms,
            rng=self.rng,
            now=self.now,
            settings=self.settings,
            generation=self.generation,
            down_seen=RangeSet(self.down_seen.get(self.generation, RangeSet()).ranges()),
            bound=self.bound,
            utilisation=lambda: self.utilisation,
        )
        for epoch, block in self.blocks.items():
            node.add_epoch(epoch, block, opened_at=self.now if epoch == self.sealing.id else None)
        return node

    def new_hub_session(self) -> HubSession:
        return HubSession(
            directory=self.hub,
            generation=self.hub.generation,
            payload_limit=lambda: self.limit,
            airtime_ms=self.airtime_ms,
            rng=self.rng,
            now=self.now,
            settings=self.settings,
        )

    def offer(self, plain: bytes, *, urgent: bool = False, due_in: float = 0.0) -> EnvelopeId:
        sealed = self.sealing.seal(Lane.REPORT, plain)
        self.offered[sealed.id] = Offered(plain, sealed.ciphertext, urgent)
        self.node.offer(sealed.id, sealed.ciphertext, urgent=urgent, due_at=self.now + due_in)
        return sealed.id

    def send_down(self, plain: bytes) -> None:
        counter, self.next_down = self.next_down, self.next_down + 1
        self.downs[counter] = plain
        self._offer_down(counter)

    def _offer_down(self, counter: int) -> None:
        sealed = self.hub_keys.seal_down(self.hub.generation, counter, self.downs[counter])
        self.hub_session.offer_down(1, self.hub_keys, counter, sealed)

    def restart_node(self) -> None:
        """Start again with a new epoch: the store and what is on the air stay, the session is gone."""
        self._events()
        self.sealing = self.new_epoch()
        self.node = self.new_node_session()
        for place, envelope in self.offered.items():
            if place not in self.receipted:
                self.node.offer(place, envelope.sealed, urgent=envelope.urgent, due_at=self.now)
        self._verify()

    def restart_hub(self) -> None:
        """Start again with a new generation; what the node does not have is sealed anew."""
        self.hub.generation += 1
        waiting = [self.downs[counter] for counter in sorted(self.downs)]
        self.downs, self.next_down = {}, 0
        self.hub.down_seen = RangeSet()
        self.parked = Parked()
        self.hub_session = self.new_hub_session()
        self.hub_session.path_known(1, RadioPath(0, NODE_RADIO))
        for plain in waiting:
            self.send_down(plain)

    def _verify(self) -> None:
        for epoch in self.blocks:
            if any(p.epoch == epoch and g < self.generation for p, g in self.receipted.items()):
                self.node.verify_epoch(epoch)

    # -- the air ----------------------------------------------------------------------------------

    def _transmit(self, way: str, payload: bytes) -> None:
        assert len(payload) <= self.limit
        if way == "up":
            self._check_not_covered(decode_frame(payload))
        self.frames.append(payload)
        self.sent.append((self.now, way, payload))
        self.sent_counts[way] += 1
        airtime_s = self.airtime_ms(len(payload)) / 1000
        self.airtime_total_ms += airtime_s * 1000
        for _ in range(2 if self.rng.random() < self.duplicate else 1):
            if self.rng.random() < self.loss or self.hub_is_off:
                continue
            late = self.rng.random() * self.late_s if self.rng.random() < self.reorder else 0.0
            self._serial += 1
            heapq.heappush(self.air, (self.now + airtime_s + late, self._serial, way, payload))

    def _check_not_covered(self, frame: Frame) -> None:
        """Nothing that a receipt of the present generation covers may go again."""
        counters: list[int] = []
        if isinstance(frame, DataFrame | SharedFrame):
            counters = [counter for counter, _ in frame.envelopes]
        elif isinstance(frame, FragmentFrame):
            counters = [frame.counter]
        epoch = next((e for e in self.blocks if e[0] == getattr(frame, "epoch_tag", None)), b"")
        for counter in counters:
            assert self.receipted.get(EnvelopeId(epoch, Lane.REPORT, counter), -1) < self.generation

    def deliver(self, way: str, payload: bytes) -> None:
        """Hand one payload to its receiver, as the air or a stranger does."""
        if way == "down":
            self.node.receive_frame(payload, HUB_RADIO, self.now)
            self._events()
            return
        heard = self.hub_session.receive_frame(payload, RadioPath(0, NODE_RADIO), self.now)
        if heard is not None:
            self._take_in(heard)

    def _take_in(self, heard: Heard) -> None:
        arrivals = list(heard.arrivals)
        candidates = heard.arrivals[0].candidates if heard.arrivals else ()
        if heard.poll is not None:
            candidates = (heard.poll[0],)
        arrivals += self.parked.take_back(heard.tag, candidates)
        if heard.unplaced is not None:
            self.parked.keep(heard.tag, heard.unplaced)
        unopened = []
        for arrival in arrivals:
            before = len(self.hub.opened)
            opened = [e for e in arrival.candidates if self.hub.take(e, arrival.counter, arrival.sealed)]
            if opened:
                new = len(self.hub.opened) > before
                self.hub_session.took(heard, opened[0], self.now, new=new)
            else:
                unopened.append(arrival)
        self.parked.keep(heard.tag, *unopened)
        if unopened or heard.unplaced is not None or (heard.poll is None and not heard.arrivals):
            self.hub_session.unknown(heard, self.now)
        if heard.acknowledged is not None:
            self.hub.down_seen.update(heard.acknowledged[1])
            for counter in [c for c in self.downs if c in heard.acknowledged[1]]:
                del self.downs[counter]
        if heard.poll is not None:
            held = self.hub.held.get(heard.poll[0].id, RangeSet())
            self.hub_session.answer(heard, held, int(HUB_UNIX_S + self.now), self.now)

    def _events(self) -> None:
        while (event := self.node.next_event()) is not None:
            if isinstance(event, Held):
                self._held(event)
            elif isinstance(event, DownArrived):
                if self.down_seen.setdefault(event.generation, RangeSet()).add(event.counter):
                    self.arrived.append(event.plain)
                self.node.down_stored(event.generation, event.counter, self.now)
            elif isinstance(event, GenerationSeen):
                self.generation = event.generation
                self._verify()
            elif isinstance(event, HubTime):
                self.hub_times.append(event)
            elif isinstance(event, HubSilent):
                self.silences.append(event.times)

    def _held(self, event: Held) -> None:
        for place in [p for p in self.offered if p.epoch == event.epoch]:
            if place.counter in event.counters:
                assert place in self.hub.opened, "a receipt for what the hub does not hold"
                self.receipted[place] = event.generation
                self.node.withdraw(place)
            elif self.receipted.get(place, event.generation) < event.generation:
                del self.receipted[place]
                envelope = self.offered[place]
                self.node.offer(place, envelope.sealed, urgent=envelope.urgent, due_at=self.now)

    # -- time -------------------------------------------------------------------------------------

    def step(self, not_after: float = float("inf")) -> None:
        """Send what is due, then move to the next instant at which something happens."""
        for frame in self.node.frames_to_send(self.now):
            self._transmit("up", frame.payload)
        for owed in self.hub_session.owed(self.now):
            held = self.hub.held.get(owed.epoch.id, RangeSet())
            self.hub_session.give(owed, held, self.now)
        for routed in self.hub_session.frames_to_send(self.now):
            self._transmit("down", routed.payload)
        self._events()
        times = [self.node.next_timer_at(self.now), not_after]
        hub_timer = self.hub_session.next_timer_at(self.now)
        if hub_timer is not None:
            times.append(hub_timer)
        if self.air:
            times.append(self.air[0][0])
        self.now = max(self.now + 0.001, min(times))
        while self.air and self.air[0][0] <= self.now:
            _, _, way, payload = heapq.heappop(self.air)
            self.deliver(way, payload)

    def run_for(self, seconds: float) -> list[bytes]:
        """Let that much time pass; return the frames that were sent in it."""
        before, end = len(self.frames), self.now + seconds
        while self.now < end:
            self.step(end)
        return self.frames[before:]

    def run(self, done: Callable[[], bool], until_s: float = 50_000.0) -> None:
        """Step until `done` or the time is up."""
        while not done() and self.now < until_s:
            self.step()

    def run_until_receipted(self, until_s: float = 50_000.0) -> None:
        self.run(lambda: self.node.pending_count() == 0, until_s)

    def is_settled(self) -> bool:
        """Whether both ends have all that they should, and know it."""
        everything = all(self.receipted.get(p) == self.hub.generation for p in self.offered)
        return everything and not self.downs and self.node.pending_count() == 0

    def assert_exactly_once(self) -> None:
        assert {p: o.plain for p, o in self.offered.items()} == self.hub.opened
        assert self.hub.stored_twice == 0
