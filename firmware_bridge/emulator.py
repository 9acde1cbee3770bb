"""Several emulated Meshtastic devices on one simulated air. Pure: bytes and `now` in, bytes out.

`emulator_server` gives it sockets and a clock. Between two events nothing happens, and every event is handled
at the instant it was due, so the air is exact however late the caller is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TextIO

from firmware_bridge.emulated_client_port import EmulatedClientPort
from firmware_bridge.emulated_device import EmulatedDevice
from firmware_bridge.emulated_router import EmulatedRouter
from firmware_bridge.emulated_settings import EmulatedSettings
from firmware_bridge.mesh_frames import MeshFrame
from firmware_bridge.timers import Timers
from sync.airtime import PRESETS
from sync.carriers.simulated import CopyFaults, Delivery, FrameSent, SimulatedAir

FIRST_NUMBER = 0x4B4E0001
"""Radio number of the first device; the others follow. The same at every start, like a real device's."""


@dataclass(frozen=True)
class EmulatorSettings:
    """What air and devices to emulate. Probabilities are 0 to 1; `seed` None draws a fresh one.

    `loss` hits each reception. `faults` double and delay what a receiving client gets, and only that: the
    acknowledgements between devices are not touched. `hears(receiver, sender)` takes device indexes; without
    it everybody hears everybody.
    """

    devices: int = 2
    preset: str = "LongFast"
    loss: float = 0.0
    faults: CopyFaults = field(default_factory=CopyFaults)
    seed: int | None = None
    hears: Callable[[int, int], bool] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.devices <= 100:
            raise ValueError("devices must lie between 1 and 100")
        if self.preset not in PRESETS:
            raise ValueError(f"preset must be one of {', '.join(PRESETS)}")


class Emulator:
    """The devices and their air. All times are seconds that never go back."""

    def __init__(self, settings: EmulatorSettings, frame_log: TextIO | None = None) -> None:
        # Not for secrets: the keys of emulated devices must come out the same for the same seed.
        random = Random(settings.seed)  # noqa: S311 - an emulator: no secret
        self.timers = Timers()
        self._frame_log = frame_log
        self._topology = settings.hears
        self._is_started = False
        self.air = SimulatedAir(
            PRESETS[settings.preset], random=random, loss=settings.loss, hears=self._hears
        )
        self._by_number: dict[int, EmulatedDevice] = {}
        channel_psk = random.randbytes(32)
        for index in range(settings.devices):
            number = FIRST_NUMBER + index
            own = EmulatedSettings(number, settings.preset, channel_psk, random)
            client = EmulatedClientPort()
            router = EmulatedRouter(
                own,
                self.air,
                self.timers,
                client,
                public_key_of=self._public_key_of,
                faults=settings.faults,
                random=random,
            )
            self._by_number[number] = EmulatedDevice(
                own, router, client, self.timers, other_nodes=self._other_nodes_than(number)
            )

    @property
    def devices(self) -> list[EmulatedDevice]:
        """Return the devices in order."""
        return list(self._by_number.values())

    def next_event_at(self) -> float | None:
        """Return when something happens next, or None when all is still."""
        times = [at_s for at_s in (self.timers.next_at(), self.air.next_event_at()) if at_s is not None]
        return min(times, default=None)

    def advance(self, now: float) -> None:
        """Let everything happen that is due up to `now`. The first call is when the devices start."""
        if not self._is_started:
            self._is_started = True
            for device in self.devices:
                device.start(now)
        while (at_s := self.next_event_at()) is not None and at_s <= now:
            timer_s = self.timers.next_at()
            if timer_s is not None and timer_s <= at_s:
                self.timers.run_next()
                continue
            for event in self.air.advance(at_s):
                if isinstance(event, Delivery):
                    self._by_number[event.receiver].router.on_heard(event.frame, event.at_s)
                else:
                    self._log_frame(event)
                    self._by_number[event.sender].router.on_sent(event.airtime_ms, event.at_s)

    def totals(self) -> dict[str, float]:
        """Return what crossed the air so far, for the last line of `radio emulate`."""
        counters = self.air.counters
        routers = [device.router for device in self.devices]
        return {
            "frames_sent": counters.frames_sent,
            "airtime_ms": round(counters.airtime_ms, 1),
            "frames_lost": counters.frames_lost,
            "frames_collided": counters.frames_collided,
            "frames_duplicated": sum(router.copies_duplicated for router in routers),
            "frames_reordered": sum(router.copies_reordered for router in routers),
        }

    def _hears(self, receiver: int, sender: int) -> bool:
        one, other = self._by_number[receiver], self._by_number[sender]
        if not one.is_up or one.tuning != other.tuning:
            return False
        return self._topology is None or self._topology(receiver - FIRST_NUMBER, sender - FIRST_NUMBER)

    def _public_key_of(self, number: int) -> bytes | None:
        device = self._by_number.get(number)
        return device.settings.keys.public_bytes if device is not None else None

    def _other_nodes_than(self, number: int) -> Callable[[], list[object]]:
        return lambda: [device.settings.node_info() for device in self.devices if device.number != number]

    def _log_frame(self, event: FrameSent) -> None:
        """Write one frame as a line: what a listener with a receiver would have."""
        if self._frame_log is None:
            return
        frame = MeshFrame.decode(event.frame)
        line = {
            "time_s": round(event.at_s, 4),
            "sender": event.sender,
            "from": frame.source,
            "to": frame.to,
            "id": frame.packet_id,
            "hop_limit": frame.hop_limit,
            "want_ack": frame.want_ack,
            "airtime_ms": round(event.airtime_ms, 1),
            "payload": self._payload_of(frame).hex(),
            "frame": event.frame.hex(),
        }
        print(json.dumps(line), file=self._frame_log, flush=True)

    def _payload_of(self, frame: MeshFrame) -> bytes:
        """Return the application payload, as one with every key would read it."""
        for number in (frame.to, frame.source):
            device = self._by_number.get(number)
            payload = device.router.read_payload(frame) if device is not None else None
            if payload is not None:
                return payload
        return b""
