"""Every setting of a radio is compared, written, and compared again with what it says then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from firmware_bridge.emulated_settings import EmulatedSettings
from firmware_bridge.frequency_slots import Band, Frequency, FrequencyRefused
from firmware_bridge.radio_configuration import NO_NODES_NONCE, RadioConfiguration
from firmware_bridge.radio_session import RadioSession, RadioSettings
from firmware_bridge.radio_setup import SetUpFailed, admin_messages
from firmware_bridge.wanted_settings import WantedSettings, differences, unlike, wanted_by
from sync.sealing.radio_plan import RadioPlan

KEY = bytes(range(32))
WANTED = WantedSettings(
    region="SG_923",
    frequency=Frequency(921.875, 20),
    preset="LongFast",
    channel_name="serial",
    channel_key=KEY,
    role="CLIENT",
    hop_limit=3,
    owner="Desa Sukamaju",
)


def radio_as_wanted() -> EmulatedSettings:
    settings = EmulatedSettings(1, "LongFast", KEY, Random(1))
    settings.owner.long_name = "Desa Sukamaju"
    return settings


def told_by(settings: EmulatedSettings) -> RadioConfiguration:
    configuration = RadioConfiguration()
    for message in settings.download([], NO_NODES_NONCE):
        configuration.absorb(message)
    return configuration


def test_a_radio_as_wanted_has_no_differences() -> None:
    assert differences(told_by(radio_as_wanted()), WANTED) == []


PLAN = RadioPlan("SG_923", "LongFast", 20, 0, "serial", KEY, 3)


def test_a_plan_asks_for_what_the_command_asks() -> None:
    assert replace(wanted_by(PLAN, band=Band()), owner=WANTED.owner) == WANTED
    by_frequency = RadioPlan("SG_923", "LongFast", 0, 921_875, "serial", KEY, 3)
    assert wanted_by(by_frequency, band=Band()).frequency == Frequency(921.875)
    with pytest.raises(FrequencyRefused):
        wanted_by(RadioPlan("SG_923", "LongFast", 4, 0, "serial", KEY, 3), band=Band())


def test_a_radio_is_told_from_its_plan_but_for_its_role() -> None:
    radio = radio_as_wanted()
    radio.device.role = 2
    assert unlike(told_by(radio), PLAN) == []
    radio.lora.channel_num = 4
    radio.channels[1].settings.psk = bytes(32)
    assert unlike(told_by(radio), PLAN) == ["slot", "channel_key"]


def test_a_radio_in_use_says_where_it_differs_from_the_enrolment() -> None:
    radio = radio_as_wanted()
    for hops, problem in ((3, None), (7, "hop_limit")):
        radio.lora.hop_limit = hops
        session = RadioSession(RadioSettings(plan=PLAN), 0.0)
        session.configuration = told_by(radio)
        session._complete(1.0)
        assert (session.problem(1.0) or "").count("hop_limit") == (problem is not None)


def rename_the_channel(radio: EmulatedSettings) -> None:
    radio.channels[1].settings.name = "other"


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda radio: setattr(radio.lora, "region", 6), ["region"]),
        (lambda radio: setattr(radio.lora, "channel_num", 4), ["slot"]),
        (lambda radio: setattr(radio.lora, "override_frequency", 917.0), ["override_mhz"]),
        (lambda radio: setattr(radio.lora, "frequency_offset", 1.5), ["offset_mhz"]),
        (lambda radio: setattr(radio.lora, "modem_preset", 6), ["preset"]),
        (lambda radio: setattr(radio.lora, "use_preset", False), ["preset"]),
        (lambda radio: setattr(radio.lora, "hop_limit", 7), ["hop_limit"]),
        (lambda radio: setattr(radio.lora, "tx_enabled", False), ["transmits"]),
        (lambda radio: setattr(radio.device, "role", 2), ["role"]),
        (lambda radio: setattr(radio.device, "rebroadcast_mode", 3), ["rebroadcast"]),
        (lambda radio: setattr(radio.channels[1].settings, "psk", bytes(32)), ["channel_key"]),
        (lambda radio: setattr(radio.channels[1], "role", 0), ["channel", "channel_key"]),
        (rename_the_channel, ["channel", "channel_key"]),
        (lambda radio: setattr(radio.owner, "long_name", "Somebody"), ["owner"]),
    ],
)
def test_each_setting_is_compared_and_put_right(
    spoil: Callable[[EmulatedSettings], None], names: list[str]
) -> None:
    radio = radio_as_wanted()
    spoil(radio)
    assert differences(told_by(radio), WANTED) == names
    for message in admin_messages(told_by(radio), WANTED):
        radio.apply_admin(message)
    assert differences(told_by(radio), WANTED) == []


def test_settings_that_are_nobody_s_concern_stay() -> None:
    radio = radio_as_wanted()
    radio.lora.tx_power = 17
    radio.device.node_info_broadcast_secs = 900
    radio.lora.hop_limit = 7
    for message in admin_messages(told_by(radio), WANTED):
        radio.apply_admin(message)
    assert (radio.lora.tx_power, radio.device.node_info_broadcast_secs) == (17, 900)


def test_a_radio_without_a_free_channel_is_not_touched() -> None:
    radio = radio_as_wanted()
    for channel in radio.channels[1:]:
        channel.role, channel.settings.name = 2, "mine"
    with pytest.raises(SetUpFailed, match="all channels of the radio are in use"):
        admin_messages(told_by(radio), WANTED)
