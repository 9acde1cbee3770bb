"""Puts packages into a new virtual environment: out of signed wheels, and out of the environment that runs.

A wheel is a zip. Its files are written where nothing stands yet, within limits, and none is run. What did not
change is linked from the running environment, after its hashes were looked at: no second copy on the card.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import errno
import hashlib
import io
import os
import py_compile
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from updater.release_file import ReleaseRefused, plain_name

MAX_FILES: Final = 20_000
MAX_UNPACKED_BYTES: Final = 512 * 1024 * 1024
"""Of one wheel."""
_CHUNK: Final = 1024 * 1024
_PLACES: Final = ("purelib", "platlib")


def site_of(environment: Path) -> Path:
    """Return the folder of packages of a virtual environment; raise ReleaseRefused without one."""
    found = sorted(environment.glob("lib/python3.*/site-packages"))
    if len(found) != 1:
        raise ReleaseRefused("machine", "the running version is no virtual environment: install the box anew")
    return found[0]


def packages_in(site: Path) -> dict[tuple[str, str], Path]:
    """Return the packages that stand in a folder: by plain name and version, where each says what it is."""
    found = {}
    for folder in site.glob("*.dist-info"):
        name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
        found[plain_name(name), version] = folder
    return found


# -- out of a wheel -------------------------------------------------------------------------------


def unpack_wheel(file: BinaryIO, site: Path) -> None:
    """Write a wheel's files into a folder of packages; raise ReleaseRefused, OSError."""
    try:
        with zipfile.ZipFile(file) as wheel:
            entries = [entry for entry in wheel.infolist() if not entry.is_dir()]
            _look_at(entries)
            written = [
                _write(wheel, entry, site, place)
                for entry in entries
                if (place := _place_of(entry.filename)) is not None
            ]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise ReleaseRefused("damaged", "a wheel of the release cannot be read") from error
    written += _compiled(site, [place for place, _, _ in written])
    _write_record(site, written)


def _look_at(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise ReleaseRefused("damaged", "a wheel of the release is larger than a box takes")
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ReleaseRefused("damaged", "a wheel of the release holds a link")


def _place_of(name: str) -> PurePosixPath | None:
    """Return where a file of a wheel goes; None for what no box needs (scripts, headers)."""
    place = PurePosixPath(name)
    unsafe = "\\" in name or "\0" in name or name.startswith("/") or len(name) > 400
    if unsafe or not place.parts or any(part in ("..", ".") for part in place.parts):
        raise ReleaseRefused("damaged", "a wheel of the release leads out of its folder")
    if place.parts[0].endswith(".data") and len(place.parts) > 2:
        return PurePosixPath(*place.parts[2:]) if place.parts[1] in _PLACES else None
    if len(place.parts) == 2 and place.parts[0].endswith(".dist-info") and place.name == "RECORD":
        return None  # written anew, for what stands here
    return place


def _write(
    wheel: zipfile.ZipFile, entry: zipfile.ZipInfo, site: Path, place: PurePosixPath
) -> tuple[PurePosixPath, str, int]:
    target = site / place
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with wheel.open(entry) as source, target.open("xb") as out:
            while part := source.read(_CHUNK):
                size += len(part)
                if size > entry.file_size:
                    raise ReleaseRefused("damaged", "a wheel of the release holds more than it says")
                digest.update(part)
                out.write(part)
    except FileExistsError as error:
        raise ReleaseRefused("damaged", "two packages of the release hold one file") from error
    return place, _hash_words(digest.digest()), size


def _hash_words(digest: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _compiled(site: Path, places: list[PurePosixPath]) -> list[tuple[PurePosixPath, str, int]]:
    """Compile beforehand: the node may not write there, and would compile at each start."""
    found = []
    for place in places:
        if place.suffix == ".py":
            with contextlib.suppress(py_compile.PyCompileError, ValueError):
                made = py_compile.compile(str(site / place), doraise=True)
                if made:
                    found.append((PurePosixPath(Path(made).relative_to(site)), "", 0))
    return found


def _write_record(site: Path, written: list[tuple[PurePosixPath, str, int]]) -> None:
    infos = {place.parts[0] for place, _, _ in written if place.parts[0].endswith(".dist-info")}
    if len(infos) != 1:
        raise ReleaseRefused("damaged", "a wheel of the release does not say what it is")
    record = PurePosixPath(infos.pop()) / "RECORD"
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows([str(place), words, size if words else ""] for place, words, size in written)
    rows.writerow([str(record), "", ""])
    with (site / record).open("x", encoding="utf-8") as out:
        out.write(text.getvalue())


# -- out of the running environment ---------------------------------------------------------------


def link_package(info: Path, site: Path) -> None:
    """Link a package's files into another folder of packages; raise ReleaseRefused where any is damaged."""
    source = info.parent
    for place, words in _recorded(info):
        if place.is_absolute() or ".." in place.parts:
            continue  # a script in another folder, which is of that environment
        if not (source / place).is_file():
            if words:
                raise ReleaseRefused("lacks", f"a file of {info.stem} is missing on the card")
            continue
        if words and words != _hash_of(source / place):
            raise ReleaseRefused("lacks", f"a file of {info.stem} is damaged on the card")
        target = site / place
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source / place, target)
        except FileExistsError as error:
            raise ReleaseRefused("damaged", "two packages hold one file") from error
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EMLINK, errno.EPERM):
                raise
            shutil.copy2(source / place, target)


def _recorded(info: Path) -> Iterator[tuple[PurePosixPath, str]]:
    try:
        with (info / "RECORD").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                if row:
                    yield PurePosixPath(row[0]), row[1] if len(row) > 1 else ""
    except (FileNotFoundError, UnicodeDecodeError, csv.Error) as error:
        raise ReleaseRefused("lacks", f"{info.stem} does not say which files it has") from error


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return _hash_words(hashlib.file_digest(file, "sha256").digest())
