from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.identifiers import (
    EnvelopeId,
    Lane,
    epoch_id,
    receipt_code_digits,
    spaced_receipt_code,
)

places = st.builds(
    EnvelopeId, st.binary(min_size=8, max_size=8), st.sampled_from(Lane), st.integers(0, 65_535)
)


@given(places)
def test_envelope_ids_round_trip(place: EnvelopeId) -> None:
    assert EnvelopeId.parse(str(place)) == place


@given(st.text(max_size=40))
def test_other_text_is_no_envelope_id(text: str) -> None:
    try:
        place = EnvelopeId.parse(text)
    except ValueError:
        return
    assert EnvelopeId.parse(str(place)) == place


@pytest.mark.parametrize(
    "text",
    ["", "0123456789abcdef.0", "0123456789ABCDEF.0.1", "0123456789abcdef.2.1", "0123456789abcdef.0.-1",
     "0123456789abcdef.0.1\n", " 0123456789abcdef.0.1",
     "0123456789abcdef.0.12345678", "0123456789abcdef.0.²"],
)  # fmt: skip
def test_these_are_no_envelope_ids(text: str) -> None:
    with pytest.raises(ValueError):
        EnvelopeId.parse(text)


def test_an_epoch_is_named_by_its_key() -> None:
    enc = bytes(range(32))
    assert epoch_id(enc) == hashlib.sha256(b"kentongan/1/epoch-id" + enc).digest()[:8]
    assert epoch_id(enc) != epoch_id(bytes(32))


@given(st.integers(0, 10**16 - 1).map(lambda n: f"{n:016d}"))
def test_codes_are_read_as_they_are_shown(code: str) -> None:
    shown = spaced_receipt_code(code)
    assert [len(group) for group in shown.split()] == [4, 4, 4, 4]
    for typed in (code, shown, shown.replace(" ", "-"), shown.replace(" ", "."), f"  {shown}\n"):
        assert receipt_code_digits(typed) == code


@pytest.mark.parametrize("text", ["", "1" * 15, "1" * 17, "1" * 15 + "x", "١" * 16, "²" * 16, "1" * 15 + "_"])
def test_these_are_no_codes(text: str) -> None:
    assert receipt_code_digits(text) is None
