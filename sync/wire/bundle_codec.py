"""Bundles: many sealed things in one body, the same for an HTTPS exchange and a courier file.

``KTGB`` | version u8 | kind u8 | sections ... | END section with SHA-256 of all before it. A section is
type u8, length varint, content. The hash finds damage, so that a damaged file is refused whole and
changes nothing; what is inside is sealed or authenticated piece by piece, so a bundle may pass through
anybody's hands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.identifiers import EPOCH_ID_BYTES, EnvelopeId, Lane, epoch_id
from sync.wire.content_pieces import ContentPiece, decode_content, encode_content
from sync.wire.control_records import read_lane
from sync.wire.frame_blocks import (
    EpochBlock,
    PollBlock,
    read_epoch_block,
    read_poll_block,
    write_epoch_block,
    write_poll_block,
)
from sync.wire.lane_receipts import LaneReceipt, decode_lane_receipt, encode_lane_receipt
from sync.wire.numbers import BundleKind, Section
from sync.wire.primitives import ByteReader, ByteWriter

MAGIC = b"KTGB"
VERSION = 1
MAX_BUNDLE_BYTES = 16 * 1024 * 1024
"""A year of a busy village is below this; a larger body is refused unread."""
MAX_SECTIONS = 100_000
"""Far above a bundle of 5,000 envelopes; a body of empty sections must not fill the memory."""
MAX_EPOCHS = 256
"""A node keeps at most that many, each with a first byte of its own; each costs the hub a key agreement."""
PAD_TO_BYTES = 1024
"""Bundles are filled up to a multiple of this, so that a file's size does not count its reports."""


@dataclass(frozen=True)
class EpochSection:
    """One epoch of the sending node: its block, its claim, its envelopes, and the lanes of which the
    node asks what is held. The report lane is always told."""

    block: EpochBlock
    epoch_id: bytes
    claim: PollBlock | None
    envelopes: tuple[tuple[EnvelopeId, bytes], ...]
    asked_lanes: tuple[Lane, ...] = ()


@dataclass(frozen=True)
class UpBundle:
    """From one node to the hub."""

    epochs: tuple[EpochSection, ...]


@dataclass(frozen=True)
class NodeSection:
    """From the hub to one node: receipts (epoch id, frame bytes) and hub envelopes (frame bytes).

    Pieces of material stand behind them. They are for every node whose files they build on: a file for many
    villages has them once."""

    node_number: int
    receipts: tuple[tuple[bytes, bytes], ...]
    downs: tuple[bytes, ...]
    lane_receipts: tuple[LaneReceipt, ...] = ()
    content: tuple[ContentPiece, ...] = ()


@dataclass(frozen=True)
class DownBundle:
    """From the hub to one or more nodes."""

    nodes: tuple[NodeSection, ...]


