"""A node's and a hub's session joined by a bad link, with a clock that the test moves."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sync.airtime import CHANNEL_PAYLOAD_LIMIT, PRESETS, payload_airtime_ms
from sync.errors import SealBroken
from sync.identifiers import EnvelopeId, Lane
from sync.link.events import DownArrived, GenerationSeen, Held
from sync.link.hub_session import HubSession, KnownEpoch, RadioPath
from sync.link.node_session import NodeSession
from sync.link.ranges import RangeSet
from sync.link.settings import LinkSettings
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch
from sync.wire.frame_codec import EpochBlock

GENERATION = 1_800_000_000
HUB_RADIO = 100
NODE_RADIO = 200


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


class LinkPair:
    """Both ends and the air between them. `loss` and the like are chances from 0 to 1."""

    def __init__(
        self,
        *,
        seed: int = 1,
        loss: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        settings: LinkSettings | None = None,
    ) -> None:
        self.rng = random.Random(seed)
        self.loss, self.duplicate, self.reorder = loss, duplicate, reorder
        self.now = 0.0
        self.settings = settings or LinkSettings(duty_cycle=1.0)
        preset = PRESETS["LongFast"]
        self.airtime_ms: Callable[[int], float] = lambda size: payload_airtime_ms(size, preset)
        self.limit = CHANNEL_PAYLOAD_LIMIT
        node_static, hub_static, self.psk = key_pair(self.rng), key_pair(self.rng), self.rng.randbytes(32)
        self.node_static, self.hub_static = node_static, hub_static
        self.hub = MemoryHub(hub_static, node_static.public, self.psk)
        self.node_keys = StaticKeys(
            own_private=node_static.private, other_public=hub_static.public, psk=self.psk
        )
        self.sealing = self.new_epoch()
        self.node = self.new_node_session()
        self.hub_session = self.new_hub_session()
        self.air: list[tuple[float, int, str, bytes]] = []
        self.frames: list[bytes] = []
        self.airtime_total_ms = 0.0
        self.receipted: set[EnvelopeId] = set()
        self.arrived: list[bytes] = []
        self.sent_counts: dict[str, int] = {"up": 0, "down": 0}
        self._serial = 0

    def new_epoch(self) -> SealingEpoch:
        return SealingEpoch.open(
            hub_public=self.hub_static.public,
            node_static=self.node_static,
            psk=self.psk,
            node_number=1,
            ephemeral_private=self.rng.randbytes(32),
        )

    def new_node_session(self, opened_at: float | None = 0.0) -> NodeSession:
        node = NodeSession(
            keys=self.node_keys,
            payload_limit=lambda: self.limit,
            airtime_ms=self.airtime_ms,
            rng=self.rng,
            now=self.now,
            settings=self.settings,
        )
        node.add_epoch(self.sealing.id, EpochBlock(1, self.sealing.enc), opened_at=opened_at)
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
        self.node.offer(sealed.id, sealed.ciphertext, urgent=urgent, due_at=self.now + due_in)
        return sealed.id

    def _transmit(self, way: str, payload: bytes) -> None:
        assert len(payload) <= self.limit
        self.frames.append(payload)
        self.sent_counts[way] += 1
        airtime_s = self.airtime_ms(len(payload)) / 1000
        self.airtime_total_ms += airtime_s * 1000
        for _ in range(2 if self.rng.random() < self.duplicate else 1):
            if self.rng.random() < self.loss:
                continue
            late = self.rng.random() * 6 if self.rng.random() < self.reorder else 0.0
            self._serial += 1
            heapq.heappush(self.air, (self.now + airtime_s + late, self._serial, way, payload))

    def _deliver(self, way: str, payload: bytes) -> None:
        if way == "down":
            self.node.receive_frame(payload, HUB_RADIO, self.now)
            return
        heard = self.hub_session.receive_frame(payload, RadioPath(0, NODE_RADIO), self.now)
        if heard is None:
            return
        opened = [
            any(self.hub.take(epoch, a.counter, a.sealed) for epoch in a.candidates) for a in heard.arrivals
        ]
        if heard.acknowledged is not None:
            self.hub.down_seen.update(heard.acknowledged[1])
        if (heard.arrivals and not any(opened)) or (heard.poll is None and not heard.arrivals):
            self.hub_session.unknown(heard, self.now)
        if heard.poll is not None:
            held = self.hub.held.get(heard.poll[0].id, RangeSet())
            self.hub_session.answer(heard, held, int(1_790_000_000 + self.now))

    def _events(self) -> None:
        while (event := self.node.next_event()) is not None:
            if isinstance(event, Held):
                self.receipted |= {EnvelopeId(event.epoch, Lane.REPORT, c) for c in event.counters}
            elif isinstance(event, DownArrived):
                self.arrived.append(event.plain)
                self.node.down_stored(event.generation, event.counter, self.now)
            elif isinstance(event, GenerationSeen):
                pass

    def step(self) -> None:
        """Send what is due, then move to the next instant at which something happens."""
        for frame in self.node.frames_to_send(self.now):
            self._transmit("up", frame.payload)
        for routed in self.hub_session.frames_to_send(self.now):
            self._transmit("down", routed.payload)
        times = [self.node.next_timer_at(self.now)]
        hub_timer = self.hub_session.next_timer_at(self.now)
        if hub_timer is not None:
            times.append(hub_timer)
        if self.air:
            times.append(self.air[0][0])
        self.now = max(self.now + 0.001, min(times))
        while self.air and self.air[0][0] <= self.now:
            _, _, way, payload = heapq.heappop(self.air)
            self._deliver(way, payload)
        self._events()

    def run(self, done: Callable[[], bool], until_s: float = 50_000.0) -> None:
        """Step until `done` or the time is up."""
        while not done() and self.now < until_s:
            self.step()

    def run_until_receipted(self, until_s: float = 50_000.0) -> None:
        self.run(lambda: self.node.pending_count() == 0, until_s)
