from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment, _checksum

keys = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 2**32 - 1)
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
        '{"kentongan_enrolment": 1}',
        "[1]",
        "null",
    ],
    ids=range(8),
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
