"""Writes releases and statements on keys. Pure: wheels come as bytes, and who signs as a function."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import replace

from updater.release_file import (
    SIGNED_AS,
    Manifest,
    Wheel,
    head_of,
    manifest_bytes,
    read_head,
    read_manifest,
)
from updater.successors import Signed, Statement, chain_bytes, read_chain, signed_text, trusted

Sign = Callable[[bytes], bytes]


def make_release(
    manifest: Manifest, wheels: Mapping[str, tuple[bytes, str]], sign: Sign, chain: bytes = b""
) -> bytes:
    """Return a release with these wheels: name -> (bytes, Python that it is for, empty for all).

    `chain`: the statements on keys, whose last one must name the key that signs. Raises ReleaseRefused for
    what a box would refuse.
    """
    entries = tuple(
        Wheel(name, len(data), hashlib.sha256(data).hexdigest(), python)
        for name, (data, python) in sorted(wheels.items())
    )
    signed = manifest_bytes(replace(manifest, wheels=entries))
    read_manifest(signed)
    body = b"".join(wheels[entry.name][0] for entry in entries)
    release = head_of(signed, sign(SIGNED_AS + b"\0" + signed)) + body
    if chain:
        read_head(io.BytesIO(release), [read_chain(chain)[-1].statement.release])
    return chain + release


def name_keys(chain: bytes, statement: Statement, named_by: Sign, agreed: Sign) -> bytes:
    """Return a chain with one more statement: signed by a spare key named before, or in the first one by the
    first release key; and by the release key that it names.

    Raises ReleaseRefused for what a box would refuse.
    """
    before, text = read_chain(chain), signed_text(statement)
    longer = chain_bytes([*before, Signed(statement, named_by(text), agreed(text))])
    # As a box sees it that was set up with the release key of the statement before; whose key the first one
    # must be signed by, only boxes and hubs know.
    first = [before[-1].statement.release] if before else [statement.release]
    trusted(first, read_chain(longer))
    return longer
