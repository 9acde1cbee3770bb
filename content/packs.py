"""Packs of material: a signed manifest and the files that it names, as bytes. Nothing unsigned is unpacked.

    MAGIC (8) | signature (64) | manifest bytes (4, big endian) | manifest | zlib stream of the files

The manifest is JSON: format, version, made_at, and path, bytes and SHA-256 of each file, by path. The Ed25519
signature of the release key covers `SIGNED_AS`, a zero byte and the manifest as it stands. The stream holds
the files one after the other in the manifest's order, without those that the receiver already holds by their
hash, so that an update is small. How much the stream may give is known from the signed manifest.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from content.errors import PackNotNewer, PackRefused
from content.files import PATH

MAGIC = b"KTGPACK1"
SIGNED_AS = b"kentongan/content-pack/1"
FORMAT = 1
SIGNATURE_BYTES = 64
MAX_FILES = 2000
MAX_MANIFEST_BYTES = 512 * 1024
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_TOTAL_BYTES = 16 * 1024 * 1024
"""All files of a pack: they are held in memory while they are checked on a 512 MB board."""

_HEAD_BYTES = len(MAGIC) + SIGNATURE_BYTES + 4
_MAX_VERSION = 2**31 - 1


@dataclass(frozen=True)
class PackedFile:
    """One file that a manifest names; `sha256` is 64 hexadecimal digits."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the release key signed."""

    version: int
    made_at: datetime.date
    files: tuple[PackedFile, ...]


@dataclass(frozen=True)
class ContentPack:
    """A pack whose signature and hashes hold. `files` is what `Catalogue` reads."""

    manifest: Manifest
    files: Mapping[str, bytes]

    def by_hash(self) -> dict[str, bytes]:
        """Return the files by SHA-256: what `unpack` takes as `held`."""
        return {entry.sha256: self.files[entry.path] for entry in self.manifest.files}


def sha256_hex(data: bytes) -> str:
    """Return the hash by which a file is named."""
    return hashlib.sha256(data).hexdigest()


def pack(
    files: Mapping[str, bytes],
    *,
    version: int,
    made_at: datetime.date,
    release_key: Ed25519PrivateKey,
    held: Iterable[str] = (),
) -> bytes:
    """Return a signed pack of the files, without those whose SHA-256 the receiver holds already."""
    entries = entries_of(files)
    manifest = manifest_bytes(Manifest(version, made_at, entries))
    _manifest(manifest)  # what would be refused is not signed
    omitted = set(held)
    stream = zlib.compress(b"".join(files[e.path] for e in entries if e.sha256 not in omitted), 9)
    return join(release_key.sign(SIGNED_AS + b"\0" + manifest), manifest, stream)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest in the one form in which it is signed, so that others can write it again."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": manifest.version,
            "made_at": manifest.made_at.isoformat(),
            "files": [[entry.path, entry.size, entry.sha256] for entry in manifest.files],
        },
        separators=(",", ":"),
    ).encode("ascii", "strict")


def join(signature: bytes, manifest: bytes, stream: bytes) -> bytes:
    """Return a pack of its parts; nothing of them is checked."""
    return MAGIC + signature + len(manifest).to_bytes(4, "big") + manifest + stream


def head_of(data: bytes) -> tuple[bytes, bytes]:
    """Return signature and manifest of a pack that was verified, as they stand in it."""
    size = int.from_bytes(data[_HEAD_BYTES - 4 : _HEAD_BYTES], "big")
    return data[len(MAGIC) : len(MAGIC) + SIGNATURE_BYTES], data[_HEAD_BYTES : _HEAD_BYTES + size]


def whole_stream(opened: ContentPack) -> bytes:
    """Return the stream of a pack that leaves no file out."""
    return zlib.compress(b"".join(opened.files[entry.path] for entry in opened.manifest.files), 9)


def entries_of(files: Mapping[str, bytes]) -> tuple[PackedFile, ...]:
    """Return files as a manifest would name them; each is read once and let go."""
    return tuple(PackedFile(path, len(data), sha256_hex(data)) for path, data in sorted(files.items()))


def verify(data: bytes, release_keys: Iterable[Ed25519PublicKey]) -> Manifest:
    """Return the manifest if a key signed it; raise `PackRefused`. The files are not looked at."""
    return _verified(data, release_keys)[0]


