"""The alphabet of SMS, and seven bits in eight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.sms_alphabet import pack, septets_of, text_of, unpack

SIGNS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€"
)


@given(st.text(alphabet=SIGNS))
def test_what_has_the_signs_comes_back(text: str) -> None:
    septets = septets_of(text)
    assert septets is not None
    assert text_of(septets) == text
    assert len(septets) == len(text) + sum(sign in "\f^{}\\[~]|€" for sign in text)


@pytest.mark.parametrize("text", ["“kutip”", "é–à", "\x1b", "halo\x1b", "日本", "😀", "ê"])
def test_other_signs_are_not_taken(text: str) -> None:
    assert septets_of(text) is None


@pytest.mark.parametrize(
    ("septets", "text"),
    [(b"\x1b\x65", "€"), (b"\x1bA", "A"), (b"A\x1b", "A"), (b"\x1b\x1bA", " A"), (b"", "")],
)
def test_escapes_that_mean_nothing_hide_nothing(septets: bytes, text: str) -> None:
    assert text_of(septets) == text


@given(st.binary(max_size=200).map(lambda data: bytes(byte & 0x7F for byte in data)), st.integers(0, 6))
def test_septets_are_packed_and_unpacked(septets: bytes, fill_bits: int) -> None:
    assert unpack(pack(septets, fill_bits), len(septets), fill_bits) == septets


def test_the_packing_is_that_of_the_standard() -> None:
    assert pack(b"hellohello").hex() == "e8329bfd4697d9ec37"
    with pytest.raises(ValueError, match="fewer septets"):
        unpack(b"\x00", 2)
