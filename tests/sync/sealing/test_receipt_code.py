from __future__ import annotations

import random
import re

import pytest

from sync.errors import SealBroken
from sync.identifiers import Lane
from sync.sealing import epoch as epoch_module
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch
from sync.sealing.receipt_code import PICTURES, ReceiptKeys, receipt_salt

RNG = random.Random(4)
HUB, NODE = KeyPair.from_private(RNG.randbytes(32)), KeyPair.from_private(RNG.randbytes(32))
PSK = RNG.randbytes(32)
SALT = receipt_salt(PSK)


def test_hub_and_node_derive_the_same_16_digits() -> None:
    node = SealingEpoch.open(hub_public=HUB.public, node_static=NODE, psk=PSK, node_number=1)
    hub = OpeningEpoch.derive(node.enc, hub=HUB, node_public=NODE.public, psk=PSK, node_number=1)
    codes = set()
    for counter in range(200):
        sealed = node.seal(Lane.REPORT, b"x")
        assert re.fullmatch(r"[0-9]{16}", sealed.receipt_code)
        assert hub.open(Lane.REPORT, counter, sealed.ciphertext).receipt_code == sealed.receipt_code
        codes.add(sealed.receipt_code)
    assert len(codes) == 200
    assert {code[0] for code in codes} == set("0123456789")  # leading zeros are kept


def test_a_code_with_leading_zeros_has_16_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epoch_module, "expand", lambda *_: (10**40 + 7).to_bytes(32, "big"))
    assert epoch_module._receipt_code(b"") == "0000000000000007"


def test_the_salt_is_the_nodes() -> None:
    assert len(SALT) == 16
    assert SALT == receipt_salt(PSK) != receipt_salt(bytes(32))


def test_keys_depend_on_every_digit_and_on_the_salt() -> None:
    keys = [ReceiptKeys("0123456789012345", SALT), ReceiptKeys("0123456789012346", SALT)]
    keys.append(ReceiptKeys("0123456789012345", bytes(16)))
    assert len({k.find for k in keys}) == 3
    assert keys[0].find == ReceiptKeys("0123456789012345", SALT).find
    assert len(keys[0].find) == 8


def test_an_answer_is_sealed_twice() -> None:
    """The thief of the card can open a hub envelope, and finds text sealed under the code."""
    reporter = ReceiptKeys("1234567890123456", SALT)
    inner = reporter.seal_answer(5, 0, b"Sudah kami terima")
    hub = StaticKeys(own_private=HUB.private, other_public=NODE.public, psk=PSK)
    outer = hub.seal_down(5, 0, inner)
    thief = StaticKeys(own_private=NODE.private, other_public=HUB.public, psk=PSK)
    found = thief.open_down(5, 0, outer)
    assert b"Sudah" not in found
    for code in ("1234567890123457", "0000000000000000"):
        with pytest.raises(SealBroken):
            ReceiptKeys(code, SALT).open_answer(5, 0, found)
    assert ReceiptKeys("1234567890123456", SALT).open_answer(5, 0, found) == b"Sudah kami terima"


def test_an_answer_opens_at_its_place_only() -> None:
    keys = ReceiptKeys("1234567890123456", SALT)
    sealed = keys.seal_answer(5, 0, b"x")
    for generation, counter in ((5, 1), (6, 0)):
        with pytest.raises(SealBroken):
            keys.open_answer(generation, counter, sealed)


def test_the_keys_show_nothing() -> None:
    keys = ReceiptKeys("1234567890123456", SALT)
    assert "1234" not in repr(keys)
    assert not hasattr(keys, "__dict__")


def test_pictures_and_duress_digits_belong_to_a_code_and_a_node() -> None:
    codes = [f"{RNG.randrange(10**16):016}" for _ in range(60)]
    keys = [ReceiptKeys(code, SALT) for code in codes]
    assert all(0 <= picture < PICTURES for key in keys for picture in key.pictures)
    assert len({key.pictures for key in keys}) > 50
    assert {picture for key in keys for picture in key.pictures} == set(range(PICTURES))
    for code, key in zip(codes, keys, strict=True):
        assert re.fullmatch("[0-9]{16}", key.duress_code)
        assert key.duress_code[:12] == code[:12]
        assert key.duress_code != code
        assert key.duress_find == ReceiptKeys(key.duress_code, SALT).find != key.find
    other = ReceiptKeys(codes[0], receipt_salt(RNG.randbytes(32)))
    assert other.pictures != keys[0].pictures


def test_the_duress_digits_of_the_last_code_are_still_digits() -> None:
    assert re.fullmatch("[0-9]{16}", ReceiptKeys("9" * 16, SALT).duress_code)
