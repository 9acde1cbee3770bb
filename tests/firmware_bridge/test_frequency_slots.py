"""Slots, frequencies and the band: the figures are those of the firmware's region table."""

from __future__ import annotations

import pytest

from firmware_bridge.frequency_slots import Band, FrequencyRefused, choose_frequency, slots_of
from sync.airtime import PRESETS

LONG_FAST = PRESETS["LongFast"]
BAND = Band()


def test_slots_of_sg_923() -> None:
    slots = slots_of("SG_923", LONG_FAST)
    assert len(slots) == 32
    assert slots[4] == 917.875, "the default slot of the region, outside the Indonesian band"
    inside = [number for number, mhz in slots.items() if BAND.allows(mhz, 250)]
    assert (inside[0], inside[-1], len(inside)) == (13, 24, 12)


def test_every_slot_of_korea_is_inside() -> None:
    assert all(BAND.allows(mhz, 250) for mhz in slots_of("KR", LONG_FAST).values())


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
@pytest.mark.parametrize("region", ["SG_923", "KR", "MY_919", "TH"])
def test_the_default_is_always_inside(region: str, preset: object) -> None:
    chosen = choose_frequency(region, preset, slot=None, frequency_mhz=None, band=BAND)  # type: ignore[arg-type]
    assert BAND.allows(chosen.mhz, preset.bandwidth_khz)  # type: ignore[attr-defined]
    assert chosen.slot > 0
    assert chosen.override_mhz == 0.0


def test_the_whole_channel_must_fit() -> None:
    assert BAND.allows(920.125, 250)
    assert not BAND.allows(920.125, 500)
    assert not BAND.allows(922.9, 250)


@pytest.mark.parametrize(("slot", "mhz"), [(12, None), (25, None), (0, None), (33, None), (None, 923.0)])
def test_outside_is_refused(slot: int | None, mhz: float | None) -> None:
    with pytest.raises(FrequencyRefused):
        choose_frequency("SG_923", LONG_FAST, slot=slot, frequency_mhz=mhz, band=BAND)


def test_a_frequency_overrides_the_slot() -> None:
    chosen = choose_frequency("SG_923", LONG_FAST, slot=None, frequency_mhz=921.0, band=BAND)
    assert (chosen.slot, chosen.override_mhz) == (0, 921.0)


def test_a_band_without_any_slot_is_refused() -> None:
    with pytest.raises(FrequencyRefused, match="no slot"):
        choose_frequency("KR", LONG_FAST, slot=None, frequency_mhz=None, band=Band(868.0, 868.6))


@pytest.mark.parametrize("text", ["", "920", "923-920", "a-b", "-1-2"])
def test_bands_are_read_strictly(text: str) -> None:
    with pytest.raises(ValueError):
        Band.parse(text)


def test_a_band_reads_back() -> None:
    assert str(Band.parse("920-923")) == "920-923"