@dataclass(frozen=True)
class GatewayBundle:
    """Frames that a gateway heard (with the radio number they came from), or should send (to it).

    `gateway_number`, `nonce` and `mac` let the hub tell an enrolled gateway from a stranger.
    """

    kind: BundleKind
    gateway_number: int
    nonce: bytes
    frames: tuple[tuple[int, bytes], ...]
    mac: bytes = b""

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers."""
        return _gateway_body(self)


Bundle = UpBundle | DownBundle | GatewayBundle


def _section(writer: ByteWriter, kind: Section, content: bytes) -> None:
    writer.uint(kind, 1)
    writer.sized(content)


def _finish(kind: BundleKind, body: bytes) -> bytes:
    head = MAGIC + bytes([VERSION, kind])
    end_bytes = 1 + 1 + 32
    unpadded = len(head) + len(body) + end_bytes
    padding = -unpadded % PAD_TO_BYTES
    content = head + body + bytes(padding)
    return content + bytes([Section.END, 32]) + hashlib.sha256(content).digest()


def _start(data: bytes, kinds: Iterable[BundleKind]) -> tuple[BundleKind, list[tuple[int, bytes]]]:
    if len(data) > MAX_BUNDLE_BYTES:
        raise MalformedWire(f"a bundle has at most {MAX_BUNDLE_BYTES} bytes")
    if not data.startswith(MAGIC):
        raise MalformedWire("this is not a Kentongan bundle: take the file that courier-export wrote")
    end = bytes([Section.END, 32]) + hashlib.sha256(data[:-34]).digest()
    if len(data) < 40 or data[-34:] != end:
        raise MalformedWire("the bundle is damaged or cut short: copy it again")
    if data[4] != VERSION:
        raise MalformedWire("the bundle is of another version: update this box")
    if data[5] not in {int(kind) for kind in kinds}:
        raise MalformedWire(
            "the bundle is not meant for this side: what a box wrote goes to the hub, "
            "what the hub wrote to a box"
        )
    reader = ByteReader(data[6:-34])
    sections = []
    while reader.remaining:
        kind = reader.uint(1)
        if kind == 0:  # padding, to the end
            if any(reader.rest()):
                raise MalformedWire("padding that is not empty")
            break
        sections.append((kind, reader.sized(MAX_BUNDLE_BYTES)))
        if len(sections) > MAX_SECTIONS:
            raise MalformedWire("a bundle of too many sections")
    return BundleKind(data[5]), sections


def encode_up_bundle(bundle: UpBundle) -> bytes:
    """Return the bytes of a bundle from a node."""
    writer = ByteWriter()
    for epoch in bundle.epochs:
        block = ByteWriter()
        write_epoch_block(block, epoch.block)
        _section(writer, Section.EPOCH, block.getvalue())
        if epoch.claim is not None:
            claim = ByteWriter()
            write_poll_block(claim, epoch.claim)
            _section(writer, Section.CLAIM, claim.getvalue())
        for lane in epoch.asked_lanes:
            _section(writer, Section.LANE, bytes([lane]))
        for place, sealed in epoch.envelopes:
            content = ByteWriter()
            content.uint(place.lane, 1)
            content.varint(place.counter)
            content.raw(sealed)
            _section(writer, Section.ENVELOPE, content.getvalue())
    return _finish(BundleKind.UP, writer.getvalue())


def decode_up_bundle(data: bytes) -> UpBundle:
    """Read a bundle from a node; raise MalformedWire."""
    _, sections = _start(data, [BundleKind.UP])
    epochs: list[_OpenEpoch] = []
    for kind, content in sections:
        reader = ByteReader(content)
        if kind == Section.EPOCH:
            block = read_epoch_block(reader)
            reader.end()
            epochs.append(_OpenEpoch(block))
            if len(epochs) > MAX_EPOCHS:
                raise MalformedWire("a bundle of more epochs than a node keeps")
        elif not epochs:
            raise MalformedWire("a section before its epoch")
        else:
            epochs[-1].add(kind, reader)
    return UpBundle(tuple(epoch.section() for epoch in epochs))


class _OpenEpoch:
    """An epoch section while its parts are being read."""

    def __init__(self, block: EpochBlock) -> None:
        self._block = block
        self._id = epoch_id(block.enc)
        self._claim: PollBlock | None = None
        self._envelopes: list[tuple[EnvelopeId, bytes]] = []
        self._asked_lanes: list[Lane] = []

    def add(self, kind: int, reader: ByteReader) -> None:
        if kind == Section.CLAIM and self._claim is None:
            self._claim = read_poll_block(reader)
            reader.end()
        elif kind == Section.ENVELOPE:
            place = EnvelopeId(self._id, read_lane(reader), reader.varint())
            self._envelopes.append((place, reader.rest()))
        elif kind == Section.LANE and len(self._asked_lanes) < len(Lane):
            self._asked_lanes.append(read_lane(reader))
            reader.end()
        else:
            raise MalformedWire("a section that does not belong here")

    def section(self) -> EpochSection:
        return EpochSection(
            self._block, self._id, self._claim, tuple(self._envelopes), tuple(self._asked_lanes)
        )


def encode_down_bundle(bundle: DownBundle) -> bytes:
    """Return the bytes of a bundle from the hub."""
    writer = ByteWriter()
    for node in bundle.nodes:
        number = ByteWriter()
        number.varint(node.node_number)
        _section(writer, Section.FOR_NODE, number.getvalue())
        for epoch, frame in node.receipts:
            _section(writer, Section.RECEIPT, epoch + frame)
        for receipt in node.lane_receipts:
            _section(writer, Section.LANE_RECEIPT, encode_lane_receipt(receipt))
        for frame in node.downs:
            _section(writer, Section.DOWN, frame)
        for piece in node.content:
            _section(writer, Section.CONTENT, encode_content(piece))
    return _finish(BundleKind.DOWN, writer.getvalue())


def decode_down_bundle(data: bytes) -> DownBundle:
    """Read a bundle from the hub; raise MalformedWire."""
    _, sections = _start(data, [BundleKind.DOWN])
    nodes: list[NodeSection] = []
    receipts: list[tuple[bytes, bytes]] = []
    lane_receipts: list[LaneReceipt] = []
    downs: list[bytes] = []
    pieces: list[ContentPiece] = []
    number: int | None = None

    def close() -> None:
        if number is not None:
            parts = tuple(receipts), tuple(downs), tuple(lane_receipts), tuple(pieces)
            nodes.append(NodeSection(number, *parts))

    for kind, content in sections:
        reader = ByteReader(content)
        if kind == Section.FOR_NODE:
            close()
            number, receipts, lane_receipts, downs, pieces = reader.varint(), [], [], [], []
            reader.end()
        elif number is None:
            raise MalformedWire("a section before its node")
        elif kind == Section.RECEIPT:
            receipts.append((reader.raw(EPOCH_ID_BYTES), reader.rest()))
        elif kind == Section.LANE_RECEIPT:
            lane_receipts.append(decode_lane_receipt(content))
        elif kind == Section.DOWN:
            downs.append(content)
        elif kind == Section.CONTENT:
            pieces.append(decode_content(content))
        else:
            raise MalformedWire("a section that does not belong here")
    close()
    return DownBundle(tuple(nodes))


def _gateway_body(bundle: GatewayBundle) -> bytes:
    writer = ByteWriter()
    head = ByteWriter()
    head.varint(bundle.gateway_number)
    head.raw(bundle.nonce)
    _section(writer, Section.GATEWAY, head.getvalue())
    for address, frame in bundle.frames:
        content = ByteWriter()
        content.uint(address, 4)
        content.raw(frame)
        _section(writer, Section.AIR_FRAME, content.getvalue())
    return writer.getvalue()


GATEWAY_NONCE_BYTES = 8


def encode_gateway_bundle(bundle: GatewayBundle) -> bytes:
    """Return the bytes of a bundle between gateway and hub."""
    writer = ByteWriter()
    writer.raw(_gateway_body(bundle))
    _section(writer, Section.CLAIM, bundle.mac)
    return _finish(bundle.kind, writer.getvalue())


def decode_gateway_bundle(data: bytes, kind: BundleKind) -> GatewayBundle:
    """Read a bundle between gateway and hub; raise MalformedWire."""
    _, sections = _start(data, [kind])
    if len(sections) < 2 or sections[0][0] != Section.GATEWAY or sections[-1][0] != Section.CLAIM:
        raise MalformedWire("a gateway bundle names its gateway first and is signed last")
    head = ByteReader(sections[0][1])
    number, nonce = head.varint(), head.raw(GATEWAY_NONCE_BYTES)
    head.end()
    frames = []
    for section, content in sections[1:-1]:
        if section != Section.AIR_FRAME:
            raise MalformedWire("a section that does not belong here")
        reader = ByteReader(content)
        frames.append((reader.uint(4), reader.rest()))
    return GatewayBundle(kind, number, nonce, tuple(frames), sections[-1][1])
