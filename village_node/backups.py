"""A backup of the box in one file, as on a USB stick: written beside a running server, checked, several kept.

A zip without compression: the database (all sealed), the box's key and enrolment, and a manifest with the
SHA-256 of each. Whoever has it has what a thief of the card has, and no more: material, clips and logs are
left out.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sync.errors import EnrolmentRefused
from sync.sealing.derivation import spoken_fingerprint
from sync.sealing.enrolment import Enrolment
from sync.storage.private_files import write_private
from village_node import folder as node_folder
from village_node.damaged_store import DamagedLog, refuse_damaged_log
from village_node.folder import DATABASE_FILE, ENROLMENT_FILE, KEY_FILE, Identity
from village_node.log_rows import MADE_ANEW, RECEIPTS_LOST

KEPT_BACKUPS = 7
MANIFEST = "manifest.json"
FORMAT = 1
_MEMBERS = (DATABASE_FILE, KEY_FILE, ENROLMENT_FILE)
_SMALL_BYTES = 65_536
"""Key, enrolment and manifest are far smaller."""
_ROOM_BYTES = 1_048_576
_CHUNK = 1 << 18
_COUNTED = ("envelope", "epoch", "receipt", "step", "answer", "follow_up")


class BackupRefused(Exception):
    """No backup was written or taken back; the text says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """A backup that was written and read again. `made_at_s` is Unix seconds, None where nobody knew."""

    file: Path
    node: int
    fingerprint: str
    made_at_s: int | None
    rows: dict[str, int]
    """How many rows the tables have that must not lose any."""


