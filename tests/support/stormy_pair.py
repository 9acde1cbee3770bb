"""A link pair through worse days: addresses that change, other carriers, a hub restored from an old copy.

It watches what holds at every frame: urgent first, and the airtime budget.
"""

from __future__ import annotations

from typing import Any

from link_pair import HUB_RADIO, NODE_RADIO, LinkPair

from sync.identifiers import EnvelopeId, Lane
from sync.link.hearing import RadioPath
from sync.link.ranges import RangeSet
from sync.wire.frame_codec import decode_frame

HubCopy = tuple[dict[bytes, list[tuple[int, int]]], dict[bytes, Any]]


class StormyPair(LinkPair):
    """See the module."""

    def __init__(self, **settings: Any) -> None:
        self.node_radio, self.hub_radio = NODE_RADIO, HUB_RADIO
        self.urgent_unsent: set[EnvelopeId] = set()
        """Urgent ones of which no frame has carried anything yet."""
        self.used_ms = {"up": 0.0, "down": 0.0}
        self.began_at = {"up": 0.0, "down": 0.0}
        super().__init__(**settings)

    # -- what both ends and others do ---------------------------------------------------------------

    def offer(self, plain: bytes, *, urgent: bool = False, due_in: float = 0.0) -> EnvelopeId:
        place = super().offer(plain, urgent=urgent, due_in=due_in)
        if urgent:
            self.urgent_unsent.add(place)
        return place

    def restart_node(self) -> None:
        super().restart_node()
        self._begin("up")

    def restart_hub(self) -> None:
        super().restart_hub()
        self._begin("down")

    def _begin(self, way: str) -> None:
        self.used_ms[way], self.began_at[way] = 0.0, self.now

    def copy_hub(self) -> HubCopy:
        """Return what a backup of the hub would hold."""
        return {epoch: held.ranges() for epoch, held in self.hub.held.items()}, dict(self.hub.epochs)

    def restore_hub(self, copy: HubCopy) -> None:
        """Put an older state in place and start. What was opened since is still counted in `hub.opened`."""
        held, epochs = copy
        self.hub.held = {epoch: RangeSet(ranges) for epoch, ranges in held.items()}
        self.hub.epochs = dict(epochs)
        self.restart_hub()

    def carry_otherwise(self, place: EnvelopeId) -> None:
        """Let another carrier bring one envelope to the hub, and its receipt back."""
        known = self.hub.learn(self.blocks[place.epoch])
        assert known is not None
        assert self.hub.take(known, place.counter, self.offered[place].sealed)
        if self.hub.generation > self.generation:
            self.generation = self.hub.generation
            self.node.generation_known(self.generation)
            for epoch in {p.epoch for p, g in self.receipted.items() if g < self.generation}:
                self.node.verify_epoch(epoch)
        self.receipted[place] = self.generation
        self.urgent_unsent.discard(place)
        self.node.withdraw(place)

    # -- the air ----------------------------------------------------------------------------------

    def deliver(self, way: str, payload: bytes) -> None:
        if way == "down":
            self.node.receive_frame(payload, self.hub_radio, self.now)
            self._events()
            return
        heard = self.hub_session.receive_frame(payload, RadioPath(0, self.node_radio), self.now)
        if heard is not None:
            self._take_in(heard)

    def _transmit(self, way: str, payload: bytes) -> None:
        if way == "up":
            self._check_urgent_first(payload)
        super()._transmit(way, payload)
        airtime_ms = self.airtime_ms(len(payload))
        self.used_ms[way] += airtime_ms
        allowed_ms = (self.now - self.began_at[way]) * 1000 * self.settings.duty_cycle
        assert self.used_ms[way] <= allowed_ms + self.settings.budget_burst_ms + airtime_ms, "over the budget"

    def _check_urgent_first(self, payload: bytes) -> None:
        """A frame that carries reports carries an urgent one, while one was never on the air."""
        frame: Any = decode_frame(payload)
        counters = [counter for counter, _ in getattr(frame, "envelopes", ())]
        if hasattr(frame, "index"):
            counters = [frame.counter]
        epoch = next((e for e in self.blocks if e[0] == frame.epoch_tag), b"")
        carried = {EnvelopeId(epoch, Lane.REPORT, counter) for counter in counters}
        waiting = {p for p in self.urgent_unsent if p not in self.receipted and self._is_in_window(p)}
        if carried and waiting:
            assert any(self.offered[place].urgent for place in carried), "urgent ones wait behind others"
        self.urgent_unsent -= carried

    def _is_in_window(self, place: EnvelopeId) -> bool:
        lowest = min(self.node._epochs[place.epoch[0]].pending)
        return place.counter - lowest < self.settings.urgent_window

    # -- what must hold in the end --------------------------------------------------------------------

    def assert_hub_holds_everything(self) -> None:
        for place in self.offered:
            assert place.counter in self.hub.held.get(place.epoch, RangeSet())
