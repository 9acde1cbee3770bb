"""The hub knows the radio's settings of an area, and an enrolment carries them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from village import OTHER_VILLAGE, VILLAGE, Region

from firmware_bridge.frequency_slots import Band
from firmware_bridge.meshtastic_protobufs import config_pb2
from firmware_bridge.wanted_settings import RegionCode, read_plan
from hub.radio_plans import PlanRefused
from kentongan import main
from sync.sealing.enrolment import Enrolment
from sync.sealing.radio_plan import PRESET_NUMBERS, REGION_NUMBERS, RadioPlan
from village_node.enrolment_reading import read_enrolment

ModemPreset = config_pb2.Config.LoRaConfig.ModemPreset
WHOLE = RadioPlan("SG_923", "LongFast", 20, 0, "serial", b"w" * 32, 3)
NARROW = RadioPlan("SG_923", "MediumFast", 16, 0, "serial", b"n" * 32, 5)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_numbers_of_regions_and_presets_are_those_of_the_radios() -> None:
    theirs = {name.replace("_", "").lower(): number for name, number in ModemPreset.items()}
    assert {name: theirs[name.lower()] for name in PRESET_NUMBERS} == PRESET_NUMBERS
    assert {name: RegionCode.Value(name) for name in REGION_NUMBERS} == REGION_NUMBERS


def test_the_narrowest_area_around_a_village_counts(region: Region) -> None:
    plans = region.hub.store.radio_plans
    assert plans.of(VILLAGE) is None
    plans.set("", WHOLE, band=Band(), by="Sari")
    plans.set(VILLAGE[:5], NARROW, band=Band(), by="Sari")
    assert (plans.of(VILLAGE), plans.of(OTHER_VILLAGE)) == (NARROW, WHOLE)
    assert plans.forget(VILLAGE[:5], by="Sari")
    assert plans.of(VILLAGE) == WHOLE
    noted = [kept.entry.what for kept in region.hub.store.audit.entries()]
    assert noted.count("radio plan set") == 2
    assert noted.count("radio plan forgotten") == 1


def test_a_frequency_outside_of_the_band_and_an_unknown_area_are_refused(region: Region) -> None:
    plans = region.hub.store.radio_plans
    outside = RadioPlan("SG_923", "LongFast", 4, 0, "serial", b"w" * 32, 3)
    with pytest.raises(PlanRefused, match="leaves the band"):
        plans.set("", outside, band=Band(), by="Sari")
    with pytest.raises(PlanRefused, match="Kemendagri"):
        plans.set("52.99", WHOLE, band=Band(), by="Sari")
    assert plans.all() == {}


def test_an_enrolment_carries_them_in_its_file_and_in_its_code(region: Region) -> None:
    assert region.hub
    region.stop_hub()
    hub, key, out, qr = region.hub_folder, *(region.path / name for name in ("key", "one.json", "one.png"))
    told = said(run("hub", "radio", "set", hub, "--channel-key-file", key, "--make-key", "--hop-limit", 4))
    assert (told["slot"], told["hop_limit"]) == (20, 4)
    made = said(run("hub", "enrol", hub, "--village", VILLAGE, "--out", out, "--qr", qr))
    one = Enrolment.from_text(out.read_text())
    assert one.radio is not None
    assert made["radio"] == told["channel_key"] == one.radio.key_fingerprint
    assert read_enrolment(qr.read_bytes()) == one
    settings = region.path / "settings.json"
    said(run("hub", "radio", "show", hub, "--village", VILLAGE, "--out", settings))
    assert read_plan(settings) == read_plan(out) == one.radio
    assert one.radio.channel_key.hex() not in run("hub", "radio", "show", hub).stdout
    assert said(run("hub", "radio", "forget", hub))["forgotten"] is True
    assert run("hub", "radio", "forget", hub).exit_code == 1


def test_wrong_use_is_refused_with_what_to_do(region: Region, tmp_path: Path) -> None:
    assert region.hub
    region.stop_hub()
    hub, key = region.hub_folder, tmp_path / "key"
    assert "--channel-key-file" in run("hub", "radio", "set", hub).stderr
    assert run("hub", "radio", "show", hub, "--village", VILLAGE).exit_code == 1
    common = ("hub", "radio", "set", hub, "--channel-key-file", key, "--make-key")
    assert "leaves the band" in run(*common, "--slot", 4).stderr
