"""Which frequency a region and slot mean, and whether that may be used where the radios stand.

Meshtastic has no Indonesian region, and the default slot of SG_923 on LongFast lies at 917.875 MHz, outside
the 920-923 MHz of the Indonesian rules. So the slot is always set, and checked here first.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.airtime import Preset

DUTY_CYCLE_BY_REGION = {"EU_433": 0.1, "EU_868": 0.1, "UA_433": 0.1, "UA_868": 0.01}
"""Share of an hour in which the firmware lets a radio send, where the region sets one (`RadioInterface`)."""

REGION_BANDS_MHZ = {
    "SG_923": (917.0, 925.0),
    "KR": (920.0, 923.0),
    "MY_919": (919.0, 924.0),
    "TH": (920.0, 925.0),
}
"""First and last MHz of the regions that overlap 920-923, as in the firmware's `RadioInterface`."""

DEFAULT_BAND_MHZ = (920.0, 923.0)
DEFAULT_BAND_SOURCE = (
    "Indonesia, class licence (izin kelas) for non-cellular LPWAN: Permen Kominfo 2/2023 as amended by "
    "Permenkomdigi 2/2025, technical standard Kepmen Kominfo 5/2024; that they say 920-923 MHz is unverified "
    "(their annexes were not read), and power and duty cycle are not checked here at all"
)
"""Where the default band is from, and how sure that is. Printed by `radio setup`, so that who sets radios up
can have it checked."""

PREFERRED_MHZ = 921.875
"""Taken when neither slot nor frequency is given: slot 20 of SG_923, 8 of KR, at 250 kHz."""


class FrequencyRefused(ValueError):
    """The frequency may not be used, or cannot be worked out. The text says what to choose instead."""


@dataclass(frozen=True)
class Band:
    """The band that the rules allow, in MHz; the whole channel must lie inside."""

    low_mhz: float = DEFAULT_BAND_MHZ[0]
    high_mhz: float = DEFAULT_BAND_MHZ[1]
    source: str = DEFAULT_BAND_SOURCE
    """Which rule says so."""

    @classmethod
    def parse(cls, text: str) -> Band:
        """Read `920-923`, which is the default with its source; any other band is the caller's word.

        Raises ValueError when it is no such thing.
        """
        low, _, high = text.partition("-")
        band = cls(float(low), float(high), "given with --band")
        if (band.low_mhz, band.high_mhz) == DEFAULT_BAND_MHZ:
            return cls()
        if not 0 < band.low_mhz < band.high_mhz:
            raise ValueError(f"{text!r} is no band in MHz, for example 920-923")
        return band

    def allows(self, frequency_mhz: float, bandwidth_khz: float) -> bool:
        """Tell whether a channel around that frequency lies inside, both edges included."""
        half_mhz = bandwidth_khz / 2000
        # A hundred hertz of tolerance, because slot edges are sums of fractions.
        return self.low_mhz - 1e-4 <= frequency_mhz - half_mhz and (
            frequency_mhz + half_mhz <= self.high_mhz + 1e-4
        )

    def __str__(self) -> str:
        """Return the band as it is written."""
        return f"{self.low_mhz:g}-{self.high_mhz:g}"


@dataclass(frozen=True)
class Frequency:
    """Where a radio is to send: a slot of its region, or a frequency that overrides it (slot 0)."""

    mhz: float
    slot: int = 0

    @property
    def override_mhz(self) -> float:
        """Return what to write as `override_frequency`: 0 with a slot."""
        return 0.0 if self.slot else self.mhz


def slots_of(region: str, preset: Preset) -> dict[int, float]:
    """Return the slots of a region at a preset, numbered from 1, with their frequencies in MHz.

    Raises FrequencyRefused for a region whose band is not known here.
    """
    if region not in REGION_BANDS_MHZ:
        raise FrequencyRefused(
            f"the slots of region {region} are not known here: give --frequency, or one of the regions "
            f"{', '.join(REGION_BANDS_MHZ)}"
        )
    start_mhz, end_mhz = REGION_BANDS_MHZ[region]
    width_mhz = preset.bandwidth_khz / 1000
    return {
        slot + 1: start_mhz + width_mhz / 2 + slot * width_mhz
        for slot in range(int((end_mhz - start_mhz) / width_mhz))
    }


def choose_frequency(
    region: str, preset: Preset, *, slot: int | None, frequency_mhz: float | None, band: Band
) -> Frequency:
    """Return what to set for a slot, a frequency, or neither (then the slot nearest 921.875 MHz).

    Raises FrequencyRefused when it lies outside the band, saying which slots lie inside.
    """
    if frequency_mhz is not None:
        if not band.allows(frequency_mhz, preset.bandwidth_khz):
            raise FrequencyRefused(
                f"{frequency_mhz:g} MHz at {preset.bandwidth_khz} kHz leaves the band {band} MHz: choose "
                "another --frequency, or set --band to what the rules allow where the radios stand"
            )
        return Frequency(frequency_mhz)
    slots = slots_of(region, preset)
    inside = {n: mhz for n, mhz in slots.items() if band.allows(mhz, preset.bandwidth_khz)}
    allowed = f"slots {min(inside)} to {max(inside)}" if inside else "no slot"
    if slot is None and inside:
        slot = min(inside, key=lambda number: abs(inside[number] - PREFERRED_MHZ))
    if slot is None or slot not in inside:
        where = f"is {slots[slot]:g} MHz and leaves" if slot in slots else "is not inside"
        raise FrequencyRefused(
            f"slot {slot} of {region} at {preset.name} {where} the band {band} MHz: {allowed} of this region "
            "may be used"
        )
    return Frequency(inside[slot], slot)
