"""Both ends of the link in memory, on a simulated air: the product's own sessions, sealing and frames."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.carriers.simulated import Delivery, SimulatedAir
from sync.errors import SealBroken
from sync.identifiers import BROADCAST, EnvelopeId, Lane
from sync.link.events import Held, HubTime
from sync.link.hearing import Arrival, KnownEpoch, RadioPath
from sync.link.hub_session import HubSession
from sync.link.node_session import NodeSession
from sync.link.parking import Parked
from sync.link.ranges import RangeSet
from sync.link.settings import LinkSettings
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch
from sync.wire.frame_codec import EpochBlock

HUB_RADIO = 1_000_000
GENERATION = 1_800_000_000
HUB_UNIX_S = 1_790_000_000


@dataclass(frozen=True)
class Medium:
    """What both ends have in common: the time on air of a payload, the largest payload, dice, settings."""

    airtime_ms: Callable[[int], float]
    payload_limit: int
    rng: random.Random
    settings: LinkSettings


@dataclass(frozen=True, repr=False)
class Keys:
    """What one hub and one node have of each other."""

    number: int
    hub: KeyPair
    node: KeyPair
    psk: bytes

    def of_node(self) -> StaticKeys:
        """Return the node's static keys."""
        return StaticKeys(own_private=self.node.private, other_public=self.hub.public, psk=self.psk)

    def of_hub(self) -> StaticKeys:
        """Return the hub's static keys with this node."""
        return StaticKeys(own_private=self.hub.private, other_public=self.node.public, psk=self.psk)


class NodeEnd:
    """A node that was bound before and has just started: its epoch's key still has to go."""

    def __init__(
        self, keys: Keys, medium: Medium, *, utilisation: Callable[[], float | None] = lambda: None
    ) -> None:
        self.number = keys.number
        self._epoch = SealingEpoch.open(
            hub_public=keys.hub.public, node_static=keys.node, psk=keys.psk, node_number=keys.number
        )
        self.session = NodeSession(
            keys=keys.of_node(),
            payload_limit=lambda: medium.payload_limit,
            airtime_ms=medium.airtime_ms,
            rng=medium.rng,
            now=0.0,
            settings=medium.settings,
            generation=GENERATION,
            bound=True,
            utilisation=utilisation,
        )
        self.session.add_epoch(self._epoch.id, EpochBlock(keys.number, self._epoch.enc), opened_at=0.0)
        self.receipted: set[EnvelopeId] = set()
        self.hub_times = 0

    def file(self, plain: bytes, *, urgent: bool, due_at: float) -> tuple[EnvelopeId, bytes]:
        """Seal one record and offer it; return its place and its sealed bytes."""
        sealed = self._epoch.seal(Lane.REPORT, plain)
        self.session.offer(sealed.id, sealed.ciphertext, urgent=urgent, due_at=due_at)
        return sealed.id, sealed.ciphertext

    def hear(self, payload: bytes, source: int, now: float) -> list[EnvelopeId]:
        """Take a payload; return what was receipted by it."""
        self.session.receive_frame(payload, source, now)
        new = []
        while (event := self.session.next_event()) is not None:
            if isinstance(event, Held):
                places = {EnvelopeId(event.epoch, Lane.REPORT, counter) for counter in event.counters}
                new += sorted(places - self.receipted, key=lambda place: place.counter)
                self.receipted |= places
            elif isinstance(event, HubTime):
                self.hub_times += 1
        return new