def write_backup(folder: Path, to: Path, *, now_s: int | None) -> Backup:
    """Write the node of `folder` into a new file in the folder `to`, read it again, forget the oldest.

    A running server goes on meanwhile. Raises BackupRefused; what was there before stays.
    """
    identity = node_folder.load(folder)
    number = identity.enrolment.node_number
    if not to.is_dir():
        # Not its name: a stick may be called after its owner, and this stands in the status.
        raise BackupRefused("this is no folder: give the folder of a stick that is put in")
    if to.resolve() == folder.resolve():
        raise BackupRefused("a backup in the box's own folder dies with its card: give the folder of a stick")
    file = to / f"kentongan-{number}-{_last_generation(to, number) + 1:06d}.backup"
    copy, partial = file.with_suffix(".copy"), file.with_suffix(".part")
    try:
        _clear(to, number)
        refuse_damaged_log(folder)  # what stands behind the damage would be missing
        _need_room(folder, to)
        rows = _copy_database(folder / DATABASE_FILE, copy)
        manifest = {
            "kentongan_backup": FORMAT,
            "node": number,
            "fingerprint": spoken_fingerprint(identity.static.public),
            "made_at_s": now_s,
            "rows": rows,
        }
        _pack(partial, copy, folder, manifest)
        written = _read_again(partial)
        partial.replace(file)
        _flush(to)
    except BackupRefused:
        raise
    except DamagedLog as error:
        raise BackupRefused(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise BackupRefused(f"the backup could not be written ({what}): try another stick") from error
    finally:
        for left in (copy, partial):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    for old in backups_of(to, number)[:-KEPT_BACKUPS]:
        with contextlib.suppress(OSError):
            old.unlink()
    return Backup(file, written.node, written.fingerprint, written.made_at_s, written.rows)


def backups_of(folder: Path, node: int) -> list[Path]:
    """Return the backups of a node in a folder, oldest first."""
    return sorted(folder.glob(f"kentongan-{node}-" + "[0-9]" * 6 + ".backup"))


def check_backup(file: Path) -> Backup:
    """Read a backup whole; raise BackupRefused when anything of it is damaged."""
    with _opened(file) as (backup, _):
        return backup


def restore_backup(file: Path, folder: Path) -> Backup:
    """Make the node of a backup anew in `folder`, which holds none; raise BackupRefused and leave none there.

    Its next start opens an epoch of its own, named by the hash of a fresh key: no counter is used twice, also
    where the dead card had sealed more than the backup holds.
    """
    if (folder / ENROLMENT_FILE).exists() or (folder / KEY_FILE).exists():
        raise BackupRefused(
            "this folder holds a node already: choose another folder, or move this one away first"
        )
    with _opened(file, scratch=folder) as (backup, texts):
        try:
            for suffix in ("-wal", "-shm"):
                (folder / (DATABASE_FILE + suffix)).unlink(missing_ok=True)
            _forget_the_old_card(folder / _SCRATCH)
            (folder / _SCRATCH).replace(folder / DATABASE_FILE)
            write_private(folder / KEY_FILE, texts[KEY_FILE])
            # The last: without it the folder is no node, and a restore that was cut off can begin again.
            write_private(folder / ENROLMENT_FILE, texts[ENROLMENT_FILE])
        except OSError as error:
            raise BackupRefused(f"cannot write to {folder} ({error.strerror}): try another card") from error
        return backup


def _forget_the_old_card(database: Path) -> None:
    """Take out that a card had damaged its store, and which program the hub was told of: this is another one.

    Codes that were shown after the backup lead nowhere here, and are no wrong codes.
    """
    forgotten = MADE_ANEW, "store_damaged", "update_told", "update_refused"
    with contextlib.closing(sqlite3.connect(database)) as written, written:
        written.executemany("DELETE FROM setting WHERE key = ?", [(key,) for key in forgotten])
        written.execute("REPLACE INTO setting (key, value) VALUES (?, ?)", (RECEIPTS_LOST, b"1"))


_NOT_OF_THE_FILE = frozenset(
    {errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS}
)
_SCRATCH = DATABASE_FILE + ".restored"


def _read_again(partial: Path) -> Backup:
    try:
        return check_backup(partial)
    except BackupRefused as refused:
        raise BackupRefused(
            "what was written does not read back as it was: try another stick, then kentongan node doctor"
        ) from refused


def _last_generation(to: Path, node: int) -> int:
    found = backups_of(to, node)
    return int(re.findall(r"\d+", found[-1].stem)[-1]) if found else 0


def _clear(to: Path, node: int) -> None:
    """Remove what a stick that was pulled out left half written."""
    for pattern in ("copy", "copy-journal", "part"):
        for left in to.glob(f"kentongan-{node}-*.{pattern}"):
            left.unlink(missing_ok=True)


def _need_room(folder: Path, to: Path) -> None:
    database = folder / DATABASE_FILE
    wal = database.with_name(database.name + "-wal")
    size = database.stat().st_size + (wal.stat().st_size if wal.exists() else 0)
    needed, free = 2 * size + _ROOM_BYTES, shutil.disk_usage(to).free
    if free < needed:
        raise BackupRefused(
            f"the stick has {free // 1024} KiB free and needs {needed // 1024}: remove something from it"
        )


def _copy_database(source: Path, copy: Path) -> dict[str, int]:
    """Copy one state of the database, whatever is written meanwhile; return its counts."""
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        contextlib.closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
        contextlib.closing(sqlite3.connect(copy)) as written,
    ):
        live.backup(written)
        written.execute("PRAGMA journal_mode = DELETE")  # one file, without a WAL beside it
        return _counts(written)


def _counts(database: sqlite3.Connection) -> dict[str, int]:
    names = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table: int(database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - ours
        for table in _COUNTED
        if table in names
    }


