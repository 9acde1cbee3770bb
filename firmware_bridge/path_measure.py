"""Measures the way to another radio and back: loss, round trip, signal, relays; and draws it for a terminal.

The other radio's own acknowledgement is the answer, so no program needs to run there. What can be known:

- `rssi_dbm` and `snr_db` are those at this end, of whoever sent the acknowledgement last: the other radio, or
  the last relay when there is one.
- Relays on the way back stand in the acknowledgement's hop counters.
- Relays on the way there do not. But a radio answers with a hop limit of 2 when it was reached directly, and
  with more when not (`getHopLimitForResponse` of the firmware; a radio whose own limit is 2 or less always
  looks direct).
- An acknowledgement may follow after the radio has given the packet up; it counts as an answer all the same.
"""

from __future__ import annotations

import secrets
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.packet_results import PacketResult, Verdict, error_name, result_of_routing
from firmware_bridge.radio_console import RadioConsole
from sync.clock import Clock

DIRECT_ANSWER_HOP_LIMIT = 2
BAR_WIDTH = 40
ARROW_WIDTH = 12


@dataclass
class Ping:
    """One ping. Times in ms; None where nothing was heard of it, or the radio does not tell."""

    round_trip_ms: float | None = None
    error: str | None = None
    is_late: bool = False
    rssi_dbm: int | None = None
    snr_db: float | None = None
    hops_back: int | None = None
    is_direct_there: bool | None = None

    def answered(self, packet: mesh_pb2.MeshPacket, round_trip_ms: float) -> None:
        """Take in the acknowledgement of the other radio."""
        self.is_late = self.error is not None
        self.error = None
        self.round_trip_ms = round(round_trip_ms, 1)
        if packet.rx_rssi:
            self.rssi_dbm, self.snr_db = int(packet.rx_rssi), round(float(packet.rx_snr), 2)
        if packet.hop_start:  # old firmware leaves it at 0
            self.hops_back = max(0, packet.hop_start - packet.hop_limit)
            self.is_direct_there = packet.hop_start <= DIRECT_ANSWER_HOP_LIMIT


class PathMeasure:
    """Pings from one radio to another, and what came of them."""

    def __init__(self, own_number: int, to: int) -> None:
        self.own_number = own_number
        self.to = to
        self.pings: list[Ping] = []
        self.relayed = 0
        self._by_id: dict[int, tuple[Ping, float]] = {}

    @property
    def answered(self) -> list[Ping]:
        """Return the pings that were answered, in time or late."""
        return [ping for ping in self.pings if ping.round_trip_ms is not None]

    def begin(self, packet_id: int, now: float) -> Ping:
        """Note that a ping was written at `now`."""
        ping = Ping()
        self.pings.append(ping)
        self._by_id[packet_id] = (ping, now)
        return ping

    def take(self, message: mesh_pb2.FromRadio, now: float) -> None:
        """Take in one message of the radio; those that are about no ping change nothing."""
        packet = message.packet
        if packet.decoded.request_id not in self._by_id:
            return
        ping, started_s = self._by_id[packet.decoded.request_id]
        result = result_of_routing(packet, self.own_number, self.to)
        if result is None or ping.round_trip_ms is not None:
            return
        if result.verdict is Verdict.DELIVERED:
            ping.answered(packet, (now - started_s) * 1000)
        elif result.verdict is Verdict.RELAYED:
            # Somebody passed it on. The answer of the destination may still come.
            self.relayed += 1
        else:
            self._fail(ping, result)

    def _fail(self, ping: Ping, result: PacketResult) -> None:
        ping.error = error_name(result.error)

    def as_json(self) -> dict[str, object]:
        """Return what is printed on standard output."""
        trips = [ping.round_trip_ms for ping in self.answered if ping.round_trip_ms is not None]
        return {
            "to": self.to,
            "sent": len(self.pings),
            "acknowledged": len(trips),
            "late": sum(ping.is_late for ping in self.pings),
            "relayed": self.relayed,
            "loss": round(1 - len(trips) / len(self.pings), 4) if self.pings else None,
            "round_trip_ms": {
                "min": min(trips, default=None),
                "median": round(statistics.median(trips), 1) if trips else None,
                "max": max(trips, default=None),
            },
            "signal": {
                "rssi_dbm": _median([ping.rssi_dbm for ping in self.answered]),
                "snr_db": _median([ping.snr_db for ping in self.answered]),
            },
            "hops": {"there": self._hops_there(), "back": self._hops_back()},
            "errors": sorted({ping.error for ping in self.pings if ping.error}),
            "pings": [vars(ping) for ping in self.pings],
        }

    def _hops_there(self) -> int | str | None:
        """Return 0 for the direct way, "1+" for one or more relays, None where the radio does not tell."""
        known = [ping.is_direct_there for ping in self.answered if ping.is_direct_there is not None]
        if not known:
            return None
        return 0 if statistics.mode(known) else "1+"

    def _hops_back(self) -> int | None:
        known = [ping.hops_back for ping in self.answered if ping.hops_back is not None]
        return statistics.mode(known) if known else None

    def lines_of_pings(self) -> list[str]:
        """Return a line with a bar for each ping; the longest bar is the slowest answer."""
        slowest_ms = max((ping.round_trip_ms or 0.0 for ping in self.pings), default=0.0)
        return [_line(number, ping, slowest_ms) for number, ping in enumerate(self.pings, 1)]

    def picture(self) -> str:
        """Return bars, the way there and back, and the figures in words, for a terminal of 80 columns."""
        own, other = f"!{self.own_number:08x}", f"!{self.to:08x}"
        told = self.as_json()
        lines = self.lines_of_pings()
        if self.answered:
            there, back = self._hops_there(), self._hops_back()
            lines += [
                "",
                f"{own} {_arrow(there)}> {other}  {_in_words(there)}",
                f"{own} <{_arrow(back)} {other}  {_in_words(back)}{self._signal_in_words(back)}",
            ]
        lost = len(self.pings) - len(self.answered)
        lines.append(f"{lost} of {len(self.pings)} lost{self._trips_in_words(told['round_trip_ms'])}")
        return "\n".join(lines)

    def _signal_in_words(self, hops_back: int | None) -> str:
        rssi = _median([ping.rssi_dbm for ping in self.answered])
        if rssi is None:
            return ""
        snr = _median([ping.snr_db for ping in self.answered])
        last = ", last relay" if hops_back else ""
        return f"{last}, {rssi:g} dBm, SNR {snr:g} dB"

    @staticmethod
    def _trips_in_words(trips: object) -> str:
        if not isinstance(trips, dict) or trips["min"] is None:
            return ""
        figures = " / ".join(f"{trips[name]:.0f}" for name in ("min", "median", "max"))
        return f"; answered in {figures} ms (min / median / max)"


