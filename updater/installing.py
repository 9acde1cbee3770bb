"""Takes a release: looks at it again, builds its environment beside the running one, and puts it on trial.

Nothing of the running version is touched; a power cut before the last step leaves a folder that is removed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import io
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from updater.release_file import (
    ANY_MACHINE,
    MAX_RELEASE_BYTES,
    Manifest,
    ReleaseRefused,
    Wheel,
    check_wheels,
    manifest_bytes,
    numbers_of,
    plain_name,
    read_head,
)
from updater.slots import MANIFEST_FILE, NEW, Slots, State, flush_folder
from updater.successors import KeyRing, read_prefix
from updater.wheels import link_package, packages_in, site_of, unpack_wheel

TAKEN: Final = "taken.release"
SPARE_BYTES: Final = 64 * 1024 * 1024
"""Left free for reports, whatever is installed."""
UNPACKED_TIMES: Final = 5
"""A wheel unpacked and compiled takes up to so many times its size."""
OWN: Final = "kentongan"
_CHUNK: Final = 1024 * 1024


def take(inbox: Path, slots: Slots, keys: list[bytes], *, machine: str) -> State:
    """Install the release in the inbox and put it on trial; the inbox is empty afterwards.

    `keys`: what the box was set up with. Statements on keys that stand before the release are kept first,
    whatever becomes of the release. What is refused is noted in the state. Raises ReleaseRefused; nothing is
    taken while another is on trial.
    """
    version, ring = "", KeyRing(slots.program, keys)
    with slots.lock():
        taken = slots.program / TAKEN
        try:
            slots.forget_others()  # first, for their room; what a cut left half built is among them
            with _opened(inbox) as source:
                with contextlib.suppress(ReleaseRefused):  # so that what becomes of it has a name
                    version = read_head(source, ring.learn(read_prefix(source)).release).version
                source.seek(0)
                _copy(source, taken)
            with taken.open("rb") as file:
                manifest = read_head(file, ring.learn(read_prefix(file)).release)
                version = manifest.version
                if slots.state().trial:
                    raise ReleaseRefused("version", "another version is on trial: wait until it is decided")
                _check_fits(manifest, slots, machine)
                start = file.tell()
                check_wheels(file, manifest)
                file.seek(start)
                _build(file, manifest, slots)
            return slots.put_on_trial(version)
        except ReleaseRefused as refused:
            if not slots.state().trial:
                slots.note_refused(version, refused.why)
            raise
        except OSError as error:
            why = "room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "card"
            with contextlib.suppress(OSError):
                slots.note_refused(version, why)
            raise ReleaseRefused(why, f"the card did not take it ({error.strerror})") from error
        finally:
            taken.unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(inbox: Path) -> Iterator[BinaryIO]:
    """Give what an account without rights put into the inbox, and empty it."""
    if inbox.is_dir() and not inbox.is_symlink():
        with contextlib.suppress(OSError, RecursionError):
            shutil.rmtree(inbox)
    try:
        descriptor = os.open(inbox, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        with contextlib.suppress(OSError):
            inbox.unlink()
        raise ReleaseRefused("damaged", "there is no release to take") from error
    with os.fdopen(descriptor, "rb") as source:
        found = os.fstat(descriptor)
        inbox.unlink()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_RELEASE_BYTES:
            raise ReleaseRefused("damaged", f"a release is a file of at most {MAX_RELEASE_BYTES} bytes")
        yield source


def _copy(source: BinaryIO, taken: Path) -> None:
    """Copy it to where that account cannot change it any more."""
    taken.unlink(missing_ok=True)
    if os.fstat(source.fileno()).st_size + SPARE_BYTES > _free_bytes(taken.parent):
        raise ReleaseRefused("room", "there is no room for the release")
    copied = os.open(taken, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(copied, "wb") as out:
        left = MAX_RELEASE_BYTES
        while left > 0 and (part := source.read(min(left, _CHUNK))):
            out.write(part)
            left -= len(part)


def _free_bytes(folder: Path) -> int:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize


def _check_fits(manifest: Manifest, slots: Slots, machine: str) -> None:
    running = slots.linked()
    if manifest.machine not in (ANY_MACHINE, machine):
        raise ReleaseRefused("machine", f"the release is for another machine ({manifest.machine})")
    _check_version(manifest, running)
    before = slots.manifest(running)
    if slots.store_of(running) < manifest.store_floor:
        raise ReleaseRefused(
            "store", "the running version could not read the store after it: install one between"
        )
    if before is not None and manifest.store < before.store_floor:
        raise ReleaseRefused("store", "the release cannot read the store of the running version")
    if UNPACKED_TIMES * manifest.size + SPARE_BYTES > _free_bytes(slots.program):
        raise ReleaseRefused("room", "there is no room to unpack the release")


def _check_version(manifest: Manifest, running: str) -> None:
    if manifest.version == running:
        raise ReleaseRefused("version", f"version {running} runs already")
    if manifest.leaves:
        if manifest.leaves != running:
            raise ReleaseRefused("version", f"this way back is for version {manifest.leaves} alone")
        return
    if numbers_of(manifest.version) <= numbers_of(running):
        raise ReleaseRefused("version", f"version {manifest.version} is not newer than {running}, which runs")
    if numbers_of(running) < numbers_of(manifest.minimum):
        raise ReleaseRefused("version", f"version {manifest.minimum} must be installed before this one")


# -- building -------------------------------------------------------------------------------------


def _build(file: BinaryIO, manifest: Manifest, slots: Slots) -> None:
    final = slots.folder(manifest.version)
    new = final.with_name(final.name + NEW)
    running = slots.folder(slots.linked())
    held = site_of(running)
    if final.exists():  # the version before, to which this is a way back: others were forgotten
        final.replace(new)
        shutil.rmtree(new)
    site = new / held.relative_to(running)
    try:
        _bare_environment(running, new, site)
        carried = _unpack_carried(file, manifest, site)
        installed = packages_in(held)
        for package in manifest.packages:
            if package not in carried:
                if package not in installed:
                    raise ReleaseRefused("lacks", f"the box lacks {' '.join(package)}, which is not carried")
                link_package(installed[package], site)
        if OWN not in {name for name, _ in carried}:
            raise ReleaseRefused("damaged", "the release does not carry the program")
        _write_program(new, final)
        (new / MANIFEST_FILE).write_bytes(manifest_bytes(manifest))
        _flush_card(new)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    new.replace(final)
    flush_folder(slots.program)


def _bare_environment(running: Path, new: Path, site: Path) -> None:
    site.mkdir(parents=True)
    (new / "bin").mkdir()
    kept = ("home", "include-system-site-packages", "version")
    lines = (running / "pyvenv.cfg").read_text("utf-8").splitlines()
    own = [line for line in lines if line.partition("=")[0].strip() in kept]
    (new / "pyvenv.cfg").write_text("".join(f"{line}\n" for line in own), "utf-8")
    for link in sorted((running / "bin").glob("python*")):
        if link.is_symlink():
            (new / "bin" / link.name).symlink_to(link.readlink())


def _unpack_carried(file: BinaryIO, manifest: Manifest, site: Path) -> set[tuple[str, str]]:
    """Unpack the wheels for this Python; return which packages they were."""
    python = site.parent.name.removeprefix("python")
    found = set()
    for wheel in manifest.wheels:
        start = file.tell()
        if wheel.python in ("", python):
            package = _package_of(wheel)
            if package not in manifest.packages or package in found:
                raise ReleaseRefused("damaged", f"{wheel.name} is none of the packages of the release")
            unpack_wheel(io.BytesIO(file.read(wheel.size)), site)
            found.add(package)
        file.seek(start + wheel.size)
    return found


def _package_of(wheel: Wheel) -> tuple[str, str]:
    name, version = wheel.name.split("-")[:2]
    return plain_name(name), version


def _write_program(new: Path, final: Path) -> None:
    script = new / "bin" / OWN
    script.write_text(
        f"#!{final}/bin/python\nimport sys\n\nfrom kentongan import main\n\nsys.exit(main())\n", "utf-8"
    )
    script.chmod(0o755)


def _flush_card(folder: Path) -> None:
    """Flush the whole file system of a folder: one wait instead of thousands."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if call is None:
            os.sync()
        elif call(descriptor):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)
