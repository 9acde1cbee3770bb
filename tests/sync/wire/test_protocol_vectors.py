"""Golden vectors: what was shipped is still read, and still written, byte for byte.

The cases are built in `scripts/make-protocol-vectors`; the bytes stand in `tests/vectors` and are never made
anew. A change of the wire form is a new version beside the old one, with vectors of its own.
"""

from __future__ import annotations

import json
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.identifiers import Lane, epoch_id
from sync.sealing.derivation import KeyPair, key_id, spoken_fingerprint
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch, binding_mac
from sync.sealing.long_beacon import check_long, read_long, seal_long
from sync.sealing.receipt_code import ReceiptKeys, receipt_salt
from sync.sealing.signing import open_signed
from sync.wire.attachments import decode_piece, encode_piece
from sync.wire.bundle_codec import (
    decode_down_bundle,
    decode_gateway_bundle,
    decode_up_bundle,
    encode_down_bundle,
    encode_gateway_bundle,
    encode_up_bundle,
)
from sync.wire.control_records import decode_down, decode_up_control, encode_down, encode_up_control
from sync.wire.followups import decode_addition, decode_withdrawal, encode_addition, encode_withdrawal
from sync.wire.frame_codec import decode_frame, encode_frame
from sync.wire.notices import SignedNotice, decode_notice, encode_notice
from sync.wire.numbers import BundleKind
from sync.wire.open_questions import decode_question, encode_question
from sync.wire.session_summary import decode_summary, encode_summary
from sync.wire.settings_records import decode_setting, encode_setting
from sync.wire.subscriptions import decode_subscription, encode_subscription

ROOT = Path(__file__).resolve().parents[3]


def load(name: str) -> dict[str, Any]:
    cases = json.loads((ROOT / "tests" / "vectors" / name).read_text(encoding="utf-8"))
    assert len({case["name"] for case in cases}) == len(cases)
    return {case["name"]: case for case in cases}


