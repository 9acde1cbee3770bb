"""AMR: a line that names it, then frames. Only whole frames go on."""

from __future__ import annotations

from sync.media.refusals import MediaRefused, Refusal

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
_SIZES = {
    NARROW: (12, 13, 15, 17, 19, 20, 26, 31, 5, None, None, None, None, None, None, 0),
    WIDE: (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, None, None, None, None, 0, 0),
}
"""Bytes behind the first one of a frame, by its type (RFC 4867, section 5)."""


def clean_amr(content: bytes) -> bytes:
    """Return the file up to its last whole frame; raise MediaRefused for what is no frame."""
    magic = WIDE if content.startswith(WIDE) else NARROW
    if not content.startswith(magic):
        raise MediaRefused(Refusal.NO_SOUND)
    at = end = len(magic)
    while at < len(content):
        head = content[at]
        size = _SIZES[magic][head >> 3 & 15]
        if head & 0x83 or size is None:
            raise MediaRefused(Refusal.BROKEN)
        at += 1 + size
        if at <= len(content):
            end = at
    if end == len(magic):
        raise MediaRefused(Refusal.BROKEN)
    return content[:end]
