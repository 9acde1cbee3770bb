"""Pieces of an update of the material, and what a box says of the material that it shows.

An update (see `content.updates`) is bytes to this module. A piece says where its bytes begin, so pieces of
any size, from any carrier and in any order, fill the same update; one block fits into the smallest packet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.wire.numbers import ContentTrouble
from sync.wire.primitives import ByteReader, ByteWriter

BLOCK_BYTES = 180
"""One block, its head, seal and frame take 211 bytes: a packet, also where a radio takes only 219."""
MAX_UPDATE_BYTES = 4 * 1024 * 1024
"""A hundred times what the shipped material takes."""
TAG_OF_UPDATE_BYTES = 4


@dataclass(frozen=True, repr=False)
class ContentPiece:
    """Whole blocks of an update from `block` on; the last of an update may be short.

    `base` names the files that the update builds on, `update` the update (4 bytes of its SHA-256).
    """

    base: bytes
    update: bytes
    size: int
    block: int
    data: bytes


@dataclass(frozen=True)
class ContentHeld:
    """The version that a box shows (0: what was shipped) and the name of its files; what went wrong with
    version `of_version`."""

    version: int
    files: bytes
    trouble: ContentTrouble
    of_version: int


def encode_content(piece: ContentPiece) -> bytes:
    """Return the bytes of a piece."""
    writer = ByteWriter()
    writer.raw(piece.base)
    writer.raw(piece.update)
    writer.varint(piece.size)
    writer.varint(piece.block)
    writer.raw(piece.data)
    return writer.getvalue()


def decode_content(data: bytes) -> ContentPiece:
    """Read a piece; raise MalformedWire."""
    reader = ByteReader(data)
    base, update = reader.raw(TAG_OF_UPDATE_BYTES), reader.raw(TAG_OF_UPDATE_BYTES)
    size, block, content = reader.varint(), reader.varint(), reader.rest()
    if not 0 < size <= MAX_UPDATE_BYTES:
        raise MalformedWire("an update of a size that no box takes")
    end = block * BLOCK_BYTES + len(content)
    if not content or end > size or (end < size and len(content) % BLOCK_BYTES):
        raise MalformedWire("a piece that does not fit its update")
    return ContentPiece(base, update, size, block, content)


def pieces_of(
    base: bytes, tag: bytes, update: bytes, *, first: int, blocks: int, in_each: int
) -> Iterator[ContentPiece]:
    """Give `blocks` blocks of an update from block `first` on, `in_each` in a piece."""
    for block in range(first, first + blocks, in_each):
        taken = min(in_each, first + blocks - block)
        data = update[block * BLOCK_BYTES : (block + taken) * BLOCK_BYTES]
        if data:
            yield ContentPiece(base, tag, len(update), block, data)


def block_count(size: int) -> int:
    """Return how many blocks an update of so many bytes has."""
    return -(-size // BLOCK_BYTES)


def encode_held(record: ContentHeld) -> bytes:
    """Return the bytes of what a box shows."""
    writer = ByteWriter()
    writer.uint(record.version, 4)
    writer.raw(record.files)
    writer.uint(record.trouble, 1)
    if record.trouble:
        writer.uint(record.of_version, 4)
    return writer.getvalue()


def decode_held(data: bytes) -> ContentHeld:
    """Read what a box shows; raise MalformedWire."""
    reader = ByteReader(data)
    version, files, trouble = reader.uint(4), reader.raw(TAG_OF_UPDATE_BYTES), reader.uint(1)
    if trouble not in ContentTrouble.__members__.values():
        raise MalformedWire("a trouble that is not known here")
    of_version = reader.uint(4) if trouble else 0
    reader.end()
    return ContentHeld(version, files, ContentTrouble(trouble), of_version)
