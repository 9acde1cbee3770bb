from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from sync.wire.content_pieces import BLOCK_BYTES, ContentPiece, block_count, pieces_of
from village_node.content_pieces import MAX_UPDATES, PieceFolder, update_name

UPDATE = random.Random(3).randbytes(20 * BLOCK_BYTES + 11)


def pieces(update: bytes = UPDATE, in_each: int = 1) -> list[ContentPiece]:
    name = update_name(update)
    return list(pieces_of(b"base", name, update, first=0, blocks=block_count(len(update)), in_each=in_each))


def whole(folder: PieceFolder) -> list[tuple[bytes, bytes | None]]:
    return list(folder.whole())


def test_blocks_in_any_order_and_twice_over_restarts_make_the_update(tmp_path: Path) -> None:
    mixed = [*pieces(), *pieces(in_each=4), *pieces()]
    random.Random(4).shuffle(mixed)
    for piece in mixed:
        PieceFolder(tmp_path / "new").add(piece)  # a new one each time, as after a start
    assert whole(PieceFolder(tmp_path / "new")) == [(update_name(UPDATE), UPDATE)]


def test_it_tells_what_was_new(tmp_path: Path) -> None:
    folder = PieceFolder(tmp_path)
    first = pieces(in_each=4)[0]
    assert folder.add(first)
    assert not folder.add(first)
    assert not folder.add(pieces()[2])
    assert folder.add(pieces()[4])
    assert folder.share_here() == 5 / 21


def test_forged_blocks_spoil_their_set_and_it_is_told(tmp_path: Path) -> None:
    folder = PieceFolder(tmp_path)
    for piece in pieces():
        data = bytes(len(piece.data)) if piece.block == 3 else piece.data
        folder.add(ContentPiece(piece.base, piece.update, piece.size, piece.block, data))
    assert whole(folder) == [(update_name(UPDATE), None)]
    folder.drop(update_name(UPDATE))
    assert whole(folder) == []
    for piece in pieces():
        folder.add(piece)
    assert whole(folder) == [(update_name(UPDATE), UPDATE)]


def test_few_updates_are_under_way_at_once(tmp_path: Path) -> None:
    folder = PieceFolder(tmp_path)
    for number in range(5):
        folder.add(pieces(bytes([number]) * 500)[0])
        for file in tmp_path.glob("*.part"):
            os.utime(file, (number, number)) if file.stat().st_mtime > 100 else None
    names = {update_name(bytes([number]) * 500).hex() for number in (3, 4)}
    assert {file.stem for file in tmp_path.glob("*.part")} == names
    assert len(names) == MAX_UPDATES


def test_a_piece_of_another_size_under_the_same_name_is_passed_over(tmp_path: Path) -> None:
    folder = PieceFolder(tmp_path)
    folder.add(pieces()[0])
    assert not folder.add(ContentPiece(b"base", update_name(UPDATE), 4_000_000, 1, bytes(BLOCK_BYTES)))
    assert sum(file.stat().st_size for file in tmp_path.glob("*.part")) < 5_000


@pytest.mark.parametrize("notes", ["", "{", '{"size": 1}', '{"size": 1, "blocks": "zz"}'])
def test_notes_that_cannot_be_read_start_the_update_anew(tmp_path: Path, notes: str) -> None:
    folder = PieceFolder(tmp_path)
    folder.add(pieces()[0])
    (tmp_path / f"{update_name(UPDATE).hex()}.json").write_text(notes)
    assert whole(folder) == []
    for piece in pieces():
        folder.add(piece)
    assert whole(folder) == [(update_name(UPDATE), UPDATE)]
