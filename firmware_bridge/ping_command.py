"""`kentongan radio ping`: does another radio hear this one, and how fast does it answer?"""

from __future__ import annotations

import json

import click

from firmware_bridge.modem_presets import is_public_key_encrypted, payload_limit
from firmware_bridge.path_measure import PathMeasure, measure_path
from firmware_bridge.radio_console import RadioConsole
from firmware_bridge.radio_port import PortProblem, RadioUrl
from firmware_bridge.setup_command import radio_url
from sync.carriers.base import BROADCAST
from sync.clock import SystemClock

PING_PORT = 301
"""Not the port of our reports, so that a node at the other end does not have to make sense of a ping."""


def parse_number(text: str) -> int:
    """Read a radio number: decimal, 0x4b4e0001 or !4b4e0001. Raises click.BadParameter."""
    try:
        number = int(text[1:], 16) if text.startswith("!") else int(text, 0)
    except ValueError:
        number = -1
    if not 0 < number < BROADCAST:
        raise click.BadParameter(f"{text!r} is no radio number such as 1263403010 or !4b4e0002")
    return number


def show_progress(measure: PathMeasure) -> None:
    """Say on standard error what came of the ping just made; the picture follows at the end."""
    ping = measure.pings[-1]
    what = f"{ping.round_trip_ms:.0f} ms" if ping.round_trip_ms is not None else f"no answer ({ping.error})"
    click.echo(f"ping {len(measure.pings)}: {what}", err=True)


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
    """Measure the path from the radio at URL to the radio with number TO and back.

    Prints loss, round trip, signal and relays each way as JSON, and a picture of it on standard error: a bar
    for each ping, and both ways with an o for each relay. TO is the number that `kentongan radio setup`
    printed for the hub's radio, such as !4b4e0002; the signal is the one at this end, of the last who sent.

    The answer comes from the other radio, whether or not a program runs behind it. Exits 1 when there was
    none. Stop a node or hub that uses the radio at URL first: a radio serves one program, and they would take
    it from each other.
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
            measure = measure_path(
                console,
                number,
                count=count,
                size=size,
                port_number=port_number,
                channel=channel,
                hop_limit=hop_limit,
                timeout_s=timeout_s,
                clock=clock,
                told=show_progress,
            )
    except PortProblem as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"\n{measure.picture()}", err=True)
    click.echo(json.dumps(measure.as_json()))
    if not measure.answered:
        raise click.ClickException(f"radio {number} did not answer")
