from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync.carriers.courier import read_bundle, write_bundle
from sync.errors import CarrierError, MalformedWire
from sync.wire.bundle_codec import MAX_BUNDLE_BYTES, UpBundle, decode_up_bundle, encode_up_bundle

BUNDLE = encode_up_bundle(UpBundle(()))


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "kurir.ktg"
    write_bundle(path, BUNDLE)
    assert read_bundle(path) == BUNDLE
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("at", ["open", "fsync", "replace"])
def test_a_stick_pulled_too_early_holds_the_old_file_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    path = tmp_path / "kurir.ktg"
    path.write_bytes(b"old")

    def pulled(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    if at == "fsync":
        monkeypatch.setattr(os, "fsync", pulled)
    else:
        monkeypatch.setattr(Path, at, pulled)
    with pytest.raises(CarrierError, match="another stick"):
        write_bundle(path, BUNDLE)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_on_the_stick_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        order.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    def note_replace(self: Path, target: Path) -> Path:
        order.append("renamed")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_bundle(tmp_path / "k", BUNDLE)
    assert order == ["k.part", "renamed", tmp_path.name]


@pytest.mark.parametrize("name", ["missing/kurir.ktg", "."])
def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(CarrierError, match="cannot be written"):
        write_bundle(tmp_path / name if name != "." else _folder(tmp_path), BUNDLE)


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    return folder


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(CarrierError, match="cannot be read"):
            read_bundle(path)


def test_a_file_that_is_too_large_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024 * 1024)  # sparse
    with pytest.raises(CarrierError, match=str(MAX_BUNDLE_BYTES)):
        read_bundle(path)


@pytest.mark.parametrize("length", [0, 3, 100, len(BUNDLE) - 1])
def test_a_file_that_was_cut_is_refused_whole(tmp_path: Path, length: int) -> None:
    path = tmp_path / "kurir.ktg"
    path.write_bytes(BUNDLE[:length])
    with pytest.raises(MalformedWire):
        decode_up_bundle(read_bundle(path))


def test_a_name_that_no_stick_takes_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CarrierError, match="File name too long"):
        write_bundle(tmp_path / ("x" * 300), b"KTGB")
