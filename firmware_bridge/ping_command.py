"""`kentongan radio ping`: does another radio hear this one, and how fast does it answer?"""

from __future__ import annotations

import json
import secrets
import statistics
from dataclasses import dataclass

import click

from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.modem_presets import is_public_key_encrypted, payload_limit
from firmware_bridge.radio_console import RadioConsole
from firmware_bridge.radio_port import PortProblem, RadioUrl
from firmware_bridge.setup_command import radio_url
from sync.carriers.base import BROADCAST
from sync.clock import Clock, SystemClock

PING_PORT = 301
"""Not the port of our reports, so that a node at the other end does not have to make sense of a ping."""


@dataclass
class PingResult:
    """What came of some pings. An acknowledgement from a relay is no answer."""

    sent: int
    round_trips_ms: list[float]
    refused: list[str]
    relayed: int = 0

    def as_json(self, to: int) -> dict[str, object]:
        """Return what is printed."""
        answered = len(self.round_trips_ms)
        trips = self.round_trips_ms
        return {
            "to": to,
            "sent": self.sent,
            "acknowledged": answered,
            "relayed": self.relayed,
            "loss": round(1 - answered / self.sent, 4),
            "round_trip_ms": {
                "min": round(min(trips), 1) if trips else None,
                "median": round(statistics.median(trips), 1) if trips else None,
                "max": round(max(trips), 1) if trips else None,
            },
            "errors": sorted(set(self.refused)),
        }


def ping_radio(
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
) -> PingResult:
    """Send `count` payloads one after another, each waiting for its acknowledgement from `to`.

    Raises PortProblem when the own radio is lost.
    """
    result = PingResult(count, [], [])
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
        while (left_s := started_s + timeout_s - clock.monotonic_s()) > 0:
            # mypy cannot infer a lambda with a default; the default binds this round's id.
            message = console.wait_for(lambda m, i=packet_id: m.packet.decoded.request_id == i, left_s)  # type: ignore[misc]
            if message is None:
                result.refused.append("TIMEOUT")
                break
            routing = mesh_pb2.Routing()
            routing.ParseFromString(message.packet.decoded.payload)
            source = int(getattr(message.packet, "from"))
            if routing.error_reason != mesh_pb2.Routing.Error.NONE:
                result.refused.append(mesh_pb2.Routing.Error.Name(routing.error_reason))
                break
            if source == to:
                result.round_trips_ms.append((clock.monotonic_s() - started_s) * 1000)
                break
            # From the own node: a relay was overheard. The answer of the destination may still come.
            result.relayed += 1
    return result


def parse_number(text: str) -> int:
    """Read a radio number: decimal, 0x4b4e0001 or !4b4e0001. Raises click.BadParameter."""
    try:
        number = int(text[1:], 16) if text.startswith("!") else int(text, 0)
    except ValueError:
        number = -1
    if not 0 < number < BROADCAST:
        raise click.BadParameter(f"{text!r} is no radio number such as 1263403010 or !4b4e0002")
    return number


@click.command()
@click.argument("url", type=radio_url, metavar="URL")
@click.argument("to")
@click.option("--count", default=4, show_default=True, type=click.IntRange(1, 1000), help="How many pings.")
@click.option("--size", default=20, show_default=True, type=click.IntRange(0, 231), help="Payload bytes.")
@click.option(
    "--port-number",
    default=PING_PORT,
    show_default=True,
    type=click.IntRange(256, 511),
    help="Meshtastic port of the pings; not the one that reports use.",
)
@click.option("--channel-name", default="serial", show_default=True, help="Channel that the pings travel on.")
@click.option(
    "--hop-limit",
    default=3,
    show_default=True,
    type=click.IntRange(0, 7),
    help="How many relays may pass a packet on.",
)
@click.option(
    "--timeout",
    "timeout_s",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Seconds to wait for one answer; a radio tries three times, 30 s in all on LongFast.",
)
def ping(
    url: RadioUrl,
    to: str,
    count: int,
    size: int,
    port_number: int,
    channel_name: str,
    hop_limit: int,
    timeout_s: float,
) -> None:
    """Ping the radio with number TO through the radio at URL, and print loss and round trip as JSON.

    The answer comes from the other radio, whether or not a program runs behind it. Exits 1 when there was
    none. While this runs, the radio leaves a node that uses it.
    """
    number = parse_number(to)
    clock = SystemClock()
    try:
        with RadioConsole(url, clock) as console:
            if (problem := console.configuration.transmit_problem()) is not None:
                raise click.ClickException(problem)
            channel = console.configuration.channel_index(channel_name)
            if channel is None:
                raise click.ClickException(
                    f"the radio has no channel named {channel_name!r}: run `kentongan radio setup`"
                )
            limit = payload_limit(port_number, by_public_key=is_public_key_encrypted(channel_name))
            if size > limit:
                raise click.BadParameter(f"at most {limit} bytes fit on this channel", param_hint="--size")
            result = ping_radio(
                console,
                number,
                count=count,
                size=size,
                port_number=port_number,
                channel=channel,
                hop_limit=hop_limit,
                timeout_s=timeout_s,
                clock=clock,
            )
    except PortProblem as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(result.as_json(number)))
    if not result.round_trips_ms:
        raise click.ClickException(f"radio {number} did not answer")
