"""`kentongan radio setup`: give radios the region, frequency, channel and role that the kit needs."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import replace
from pathlib import Path

import click

from firmware_bridge.frequency_slots import (
    DEFAULT_BAND_SOURCE,
    REGION_BANDS_MHZ,
    Band,
    FrequencyRefused,
    choose_frequency,
)
from firmware_bridge.radio_port import PortProblem, RadioUrl
from firmware_bridge.radio_setup import SetUpFailed, set_up
from firmware_bridge.wanted_settings import RegionCode, WantedSettings, read_plan, wanted_by
from sync.airtime import PRESETS
from sync.clock import SystemClock
from sync.errors import EnrolmentRefused
from sync.sealing.radio_plan import PRESET_NUMBERS, channel_key_of

ROLES = ("CLIENT", "CLIENT_MUTE", "ROUTER", "ROUTER_LATE")
KEY_BYTES = 32


def radio_url(text: str) -> RadioUrl:
    """Read a radio's address. Raises click.BadParameter saying what is expected."""
    try:
        return RadioUrl.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def read_channel_key(path: Path) -> bytes:
    """Return the channel key in a file: base64 of 16 or 32 bytes. Raises click.ClickException."""
    try:
        return channel_key_of(path.read_text("ascii"))
    except OSError as error:
        raise click.ClickException(f"cannot read the channel key in {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} holds no base64: make a new key with --make-key") from error
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}; make a new key with --make-key") from error


def make_channel_key(path: Path) -> bytes:
    """Write a fresh key to a new file that only its owner may read, and return it."""
    key = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{path} exists: leave --make-key out to use the key in it") from error
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.b64encode(key).decode() + "\n")
    return key


@click.command()
@click.argument("urls", nargs=-1, required=True, type=radio_url, metavar="URL...")
@click.option(
    "--region",
    default="SG_923",
    show_default=True,
    help=f"Meshtastic region. Slots are known for {', '.join(REGION_BANDS_MHZ)}.",
)
@click.option("--slot", type=click.IntRange(1), help="Frequency slot. Default: the one nearest 921.875 MHz.")
@click.option(
    "--frequency", "frequency_mhz", type=float, metavar="MHZ", help="A frequency instead of a slot."
)
@click.option(
    "--band",
    default="920-923",
    show_default=True,
    envvar="KENTONGAN_RADIO_BAND",
    show_envvar=True,
    metavar="LOW-HIGH",
    help="MHz that the rules allow where the radios stand; a frequency whose channel does not lie inside is "
    f"refused. Source of the default: {DEFAULT_BAND_SOURCE}.",
)
@click.option(
    "--preset",
    default="LongFast",
    show_default=True,
    type=click.Choice(list(PRESET_NUMBERS)),
    help="Modem preset of the whole mesh.",
)
@click.option(
    "--channel-name", default="serial", show_default=True, help="Only on 'serial' do 231 bytes fit."
)
@click.option(
    "--channel-key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the channel's key in base64. Without it the radio keeps the key it has.",
)
@click.option("--make-key", is_flag=True, help="Make a fresh key and write it to --channel-key-file first.")
@click.option(
    "--role",
    default="CLIENT",
    show_default=True,
    type=click.Choice(ROLES),
    help="Role of the radio in the mesh.",
)
@click.option(
    "--hop-limit",
    default=3,
    show_default=True,
    type=click.IntRange(0, 7),
    help="How many relays may pass a packet on.",
)
@click.option("--owner", help="Long name that other nodes see.")
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="An enrolment file, or one of kentongan hub radio show: it has all settings of the mesh.",
)
def setup(
    urls: tuple[RadioUrl, ...],
    region: str,
    slot: int | None,
    frequency_mhz: float | None,
    band: str,
    preset: str,
    channel_name: str,
    channel_key_file: Path | None,
    make_key: bool,
    role: str,
    hop_limit: int,
    owner: str | None,
    settings_file: Path | None,
) -> None:
    """Set radios up, read everything back, and print a JSON line for each.

    URL is tcp://HOST:PORT, serial:PATH or serial:auto. Region, slot or frequency, preset, channel and key,
    role and hop limit are written as given, the rebroadcast mode as ALL, and a frequency offset is taken
    out. What the radio says after its restart is compared with all of that. All radios given get the same
    settings, the same channel key above all. A radio that has them already is left alone; any other restarts.

    Stop a node or hub that uses the radio first: a radio serves one program, and they would take it from each
    other.
    """
    if settings_file is not None:
        _refuse_with_settings()
        _set_all_up(urls, _settings_of(settings_file, _band(band), role, owner), _band(band))
        return
    if slot is not None and frequency_mhz is not None:
        raise click.UsageError("--slot and --frequency exclude each other")
    if make_key and channel_key_file is None:
        raise click.UsageError("--make-key needs --channel-key-file, where the key shall be kept")
    if region not in RegionCode.keys() or region == "UNSET":  # noqa: SIM118  (a protobuf enum, no dict)
        raise click.BadParameter(f"{region!r} is no Meshtastic region", param_hint="--region")
    if len(channel_name.encode()) not in range(1, 12):
        raise click.BadParameter("a channel name has 1 to 11 bytes", param_hint="--channel-name")
    allowed = _band(band)
    try:
        frequency = choose_frequency(
            region, PRESETS[preset], slot=slot, frequency_mhz=frequency_mhz, band=allowed
        )
    except FrequencyRefused as error:
        raise click.ClickException(str(error)) from error
    key = None
    if channel_key_file is not None:
        key = make_channel_key(channel_key_file) if make_key else read_channel_key(channel_key_file)
    wanted = WantedSettings(region, frequency, preset, channel_name, key, role, hop_limit, owner)
    _set_all_up(urls, wanted, allowed)


_OF_THE_MESH = (
    "region",
    "slot",
    "frequency_mhz",
    "preset",
    "channel_name",
    "channel_key_file",
    "make_key",
    "hop_limit",
)


def _refuse_with_settings() -> None:
    """Raise click.UsageError where an option of the mesh stands beside a file that has all of them."""
    context = click.get_current_context()
    source = click.core.ParameterSource.DEFAULT
    given = [name for name in _OF_THE_MESH if context.get_parameter_source(name) is not source]
    if given:
        raise click.UsageError(f"--settings excludes --{given[0].replace('_', '-')}: the file has it")


def _settings_of(file: Path, band: Band, role: str, owner: str | None) -> WantedSettings:
    try:
        return replace(wanted_by(read_plan(file), band=band, role=role), owner=owner)
    except (EnrolmentRefused, FrequencyRefused) as error:
        raise click.ClickException(str(error)) from error


def _band(text: str) -> Band:
    try:
        return Band.parse(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no band such as 920-923", param_hint="--band") from error


def _set_all_up(urls: tuple[RadioUrl, ...], wanted: WantedSettings, band: Band) -> None:
    for url in urls:
        click.echo(f"setting up {url}", err=True)
        try:
            done = set_up(url, wanted, SystemClock())
            click.echo(json.dumps({**done, "band": {"mhz": str(band), "source": band.source}}))
        except (PortProblem, SetUpFailed) as error:
            raise click.ClickException(str(error)) from error
