"""Settings of boxes as bytes, their bounds, and the examples of the protocol."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MalformedWire
from sync.wire.box_settings import (
    BOUNDS,
    BadSetting,
    SettingsHeld,
    check_values,
    decode_values,
    encode_values,
    is_hub_url,
    least_probation_hours,
)
from sync.wire.control_records import encode_up_control
from sync.wire.numbers import BoxSetting, SettingsState
from sync.wire.settings_records import BoxSettings, encode_setting

EXAMPLE: dict[BoxSetting, int | str] = {
    BoxSetting.AIRTIME_PERMILLE: 20,
    BoxSetting.WAIT_LEAST_MINUTES: 10,
    BoxSetting.WAIT_MOST_MINUTES: 90,
    BoxSetting.GATEWAY: 0,
    BoxSetting.HUB_URL: "https://hub.example",
}


def test_the_examples_of_the_protocol() -> None:
    body = encode_setting(BoxSettings(300, 1_800_000_000, 9, 72, encode_values(EXAMPLE)))
    assert body.hex() == "05ac026b49d20009480114040a055a0600081368747470733a2f2f6875622e6578616d706c65"
    word = SettingsHeld(SettingsState.WENT_BACK, 1_800_000_000, 9)
    assert encode_up_control(word).hex() == "0d036b49d2000900"
    check_values(EXAMPLE, 72)


@given(
    st.dictionaries(
        st.sampled_from([s for s in BoxSetting if s is not BoxSetting.HUB_URL]), st.integers(0, 2**40)
    )
)
def test_values_come_back_and_only_those_within_their_bounds_pass(values: dict[BoxSetting, int]) -> None:
    assert decode_values(encode_values(values)) == values
    outside = [s for s, value in values.items() if not BOUNDS[s][0] <= value <= BOUNDS[s][1]]
    if outside:
        with pytest.raises(BadSetting) as caught:
            check_values(values, 72)
        assert caught.value.setting == min(outside)


@given(st.binary(max_size=60))
def test_any_bytes_are_one_set_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire, BadSetting):
        assert encode_values(decode_values(data)) == data


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hub.example", True),
        ("https://hub.example:8443/desa", True),
        ("http://127.0.0.1:8080", True),
        ("http://hub.example", False),
        ("https://user@hub.example", False),
        ("https://hub.example:0", False),
        ("https://hub.example:70000", False),
        ("https://hub.example\n", False),
        ("https://" + "a" * 120, False),
        ("https://", False),
        ("file:///etc/passwd", False),
    ],
)
def test_where_a_box_may_be_told_to_find_its_hub(url: str, allowed: bool) -> None:
    assert is_hub_url(url) is allowed


def test_a_probation_lasts_two_of_the_longest_times_between_contacts() -> None:
    assert least_probation_hours({}) == 12
    assert least_probation_hours({BoxSetting.POLL_MINUTES: 1440}) == 48
    assert least_probation_hours({BoxSetting.WAIT_MOST_MINUTES: 720}) == 24
