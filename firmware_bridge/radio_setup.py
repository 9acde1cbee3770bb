"""Brings a radio to the settings that the kit needs, through admin messages, and reads them back.

Frequency and channel are set in one transaction, after which the radio restarts; what it says then counts,
not what was written. A radio that has everything already is left alone.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

from firmware_bridge.frequency_slots import Frequency
from firmware_bridge.meshtastic_protobufs import admin_pb2, channel_pb2, config_pb2
from firmware_bridge.modem_presets import PRESET_NUMBERS
from firmware_bridge.radio_configuration import RadioConfiguration
from firmware_bridge.radio_console import RadioConsole
from firmware_bridge.radio_port import PortProblem, RadioUrl
from sync.clock import Clock

LAST_CHANNEL = 7
RESTARTS_WITHIN_S = 30.0
BACK_WITHIN_S = 120.0
RETRY_S = 1.0

Role = config_pb2.Config.DeviceConfig.Role
RebroadcastMode = config_pb2.Config.DeviceConfig.RebroadcastMode
RegionCode = config_pb2.Config.LoRaConfig.RegionCode


class SetUpFailed(Exception):
    """The radio did not take the settings. One line that says what to do."""


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


def admin_messages(configuration: RadioConfiguration, wanted: WantedSettings) -> list[admin_pb2.AdminMessage]:
    """Return the messages that bring a radio there, changing nothing else of its settings.

    Raises SetUpFailed when there is no room for the channel, or no key for it.
    """
    lora = config_pb2.Config.LoRaConfig()
    lora.CopyFrom(configuration.lora)
    lora.region = RegionCode.Value(wanted.region)
    lora.use_preset = True
    lora.modem_preset = PRESET_NUMBERS[wanted.preset]
    lora.channel_num = wanted.frequency.slot
    lora.override_frequency = wanted.frequency.override_mhz
    lora.frequency_offset = 0.0
    lora.hop_limit = wanted.hop_limit
    lora.tx_enabled = True
    device = config_pb2.Config.DeviceConfig()
    if configuration.device is not None:
        device.CopyFrom(configuration.device)
    device.role = Role.Value(wanted.role)
    # A relay that does not know our port or key must pass our packets on all the same.
    device.rebroadcast_mode = RebroadcastMode.ALL
    messages = [
        admin_pb2.AdminMessage(begin_edit_settings=True),
        admin_pb2.AdminMessage(set_config=config_pb2.Config(lora=lora)),
        admin_pb2.AdminMessage(set_config=config_pb2.Config(device=device)),
        admin_pb2.AdminMessage(set_channel=_channel(configuration, wanted)),
    ]
    if wanted.owner is not None:
        owner = configuration.owner
        owner.long_name = wanted.owner
        messages.append(admin_pb2.AdminMessage(set_owner=owner))
    return [*messages, admin_pb2.AdminMessage(commit_edit_settings=True)]


def _channel(configuration: RadioConfiguration, wanted: WantedSettings) -> channel_pb2.Channel:
    channel = channel_pb2.Channel()
    index = configuration.channel_index(wanted.channel_name)
    if index is not None:
        channel.CopyFrom(configuration.channels[index])
    else:
        free = [
            number
            for number in range(1, LAST_CHANNEL + 1)
            if number not in configuration.channels
            or configuration.channels[number].role == channel_pb2.Channel.Role.DISABLED
        ]
        if not free:
            raise SetUpFailed("all channels of the radio are in use: delete one of them first")
        channel.index = free[0]
        channel.role = channel_pb2.Channel.Role.SECONDARY
        channel.settings.name = wanted.channel_name
    if wanted.channel_key is not None:
        channel.settings.psk = wanted.channel_key
    if len(channel.settings.psk) < 16:
        raise SetUpFailed(f"channel {wanted.channel_name!r} has no key of its own: give --channel-key-file")
    return channel


def set_up(url: RadioUrl, wanted: WantedSettings, clock: Clock) -> dict[str, object]:
    """Bring one radio to the wanted settings; return what it has then, and what was changed.

    Raises PortProblem when it cannot be reached, SetUpFailed when it does not have the settings in the end.
    """
    with RadioConsole(url, clock) as console:
        changed = differences(console.configuration, wanted)
        if changed:
            for message in admin_messages(console.configuration, wanted):
                console.administer(message)
            console.wait_for_restart(RESTARTS_WITHIN_S)
        configuration = console.configuration
    if changed:
        configuration = _read_back(url, wanted, clock)
    return {
        "url": str(url),
        "number": configuration.own_number,
        "firmware": configuration.firmware_version,
        "mhz": wanted.frequency.mhz,
        "changed": changed,
        "settings": describe(configuration, wanted),
    }


def _read_back(url: RadioUrl, wanted: WantedSettings, clock: Clock) -> RadioConfiguration:
    deadline_s = clock.monotonic_s() + BACK_WITHIN_S
    while True:
        try:
            with RadioConsole(url, clock) as console:
                configuration = console.configuration
            break
        except PortProblem as problem:
            if clock.monotonic_s() >= deadline_s:
                raise SetUpFailed(f"{url} did not come back after the set-up: {problem}") from problem
            clock.wait(threading.Event(), RETRY_S)
    left = differences(configuration, wanted)
    if left:
        raise SetUpFailed(
            f"{url} has not taken {', '.join(left)}: renew its firmware, or set these in the Meshtastic app"
        )
    return configuration