class HubEnd:
    """A hub that keeps what opens in memory. Implements `EpochDirectory`, as the hub's keyring does."""

    def __init__(self, nodes: Sequence[Keys], medium: Medium) -> None:
        self._nodes = {keys.number: keys for keys in nodes}
        self._epochs: dict[bytes, KnownEpoch] = {}
        self._held: dict[bytes, RangeSet] = {}
        self._parked = Parked()
        self.opened: dict[EnvelopeId, bytes] = {}
        self.copies = 0
        self.session = HubSession(
            directory=self,
            generation=GENERATION,
            payload_limit=lambda: medium.payload_limit,
            airtime_ms=medium.airtime_ms,
            rng=medium.rng,
            now=0.0,
            settings=medium.settings,
        )

    def by_tag(self, tag: int) -> Sequence[KnownEpoch]:
        """See `EpochDirectory`."""
        return [epoch for epoch in self._epochs.values() if epoch.id[0] == tag]

    def learn(self, block: EpochBlock) -> KnownEpoch | None:
        """See `EpochDirectory`."""
        keys = self._nodes.get(block.node_number)
        if keys is None:
            return None
        opening = OpeningEpoch.derive(
            block.enc, hub=keys.hub, node_public=keys.node.public, psk=keys.psk, node_number=keys.number
        )
        known = KnownEpoch(opening.id, keys.number, keys.of_hub(), opening)
        return self._epochs.setdefault(opening.id, known)

    def hear(self, payload: bytes, source: int, now: float) -> list[EnvelopeId]:
        """Take a payload as the hub's desk does; return the envelopes that are new."""
        heard = self.session.receive_frame(payload, RadioPath(0, source), now)
        if heard is None:
            return []
        arrivals = list(heard.arrivals)
        epochs = heard.arrivals[0].candidates if heard.arrivals else ()
        if heard.poll is not None:
            epochs = (heard.poll[0],)
        arrivals += self._parked.take_back(heard.tag, epochs)
        if heard.unplaced is not None:
            self._parked.keep(heard.tag, heard.unplaced)
        new, unopened = [], []
        for arrival in arrivals:
            epoch = next((e for e in arrival.candidates if self._opens(e, arrival)), None)
            if epoch is None:
                unopened.append(arrival)
                continue
            place = EnvelopeId(epoch.id, Lane.REPORT, arrival.counter)
            is_new = self._held.setdefault(epoch.id, RangeSet()).add(arrival.counter)
            self.copies += not is_new
            new += [place] if is_new else []
            self.session.took(heard, epoch, now, new=is_new)
        self._parked.keep(heard.tag, *unopened)
        if unopened or heard.unplaced is not None or (heard.poll is None and not heard.arrivals):
            self.session.unknown(heard, now)
        if heard.poll is not None:
            held = self._held.get(heard.poll[0].id, RangeSet())
            self.session.answer(heard, held, HUB_UNIX_S + int(now), now)
        return new

    def _opens(self, epoch: KnownEpoch, arrival: Arrival) -> bool:
        try:
            opened = epoch.opening.open(Lane.REPORT, arrival.counter, arrival.sealed)
        except SealBroken:
            return False
        self.opened[EnvelopeId(epoch.id, Lane.REPORT, arrival.counter)] = opened.plain
        return True

    def give_owed(self, now: float) -> None:
        """Queue the receipts that are owed unasked."""
        for owed in self.session.owed(now):
            self.session.give(owed, self._held.get(owed.epoch.id, RangeSet()), now)


class Region:
    """Some nodes, their hub and the air between them, in step with `now`."""

    def __init__(self, air: SimulatedAir, hub: HubEnd, nodes: Sequence[NodeEnd]) -> None:
        self.air = air
        self.hub = hub
        self.nodes = {node.number: node for node in nodes}
        self.now = 0.0
        self.on_arrival: Callable[[EnvelopeId, float], object] = lambda place, now: None
        """Called when an envelope is at the hub for the first time."""
        self.on_receipt: Callable[[EnvelopeId, float], object] = lambda place, now: None
        """Called when its node knows that it is."""
        air.add_station(HUB_RADIO)
        for number in self.nodes:
            air.add_station(number)
        self._timers: dict[int, float] = dict.fromkeys(self.nodes, 0.0)
        self._hub_timer = 0.0

    def wake(self, number: int) -> None:
        """A node has something new to send."""
        self._timers[number] = self.now

    def step(self, until_s: float) -> None:
        """Send what is due, then move to the next instant at which something happens, or to `until_s`."""
        for number, at in self._timers.items():
            if at <= self.now:
                session = self.nodes[number].session
                for frame in session.frames_to_send(self.now):
                    self.air.transmit(number, frame.payload, frame.to, self.now)
                self._timers[number] = session.next_timer_at(self.now)
        if self._hub_timer <= self.now:
            self.hub.give_owed(self.now)
            for routed in self.hub.session.frames_to_send(self.now):
                self.air.transmit(HUB_RADIO, routed.payload, routed.path.number, self.now)
            self._ask_hub()
        times = [until_s, self._hub_timer, *self._timers.values()]
        in_the_air = self.air.next_event_at()
        if in_the_air is not None:
            times.append(in_the_air)
        self.now = min(until_s, max(self.now + 0.001, min(times)))
        for event in self.air.advance(self.now):
            if isinstance(event, Delivery) and event.to in (event.receiver, BROADCAST):
                self._deliver(event)

    def _ask_hub(self) -> None:
        at = self.hub.session.next_timer_at(self.now)
        self._hub_timer = float("inf") if at is None else at

    def _deliver(self, delivery: Delivery) -> None:
        if delivery.receiver == HUB_RADIO:
            for place in self.hub.hear(delivery.frame, delivery.sender, self.now):
                self.on_arrival(place, self.now)
            self._ask_hub()
            return
        node = self.nodes[delivery.receiver]
        for place in node.hear(delivery.frame, delivery.sender, self.now):
            self.on_receipt(place, self.now)
        self._timers[node.number] = node.session.next_timer_at(self.now)


def drawn_keys(rng: random.Random, numbers: Sequence[int]) -> list[Keys]:
    """Return a hub's and some nodes' keys; for measurements only, for they can be drawn again."""
    hub = KeyPair.from_private(rng.randbytes(32))
    return [Keys(n, hub, KeyPair.from_private(rng.randbytes(32)), rng.randbytes(32)) for n in numbers]