def measure_path(
    console: RadioConsole,
    to: int,
    *,
    count: int,
    size: int,
    port_number: int,
    channel: int,
    hop_limit: int,
    timeout_s: float,
    clock: Clock,
    told: Callable[[PathMeasure], None] = lambda measure: None,
) -> PathMeasure:
    """Send `count` payloads one after another, each waiting for its acknowledgement from `to`.

    `told` is called after each. Raises PortProblem when the own radio is lost.
    """
    measure = PathMeasure(console.own_number, to)
    for _ in range(count):
        started_s = clock.monotonic_s()
        packet_id = console.send(
            secrets.token_bytes(size),
            to,
            port_number=port_number,
            channel=channel,
            hop_limit=hop_limit,
            want_ack=True,
        )
        ping = measure.begin(packet_id, started_s)
        while ping.round_trip_ms is None and ping.error is None:
            left_s = started_s + timeout_s - clock.monotonic_s()
            message = console.wait_for(lambda m: bool(m.packet.decoded.request_id), left_s)
            if message is None:
                ping.error = "TIMEOUT"
            else:
                measure.take(message, clock.monotonic_s())
        told(measure)
    return measure


def _line(number: int, ping: Ping, slowest_ms: float) -> str:
    if ping.round_trip_ms is None:
        return f"{number:4} {'x':{BAR_WIDTH}} no answer ({ping.error})"
    bar = "#" * max(1, round(BAR_WIDTH * ping.round_trip_ms / slowest_ms)) if slowest_ms else "#"
    signal = f"  {ping.rssi_dbm} dBm  {ping.snr_db:g} dB" if ping.rssi_dbm is not None else ""
    late = "  late" if ping.is_late else ""
    return f"{number:4} {bar:{BAR_WIDTH}} {ping.round_trip_ms:6.0f} ms{signal}{late}"


def _arrow(hops: int | str | None) -> str:
    if hops is None:
        return "?".center(ARROW_WIDTH, "-")
    marks = "o." if hops == "1+" else "o" * min(int(hops), 7)
    return "--".join(["", *marks, ""]).center(ARROW_WIDTH, "-") if marks else "-" * ARROW_WIDTH


def _in_words(hops: int | str | None) -> str:
    if hops is None:
        return "relays unknown"
    if hops == 0:
        return "direct"
    if hops == "1+":
        return "over one relay or more"
    return "over one relay" if hops == 1 else f"over {hops} relays"


def _median(values: list[int | None] | list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.median(known), 2) if known else None
