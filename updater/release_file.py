"""A release as one file: a signed manifest, and the wheels that the receiver may lack.

    MAGIC (8) | signature (64) | bytes of the manifest (4, big endian) | manifest | the wheels

The manifest is JSON. The Ed25519 signature of the release key covers `SIGNED_AS`, a zero byte and the
manifest as it stands; the manifest names size and SHA-256 of each wheel. Nothing that is not signed is looked
into.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from updater.ed25519 import SIGNATURE_BYTES, verifies

MAGIC: Final = b"KTGRELS1"
SIGNED_AS: Final = b"kentongan/release/1"
FORMAT: Final = 1
HEAD_BYTES: Final = len(MAGIC) + SIGNATURE_BYTES + 4
MAX_MANIFEST_BYTES: Final = 256 * 1024
MAX_RELEASE_BYTES: Final = 128 * 1024 * 1024
MAX_WHEELS: Final = 200
MAX_PACKAGES: Final = 500
MAX_CHANGES: Final = 2000
"""Characters of what changed."""
ANY_MACHINE: Final = "any"
_CHUNK: Final = 1024 * 1024
_VERSION: Final = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){2}")
_WHEEL: Final = re.compile(r"[A-Za-z0-9_.]+-[A-Za-z0-9_.!+]+(-[A-Za-z0-9_.]+){3,4}\.whl")
_FIELDS: Final = {
    "format",
    "version",
    "leaves",
    "minimum",
    "machine",
    "store",
    "store_floor",
    "made_at",
    "changes",
    "packages",
    "wheels",
}


class ReleaseRefused(Exception):
    """The release is not used, and nothing has changed. `why` is a word of `REASONS`."""

    def __init__(self, why: str, words: str) -> None:
        self.why = why
        super().__init__(words)


REASONS: Final = (
    "signature",
    "damaged",
    "version",
    "lacks",
    "machine",
    "room",
    "store",
    "card",
    "crashed",
    "silent",
    "closed",
    "by_hand",
)
"""Why a release is not used. Refused: not signed by our key; damaged or cut short; not newer, or not meant
for the running version; packages are missing; another kind of machine; no room; the running version could not
read the store after it; the card failed. Given up on trial: ended again and again; did not answer; answered
without its store; by hand."""


@dataclass(frozen=True)
class Wheel:
    """One carried file. `python` is such as "3.11" where it fits that one alone, empty where it fits all."""

    name: str
    size: int
    sha256: str
    python: str


@dataclass(frozen=True)
class Manifest:
    """What the release key signed.

    `leaves`: a downgrade names the one version that it may replace; empty for all others. `minimum`: the
    lowest version that it may replace. `store`: how many migrations of the store it brings; `store_floor`:
    versions with fewer could not read the store after them. `packages`: name and version of all that must be
    installed.
    """

    version: str
    leaves: str
    minimum: str
    machine: str
    store: int
    store_floor: int
    made_at: str
    changes: str
    packages: tuple[tuple[str, str], ...]
    wheels: tuple[Wheel, ...]

    @property
    def size(self) -> int:
        """Bytes of all carried wheels."""
        return sum(wheel.size for wheel in self.wheels)


def numbers_of(version: str) -> tuple[int, int, int]:
    """Return a version such as "1.2.3" to be compared; raise ReleaseRefused."""
    if not _VERSION.fullmatch(version):
        raise ReleaseRefused("damaged", "a version is three numbers such as 1.2.3")
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as it is signed."""
    fields = {
        "format": FORMAT,
        "version": manifest.version,
        "leaves": manifest.leaves,
        "minimum": manifest.minimum,
        "machine": manifest.machine,
        "store": manifest.store,
        "store_floor": manifest.store_floor,
        "made_at": manifest.made_at,
        "changes": manifest.changes,
        "packages": [list(package) for package in manifest.packages],
        "wheels": [[wheel.name, wheel.size, wheel.sha256, wheel.python] for wheel in manifest.wheels],
    }
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def head_of(manifest: bytes, signature: bytes) -> bytes:
    """Return what stands before the wheels."""
    return MAGIC + signature + len(manifest).to_bytes(4, "big") + manifest


def read_head(file: BinaryIO, keys: Iterable[bytes]) -> Manifest:
    """Return the manifest that one of the keys signed, and leave the file where the wheels begin.

    Raises ReleaseRefused, OSError.
    """
    head = file.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES or not head.startswith(MAGIC):
        raise ReleaseRefused("damaged", "this is no release of Kentongan, or only its beginning")
    size = int.from_bytes(head[-4:], "big")
    if not 0 < size <= MAX_MANIFEST_BYTES:
        raise ReleaseRefused("damaged", "the release is damaged: copy it again")
    manifest = file.read(size)
    if len(manifest) < size:
        raise ReleaseRefused("damaged", "the release is cut short: copy it again")
    signature = head[len(MAGIC) : len(MAGIC) + SIGNATURE_BYTES]
    if not any(verifies(key, signature, SIGNED_AS + b"\0" + manifest) for key in keys):
        raise ReleaseRefused("signature", "the release is not signed by the release key that this box knows")
    return read_manifest(manifest)


