"""What the radio pump of a node talks to: the node's own link, the gateway for others, and who counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.carriers.base import HeardPayload, Radio
from sync.clock import Clock
from sync.link.events import OutgoingFrame
from sync.link_quality import demodulation_limit_db
from sync.wire.frame_codec import is_for_the_hub
from village_node.gateway import Gateway
from village_node.link_days import LinkRecord
from village_node.link_desk import LinkDesk

RELAY_GAP_S = 0.3


class RadioDesk:
    """Implements `sync.carriers.radio.RadioUser`."""

    def __init__(
        self,
        desk: LinkDesk,
        gateway: Gateway | None,
        clock: Clock,
        radio: Radio,
        record: LinkRecord,
        *,
        uses_radio: Callable[[], bool],
    ) -> None:
        self._desk = desk
        self._gateway = gateway
        self._clock = clock
        self._radio = radio
        self._record = record
        self._meter = record.meter
        desk.on_silence = record.meter.silence
        self._uses_radio = uses_radio
        self._relay_free_at = 0.0

    def due_frames(self) -> Sequence[OutgoingFrame]:
        """Return frames of the gateway first (somebody waits for them), then the node's own."""
        now = self._clock.monotonic_s()
        frames = self._frames_now(now)
        for frame in frames:
            self._meter.sent(frame.payload, self._radio.airtime_ms(len(frame.payload)), now)
        self._watch(now)
        return frames

    def _frames_now(self, now: float) -> Sequence[OutgoingFrame]:
        if self._gateway is not None and now >= self._relay_free_at and self._desk.may_send():
            relayed = self._gateway.next_for_air()
            if relayed is not None:
                airtime_ms = self._radio.airtime_ms(len(relayed.payload))
                self._desk.spend_airtime(airtime_ms)
                self._relay_free_at = now + airtime_ms / 1000 + RELAY_GAP_S
                return [relayed]
        # A node with internet does not spend airtime on what the internet carries.
        return self._desk.due_frames() if self._uses_radio() else []

    def _watch(self, now: float) -> None:
        if self._meter.sample_is_due(now):
            limit_db = demodulation_limit_db(self._radio.airtime_ms)
            self._meter.sample(self._radio.state().channel_utilisation, limit_db, now)
        if self._meter.tick(now):
            self._record.save()

    def next_timer_at(self) -> float:
        """Return when to look again."""
        own = self._desk.next_timer_at() if self._uses_radio() else self._clock.monotonic_s() + 1.0
        return min(own, self._clock.monotonic_s() + 1.0) if self._gateway is not None else own

    def hear_payload(self, heard: HeardPayload) -> None:
        """Take a payload: for this node, or for the hub when this node is a gateway."""
        if self._gateway is not None and is_for_the_hub(heard.payload):
            self._gateway.heard(heard.payload, heard.source)
        elif self._desk.hear(heard.payload, heard.source):
            self._meter.heard(heard, self._clock.monotonic_s())
