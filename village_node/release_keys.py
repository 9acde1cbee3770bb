"""Which release key counts at this box: the enrolment's, or the one to which the updater's statements lead.

The node only reads them; root's updater takes them, with a release (`updater.successors`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from updater.release_file import ReleaseRefused
from updater.slots import LINK, Slots
from updater.successors import Trust, grown, kept_chain, read_chain, trusted


def own_slots() -> Slots | None:
    """Return where this program is installed beside other versions; None for any other installation."""
    program = Path(sys.prefix).parent
    return Slots(program) if (program / LINK).is_symlink() else None


def chain_here() -> bytes:
    """Return the statements that the updater of this box keeps; empty without an updater."""
    slots = own_slots()
    return b"" if slots is None else kept_chain(slots.program)


def release_trust(first: bytes | None, chain: bytes, given: bytes = b"") -> Trust:
    """Return whose releases and material count for an enrolment with the release key `first`.

    `chain` is what the updater keeps: where it belongs to another hub, it counts for nothing. `given`: what a
    release brings. Raises ReleaseRefused for that alone.
    """
    keys = () if first is None else (first,)
    try:
        trusted(keys, read_chain(chain))
    except ReleaseRefused:
        chain = b""
    return trusted(keys, read_chain(grown(keys, chain, given)))