def check_wheels(file: BinaryIO, manifest: Manifest) -> None:
    """Read the wheels, from where `read_head` left the file; raise ReleaseRefused where any is not the signed
    one, or something follows."""
    for wheel in manifest.wheels:
        digest, left = hashlib.sha256(), wheel.size
        while left:
            part = file.read(min(left, _CHUNK))
            if not part:
                raise ReleaseRefused("damaged", "the release is cut short: copy it again")
            digest.update(part)
            left -= len(part)
        if digest.hexdigest() != wheel.sha256:
            raise ReleaseRefused("damaged", f"{wheel.name} is damaged: copy the release again")
    if file.read(1):
        raise ReleaseRefused("damaged", "something follows the release: copy it again")


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest whose signature holds; raise ReleaseRefused."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _bad("is not JSON") from error
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ReleaseRefused("version", "the release has a format of a later installer: install the box anew")
    if set(fields) != _FIELDS:
        raise _bad("holds other fields than it should")
    texts = ("version", "leaves", "minimum", "machine", "made_at", "changes")
    if not all(isinstance(fields[name], str) for name in texts):
        raise _bad("has something else where a text must stand")
    for version in (fields["version"], fields["minimum"], *filter(None, [fields["leaves"]])):
        numbers_of(version)
    if not re.fullmatch(r"[a-z0-9_]{1,20}", fields["machine"]) or len(fields["changes"]) > MAX_CHANGES:
        raise _bad("names no machine, or has too long a text")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", fields["made_at"]):
        raise _bad("has no day")
    store, floor = fields["store"], fields["store_floor"]
    if type(store) is not int or type(floor) is not int or not 0 <= floor <= store <= 9999:
        raise _bad("counts its migrations wrongly")
    return Manifest(
        fields["version"],
        fields["leaves"],
        fields["minimum"],
        fields["machine"],
        store,
        floor,
        fields["made_at"],
        fields["changes"],
        _packages(fields["packages"]),
        _wheels(fields["wheels"]),
    )


def _packages(rows: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_PACKAGES:
        raise _bad(f"must name 1 to {MAX_PACKAGES} packages")
    for row in rows:
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(part, str) for part in row):
            raise _bad("must have name and version of each package")
        if row[0] != plain_name(row[0]) or not re.fullmatch(r"[A-Za-z0-9.!+_]{1,60}", row[1]):
            raise _bad("names a package wrongly")
    names = [row[0] for row in rows]
    if len(set(names)) != len(names):
        raise _bad("names a package twice")
    return tuple((row[0], row[1]) for row in rows)


def _wheels(rows: Any) -> tuple[Wheel, ...]:
    if not isinstance(rows, list) or len(rows) > MAX_WHEELS:
        raise _bad(f"must name at most {MAX_WHEELS} wheels")
    wheels = tuple(_wheel(row) for row in rows)
    if len({wheel.name for wheel in wheels}) != len(wheels):
        raise _bad("names a wheel twice")
    if sum(wheel.size for wheel in wheels) > MAX_RELEASE_BYTES - MAX_MANIFEST_BYTES - HEAD_BYTES:
        raise _bad(f"has more than {MAX_RELEASE_BYTES} bytes with it")
    return wheels


def _wheel(row: Any) -> Wheel:
    if not isinstance(row, list) or len(row) != 4:
        raise _bad("must have name, bytes, SHA-256 and Python of each wheel")
    name, size, sha256, python = row
    if not isinstance(name, str) or not _WHEEL.fullmatch(name) or len(name) > 200:
        raise _bad("names a wheel wrongly")
    if type(size) is not int or not 0 < size <= MAX_RELEASE_BYTES:
        raise _bad("has a wheel without a size")
    if not isinstance(sha256, str) or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise _bad("has a hash that is not 64 hexadecimal digits")
    if not isinstance(python, str) or not re.fullmatch(r"(3\.\d{1,2})?", python):
        raise _bad("names a Python wrongly")
    return Wheel(name, size, sha256, python)


def plain_name(name: str) -> str:
    """Return a package's name in the one form in which names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _bad(words: str) -> ReleaseRefused:
    return ReleaseRefused("damaged", f"the manifest of the release {words}")
