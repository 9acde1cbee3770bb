"""Epochs: the chain under which a node seals and the hub opens, and what a thief of the card cannot do."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey
from pyhpke.kem_key import KEMKeyPair

from sync.errors import MalformedWire, SealBroken
from sync.identifiers import EnvelopeId, Lane, epoch_id
from sync.sealing import epoch as epoch_module
from sync.sealing.derivation import KeyPair, expand, open_ccm
from sync.sealing.epoch import (
    LAST_COUNTER,
    MAX_AHEAD,
    OpeningEpoch,
    SealingEpoch,
    binding_mac,
)

RNG = random.Random(1)
HUB = KeyPair.from_private(RNG.randbytes(32))
NODE = KeyPair.from_private(RNG.randbytes(32))
OTHER = KeyPair.from_private(RNG.randbytes(32))
PSK = RNG.randbytes(32)


def sealing(**changes: Any) -> SealingEpoch:
    keys: dict[str, Any] = {"hub_public": HUB.public, "node_static": NODE, "psk": PSK, "node_number": 7}
    return SealingEpoch.open(**(keys | changes))


def opening(enc: bytes, **changes: Any) -> OpeningEpoch:
    keys: dict[str, Any] = {"hub": HUB, "node_public": NODE.public, "psk": PSK, "node_number": 7}
    return OpeningEpoch.derive(enc, **(keys | changes))


# -- the HPKE beneath -------------------------------------------------------------------------------

RFC_9180_A_1_4 = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "sk_e": "14de82a5897b613616a00c39b87429df35bc2b426bcfd73febcb45e903490768",
    "enc": "820818d3c23993492cc5623ab437a48a0a7ca3e9639c140fe1e33811eb844b7c",
    "sk_r": "cb29a95649dc5656c2d054c1aa0d3df0493155e9d5da6d7e344ed8b6a64a9423",
    "pk_r": "1d11a3cd247ae48e901939659bd4d79b6b959e1f3e7d66663fbc9412dd4e0976",
    "sk_s": "fc1c87d2f3832adb178b431fce2ac77c7ca2fd680f3406c77b5ecdf818b119f4",
    "pk_s": "2bfb2eb18fcad1af0e4f99142a1c474ae74e21b9425fc5c589382c69b50cc57e",
    "psk": "0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82",
    "psk_id": "456e6e796e20447572696e206172616e204d6f726961",
}
RFC_9180_EXPORTS = {
    b"": "08f7e20644bb9b8af54ad66d2067457c5f9fcb2a23d9f6cb4445c0797b330067",
    b"\x00": "52e51ff7d436557ced5265ff8b94ce69cf7583f49cdb374e6aad801fc063b010",
    b"TestContext": "a30c20370c026bbea4dca51cb63761695132d342bae33a6a11527d3e7679436d",
}


def test_the_suite_gives_the_exports_of_rfc_9180() -> None:
    """Appendix A.1.4: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, mode_auth_psk."""
    v = {name: bytes.fromhex(value) for name, value in RFC_9180_A_1_4.items()}
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)

    def private(name: str) -> Any:
        return KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(v[name]))

    def public(raw: bytes) -> Any:
        return KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(raw))

    psk = {"psk": v["psk"], "psk_id": v["psk_id"]}
    eks = KEMKeyPair(private("sk_e"), public(v["enc"]))
    enc, sender = suite.create_sender_context(
        public(v["pk_r"]), info=v["info"], sks=private("sk_s"), eks=eks, **psk
    )
    assert enc == v["enc"]
    recipient = suite.create_recipient_context(
        enc, private("sk_r"), info=v["info"], pks=public(v["pk_s"]), **psk
    )
    for context, exported in RFC_9180_EXPORTS.items():
        assert sender.export(context, 32).hex() == exported
        assert recipient.export(context, 32).hex() == exported


def test_the_epoch_uses_that_suite_with_our_info() -> None:
    context = epoch_module._SUITE
    assert [int(i) for i in (context.kem.id.value, context.kdf.id.value, context.aead.id.value)] == [
        0x20,
        1,
        1,
    ]
    assert epoch_module._info(7, HUB.public) != epoch_module._info(8, HUB.public)
    assert epoch_module._info(7, HUB.public) != epoch_module._info(7, OTHER.public)


# -- the chain --------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(plains=st.lists(st.binary(max_size=300), min_size=1, max_size=8), data=st.data())
def test_the_hub_opens_in_any_order_what_the_node_sealed(plains: list[bytes], data: st.DataObject) -> None:
    node = sealing()
    hub = opening(node.enc)
    assert hub.id == node.id == epoch_id(node.enc)
    sealed = [node.seal(Lane.REPORT, plain) for plain in plains]
    assert [s.id for s in sealed] == [EnvelopeId(node.id, Lane.REPORT, n) for n in range(len(plains))]
    for number in data.draw(st.permutations(range(len(plains)))):
        opened = hub.open(Lane.REPORT, number, sealed[number].ciphertext)
        assert opened.plain == plains[number]
        assert opened.receipt_code == sealed[number].receipt_code
    assert len(sealed[0].ciphertext) == len(plains[0]) + 8


def test_lanes_have_counters_and_keys_of_their_own() -> None:
    node = sealing()
    hub = opening(node.enc)
    report, bulk = node.seal(Lane.REPORT, b"same"), node.seal(Lane.BULK, b"same")
    assert (report.id.counter, bulk.id.counter) == (0, 0)
    assert report.ciphertext != bulk.ciphertext
    assert hub.open(Lane.BULK, 0, bulk.ciphertext).plain == b"same"
    with pytest.raises(SealBroken):
        hub.open(Lane.BULK, 0, report.ciphertext)


def test_a_thousand_envelopes_backwards_and_again_after_a_restart() -> None:
    node = sealing()
    sealed = [node.seal(Lane.REPORT, bytes([n & 255])) for n in range(1000)]
    for hub in (opening(node.enc), opening(node.enc)):
        for number in reversed(range(1000)):
            assert hub.open(Lane.REPORT, number, sealed[number].ciphertext).plain == bytes([number & 255])


def test_a_counter_far_ahead_is_refused_before_any_work() -> None:
    node = sealing()
    hub = opening(node.enc)
    for counter in (MAX_AHEAD, LAST_COUNTER + 1, 2**40, -1):
        with pytest.raises(SealBroken):
            hub.open(Lane.REPORT, counter, bytes(20))
    assert len(hub._checkpoints[Lane.REPORT]) == 1
    with pytest.raises(SealBroken):
        hub.open(Lane.REPORT, MAX_AHEAD - 1, bytes(20))
    assert len(hub._checkpoints[Lane.REPORT]) == MAX_AHEAD // 64  # kept, so junk costs it once
    # Junk does not move the bound.
    with pytest.raises(SealBroken):
        hub.open(Lane.REPORT, MAX_AHEAD, bytes(20))


def test_the_bound_moves_with_what_opened_and_with_what_was_opened_before_a_restart() -> None:
    node = sealing()
    sealed = [node.seal(Lane.REPORT, b"x") for _ in range(MAX_AHEAD + 2)]
    hub = opening(node.enc)
    hub.open(Lane.REPORT, 1, sealed[1].ciphertext)
    assert hub.open(Lane.REPORT, MAX_AHEAD + 1, sealed[MAX_AHEAD + 1].ciphertext).plain == b"x"
    again = opening(node.enc)
    with pytest.raises(SealBroken):
        again.open(Lane.REPORT, MAX_AHEAD + 1, sealed[MAX_AHEAD + 1].ciphertext)
    again.expect_up_to(Lane.REPORT, 5)
    assert again.open(Lane.REPORT, MAX_AHEAD + 1, sealed[MAX_AHEAD + 1].ciphertext).plain == b"x"


def test_a_lane_ends_instead_of_beginning_again() -> None:
    node = sealing()
    node._counter[Lane.REPORT] = LAST_COUNTER
    assert node.seal(Lane.REPORT, b"x").id.counter == LAST_COUNTER
    with pytest.raises(OverflowError):
        node.seal(Lane.REPORT, b"x")


def test_a_counter_is_never_used_twice_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    node = sealing()
    chain = node._chain[Lane.REPORT]
    with pytest.raises(ValueError):
        node.seal(Lane.REPORT, bytes(70_000))  # above what one CCM message holds
    assert node.next_counter(Lane.REPORT) == 1
    assert node._chain[Lane.REPORT] != chain

    def broken(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(epoch_module, "seal_ccm", broken)
    with pytest.raises(MemoryError):
        node.seal(Lane.REPORT, b"x")
    monkeypatch.undo()
    assert node.seal(Lane.REPORT, b"x").id.counter == 2


def test_a_counter_is_never_used_twice_across_threads() -> None:
    node = sealing()
    found: list[tuple[int, str]] = []

    def work() -> None:
        mine = [node.seal(Lane.REPORT, b"x") for _ in range(200)]
        found.extend((s.id.counter, s.receipt_code) for s in mine)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counter for counter, _ in found) == list(range(1600))
    assert len({code for _, code in found}) == 1600


def test_each_epoch_has_another_name_and_other_keys() -> None:
    first, second = sealing(), sealing()
    assert first.id != second.id
    one, two = first.seal(Lane.REPORT, b"x"), second.seal(Lane.REPORT, b"x")
    assert one.ciphertext != two.ciphertext
    assert one.receipt_code != two.receipt_code


# -- what does not open -----------------------------------------------------------------------------


@settings(max_examples=150)
@given(st.data())
def test_a_changed_byte_does_not_open(data: st.DataObject) -> None:
    node = _NODE
    sealed = bytearray(_SEALED.ciphertext)
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        opening(node.enc).open(Lane.REPORT, 0, bytes(sealed))


_NODE = sealing()
_SEALED = _NODE.seal(Lane.REPORT, b"a report of some length")
_SECOND = _NODE.seal(Lane.REPORT, b"another")


def test_no_field_of_the_header_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = opening(_NODE.enc)
    with pytest.raises(SealBroken):
        hub.open(Lane.REPORT, 1, _SEALED.ciphertext)
    with pytest.raises(SealBroken):
        hub.open(Lane.BULK, 0, _SEALED.ciphertext)
    assert epoch_module._header(EnvelopeId(b"12345678", Lane.BULK, 258)) == (
        b"\x01" + b"12345678" + b"\x01" + b"\x00\x00\x01\x02"
    )
    # The key alone is not enough: the header is associated data, field by field.
    message_key = hub._message_key(Lane.REPORT, 0)
    key, nonce = epoch_module._aead(message_key)
    place = EnvelopeId(_NODE.id, Lane.REPORT, 0)
    assert open_ccm(key, nonce, _SEALED.ciphertext, epoch_module._header(place))
    for changed in (
        replace(place, epoch=bytes(8)),
        replace(place, lane=Lane.BULK),
        replace(place, counter=1),
    ):
        with pytest.raises(SealBroken):
            open_ccm(key, nonce, _SEALED.ciphertext, epoch_module._header(changed))
    monkeypatch.setattr(epoch_module, "PROTOCOL_VERSION", 2)
    with pytest.raises(SealBroken):
        hub.open(Lane.REPORT, 0, _SEALED.ciphertext)


@pytest.mark.parametrize("size", range(9))
def test_what_is_shorter_than_its_tag_does_not_open(size: int) -> None:
    with pytest.raises(SealBroken):
        opening(_NODE.enc).open(Lane.REPORT, 0, bytes(size))


@pytest.mark.parametrize(
    "changes",
    [
        {"hub": OTHER},
        {"node_public": OTHER.public},
        {"psk": bytes(32)},
        {"node_number": 8},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_key_does_not_open(changes: dict[str, Any]) -> None:
    hub = opening(_NODE.enc, **changes)  # an authenticated mode fails where an envelope is opened
    with pytest.raises(SealBroken):
        hub.open(Lane.REPORT, 0, _SEALED.ciphertext)


def test_another_node_cannot_speak_for_this_one() -> None:
    for changes in ({"node_static": OTHER}, {"psk": bytes(32)}, {"node_number": 8}):
        forged = sealing(**changes)
        with pytest.raises(SealBroken):
            opening(forged.enc).open(Lane.REPORT, 0, forged.seal(Lane.REPORT, b"x").ciphertext)


@pytest.mark.parametrize("enc", [bytes(32), b"\x01" + bytes(31), (2**255 - 19).to_bytes(32, "little")])
def test_a_key_of_small_order_is_refused(enc: bytes) -> None:
    with pytest.raises(SealBroken):
        opening(enc)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_an_encapsulated_key_has_32_bytes(size: int) -> None:
    with pytest.raises(MalformedWire):
        opening(bytes(size))


@given(st.binary(min_size=32, max_size=32))
def test_any_32_bytes_are_refused_or_open_nothing(enc: bytes) -> None:
    try:
        hub = opening(enc)
    except SealBroken:
        return
    with pytest.raises(SealBroken):
        hub.open(Lane.REPORT, 0, _SEALED.ciphertext)


# -- promise 2: the thief of the card -----------------------------------------------------------------


def test_with_all_that_lies_on_the_card_nothing_opens() -> None:
    """The card holds the node's static key, the pre-shared key, the hub's public key, every encapsulated key
    and every envelope. Whatever two parties could derive from those gives no chain."""
    node = sealing()
    stored = [node.seal(Lane.REPORT, b"secret") for _ in range(3)]
    card_keys: list[dict[str, Any]] = [
        {"hub": NODE},  # the node in the hub's place
        {"hub": NODE, "node_public": HUB.public},
        {"hub": NODE, "node_public": node.enc},
        {"hub": KeyPair(NODE.private, HUB.public)},  # and under the hub's name
        {"hub": KeyPair(NODE.private, HUB.public), "node_public": HUB.public},
    ]
    for keys in card_keys:
        attempt = opening(node.enc, **keys)
        for sealed in stored:
            with pytest.raises(SealBroken):
                attempt.open(Lane.REPORT, sealed.id.counter, sealed.ciphertext)
    # A new epoch of the thief's gives other keys for the same counters.
    thief = sealing()
    for sealed in stored:
        key, nonce = epoch_module._aead(expand(thief._chain[Lane.REPORT], "message"))
        with pytest.raises(SealBroken):
            open_ccm(key, nonce, sealed.ciphertext, epoch_module._header(sealed.id))


def test_not_even_the_running_node_opens_what_it_sealed() -> None:
    node = sealing()
    sealed = node.seal(Lane.REPORT, b"secret")
    chain = node._chain[Lane.REPORT]
    for message_key in (chain, expand(chain, "message"), expand(chain, "chain")):
        key, nonce = epoch_module._aead(message_key)
        with pytest.raises(SealBroken):
            open_ccm(key, nonce, sealed.ciphertext, epoch_module._header(sealed.id))
    held = [value for value in vars(node).values() if isinstance(value, bytes)]
    assert set(held) == {node.enc, node.id, node.hub_key}


def test_secrets_have_no_repr() -> None:
    hub = opening(_NODE.enc)
    opened = hub.open(Lane.REPORT, 0, _SEALED.ciphertext)
    for thing in (_SEALED, opened, NODE, hub, _NODE):
        shown = repr(thing)
        assert NODE.private.hex() not in shown
        assert repr(NODE.private) not in shown
        assert _SEALED.receipt_code not in shown
        assert "report" not in shown


def test_a_binding_speaks_of_its_epoch_its_key_and_its_number() -> None:
    base = (PSK, _NODE.enc, NODE.public, 7)
    mac = binding_mac(*base)
    assert len(mac) == 16
    assert mac == binding_mac(*base)
    others = [
        binding_mac(bytes(32), *base[1:]),
        binding_mac(PSK, bytes(32), NODE.public, 7),
        binding_mac(PSK, _NODE.enc, OTHER.public, 7),
        binding_mac(PSK, _NODE.enc, NODE.public, 8),
    ]
    assert len({mac, *others}) == 5
