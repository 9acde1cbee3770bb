from __future__ import annotations

import random
import re

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sync.errors import SealBroken
from sync.sealing.derivation import (
    KeyPair,
    expand,
    extract,
    key_id,
    mac,
    mac_matches,
    open_ccm,
    seal_ccm,
    shared_secret,
    spoken_fingerprint,
)

KEY = bytes(range(32))


@pytest.mark.parametrize("length", [1, 8, 16, 32])
def test_expand_is_hkdf_expand_with_its_label(length: int) -> None:
    info = b"kentongan/1/label\x00context"
    expected = HKDFExpand(SHA256(), length, info).derive(KEY)
    assert expand(KEY, "label", length, b"context") == expected


def test_expand_gives_one_block() -> None:
    for length in (0, 33):
        with pytest.raises(ValueError):
            expand(KEY, "label", length)


def test_extract_and_expand_are_rfc_5869() -> None:
    """Test case 1, and the extract step alone."""
    prk = extract(bytes.fromhex("000102030405060708090a0b0c"), bytes([0x0B]) * 22)
    assert prk.hex() == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"


def test_labels_and_contexts_are_kept_apart() -> None:
    keys = {expand(KEY, "a"), expand(KEY, "b"), expand(KEY, "a", context=b"b"), expand(KEY, "ab")}
    assert len(keys) == 4


def test_a_mac_covers_its_parts_and_their_borders() -> None:
    macs = {mac(KEY, b"ab", b"c"), mac(KEY, b"a", b"bc"), mac(KEY, b"abc"), mac(KEY, b"abc", b"")}
    assert len(macs) == 4
    assert all(len(code) == 8 for code in macs)
    assert mac_matches(mac(KEY, b"x"), mac(KEY, b"x"))
    assert not mac_matches(mac(KEY, b"x"), mac(KEY, b"x")[:7])


def test_ccm_is_aes_ccm_16_64_128() -> None:
    sealed = seal_ccm(KEY[:16], bytes(13), b"plain", b"header")
    assert len(sealed) == 5 + 8
    assert open_ccm(KEY[:16], bytes(13), sealed, b"header") == b"plain"
    for broken in (sealed[:-1], sealed + b"\x00", sealed[:7], b""):
        with pytest.raises(SealBroken):
            open_ccm(KEY[:16], bytes(13), broken, b"header")
    with pytest.raises(SealBroken):
        open_ccm(KEY[:16], bytes(13), sealed, b"other")


def test_x25519_is_symmetric_and_follows_rfc_7748() -> None:
    alice = KeyPair.from_private(random.Random(1).randbytes(32))
    bob = KeyPair.from_private(random.Random(2).randbytes(32))
    assert shared_secret(alice.private, bob.public) == shared_secret(bob.private, alice.public)
    scalar = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    assert shared_secret(scalar, point).hex() == (
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    )


def test_a_public_key_of_small_order_is_refused() -> None:
    for point in (bytes(32), b"\x01" + bytes(31)):
        with pytest.raises(SealBroken):
            shared_secret(KEY, point)


def test_fingerprints_are_20_digits_to_be_spoken() -> None:
    one, two = spoken_fingerprint(KEY), spoken_fingerprint(bytes(32))
    assert re.fullmatch(r"\d{4}( \d{4}){4}", one)
    assert one != two
    assert len(key_id(KEY)) == 8


def test_key_pairs_show_nothing() -> None:
    assert KEY.hex() not in repr(KeyPair.from_private(KEY))
