"""A pack as it travels to a box that holds other material: what is new, and how to write its manifest again.

    base (4) | signature (64) | bytes of the first stream (4, big endian) | first stream | second stream

The first zlib stream is JSON: version, made_at, `gone` (paths of the base that are in the pack no more) and
`files` ([path, bytes, SHA-256] of those that the base lacks or has otherwise). The second holds the files of
the pack whose SHA-256 the base lacks, in the manifest's order. A box that holds the base writes the manifest
again and checks the release key's signature over it, so an update is worth no less than the pack; one line
changed in one file is some hundred bytes instead of a manifest of many kilobytes.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import zlib
from collections.abc import Sequence
from typing import Any

from content.errors import PackRefused
from content.packs import (
    MAX_FILES,
    MAX_MANIFEST_BYTES,
    SIGNATURE_BYTES,
    ContentPack,
    Manifest,
    PackedFile,
    head_of,
    join,
    manifest_bytes,
)

BASE_BYTES = 4
_HEAD_BYTES = BASE_BYTES + SIGNATURE_BYTES + 4
_DAMAGED = "the update is damaged: it will be fetched again"


def fingerprint(entries: Sequence[PackedFile]) -> bytes:
    """Return the name of a set of files (4 bytes). It only finds the right base; signatures guard."""
    lines = "".join(f"{entry.path} {entry.sha256}\n" for entry in entries)
    return hashlib.sha256(lines.encode("ascii")).digest()[:BASE_BYTES]


def make_update(pack: bytes, opened: ContentPack, base: Sequence[PackedFile]) -> bytes:
    """Return the update from `base` to a whole pack, given as its bytes and opened."""
    manifest = opened.manifest
    if head_of(pack)[1] != manifest_bytes(manifest):
        raise PackRefused("the manifest of the pack is written in another form: pack it again")
    held = {entry.path: entry for entry in base}
    hashes = {entry.sha256 for entry in base}
    changes = {
        "version": manifest.version,
        "made_at": manifest.made_at.isoformat(),
        "gone": sorted(set(held) - {entry.path for entry in manifest.files}),
        "files": [[e.path, e.size, e.sha256] for e in manifest.files if held.get(e.path) != e],
    }
    first = zlib.compress(json.dumps(changes, separators=(",", ":")).encode("ascii"), 9)
    new = [opened.files[entry.path] for entry in manifest.files if entry.sha256 not in hashes]
    head = fingerprint(base) + head_of(pack)[0] + len(first).to_bytes(4, "big")
    return head + first + zlib.compress(b"".join(new), 9)


def base_of(update: bytes) -> bytes:
    """Return the fingerprint of the files that an update builds on."""
    return update[:BASE_BYTES]


def restore_pack(update: bytes, base: Sequence[PackedFile]) -> bytes:
    """Return the pack that an update stands for, without the files of `base`; `unpack` checks it.

    Raises PackRefused when the update is damaged or builds on other files.
    """
    if base_of(update) != fingerprint(base):
        raise PackRefused("the update is for a box with other material")
    size = int.from_bytes(update[_HEAD_BYTES - 4 : _HEAD_BYTES], "big")
    first, second = update[_HEAD_BYTES : _HEAD_BYTES + size], update[_HEAD_BYTES + size :]
    changes = _changes(first)
    try:
        entries: dict[str, PackedFile] = {entry.path: entry for entry in base}
        for path in changes["gone"]:
            del entries[path]
        entries.update((path, PackedFile(path, size, sha256)) for path, size, sha256 in changes["files"])
        if len(entries) > MAX_FILES:
            raise ValueError("more files than a pack may have")
        day = datetime.date.fromisoformat(changes["made_at"])
        files = tuple(entries[path] for path in sorted(entries))
        manifest = manifest_bytes(Manifest(changes["version"], day, files))
    except (KeyError, TypeError, ValueError) as error:
        raise PackRefused(_DAMAGED) from error
    return join(update[BASE_BYTES : BASE_BYTES + SIGNATURE_BYTES], manifest, second)


def _changes(stream: bytes) -> dict[str, Any]:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(stream, MAX_MANIFEST_BYTES)
        changes = json.loads(text)
    except (zlib.error, ValueError, RecursionError) as error:
        raise PackRefused(_DAMAGED) from error
    if not inflater.eof or not isinstance(changes, dict):
        raise PackRefused(_DAMAGED)
    return changes