def _pack(partial: Path, copy: Path, folder: Path, manifest: dict[str, Any]) -> None:
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        sums = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            for name, path in zip(_MEMBERS, (copy, folder / KEY_FILE, folder / ENROLMENT_FILE), strict=True):
                with path.open("rb") as read, packed.open(zipfile.ZipInfo(name), "w") as member:
                    sums[name] = _pour(read, member)
            text = json.dumps({**manifest, "sha256": sums}, indent=1, sort_keys=True)
            packed.writestr(zipfile.ZipInfo(MANIFEST), text + "\n")
        file.flush()
        os.fsync(file.fileno())
        # What is read next is read from the stick, where the system lets go of what it remembers.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _pour(read: IO[bytes], write: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := read.read(_CHUNK):
        digest.update(chunk)
        write.write(chunk)
    return digest.hexdigest()


@contextlib.contextmanager
def _opened(file: Path, scratch: Path | None = None) -> Iterator[tuple[Backup, dict[str, str]]]:
    """Give a backup of which every byte was checked, and its two small files; its database lies in
    `scratch` (default: beside the backup) as `_SCRATCH` meanwhile."""
    place = file.parent if scratch is None else scratch
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if scratch is not None:
            place.chmod(0o700)
        database = place / (_SCRATCH if scratch is not None else file.with_suffix(".copy").name)
        database.unlink(missing_ok=True)
        try:
            yield _checked(file, database)
        finally:
            database.unlink(missing_ok=True)
    except OSError as error:
        if error.errno not in _NOT_OF_THE_FILE:
            raise _damaged(file, type(error).__name__) from error
        raise BackupRefused(
            f"{file.name} cannot be unpacked ({error.strerror}): look at its name, its rights, "
            "and whether the card has room for it twice"
        ) from error
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, sqlite3.Error) as error:
        raise _damaged(file, type(error).__name__) from error
    except (EnrolmentRefused, NotImplementedError, RuntimeError) as error:
        raise _damaged(file, type(error).__name__) from error


def _damaged(file: Path, why: str) -> BackupRefused:
    return BackupRefused(
        f"{file.name} is damaged or no backup of a box ({why}): take an older one of the same stick"
    )


def _checked(file: Path, database: Path) -> tuple[Backup, dict[str, str]]:
    with zipfile.ZipFile(file) as packed:
        if sorted(packed.namelist()) != sorted((*_MEMBERS, MANIFEST)):
            raise ValueError("other files than a backup has")
        if any(one.compress_type != zipfile.ZIP_STORED for one in packed.infolist()):
            raise ValueError("packed by another program, which may unpack without end")
        try:
            manifest = json.loads(_small(packed, MANIFEST))
        except RecursionError:
            raise ValueError("lists within lists without end") from None
        if manifest["kentongan_backup"] != FORMAT:
            raise ValueError("another format")
        texts = {name: _small(packed, name) for name in (KEY_FILE, ENROLMENT_FILE)}
        sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        descriptor = os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as write, packed.open(DATABASE_FILE) as read:
            sums[DATABASE_FILE] = _pour(read, write)
            write.flush()
            os.fsync(write.fileno())
    if sums != manifest["sha256"]:
        raise ValueError("a sum differs")
    identity = Identity(node_folder.key_of(texts[KEY_FILE]), Enrolment.from_text(texts[ENROLMENT_FILE]))
    fingerprint = spoken_fingerprint(identity.static.public)
    if (identity.enrolment.node_number, fingerprint) != (manifest["node"], manifest["fingerprint"]):
        raise ValueError("another box's key")
    with contextlib.closing(sqlite3.connect(database)) as read_again:
        if read_again.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise ValueError("the database is damaged")
        rows = _counts(read_again)
    if rows != manifest["rows"]:
        raise ValueError("a count differs")
    made_at_s = None if manifest["made_at_s"] is None else int(manifest["made_at_s"])
    return Backup(file, identity.enrolment.node_number, fingerprint, made_at_s, rows), texts


def _small(packed: zipfile.ZipFile, name: str) -> str:
    with packed.open(name) as member:
        content = member.read(_SMALL_BYTES + 1)
    if len(content) > _SMALL_BYTES:
        raise ValueError("a file is too large")
    return content.decode("utf-8")


def _flush(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
