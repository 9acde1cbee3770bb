"""A file as a carrier: on a USB stick or a phone, both ways, in anybody's hands."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from sync.errors import CarrierError
from sync.wire.bundle_codec import MAX_BUNDLE_BYTES


def write_bundle(path: Path, bundle: bytes) -> None:
    """Write a courier file so that a stick pulled too early holds the whole file or none.

    What lies there under these names is replaced and never written into: a link on a stick may lead to the
    box's own keys. Raises CarrierError that says what to do.
    """
    partial = path.with_name(path.name + ".part")
    try:
        partial.unlink(missing_ok=True)
        with partial.open("xb") as file:
            file.write(bundle)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise CarrierError(
            f"the courier file cannot be written ({error.strerror}): try another stick"
        ) from error


def read_bundle(path: Path) -> bytes:
    """Read a courier file; raise CarrierError that says what to do.

    Only a file is read: a pipe would be waited at for ever, a device may have no end.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise CarrierError("the courier file is no file: copy it from the stick anew")
            data = file.read(MAX_BUNDLE_BYTES + 1)
    except OSError as error:
        raise CarrierError(f"the courier file cannot be read ({error.strerror})") from error
    if len(data) > MAX_BUNDLE_BYTES:
        raise CarrierError(f"a courier file has at most {MAX_BUNDLE_BYTES} bytes: this is another file")
    return data


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
