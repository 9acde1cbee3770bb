"""A file of which the card does not give some blocks any more."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from unreadable_disk import give_no_block

from sync.storage.unread_blocks import BLOCK_BYTES, CHUNK_BYTES, NONE, copy_past, gives_all, read_past

SIZE = CHUNK_BYTES + 5 * BLOCK_BYTES + 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "file"
    made.write_bytes(os.urandom(SIZE).replace(b"\xff", b"\0"))
    return made


@pytest.mark.parametrize("block", [0, 3, CHUNK_BYTES // BLOCK_BYTES, SIZE // BLOCK_BYTES])
def test_one_block_is_none_and_all_others_are_as_they_were(
    file: Path, block: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = file.read_bytes()
    give_no_block(monkeypatch, file, block)
    at, copy = block * BLOCK_BYTES, tmp_path / "copy"
    length = len(whole[at : at + BLOCK_BYTES])
    assert not gives_all(file)
    copy_past(file, copy)
    found, first = read_past(file)
    assert first == at
    assert found == copy.read_bytes() == whole[:at] + NONE * length + whole[at + length :]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_whole_file_is_what_it_is(file: Path, tmp_path: Path) -> None:
    assert gives_all(file)
    assert read_past(file) == (file.read_bytes(), None)
    (tmp_path / "empty").touch()
    assert read_past(tmp_path / "empty") == (b"", None)


def test_another_error_is_no_bad_block(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(os, "pread", refuse)
    with pytest.raises(OSError, match="no"):
        gives_all(file)
