"""What a radio shall have, what it has, and where the two differ."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.frequency_slots import Band, Frequency, choose_frequency
from firmware_bridge.meshtastic_protobufs import config_pb2
from firmware_bridge.radio_configuration import RadioConfiguration
from sync.airtime import PRESETS
from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment
from sync.sealing.radio_plan import PRESET_NUMBERS, RadioPlan

Role = config_pb2.Config.DeviceConfig.Role
RebroadcastMode = config_pb2.Config.DeviceConfig.RebroadcastMode
RegionCode = config_pb2.Config.LoRaConfig.RegionCode


@dataclass(frozen=True)
class WantedSettings:
    """What a radio shall have. `channel_key` None keeps the key that the channel has."""

    region: str
    frequency: Frequency
    preset: str
    channel_name: str
    channel_key: bytes | None
    role: str
    hop_limit: int
    owner: str | None = None


def describe(configuration: RadioConfiguration, wanted: WantedSettings) -> dict[str, object]:
    """Return what a radio has, named like what is wanted; of the key only a fingerprint."""
    lora, device = configuration.lora, configuration.device
    index = configuration.channel_index(wanted.channel_name)
    key = bytes(configuration.channels[index].settings.psk) if index is not None else b""
    presets = {number: name for name, number in PRESET_NUMBERS.items()}
    return {
        "region": RegionCode.Name(lora.region) if lora is not None else None,
        "slot": int(lora.channel_num) if lora is not None else None,
        "override_mhz": round(float(lora.override_frequency), 4) if lora is not None else None,
        "offset_mhz": round(float(lora.frequency_offset), 4) if lora is not None else None,
        "preset": presets.get(lora.modem_preset) if lora is not None and lora.use_preset else None,
        "hop_limit": int(lora.hop_limit) if lora is not None else None,
        "transmits": bool(lora.tx_enabled) if lora is not None else None,
        "role": Role.Name(device.role) if device is not None else None,
        "rebroadcast": RebroadcastMode.Name(device.rebroadcast_mode) if device is not None else None,
        "channel": wanted.channel_name if index is not None else None,
        "channel_key": key_fingerprint(key),
        "owner": str(configuration.owner.long_name),
    }


def key_fingerprint(key: bytes) -> str | None:
    """Return a short fingerprint to compare two radios by; None for no key."""
    return hashlib.sha256(key).hexdigest()[:16] if key else None


def differences(configuration: RadioConfiguration, wanted: WantedSettings) -> list[str]:
    """Return the names of the settings that are not as wanted."""
    has = describe(configuration, wanted)
    shall: dict[str, object] = {
        "region": wanted.region,
        "slot": wanted.frequency.slot,
        "override_mhz": round(wanted.frequency.override_mhz, 4),
        # An offset moves the radio away from the slot that was checked against the band.
        "offset_mhz": 0.0,
        "preset": wanted.preset,
        "hop_limit": wanted.hop_limit,
        "transmits": True,
        "role": wanted.role,
        "rebroadcast": "ALL",
        "channel": wanted.channel_name,
    }
    if wanted.channel_key is not None:
        shall["channel_key"] = key_fingerprint(wanted.channel_key)
    if wanted.owner is not None:
        shall["owner"] = wanted.owner
    return [name for name, value in shall.items() if has[name] != value]


def wanted_by(plan: RadioPlan, *, band: Band | None = None, role: str = "CLIENT") -> WantedSettings:
    """Return what a mesh's plan asks of a radio; raise FrequencyRefused outside of a `band` that is given."""
    frequency = Frequency(plan.frequency_khz / 1000, plan.slot)
    if band is not None:
        frequency = choose_frequency(
            plan.region,
            PRESETS[plan.preset],
            slot=plan.slot or None,
            frequency_mhz=None if plan.slot else plan.frequency_khz / 1000,
            band=band,
        )
    return WantedSettings(
        plan.region, frequency, plan.preset, plan.channel_name, plan.channel_key, role, plan.hop_limit
    )


def unlike(configuration: RadioConfiguration, plan: RadioPlan) -> list[str]:
    """Return the names of the settings of a radio that are not as planned; its role is its owner's choice."""
    return [name for name in differences(configuration, wanted_by(plan)) if name != "role"]


def read_plan(path: Path) -> RadioPlan:
    """Return the radio's settings in an enrolment file, or in a file of `kentongan hub radio show --out`.

    Raises EnrolmentRefused that says what to do.
    """
    try:
        text = path.read_text("utf-8-sig")
        fields = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise EnrolmentRefused(
            f"{path.name} cannot be read: give an enrolment file, or one of kentongan hub radio show"
        ) from error
    if isinstance(fields, dict) and "kentongan_radio" in fields:
        try:
            if fields["kentongan_radio"] != 1:
                raise ValueError("another format")
            return RadioPlan.from_json(fields["radio"])
        except (ValueError, KeyError, TypeError) as error:
            raise EnrolmentRefused(
                f"{path.name} holds settings that no radio takes: write it anew (kentongan hub radio show)"
            ) from error
    plan = Enrolment.from_text(text).radio
    if plan is None:
        raise EnrolmentRefused(NO_PLAN)
    return plan


NO_PLAN = (
    "this enrolment holds no settings of a radio: tell the hub those of the region (kentongan hub radio "
    "set), or give them by hand (kentongan radio setup --help)"
)
