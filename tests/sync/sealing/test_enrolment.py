from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment, MaterialName, _checksum
from sync.sealing.radio_plan import CHANNEL_NAME_BYTES, PRESET_NUMBERS, REGION_NUMBERS, RadioPlan

keys = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 2**32 - 1)
names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=CHANNEL_NAME_BYTES)
places = st.tuples(st.integers(1, 1023), st.just(0)) | st.tuples(st.just(0), st.integers(1, 2_600_000))
plans = st.builds(
    lambda region, preset, place, name, key, hops: RadioPlan(
        region, preset, place[0], place[1], name, key, hops
    ),
    st.sampled_from(sorted(REGION_NUMBERS)),
    st.sampled_from(sorted(PRESET_NUMBERS)),
    places,
    names,
    keys | st.binary(min_size=16, max_size=16),
    st.integers(0, 7),
)
enrolments = st.builds(
    Enrolment,
    node_number=numbers,
    village=texts,
    village_name=texts,
    hub_name=texts,
    hub_public=keys,
    psk=keys,
    hub_signing_public=keys,
    release_public=st.none() | keys,
    hub_url=st.none() | texts,
    enrolled_at=numbers,
    radio=st.none() | plans,
    material=st.none() | st.builds(MaterialName, numbers, keys),
)
ONE = Enrolment(1, "52.02.08.2001", "Pringgarata", "Mataram", bytes(32), b"p" * 32, b"s" * 32)


def file_with(**changes: Any) -> str:
    """An enrolment file with some fields changed and its checksum right again."""
    fields = json.loads(ONE.to_text())
    del fields["checksum"]
    for name, value in changes.items():
        if value is ...:
            del fields[name]
        else:
            fields[name] = value
    fields["checksum"] = _checksum(fields)
    return json.dumps(fields)


def read_or_said(text: str) -> Enrolment | str:
    try:
        return Enrolment.from_text(text)
    except EnrolmentRefused as refused:
        return str(refused)


@given(enrolments)
def test_round_trip(enrolment: Enrolment) -> None:
    assert Enrolment.from_text(enrolment.to_text()) == enrolment


@given(st.data())
def test_a_changed_character_is_noticed(data: st.DataObject) -> None:
    text = ONE.to_text()
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.characters(exclude_categories=["Cs"]))
    changed = text[:place] + character + text[place + 1 :]
    outcome = read_or_said(changed)
    assert outcome == ONE or "kentongan hub enrol" in str(outcome)  # ONE: white space between the fields


@given(st.integers(0, len(ONE.to_text()) - 2))
def test_a_file_cut_short_is_refused(length: int) -> None:
    if ONE.to_text()[:length].strip() == ONE.to_text().strip():
        return
    with pytest.raises(EnrolmentRefused):
        Enrolment.from_text(ONE.to_text()[:length])


@given(st.text(max_size=200))
def test_any_text_is_refused_with_a_clear_error(text: str) -> None:
    with pytest.raises(EnrolmentRefused):
        Enrolment.from_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        "9" * 10_000,
        '{"kentongan_enrolment": 1, "x": "\\ud800"}',
        '{"kentongan_enrolment": 2}',
        '{"kentongan_enrolment": [1]}',
        '{"kentongan_enrolment": 1}',
        "[1]",
        "null",
    ],
    ids=range(9),
)
def test_text_that_trips_parsers_is_refused(text: str) -> None:
    with pytest.raises(EnrolmentRefused):
        Enrolment.from_text(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"psk": "00"},
        {"psk": "zz" * 32},
        {"psk": 5},
        {"psk": ...},
        {"hub_public": None},
        {"release_public": "00"},
        {"node_number": "1"},
        {"node_number": True},
        {"node_number": -1},
        {"node_number": 2**32},
        {"village": 5},
        {"hub_url": ["x"]},
        {"enrolled_at": "now"},
        {"something": 1},
    ],
    ids=str,
)
def test_a_wrong_field_under_a_right_checksum_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(EnrolmentRefused, match="field"):
        Enrolment.from_text(file_with(**changes))


def test_an_unchanged_file_is_taken() -> None:
    assert Enrolment.from_text(file_with()) == ONE


def test_errors_and_reprs_show_no_key() -> None:
    secret = ONE.psk.hex()
    assert secret not in repr(ONE)
    with pytest.raises(EnrolmentRefused) as refused:
        Enrolment.from_text(file_with(psk=secret + "zz"))
    assert secret not in str(refused.value)


PLAN = RadioPlan("SG_923", "LongFast", 20, 0, "serial", b"k" * 32, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": "UNSET"},
        {"preset": "LongSloth"},
        {"slot": 0},
        {"slot": True},
        {"frequency_khz": 921_875},
        {"hop_limit": 8},
        {"channel_name": ""},
        {"channel_name": "x" * 12},
        {"channel_key": "00" * 15},
        {"channel_key": 7},
        {"more": 1},
    ],
    ids=str,
)
def test_radio_settings_that_no_radio_takes_are_refused(wrong: dict[str, Any]) -> None:
    fields = {**PLAN.to_json(), **wrong}
    assert "kentongan hub enrol" in str(read_or_said(file_with(kentongan_enrolment=2, radio=fields)))


def test_a_format_and_its_fields_belong_together() -> None:
    for text in (file_with(kentongan_enrolment=2), file_with(radio=PLAN.to_json())):
        assert isinstance(read_or_said(text), str)
    assert isinstance(read_or_said(file_with(kentongan_enrolment=2, radio=PLAN.to_json())), Enrolment)
