"""Attachments: cut, written, read, within bounds both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, pieces

from sync.errors import AttachmentRefused, MalformedWire
from sync.wire import attachments as module
from sync.wire.attachments import (
    MAX_ATTACHED_BYTES,
    MAX_ATTACHMENTS,
    MAX_PIECES,
    MEDIA_TYPES,
    PIECE_BYTES,
    Attachment,
    AttachmentPiece,
    check_attachments,
    cut_attachments,
    decode_piece,
    encode_piece,
    media_type_of,
)
from sync.wire.numbers import MediaType

PIECE = AttachmentPiece(7, 1, MediaType.JPEG, 2, 3, b"data")
BEYOND = [
    replace(PIECE, report_counter=2**32),
    replace(PIECE, index=4),
    replace(PIECE, last=MAX_PIECES),
    replace(PIECE, data=b""),
    replace(PIECE, data=bytes(PIECE_BYTES + 1)),
]


@given(pieces())
def test_round_trip(piece: AttachmentPiece) -> None:
    assert decode_piece(encode_piece(piece)) == piece


@given(st.one_of(st.binary(max_size=60), damaged(pieces().map(encode_piece))))
def test_any_bytes_are_read_in_their_one_form_or_refused(data: bytes) -> None:
    try:
        piece = decode_piece(data)
    except MalformedWire:
        return
    assert encode_piece(piece) == data


@pytest.mark.parametrize("piece", BEYOND, ids=range(len(BEYOND)))
def test_what_is_beyond_the_limits_is_neither_written_nor_read(
    piece: AttachmentPiece, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="beyond the limits"):
        encode_piece(piece)
    with monkeypatch.context() as careless:
        careless.setattr(module, "_is_sound", lambda piece: True)
        written = encode_piece(piece)
    with pytest.raises(MalformedWire, match="beyond the limits"):
        decode_piece(written)


def test_other_records_and_media_types_of_later_versions_are_refused() -> None:
    written = bytearray(encode_piece(PIECE))
    with pytest.raises(MalformedWire, match="media type"):
        decode_piece(bytes(written[:3]) + b"\xc8" + bytes(written[4:]))
    with pytest.raises(MalformedWire, match="not a piece"):
        decode_piece(b"\x02" + bytes(written[1:]))


@pytest.mark.parametrize("size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_cut_pieces_join_to_what_was_cut(size: int) -> None:
    content = bytes(place % 251 for place in range(size))
    cut = list(cut_attachments(9, [Attachment(MediaType.MP3, b"x"), Attachment(MediaType.AMR, content)]))
    assert cut[0] == AttachmentPiece(9, 0, MediaType.MP3, 0, 0, b"x")
    second = cut[1:]
    assert b"".join(piece.data for piece in second) == content
    assert [piece.index for piece in second] == list(range(len(second)))
    assert {(p.report_counter, p.number, p.media_type, p.last) for p in second} == {
        (9, 1, MediaType.AMR, len(second) - 1)
    }


def test_the_largest_fits_the_pieces() -> None:
    assert check_attachments([Attachment(MediaType.JPEG, bytes(MAX_ATTACHED_BYTES))]) == MAX_ATTACHED_BYTES
    assert MAX_ATTACHED_BYTES <= MAX_PIECES * PIECE_BYTES


@pytest.mark.parametrize(
    ("sizes", "allowed"),
    [
        ([1] * (MAX_ATTACHMENTS + 1), "at most 8 attachments"),
        ([5, 0], "at least one byte"),
        ([MAX_ATTACHED_BYTES, 1], "at most 4 MiB together"),
    ],
)
def test_too_many_too_large_or_empty_ones_are_refused(sizes: list[int], allowed: str) -> None:
    given_ones = [Attachment(MediaType.JPEG, bytes(size)) for size in sizes]
    with pytest.raises(AttachmentRefused, match=allowed):
        check_attachments(given_ones)
    with pytest.raises(AttachmentRefused, match=allowed):
        list(cut_attachments(0, given_ones))


def test_media_types_have_one_name_each_and_others_are_not_repeated() -> None:
    assert MEDIA_TYPES.keys() == set(MediaType)
    assert all(media_type_of(name) == number for number, name in MEDIA_TYPES.items())
    with pytest.raises(AttachmentRefused, match="image/jpeg") as refused:
        media_type_of("text/Wayan")
    assert "Wayan" not in str(refused.value)


def test_content_shows_in_no_repr() -> None:
    assert "rahasia" not in repr(Attachment(MediaType.JPEG, b"rahasia")) + repr(
        replace(PIECE, data=b"rahasia")
    )
