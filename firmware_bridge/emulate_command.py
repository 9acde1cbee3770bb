"""`kentongan radio emulate`: run the device emulator until told to stop."""

from __future__ import annotations

import contextlib
import json
import signal
from pathlib import Path

import click

from firmware_bridge.emulator import Emulator, EmulatorSettings
from firmware_bridge.emulator_server import EmulatorServer
from sync.airtime import PRESETS
from sync.carriers.simulated import CopyFaults
from sync.clock import SystemClock

PROBABILITY = click.FloatRange(0.0, 1.0)


def split_listen(listen: str) -> tuple[str, int]:
    """Read HOST:PORT. Raises click.BadParameter when it is neither."""
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter(f"{listen!r} is not HOST:PORT, for example 127.0.0.1:4403")
    return host.strip("[]"), int(port)


@click.command()
@click.option(
    "--devices", default=2, show_default=True, type=click.IntRange(1, 100), help="How many devices."
)
@click.option(
    "--listen",
    default="127.0.0.1:4403",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the first device listens; the others take the next ports. Port 0 takes any free ports.",
)
@click.option(
    "--preset",
    default="LongFast",
    show_default=True,
    type=click.Choice(list(PRESETS)),
    help="Modem preset of the air.",
)
@click.option("--loss", default=0.0, type=PROBABILITY, help="Chance that a station misses a frame.")
@click.option("--duplicate", default=0.0, type=PROBABILITY, help="Chance that a client gets a packet twice.")
@click.option(
    "--reorder", default=0.0, type=PROBABILITY, help="Chance that a packet reaches its client late."
)
@click.option("--seed", default=None, type=int, help="The same seed gives the same chances and keys.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.001, 10_000),
    help="Run X times as fast.",
)
@click.option(
    "--pty",
    "pty_paths",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Offer a device as a serial port at this path too; the first PATH is for the first device.",
)
@click.option(
    "--frame-log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every frame on the air to this file, a JSON object a line. For tests: payloads in hex.",
)
def emulate(
    devices: int,
    listen: str,
    preset: str,
    loss: float,
    duplicate: float,
    reorder: float,
    seed: int | None,
    speed: float,
    pty_paths: tuple[Path, ...],
    frame_log: Path | None,
) -> None:
    """Emulate Meshtastic devices on a simulated air, each on its own TCP port.

    Prints one JSON line once all listen, and another with what crossed the air when it ends (SIGTERM or
    Ctrl-C).
    """
    host, port = split_listen(listen)
    if port + devices - 1 > 65535:
        raise click.BadParameter("the last device's port would lie above 65535", param_hint="--listen")
    settings = EmulatorSettings(
        devices=devices, preset=preset, loss=loss, faults=CopyFaults(duplicate, reorder), seed=seed
    )
    with contextlib.ExitStack() as stack:
        try:
            log = stack.enter_context(frame_log.open("w", encoding="ascii")) if frame_log else None
        except OSError as error:
            raise click.ClickException(f"cannot write {frame_log}: {error.strerror}") from error
        emulator = Emulator(settings, log)
        server = EmulatorServer(emulator, SystemClock(speed), speed=speed)
        try:
            server.open(host, port, pty_paths)
        except OSError as error:
            server.close()
            raise click.ClickException(
                f"cannot open ports for {devices} devices from {listen} on: {error.strerror}. Stop what uses "
                "them, or choose others with --listen (port 0 takes any free one) and --pty."
            ) from error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stop())
        click.echo(json.dumps({"devices": server.describe()}))
        server.run()
        click.echo(json.dumps(emulator.totals()))