def unpack(
    data: bytes,
    release_keys: Iterable[Ed25519PublicKey],
    *,
    newer_than: int = 0,
    held: Mapping[str, bytes] | None = None,
) -> ContentPack:
    """Return the files of a pack. `held` are files by SHA-256 that an update may leave out.

    Raises `PackRefused` for a pack that no key signed, whose version is not above `newer_than`, or whose
    files are not what was signed.
    """
    manifest, stream = _verified(data, release_keys)
    if manifest.version <= newer_than:
        raise PackNotNewer(
            f"the pack has version {manifest.version}; it must be above {newer_than}, which is held already"
        )
    held = held or {}
    sent = [entry for entry in manifest.files if entry.sha256 not in held]
    body = _inflated(stream, sum(entry.size for entry in sent))
    files: dict[str, bytes] = {}
    start = 0
    for entry in manifest.files:
        if entry.sha256 in held:
            content = held[entry.sha256]
        else:
            content = body[start : start + entry.size]
            start += entry.size
        if len(content) != entry.size or sha256_hex(content) != entry.sha256:
            raise PackRefused(f"{entry.path} is not the file that was signed: fetch the pack again")
        files[entry.path] = content
    return ContentPack(manifest, files)


def _verified(data: bytes, release_keys: Iterable[Ed25519PublicKey]) -> tuple[Manifest, bytes]:
    if len(data) < _HEAD_BYTES or not data.startswith(MAGIC):
        raise PackRefused(f"not a content pack: it must begin with {MAGIC.decode('ascii')}")
    signature = data[len(MAGIC) : len(MAGIC) + SIGNATURE_BYTES]
    size = int.from_bytes(data[_HEAD_BYTES - 4 : _HEAD_BYTES], "big")
    if not 0 < size <= min(MAX_MANIFEST_BYTES, len(data) - _HEAD_BYTES):
        raise PackRefused("the pack is cut short or its manifest is too long: fetch it again")
    manifest = data[_HEAD_BYTES : _HEAD_BYTES + size]
    if not any(_signed_by(key, signature, manifest) for key in release_keys):
        raise PackRefused("the pack is not signed by a release key that this box knows")
    return _manifest(manifest), data[_HEAD_BYTES + size :]


def _signed_by(key: Ed25519PublicKey, signature: bytes, manifest: bytes) -> bool:
    try:
        key.verify(signature, SIGNED_AS + b"\0" + manifest)
    except InvalidSignature:
        return False
    return True


def _inflated(stream: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(stream, size + 1)
        body += inflater.flush() if len(body) <= size and not inflater.unconsumed_tail else b""
    except zlib.error as error:
        raise PackRefused("the files of the pack are damaged: fetch it again") from error
    if len(body) != size or not inflater.eof or inflater.unused_data:
        raise PackRefused("the files of the pack are damaged or cut short: fetch it again")
    return body


def _manifest(data: bytes) -> Manifest:
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PackRefused("the manifest is not JSON") from error
    if not isinstance(fields, dict) or set(fields) != {"format", "version", "made_at", "files"}:
        raise PackRefused("the manifest must hold format, version, made_at and files, and nothing else")
    if fields["format"] != FORMAT:
        raise PackRefused(f"this version reads packs of format {FORMAT}: update the program first")
    version, made_at, files = fields["version"], fields["made_at"], fields["files"]
    if type(version) is not int or not 1 <= version <= _MAX_VERSION:
        raise PackRefused(f"the version of a pack must be a whole number from 1 to {_MAX_VERSION}")
    if not isinstance(made_at, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", made_at):
        raise PackRefused("made_at must be a day such as 2026-11-25")
    if not isinstance(files, list) or not 1 <= len(files) <= MAX_FILES:
        raise PackRefused(f"a pack must hold 1 to {MAX_FILES} files")
    try:
        day = datetime.date.fromisoformat(made_at)
    except ValueError as error:
        raise PackRefused("made_at must be a day such as 2026-11-25") from error
    entries = tuple(_packed_file(entry) for entry in files)
    paths = [entry.path for entry in entries]
    if paths != sorted(set(paths)):
        raise PackRefused("the files of a manifest must stand by path, each once")
    if sum(entry.size for entry in entries) > MAX_TOTAL_BYTES:
        raise PackRefused(f"the files of a pack must have at most {MAX_TOTAL_BYTES} bytes together")
    return Manifest(version, day, entries)


def _packed_file(entry: Any) -> PackedFile:
    if not isinstance(entry, list) or len(entry) != 3:
        raise PackRefused("each file of a manifest must be path, bytes and SHA-256")
    path, size, sha256 = entry
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise PackRefused("a path in a pack must lie in languages, icons or agencies, in small letters")
    if type(size) is not int or not 0 <= size <= MAX_FILE_BYTES:
        raise PackRefused(f"a file in a pack must have at most {MAX_FILE_BYTES} bytes")
    if not isinstance(sha256, str) or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise PackRefused("a hash in a manifest must be 64 hexadecimal digits")
    return PackedFile(path, size, sha256)
