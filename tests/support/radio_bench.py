"""Emulated devices with the bridge's own session plugged in, on one clock that jumps from event to event.

No socket, no thread, no real time: two minutes of silence or an hour of duty cycle take milliseconds, and the
same calls give the same run. `tests/firmware_bridge/test_meshtastic_radio.py` has the same with real ports.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator import Emulator, EmulatorSettings
from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.radio_session import RadioSession, RadioSettings
from firmware_bridge.stream_framing import FrameDecoder, encode_frame
from sync.carriers.base import HeardPayload

RECONNECTS_AFTER_S = 1.0
MOST_TURNS = 200


def everything(message: mesh_pb2.FromRadio) -> bool:
    return True


class Plug:
    """One device and the session plugged into it; as with the supervisor, a failed session is begun anew.

    `mute` cuts both ways, as a frozen device does. `lets_through` chooses what the session gets to read.
    """

    def __init__(self, bench: Bench, index: int, settings: RadioSettings) -> None:
        self.device = bench.emulator.devices[index]
        self.number = self.device.number
        self.is_mute = False
        self.lets_through: Callable[[mesh_pb2.FromRadio], bool] = everything
        self.heard: list[HeardPayload] = []
        self.packets: list[mesh_pb2.MeshPacket] = []
        self.failures: list[str] = []
        self.connections = 0
        self._bench = bench
        self._settings = settings
        self._back_at_s = 0.0
        self.session = RadioSession(settings, bench.now)
        self._begin()

    def send(self, payload: bytes, to: int) -> bool:
        return self.session.offer(payload, to, self._bench.now)

    def problem(self) -> str:
        return self.session.problem(self._bench.now) or ""

    def inject(self, raw: bytes) -> None:
        """Put bytes on the line from the device, as noise or another program's rests do."""
        self.session.take_bytes(raw, self._bench.now)

    def next_at(self) -> float:
        if self.session.failure is not None:
            return self._back_at_s
        return self.session.next_timer_at()

    def turn(self) -> bool:
        """Do what is due; return whether anything moved."""
        now, session = self._bench.now, self.session
        if session.failure is not None:
            if now >= self._back_at_s and self.device.is_up:
                self._begin()
                return True
            return False
        if not self.device.is_up:
            session.failure = "the line was cut"
        elif now >= session.next_timer_at():
            session.handle_timers(now)
        if session.failure is not None:
            self.failures.append(session.failure)
            self._back_at_s = now + RECONNECTS_AFTER_S
            self.device.client.client_left()
            return True
        return self._shuttle(now)

    def _shuttle(self, now: float) -> bool:
        written, self.session.outgoing = bytes(self.session.outgoing), bytearray()
        if self.is_mute:
            return False
        for frame in self._to_device.feed(written):
            to_radio = mesh_pb2.ToRadio()
            to_radio.ParseFromString(frame)
            if to_radio.HasField("packet"):
                self.packets.append(to_radio.packet)
            self.device.take(frame, now)
        has_moved = bool(written)
        while (message := self.device.client.pull()) is not None:
            has_moved = True
            said = mesh_pb2.FromRadio()
            said.ParseFromString(message)
            if self.lets_through(said):
                self.session.take_bytes(encode_frame(message), now)
        self.heard += self.session.heard
        self.session.heard.clear()
        return has_moved

    def _begin(self) -> None:
        self.session = RadioSession(self._settings, self._bench.now)
        self._to_device = FrameDecoder()
        self.connections += 1


class Bench:
    """The emulator and its clock, `now`, in seconds."""

    def __init__(self, settings: EmulatorSettings | None = None) -> None:
        self.emulator = Emulator(settings or EmulatorSettings(seed=1))
        self.now = 1000.0
        self.plugs: list[Plug] = []
        self.emulator.advance(self.now)

    def plug(self, index: int, settings: RadioSettings | None = None) -> Plug:
        """Plug a session into a device and let it read the configuration."""
        plug = Plug(self, index, settings or RadioSettings())
        self.plugs.append(plug)
        self.run(0.0)
        return plug

    def run(self, seconds: float) -> None:
        """Let time pass, from event to event."""
        end_s = self.now + seconds
        while True:
            turns = 0
            while sum(plug.turn() for plug in self.plugs):
                turns += 1
                assert turns < MOST_TURNS, "bridge and radio spin without any time going by"
                self.emulator.advance(self.now)
            times = [self.emulator.next_event_at() or end_s, *(plug.next_at() for plug in self.plugs)]
            next_s = max(self.now, min(times))
            if next_s > end_s or (next_s == self.now and self.now >= end_s):
                self.now = max(self.now, end_s)
                return
            # A device that is down for good must not hold the clock: look again a little later.
            self.now = min(end_s, next_s if next_s > self.now else self.now + 0.1)
            self.emulator.advance(self.now)

    def run_until(self, is_so: Callable[[], object], what: str, within_s: float = 600.0) -> None:
        """Let time pass until something is so."""
        end_s = self.now + within_s
        while not is_so():
            assert self.now < end_s, f"waited in vain: {what}"
            self.run(0.25)
