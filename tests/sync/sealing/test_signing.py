from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import SealBroken
from sync.sealing.signing import SIGNATURE_BYTES, open_signed, sign

PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
GOLDEN = "f572782021a26a393a4f32d3"


@given(st.binary(max_size=300))
def test_what_was_signed_opens_and_costs_a_signature(body: bytes) -> None:
    signed = sign(PRIVATE, "bulletin", body)
    assert len(signed) == len(body) + SIGNATURE_BYTES
    assert open_signed(PUBLIC, "bulletin", signed) == body


def test_a_signature_stays_the_same() -> None:
    assert sign(PRIVATE, "bulletin", b"Hati-hati")[9:21].hex() == GOLDEN


@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_changed_bit_anywhere_breaks_it(body: bytes, data: st.DataObject) -> None:
    signed = bytearray(sign(PRIVATE, "bulletin", body))
    bit = data.draw(st.integers(0, 8 * len(signed) - 1))
    signed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        open_signed(PUBLIC, "bulletin", bytes(signed))


def test_nothing_passes_under_another_label_or_key() -> None:
    signed = sign(PRIVATE, "bulletin", b"x")
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    for public, label in ((PUBLIC, "setting"), (PUBLIC, "bulletin\x00"), (other, "bulletin")):
        with pytest.raises(SealBroken):
            open_signed(public, label, signed)


@pytest.mark.parametrize("length", [0, 1, 63, 64])
def test_what_is_too_short_is_refused(length: int) -> None:
    with pytest.raises(SealBroken):
        open_signed(PUBLIC, "bulletin", bytes(length))
