from __future__ import annotations

import random

from sync.airtime import CHANNEL_PAYLOAD_LIMIT
from sync.wire.content_pieces import BLOCK_BYTES, MAX_UPDATE_BYTES, ContentPiece, block_count, pieces_of
from sync.wire.control_records import encode_down
from sync.wire.frame_codec import DownFrame, encode_frame

SMALLEST_PAYLOAD = 219
"""What a radio takes that encrypts by public key."""


def test_pieces_of_any_size_in_any_order_give_the_update_again() -> None:
    update = random.Random(7).randbytes(5000)
    pieces = [
        *pieces_of(b"base", b"name", update, first=0, blocks=13, in_each=1),
        *pieces_of(b"base", b"name", update, first=13, blocks=99, in_each=7),
    ]
    random.Random(8).shuffle(pieces)
    found = bytearray(len(update))
    for piece in pieces:
        start = piece.block * BLOCK_BYTES
        found[start : start + len(piece.data)] = piece.data
    assert found == update
    assert sum(block_count(len(piece.data)) for piece in pieces) == block_count(len(update))


def test_a_block_fits_into_the_smallest_packet() -> None:
    piece = ContentPiece(b"base", b"name", MAX_UPDATE_BYTES, 20_000, bytes(BLOCK_BYTES))
    frame = encode_frame(DownFrame(1_000_000, encode_down(piece) + bytes(8), 1_800_000_000))
    assert len(frame) <= SMALLEST_PAYLOAD <= CHANNEL_PAYLOAD_LIMIT
