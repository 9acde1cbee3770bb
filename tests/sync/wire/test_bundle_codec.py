"""Bundles: the body of an HTTPS exchange and a courier file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_strategies import damaged, down_bundles, gateway_bundles, up_bundles

from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane, epoch_id
from sync.wire import bundle_codec
from sync.wire.bundle_codec import (
    MAX_BUNDLE_BYTES,
    MAX_EPOCHS,
    MAX_SECTIONS,
    PAD_TO_BYTES,
    DownBundle,
    EpochSection,
    GatewayBundle,
    UpBundle,
    decode_down_bundle,
    decode_gateway_bundle,
    decode_up_bundle,
    encode_down_bundle,
    encode_gateway_bundle,
    encode_up_bundle,
)
from sync.wire.frame_codec import EpochBlock
from sync.wire.numbers import BundleKind, Section

ENC = bytes(range(32))
DECODERS: list[Callable[[bytes], object]] = [
    decode_up_bundle,
    decode_down_bundle,
    lambda data: decode_gateway_bundle(data, BundleKind.GATEWAY_UP),
    lambda data: decode_gateway_bundle(data, BundleKind.GATEWAY_DOWN),
]


def bundle_of(kind: int, body: bytes, version: int = 1) -> bytes:
    """A bundle whose hash is right, whatever its body."""
    content = b"KTGB" + bytes([version, kind]) + body
    return content + bytes([Section.END, 32]) + hashlib.sha256(content).digest()


def section(kind: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([kind, len(content)]) + content


@given(up_bundles)
def test_up_round_trip(bundle: UpBundle) -> None:
    data = encode_up_bundle(bundle)
    assert decode_up_bundle(data) == bundle
    assert len(data) % PAD_TO_BYTES == 0


@given(down_bundles)
def test_down_round_trip(bundle: DownBundle) -> None:
    data = encode_down_bundle(bundle)
    assert decode_down_bundle(data) == bundle
    assert len(data) % PAD_TO_BYTES == 0


@given(gateway_bundles)
def test_gateway_round_trip(bundle: GatewayBundle) -> None:
    data = encode_gateway_bundle(bundle)
    assert decode_gateway_bundle(data, bundle.kind) == bundle
    other = BundleKind.GATEWAY_UP if bundle.kind == BundleKind.GATEWAY_DOWN else BundleKind.GATEWAY_DOWN
    with pytest.raises(MalformedWire):
        decode_gateway_bundle(data, other)


bundles = st.one_of(
    up_bundles.map(encode_up_bundle),
    down_bundles.map(encode_down_bundle),
    gateway_bundles.map(encode_gateway_bundle),
)


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=200), damaged(bundles)), st.sampled_from(DECODERS))
def test_any_bytes_are_read_or_refused(data: bytes, decode: Callable[[bytes], object]) -> None:
    try:
        decode(data)
    except MalformedWire as refused:
        said = str(refused)
    else:
        said = "read"
    assert said


@settings(max_examples=200)
@given(bundles, st.data())
def test_a_flipped_bit_or_a_missing_end_is_noticed(data: bytes, draw: st.DataObject) -> None:
    broken = bytearray(data)
    broken[draw.draw(st.integers(0, len(data) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    cut = data[: draw.draw(st.integers(0, len(data) - 1))]
    for decode in DECODERS:
        for wrong in (bytes(broken), cut):
            with pytest.raises(MalformedWire):
                decode(wrong)


@settings(max_examples=300)
@given(
    st.integers(1, 4),
    st.lists(st.builds(section, st.sampled_from([*Section, 0, 99]), st.binary(max_size=60)), max_size=6).map(
        b"".join
    ),
)
def test_any_sections_under_a_right_hash_are_read_or_refused(kind: int, body: bytes) -> None:
    for decode in DECODERS:
        try:
            decode(bundle_of(kind, body))
        except MalformedWire:
            continue


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a Kentongan bundle"),
        (b"%PDF-1.7" + bytes(100), "not a Kentongan bundle"),
        (b"KTGB", "damaged or cut short"),
        (bundle_of(1, b"")[:-1], "damaged or cut short"),
        (bundle_of(1, b"", version=2), "update this box"),
        (bundle_of(2, b""), "not meant for this side"),
        (bundle_of(99, b""), "not meant for this side"),
        (bundle_of(1, b"\x00\x00\x01"), "padding"),
        (bundle_of(1, section(Section.ENVELOPE, b"\x00\x00x")), "before its epoch"),
        (bundle_of(1, section(Section.EPOCH, b"\x02" + ENC + b"x")), "left over"),
        (bundle_of(1, section(Section.EPOCH, b"\x02" + ENC) + section(99, b"")), "does not belong here"),
        (bundle_of(1, section(Section.EPOCH, b"\x02" + ENC) + section(2, b"\x07\x00x")), "a lane"),
        (bytes(MAX_BUNDLE_BYTES + 1), "at most"),
    ],
    ids=range(13),
)
def test_the_error_says_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(MalformedWire, match=why):
        decode_up_bundle(data)


def test_a_claim_stands_once() -> None:
    claim = section(Section.CLAIM, bytes(15))
    epoch = section(Section.EPOCH, b"\x02" + ENC)
    assert decode_up_bundle(bundle_of(1, epoch + claim))
    with pytest.raises(MalformedWire):
        decode_up_bundle(bundle_of(1, epoch + claim + claim))


def test_a_body_of_empty_sections_is_refused_early() -> None:
    with pytest.raises(MalformedWire, match="too many sections"):
        decode_down_bundle(bundle_of(2, b"\x12\x00" * (MAX_SECTIONS + 1)))


def test_a_body_of_endless_epochs_is_refused_before_any_key_agreement() -> None:
    epoch = section(Section.EPOCH, b"\x02" + ENC)
    assert len(decode_up_bundle(bundle_of(1, epoch * MAX_EPOCHS)).epochs) == MAX_EPOCHS
    with pytest.raises(MalformedWire, match="epochs"):
        decode_up_bundle(bundle_of(1, epoch * (MAX_EPOCHS + 1)))


def test_the_size_does_not_count_the_reports() -> None:
    name = epoch_id(ENC)
    sizes = {
        len(
            encode_up_bundle(
                UpBundle(
                    (
                        EpochSection(
                            EpochBlock(1, ENC),
                            name,
                            None,
                            tuple((EnvelopeId(name, Lane.REPORT, n), bytes(90)) for n in range(count)),
                        ),
                    )
                )
            )
        )
        for count in range(9)
    }
    assert sizes == {PAD_TO_BYTES}


def test_a_gateway_bundle_is_signed_as_a_whole() -> None:
    bundle = GatewayBundle(BundleKind.GATEWAY_UP, 5, bytes(8), ((7, b"frame"),))
    changed = [
        GatewayBundle(BundleKind.GATEWAY_UP, 6, bytes(8), ((7, b"frame"),)),
        GatewayBundle(BundleKind.GATEWAY_UP, 5, b"x" * 8, ((7, b"frame"),)),
        GatewayBundle(BundleKind.GATEWAY_UP, 5, bytes(8), ((8, b"frame"),)),
        GatewayBundle(BundleKind.GATEWAY_UP, 5, bytes(8), ((7, b"framf"),)),
        GatewayBundle(BundleKind.GATEWAY_UP, 5, bytes(8), ()),
    ]
    assert len({b.signed_bytes() for b in [bundle, *changed]}) == 6


def test_damage_is_found_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: object) -> None:
        raise AssertionError

    data = bytearray(encode_up_bundle(UpBundle(())))
    data[8] ^= 1
    monkeypatch.setattr(bundle_codec, "ByteReader", never)
    with pytest.raises(MalformedWire):
        decode_up_bundle(bytes(data))


def test_a_lane_is_asked_of_once_each() -> None:
    lane = section(Section.LANE, b"\x01")
    epoch = section(Section.EPOCH, b"\x02" + ENC)
    assert decode_up_bundle(bundle_of(1, epoch + lane)).epochs[0].asked_lanes == (Lane.BULK,)
    for wrong in (lane * 3, section(Section.LANE, b"\x07"), section(Section.LANE, b"\x01\x00")):
        with pytest.raises(MalformedWire):
            decode_up_bundle(bundle_of(1, epoch + wrong))
