"""Writes a release. Pure: wheels are handed in as bytes, and who signs as a function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from updater.release_file import (
    SIGNED_AS,
    Manifest,
    Wheel,
    head_of,
    manifest_bytes,
    read_manifest,
)


def make_release(
    manifest: Manifest, wheels: Mapping[str, tuple[bytes, str]], sign: Callable[[bytes], bytes]
) -> bytes:
    """Return a release with these wheels: name -> (bytes, Python that it is for, empty for all).

    Raises ReleaseRefused for what a box would refuse.
    """
    entries = tuple(
        Wheel(name, len(data), hashlib.sha256(data).hexdigest(), python)
        for name, (data, python) in sorted(wheels.items())
    )
    signed = manifest_bytes(replace(manifest, wheels=entries))
    read_manifest(signed)
    body = b"".join(wheels[entry.name][0] for entry in entries)
    return head_of(signed, sign(SIGNED_AS + b"\0" + signed)) + body
