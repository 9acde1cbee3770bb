"""`kentongan bot sms`."""

from __future__ import annotations

from pathlib import Path

import click

from sync.command_line import print_json, refuse, stop_on_signals


def _pin(_context: click.Context, _option: click.Parameter, file: Path | None) -> str | None:
    if file is None:
        return None
    pin = file.read_text("ascii", errors="replace").strip()
    if not (pin.isdecimal() and 4 <= len(pin) <= 8):
        raise click.BadParameter("the file holds the PIN of the SIM card: 4 to 8 digits")
    return pin


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--node",
    required=True,
    metavar="NODE",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder of the box that takes the reports; its kentongan node serve must run.",
)
@click.option(
    "--modem", required=True, metavar="PORT", help="serial:/dev/ttyUSB0, serial:auto or tcp://HOST:PORT."
)
@click.option(
    "--pin-file",
    "pin",
    callback=_pin,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the PIN of the SIM card.",
)
@click.option("--village", default=None, metavar="CODE", help="Area code of the village; default: the box's.")
@click.option(
    "--at-hub", is_flag=True, help="The box stands at the hub: people are told that the hub took it."
)
@click.option(
    "--hub",
    default=None,
    metavar="HUB",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="It is the modem of the hub in this folder: it takes subscriptions and sends bulletins.",
)
def sms(
    folder: Path,
    node: Path,
    modem: str,
    pin: str | None,
    village: str | None,
    at_hub: bool,
    hub: Path | None,
) -> None:
    """Serve people by SMS. Prints one JSON line when it has begun."""
    from bots.sms.folder import FolderUnusable
    from bots.sms.serving import SmsConfig, serve_sms
    from sync.clock import SystemClock

    config = SmsConfig(folder, node, modem, pin, village, at_hub, hub)
    try:
        serve_sms(config, SystemClock(), stop_on_signals(), lambda: print_json({"bot": "ready"}))
    except (FolderUnusable, ValueError) as error:
        refuse(str(error))
