"""`kentongan node setup-radio`: the radio of a box gets the settings that stand in its enrolment."""

from __future__ import annotations

from pathlib import Path

import click

from sync.command_line import note, print_json, refuse
from sync.errors import EnrolmentRefused
from village_node import folder as node_folder
from village_node.folder import NodeBusy, SealingLock

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.command("setup-radio")
@DIR
@click.option(
    "--radio",
    "radio_url",
    default="serial:auto",
    show_default=True,
    metavar="URL",
    help="tcp://HOST:PORT, serial:PATH or serial:auto of a Meshtastic radio.",
)
@click.option(
    "--band",
    default="920-923",
    show_default=True,
    envvar="KENTONGAN_RADIO_BAND",
    show_envvar=True,
    metavar="LOW-HIGH",
    help="MHz that the rules allow where the radio stands; see kentongan radio setup --help.",
)
def setup_radio(folder: Path, radio_url: str, band: str) -> None:
    """Give the radio of this box what its enrolment says: region, frequency, preset, channel, key, hops.

    Nothing is typed. What the radio says after its restart is compared with the enrolment. Stop the server
    first: a radio serves one program.
    """
    from firmware_bridge.frequency_slots import Band, FrequencyRefused
    from firmware_bridge.radio_port import PortProblem, RadioUrl
    from firmware_bridge.radio_setup import SetUpFailed, set_up
    from firmware_bridge.wanted_settings import NO_PLAN, wanted_by
    from sync.clock import SystemClock

    try:
        url, allowed = RadioUrl.parse(radio_url), Band.parse(band)
    except ValueError as error:
        raise click.BadParameter(f"{error}; a band is written as 920-923") from error
    try:
        plan = node_folder.load(folder).enrolment.radio
        if plan is None:
            refuse(NO_PLAN)
        lock = SealingLock(folder)
        try:
            note(f"setting up {url}")
            done = set_up(url, wanted_by(plan, band=allowed), SystemClock())
        finally:
            lock.release()
    except NodeBusy:
        refuse("the server of this box uses the radio: stop it first (systemctl stop kentongan-node)")
    except (EnrolmentRefused, FrequencyRefused, PortProblem, SetUpFailed) as error:
        refuse(str(error))
    print_json({**done, "band": {"mhz": str(allowed), "source": allowed.source}})