def _script() -> Any:
    loader = SourceFileLoader("make_protocol_vectors", str(ROOT / "scripts" / "make-protocol-vectors"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


SCRIPT = _script()
FRAMES, BUNDLES, SEALING = load("frames.json"), load("bundles.json"), load("sealing.json")
BUILT_FRAMES = dict(SCRIPT.frames())
BUILT_BUNDLES = dict(SCRIPT.bundles())


def test_every_case_has_its_vector_and_every_vector_its_case() -> None:
    assert BUILT_FRAMES.keys() == FRAMES.keys()
    assert BUILT_BUNDLES.keys() == BUNDLES.keys()
    assert {case["name"] for case in SCRIPT.sealing()} == SEALING.keys()
    assert len(FRAMES) == 52  # every type with every combination of its flags


@pytest.mark.parametrize("name", FRAMES)
def test_frames(name: str) -> None:
    wire = bytes.fromhex(FRAMES[name]["hex"])
    assert decode_frame(wire) == BUILT_FRAMES[name]
    assert encode_frame(BUILT_FRAMES[name]) == wire


@pytest.mark.parametrize("name", BUNDLES)
def test_bundles(name: str) -> None:
    wire = bytes.fromhex(BUNDLES[name]["hex"])
    assert BUILT_BUNDLES[name] == wire
    if name.startswith("up"):
        assert encode_up_bundle(decode_up_bundle(wire)) == wire
    elif name.startswith("down"):
        assert encode_down_bundle(decode_down_bundle(wire)) == wire
    else:
        kind = BundleKind[name.upper().replace(" ", "_")]
        assert encode_gateway_bundle(decode_gateway_bundle(wire, kind)) == wire


@pytest.mark.parametrize("case", list(SCRIPT.sealing()), ids=lambda case: case["name"])
def test_sealing_gives_the_same_bytes(case: dict[str, Any]) -> None:
    assert case == SEALING[case["name"]]


def test_the_hub_opens_what_was_sealed() -> None:
    v = SEALING["epoch"]
    hub, node = (KeyPair.from_private(bytes.fromhex(v[name])) for name in ("hub_private", "node_private"))
    psk, enc = bytes.fromhex(v["psk"]), bytes.fromhex(v["enc"])
    assert epoch_id(enc).hex() == v["epoch_id"]
    assert key_id(hub.public).hex() == v["hub_key_id"]
    assert spoken_fingerprint(node.public) == v["node_fingerprint"]
    assert binding_mac(psk, enc, node.public, v["node_number"]).hex() == v["binding"]
    epoch = OpeningEpoch.derive(enc, hub=hub, node_public=node.public, psk=psk, node_number=v["node_number"])
    for envelope in v["envelopes"]:
        opened = epoch.open(Lane(envelope["lane"]), envelope["counter"], bytes.fromhex(envelope["sealed"]))
        assert opened.plain.hex() == envelope["plain"]
        assert opened.receipt_code == envelope["receipt_code"]
    again = SealingEpoch.open(
        hub_public=hub.public,
        node_static=node,
        psk=psk,
        node_number=v["node_number"],
        ephemeral_private=bytes.fromhex(v["ephemeral_private"]),
    )
    assert again.enc == enc


def test_the_node_opens_what_came_down() -> None:
    v, keys = SEALING["downlink"], SEALING["epoch"]
    hub, node = (KeyPair.from_private(bytes.fromhex(keys[name])) for name in ("hub_private", "node_private"))
    psk = bytes.fromhex(keys["psk"])
    static = StaticKeys(own_private=node.private, other_public=hub.public, psk=psk)
    generation, counter = v["generation"], v["down_counter"]
    opened = static.open_down(generation, counter, bytes.fromhex(v["down_sealed"]))
    assert opened.hex() == v["down_plain"]
    assert receipt_salt(psk).hex() == v["receipt_salt"]
    reporter = ReceiptKeys(v["receipt_code"], receipt_salt(psk))
    assert reporter.find.hex() == v["find"]
    answer = reporter.open_answer(generation, counter, bytes.fromhex(v["answer_sealed"]))
    assert answer.hex() == v["answer_plain"]


def test_the_hub_gives_back_the_tags_that_were_left_off() -> None:
    v = SEALING["epoch"]
    hub, node = (KeyPair.from_private(bytes.fromhex(v[name])) for name in ("hub_private", "node_private"))
    psk, enc = bytes.fromhex(v["psk"]), bytes.fromhex(v["enc"])
    epoch = OpeningEpoch.derive(enc, hub=hub, node_public=node.public, psk=psk, node_number=v["node_number"])
    static = StaticKeys(own_private=hub.private, other_public=node.public, psk=psk)
    whole = []
    for envelope in v["envelopes"][:3]:
        bare = bytes.fromhex(envelope["sealed"])[:-8]
        whole.append((envelope["counter"], epoch.retag(Lane.REPORT, envelope["counter"], bare)))
    assert [sealed.hex() for _, sealed in whole] == [e["sealed"] for e in v["envelopes"][:3]]
    shared = SEALING["shared"]
    assert static.shared_mac(epoch.id, bytes.fromhex(shared["poll"]), whole).hex() == shared["mac"]


@pytest.mark.parametrize("name", [n for n in SEALING if n.startswith("record: ") and n != "record: age"])
def test_records(name: str) -> None:
    wire = bytes.fromhex(SEALING[name]["hex"])
    if name.startswith("record: attachment piece"):
        assert encode_piece(decode_piece(wire)) == wire
    elif name.startswith("record: session summary"):
        assert encode_summary(decode_summary(wire)) == wire
    elif name.startswith("record: addition"):
        addition = decode_addition(wire)
        assert decode_addition(encode_addition(addition)) == addition
    elif name.startswith("record: question"):
        question = decode_question(wire)
        assert decode_question(encode_question(question)) == question
    elif name.startswith("record: subscription"):
        assert encode_subscription(decode_subscription(wire)) == wire
    elif name.startswith("record: withdrawal"):
        assert encode_withdrawal(decode_withdrawal(wire)) == wire
    elif name.startswith(
        (
            "record: epoch closed",
            "record: void",
            "record: bulletin seen",
            "record: content held",
            "record: hub key held",
            "record: health beacon",
            "record: update held",
            "record: settings held",
        )
    ):
        assert encode_up_control(decode_up_control(wire)) == wire
    else:
        assert encode_down(decode_down(wire)) == wire


def test_the_long_beacon_opens_under_its_nodes_key() -> None:
    v = SEALING["long beacon"]
    wire, psk = bytes.fromhex(v["hex"]), bytes.fromhex(v["psk"])
    check_long(wire, psk)
    assert read_long(wire) == SCRIPT.LONG_BEACON
    assert seal_long(read_long(wire), psk) == wire


@pytest.mark.parametrize("name", ["signed setting", "signed setting: hub key"])
def test_a_signed_setting_opens_and_says_what_it_said(name: str) -> None:
    v = SEALING[name]
    public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(v["signing_private"])).public_key()
    body = open_signed(public.public_bytes_raw(), v["label"], bytes.fromhex(v["signed"]))
    assert body.hex() == v["body"]
    assert encode_setting(decode_setting(body)) == body


@pytest.mark.parametrize("name", [n for n in SEALING if n.startswith("setting: ")])
def test_settings(name: str) -> None:
    body = bytes.fromhex(SEALING[name]["body"])
    assert encode_setting(decode_setting(body)) == body


@pytest.mark.parametrize("name", [n for n in SEALING if n.startswith("notice: ")])
def test_notices(name: str) -> None:
    wire = bytes.fromhex(SEALING[name]["hex"])
    assert encode_notice(decode_notice(wire)) == wire


def test_a_signed_notice_opens_with_the_hub_s_signing_key() -> None:
    record = decode_down(bytes.fromhex(SEALING["record: bulletin"]["hex"]))
    assert isinstance(record, SignedNotice)
    key = Ed25519PrivateKey.from_private_bytes(SCRIPT.pattern(11, 32)).public_key().public_bytes_raw()
    assert decode_notice(open_signed(key, "bulletin", record.signed)) == SCRIPT.NOTICE
