"""Blocks that frames and bundles share: an epoch's key, and a node's question."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.errors import MalformedWire
from sync.wire.primitives import ByteReader, ByteWriter

MAC_BYTES = 8
TAG_BYTES = 8
"""Of an envelope: AES-CCM-16-64-128."""


@dataclass(frozen=True)
class EpochBlock:
    """What the hub needs to derive an epoch. `node_public` and `binding` stand until the hub knows the
    node's key."""

    node_number: int
    enc: bytes
    node_public: bytes | None = None
    binding: bytes | None = None


@dataclass(frozen=True)
class PollBlock:
    """The node asks for a receipt and says how it stands; authenticated by `mac` under the static keys.

    `poll` is the number that the receipt must echo; 0 asks for no receipt. `generation_tag` is the low 16
    bits of the hub generation that the node knows (0 = none). `age_s` is the age of the epoch when this
    was written. `down_base` and `down_bitmap` say which hub envelopes of that generation are here.
    """

    poll: int
    generation_tag: int
    age_s: int
    down_base: int
    down_bitmap: int
    mac: bytes = b""

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers."""
        writer = ByteWriter()
        writer.uint(self.poll, 2)
        writer.uint(self.generation_tag, 2)
        writer.varint(self.age_s)
        writer.varint(self.down_base)
        writer.uint(self.down_bitmap, 1)
        return writer.getvalue()


def write_epoch_block(writer: ByteWriter, block: EpochBlock) -> None:
    """Write an epoch block: node number and a bit for the static key, enc, and the key with its MAC."""
    has_key = block.node_public is not None
    writer.varint(block.node_number << 1 | has_key)
    writer.raw(block.enc)
    if block.node_public is not None and block.binding is not None:
        writer.raw(block.node_public)
        writer.raw(block.binding)


def epoch_block_bytes(block: EpochBlock) -> int:
    """Return what an epoch block takes in a frame."""
    writer = ByteWriter()
    write_epoch_block(writer, block)
    return len(writer.getvalue())


def read_epoch_block(reader: ByteReader) -> EpochBlock:
    """Read an epoch block; raise MalformedWire."""
    first = reader.varint()
    if first >> 1 > 0xFFFFFFFF:
        raise MalformedWire("a node number has at most 32 bits")
    enc = reader.raw(32)
    if first & 1:
        return EpochBlock(first >> 1, enc, reader.raw(32), reader.raw(16))
    return EpochBlock(first >> 1, enc)


def write_poll_block(writer: ByteWriter, block: PollBlock) -> None:
    """Write a poll block and its MAC."""
    writer.raw(block.signed_bytes())
    writer.raw(block.mac)


def poll_block_bytes(age_s: int, down_base: int) -> int:
    """Return what a poll block with these values takes in a frame whose code covers it, too."""
    return len(PollBlock(0, 0, age_s, down_base, 0).signed_bytes())


def read_poll_block(reader: ByteReader) -> PollBlock:
    """Read a poll block; raise MalformedWire."""
    return replace(read_poll_fields(reader), mac=reader.raw(MAC_BYTES))


def read_poll_fields(reader: ByteReader) -> PollBlock:
    """Read a poll block that another code authenticates; raise MalformedWire."""
    return PollBlock(reader.uint(2), reader.uint(2), reader.varint(), reader.varint(), reader.uint(1))
