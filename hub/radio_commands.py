"""`kentongan hub radio`: what the radios of an area have in common, so that nobody types it in a village."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from firmware_bridge.frequency_slots import Band
from firmware_bridge.setup_command import make_channel_key, read_channel_key
from hub.village_commands import DIR, OpenStore
from sync.airtime import PRESETS
from sync.command_line import note, print_json, refuse
from sync.sealing.radio_plan import MOST_HOPS, REGION_NUMBERS, USUAL_CHANNEL, RadioPlan

_AREA = click.option(
    "--area", default="", metavar="CODE", help="Kemendagri code, such as 52.02. Default: the whole hub."
)
_FILE = click.Path(path_type=Path, dir_okay=False)


def add_radio_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group("radio")
    def radio() -> None:
        """The settings of the villages' radios, which enrolments carry."""

    @radio.command("set")
    @DIR
    @_AREA
    @click.option("--region", default="SG_923", show_default=True, type=click.Choice(sorted(REGION_NUMBERS)))
    @click.option("--preset", default="LongFast", show_default=True, type=click.Choice(list(PRESETS)))
    @click.option("--slot", type=click.IntRange(1), help="Default: the one nearest 921.875 MHz.")
    @click.option("--frequency", "frequency_mhz", type=float, metavar="MHZ", help="Instead of a slot.")
    @click.option("--band", default="920-923", show_default=True, envvar="KENTONGAN_RADIO_BAND")
    @click.option("--channel-name", default=USUAL_CHANNEL, show_default=True)
    @click.option("--channel-key-file", type=_FILE, help="Base64 of 16 or 32 bytes, as radio setup reads it.")
    @click.option("--make-key", is_flag=True, help="Write a fresh key to --channel-key-file first.")
    @click.option("--hop-limit", default=3, show_default=True, type=click.IntRange(0, MOST_HOPS))
    @click.option("--by", help="Whose name is noted at the hub; default: the name of the hub.")
    def set_plan(
        folder: Path, area: str, band: str, channel_key_file: Path | None, make_key: bool, **given: Any
    ) -> None:
        """Keep what radios of an area shall have; enrolments made from now on carry it.

        Boxes in villages keep what they have: a change of channel needs a visit, or nobody hears anybody.
        """
        from hub.radio_plans import PlanRefused

        if channel_key_file is None:
            raise click.UsageError("give --channel-key-file, the key of the channel (or also --make-key)")
        allowed = _band_of(band)
        key = make_channel_key(channel_key_file) if make_key else read_channel_key(channel_key_file)
        plan = _plan_of(given, allowed, key)
        with open_store(folder) as store:
            try:
                store.radio_plans.set(area, plan, band=allowed, by=given["by"] or store.identity.name)
            except PlanRefused as refused:
                refuse(str(refused))
        print_json({"area": area, **_shown(plan)})

    @radio.command()
    @DIR
    @_AREA
    @click.option("--by", help="Whose name is noted at the hub; default: the name of the hub.")
    def forget(folder: Path, area: str, by: str | None) -> None:
        """Let enrolments of an area carry no settings any more."""
        with open_store(folder) as store:
            if not store.radio_plans.forget(area, by=by or store.identity.name):
                refuse("this area has no settings of its own (kentongan hub radio show)")
        print_json({"area": area, "forgotten": True})

    _add_show(radio, open_store)


def _add_show(radio: click.Group, open_store: OpenStore) -> None:
    @radio.command()
    @DIR
    @click.option("--village", metavar="CODE", help="Only what a box of this village would get.")
    @click.option(
        "--out", type=_FILE, help="Also write it, with its key, for kentongan radio setup --settings."
    )
    def show(folder: Path, village: str | None, out: Path | None) -> None:
        """Print the settings by area, of the key a fingerprint."""
        from sync.storage.private_files import write_private

        if out is not None and village is None:
            raise click.UsageError("--out needs --village, whose settings are meant")
        with open_store(folder) as store:
            if village is None:
                for area, plan in store.radio_plans.all().items():
                    print_json({"area": area, **_shown(plan)})
                return
            found = store.radio_plans.of(village)
        if found is None:
            refuse("no settings for this village: kentongan hub radio set")
        if out is not None:
            try:
                write_private(out, json.dumps({"kentongan_radio": 1, "radio": found.to_json()}) + "\n")
            except OSError as error:
                refuse(f"cannot write {out} ({error.strerror})")
            note(f"{out} holds the key of the channel: delete it when the radio is set up.")
        print_json({"village": village, **_shown(found)})


def _shown(plan: RadioPlan) -> dict[str, Any]:
    shown = {name: value for name, value in plan.to_json().items() if name != "channel_key"}
    return {**shown, "channel_key": plan.key_fingerprint}


def _band_of(text: str) -> Band:
    try:
        return Band.parse(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no band such as 920-923", param_hint="--band") from error


def _plan_of(given: dict[str, Any], band: Band, key: bytes) -> RadioPlan:
    from hub.radio_plans import PlanRefused, Wish

    if given["slot"] is not None and given["frequency_mhz"] is not None:
        raise click.UsageError("--slot and --frequency exclude each other")
    names = ("region", "preset", "slot", "frequency_mhz", "channel_name", "hop_limit")
    try:
        return Wish(**{name: given[name] for name in names}).plan(key, band)
    except PlanRefused as refused:
        if refused.why == "channel":
            raise click.BadParameter(str(refused), param_hint="--channel-name") from refused
        refuse(str(refused))
