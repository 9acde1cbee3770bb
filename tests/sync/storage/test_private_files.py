from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sync.storage.private_files import write_private


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "node.key"
    previous = os.umask(0)
    try:
        write_private(path, "secret ü\n")
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8") == "secret ü\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_power_cut_left_does_not_lend_its_mode(tmp_path: Path) -> None:
    left = tmp_path / "node.key.part"
    left.write_text("half")
    left.chmod(0o644)
    write_private(tmp_path / "node.key", "whole")
    assert stat.S_IMODE((tmp_path / "node.key").stat().st_mode) == 0o600
    assert (tmp_path / "node.key").read_text() == "whole"


def test_a_link_in_its_way_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("kept")
    (tmp_path / "node.key.part").symlink_to(other)
    write_private(tmp_path / "node.key", "secret")
    assert other.read_text() == "kept"


def test_the_old_file_stands_until_the_new_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "node.key"
    write_private(path, "old")

    def broken(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]  # and no copy of the secret lies about


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_private(tmp_path / "node.key", "x")
    assert synced == ["node.key.part", tmp_path.name]
