"""Attachments: pictures and sounds that belong to a report, in pieces that travel in the bulk lane.

A piece: u8 0x03 | varint counter of the report | u8 number of the attachment | u8 media type | varint index |
varint index of the last piece | data to the end. The report is of the same epoch as the piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.errors import AttachmentRefused, MalformedWire
from sync.wire.numbers import MediaType, UpRecord
from sync.wire.primitives import ByteReader, ByteWriter

PIECE_BYTES = 32 * 1024
MAX_PIECES = 255
MAX_ATTACHMENTS = 8
"""Of one report."""
MAX_ATTACHED_BYTES = 4 * 1024 * 1024
"""All attachments of one report together: some pictures from a phone, or half an hour of speech."""
_MOST_COUNTER = 2**32 - 1
MEDIA_TYPES = {
    MediaType.JPEG: "image/jpeg",
    MediaType.WEBP: "image/webp",
    MediaType.PNG: "image/png",
    MediaType.OGG_OPUS: "audio/ogg",
    MediaType.WEBM_OPUS: "audio/webm",
    MediaType.AMR: "audio/amr",
    MediaType.M4A: "audio/mp4",
    MediaType.MP3: "audio/mpeg",
}
"""The names that browsers and phones use, by number."""
_NUMBERS = {name: number for number, name in MEDIA_TYPES.items()}


@dataclass(frozen=True, repr=False)
class Attachment:
    """A picture or a sound, plain, in memory only. No repr: it holds what somebody told."""

    media_type: MediaType
    content: bytes


@dataclass(frozen=True, repr=False)
class AttachmentPiece:
    """Piece `index` of `last` + 1 of attachment `number` of the report with this counter in its epoch."""

    report_counter: int
    number: int
    media_type: MediaType
    index: int
    last: int
    data: bytes


def media_type_of(name: str) -> MediaType:
    """Return the number of a media type such as "image/jpeg"; raise AttachmentRefused."""
    number = _NUMBERS.get(name)
    if number is None:
        raise AttachmentRefused(f"the type of an attachment is one of {', '.join(_NUMBERS)}")
    return number


def check_attachments(attachments: Sequence[Attachment]) -> int:
    """Return the bytes of all attachments of one report; raise AttachmentRefused beyond the limits."""
    if len(attachments) > MAX_ATTACHMENTS:
        raise AttachmentRefused(f"a report has at most {MAX_ATTACHMENTS} attachments")
    if not all(attachment.content for attachment in attachments):
        raise AttachmentRefused("an attachment has at least one byte")
    total = sum(len(attachment.content) for attachment in attachments)
    if total > MAX_ATTACHED_BYTES:
        raise AttachmentRefused(
            f"the attachments of a report have at most {MAX_ATTACHED_BYTES // 2**20} MiB together"
        )
    return total


def cut_attachments(report_counter: int, attachments: Sequence[Attachment]) -> Iterator[AttachmentPiece]:
    """Yield the pieces of a report's attachments, in order; raise AttachmentRefused beyond the limits."""
    check_attachments(attachments)
    for number, attachment in enumerate(attachments):
        last = (len(attachment.content) - 1) // PIECE_BYTES
        for index in range(last + 1):
            data = attachment.content[index * PIECE_BYTES : (index + 1) * PIECE_BYTES]
            yield AttachmentPiece(report_counter, number, attachment.media_type, index, last, data)


def encode_piece(piece: AttachmentPiece) -> bytes:
    """Return the record of a piece; raise ValueError for one that no reader would take."""
    if not _is_sound(piece):
        raise ValueError("a piece beyond the limits")
    writer = ByteWriter()
    writer.uint(UpRecord.ATTACHMENT_PIECE, 1)
    writer.varint(piece.report_counter)
    writer.uint(piece.number, 1)
    writer.uint(piece.media_type, 1)
    writer.varint(piece.index)
    writer.varint(piece.last)
    writer.raw(piece.data)
    return writer.getvalue()


def decode_piece(record: bytes) -> AttachmentPiece:
    """Read a piece; raise MalformedWire, also for media types of a later version."""
    reader = ByteReader(record)
    if reader.uint(1) != UpRecord.ATTACHMENT_PIECE:
        raise MalformedWire("not a piece of an attachment")
    counter, number, media_type = reader.varint(), reader.uint(1), reader.uint(1)
    if media_type not in MediaType.__members__.values():
        raise MalformedWire("a media type that is not known here")
    index, last = reader.varint(), reader.varint()
    piece = AttachmentPiece(counter, number, MediaType(media_type), index, last, reader.rest())
    if not _is_sound(piece):
        raise MalformedWire("a piece beyond the limits")
    return piece


def _is_sound(piece: AttachmentPiece) -> bool:
    return (
        0 <= piece.report_counter <= _MOST_COUNTER
        and 0 <= piece.index <= piece.last < MAX_PIECES
        and 1 <= len(piece.data) <= PIECE_BYTES
    )
