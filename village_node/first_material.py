"""What a new box begins with: the signed pack that its enrolment names, where it lies beside the file."""

from __future__ import annotations

import hashlib
import hmac
import logging
from pathlib import Path
from typing import Any

from content.errors import PackRefused
from sync.sealing.enrolment import MaterialName
from sync.wire.content_pieces import MAX_UPDATE_BYTES
from village_node.content_store import ContentStore

_log = logging.getLogger(__name__)
SUFFIX = ".pack"
MAX_LOOKED_AT = 20
"""Files beside the enrolment; a stick may hold others."""


def take_first_material(store: ContentStore, named: MaterialName | None, beside: Path) -> dict[str, Any]:
    """Use the named pack if it lies in the folder `beside`; return what the box begins with, and what comes.

    Its sum and the signature of the release key are checked. Whatever is wrong with it, the box begins with
    the material that it was shipped with.
    """
    if named is None:
        return {"version": 0, "next": "with the first contact" if store.takes_packs else None}
    pack = _find(named, beside)
    problem = None if pack is not None else "the pack that the enrolment names does not lie beside it"
    if pack is not None:
        try:
            return {"version": store.take(pack), "next": None}
        except (PackRefused, OSError) as error:
            problem = str(error) if isinstance(error, PackRefused) else "the card does not take it"
    return {"version": 0, "next": BY_WHAT, "named": named.version, "problem": problem}


BY_WHAT = "by internet with the first contact, or in the hub's courier file; by radio only small changes"


def _find(named: MaterialName, beside: Path) -> bytes | None:
    try:
        files = sorted(path for path in beside.iterdir() if path.name.lower().endswith(SUFFIX))
        for file in files[:MAX_LOOKED_AT]:
            if not file.is_file() or file.stat().st_size > MAX_UPDATE_BYTES:
                continue
            pack = file.read_bytes()
            if hmac.compare_digest(hashlib.sha256(pack).digest(), named.sha256):
                return pack
    except OSError as error:
        _log.warning("no material was read from beside the enrolment (%s)", error.strerror)
    return None
