"""Brings a radio to the settings that the kit needs, through admin messages, and reads them back.

Frequency and channel are set in one transaction, after which the radio restarts; what it says then counts,
not what was written. A radio that has everything already is left alone.
"""

from __future__ import annotations

import threading

from firmware_bridge.meshtastic_protobufs import admin_pb2, channel_pb2, config_pb2
from firmware_bridge.radio_configuration import RadioConfiguration
from firmware_bridge.radio_console import RadioConsole
from firmware_bridge.radio_port import PortProblem, RadioUrl
from firmware_bridge.wanted_settings import (
    RebroadcastMode,
    RegionCode,
    Role,
    WantedSettings,
    describe,
    differences,
)
from sync.clock import Clock
from sync.sealing.radio_plan import PRESET_NUMBERS

LAST_CHANNEL = 7
RESTARTS_WITHIN_S = 30.0
BACK_WITHIN_S = 120.0
RETRY_S = 1.0


class SetUpFailed(Exception):
    """The radio did not take the settings. One line that says what to do."""


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
