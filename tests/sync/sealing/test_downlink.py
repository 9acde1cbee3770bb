from __future__ import annotations

import random

import pytest

from sync.errors import SealBroken
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys

RNG = random.Random(3)
NODE, HUB, OTHER = (KeyPair.from_private(RNG.randbytes(32)) for _ in range(3))
PSK = RNG.randbytes(32)
AT_NODE = StaticKeys(own_private=NODE.private, other_public=HUB.public, psk=PSK)
AT_HUB = StaticKeys(own_private=HUB.private, other_public=NODE.public, psk=PSK)
STRANGERS = [
    StaticKeys(own_private=OTHER.private, other_public=HUB.public, psk=PSK),
    StaticKeys(own_private=OTHER.private, other_public=NODE.public, psk=PSK),
    StaticKeys(own_private=HUB.private, other_public=NODE.public, psk=bytes(32)),
]


def codes(keys: StaticKeys) -> list[bytes]:
    return [
        keys.poll_mac(b"epoch", b"body"),
        keys.fragment_up_mac(b"epoch", b"body"),
        keys.receipt_mac(5, b"epoch", b"body"),
        keys.receipt_mac(6, b"epoch", b"body"),
        keys.fragment_down_mac(5, b"body"),
        keys.lane_receipt_mac(5, b"epoch", b"body"),
        keys.lane_receipt_mac(6, b"epoch", b"body"),
    ]


def test_both_ends_derive_the_same_and_each_use_has_its_own_key() -> None:
    assert codes(AT_NODE) == codes(AT_HUB)
    assert len(set(codes(AT_HUB))) == 7
    assert all(not set(codes(AT_HUB)) & set(codes(other)) for other in STRANGERS)


def test_codes_speak_of_their_epoch_and_body() -> None:
    assert AT_HUB.poll_fits(b"epoch", b"body", AT_NODE.poll_mac(b"epoch", b"body"))
    assert not AT_HUB.poll_fits(b"other", b"body", AT_NODE.poll_mac(b"epoch", b"body"))
    assert not AT_HUB.poll_fits(b"epoch", b"bodY", AT_NODE.poll_mac(b"epoch", b"body"))
    assert not AT_HUB.poll_fits(b"epoch", b"body", b"")
    assert AT_HUB.receipt_mac(1, b"a", b"b") != AT_HUB.receipt_mac(1, b"b", b"b")


def test_a_hub_envelope_opens_at_its_node_under_its_place_only() -> None:
    sealed = AT_HUB.seal_down(5, 9, b"record")
    assert AT_NODE.open_down(5, 9, sealed) == b"record"
    for keys, generation, counter in ((AT_NODE, 5, 8), (AT_NODE, 6, 9), *((s, 5, 9) for s in STRANGERS)):
        with pytest.raises(SealBroken):
            keys.open_down(generation, counter, sealed)
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(SealBroken):
            AT_NODE.open_down(5, 9, bytes(broken))


@pytest.mark.parametrize("counter", [-1, 2**32, 2**64 - 1])
def test_a_counter_that_no_hub_gives_is_refused_like_any_other(counter: int) -> None:
    """A frame's counter is a varint: a stranger may write 64 bits where the nonce has room for 32."""
    with pytest.raises(SealBroken):
        AT_NODE.open_down(5, counter, AT_HUB.seal_down(5, 9, b"record"))


def test_generations_named_by_strangers_do_not_fill_memory() -> None:
    keys = StaticKeys(own_private=NODE.private, other_public=HUB.public, psk=PSK)
    for generation in range(1000):
        keys.receipt_mac(generation, b"", b"")
    assert len(keys._generations) <= 9


def test_a_counter_that_does_not_fit_its_nonce_is_an_error_and_not_a_repeat() -> None:
    with pytest.raises(OverflowError):
        AT_HUB.seal_down(5, 2**32, b"x")
