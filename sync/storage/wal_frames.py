"""Reads and writes the write-ahead log of SQLite as a file, after its description (sqlite.org/fileformat2,
section 4): SQLite itself leaves out, and says nothing of, all that stands behind one frame that is damaged.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.storage.unread_blocks import read_past

HEADER_BYTES, FRAME_BYTES = 32, 24
_MAGIC, _VERSION = 0x377F0682, 3_007_000
_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_PAGE_SIZES = frozenset(2**power for power in range(9, 17))
_SALT = b"Kentongn"

Sum = tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """One page as a transaction wrote it. `page` 0: it is not known which; `content` None: it is damaged.
    `pages_after` is above 0 in the last frame of a transaction: so many pages has the file then."""

    page: int
    pages_after: int
    content: bytes | None


@dataclass(frozen=True)
class Wal:
    """All committed frames in their order. `broken`: SQLite reads fewer of them, though they were flushed, or
    cannot open the database for a block of the log that the card does not give."""

    page_bytes: int
    frames: tuple[Frame, ...]
    broken: bool


@dataclass(frozen=True)
class _Slot:
    page: int
    pages_after: int
    told: Sum
    content: bytes
    good: bool
    """Its sum is right behind the sum that the frame before it tells."""


def checksum(content: bytes, before: Sum, order: str) -> Sum:
    """Return the sum of 32-bit words that follows `before`; `order` is "<" or ">"."""
    first, second = before
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def read_wal(path: Path) -> Wal | None:
    """Return what the log beside a database holds, None where there is none or nothing in it. Raises OSError.

    What a power cut tore is no damage: nothing was promised of it. A commit is known to have been flushed
    where a whole frame was written behind it.
    """
    try:
        content, unread = read_past(path)
    except FileNotFoundError:
        return None
    if len(content) < HEADER_BYTES + FRAME_BYTES:
        return None
    header = _HEADER.unpack_from(content)
    well = header[0] & ~1 == _MAGIC and header[2] in _PAGE_SIZES
    order = "<>"[header[0] & 1] if well else "<"
    well = well and checksum(content[:24], (0, 0), order) == header[6:]
    page_bytes = header[2] if header[2] in _PAGE_SIZES else 4096
    if well:
        slots = _slots(content, page_bytes, struct.pack(">2I", *header[4:6]), header[6:], order)
    else:
        slots = _slots_without_header(content, page_bytes, order)
    unbroken = next((at for at, slot in enumerate(slots) if slot is None or not slot.good), len(slots))
    end = _end_of_commits(slots, unbroken)
    # SQLite reads up to the first frame that is none; behind it lies what an earlier generation left.
    not_given = unread is not None and unread < HEADER_BYTES + (unbroken + 1) * (FRAME_BYTES + page_bytes)
    if not end and not not_given:
        return None
    frames = tuple(_frame(slot) for slot in slots[:end])
    return Wal(page_bytes, frames, broken=not_given or end > unbroken)


def _slots_without_header(content: bytes, page_bytes: int, order: str) -> list[_Slot | None]:
    """Return the frames by what the head of the first says of its generation, or that of the second, where
    the first is gone as well. Were they of an earlier one, they would stand in the database already."""
    found: list[_Slot | None] = []
    for frame in range(2):
        at = HEADER_BYTES + frame * (FRAME_BYTES + page_bytes) + 8
        found = _slots(content, page_bytes, content[at : at + 8], None, order)
        if any(slot is not None and slot.good for slot in found):
            break
    return found


def _slots(
    content: bytes, page_bytes: int, salt: bytes, before: Sum | None, order: str
) -> list[_Slot | None]:
    """Return the frames of this log's generation; None for one whose head is damaged."""
    found: list[_Slot | None] = []
    size = FRAME_BYTES + page_bytes
    for at in range(HEADER_BYTES, len(content) - size + 1, size):
        head = content[at : at + FRAME_BYTES]
        if head[8:16] != salt:
            found.append(None)
            before = None
            continue
        page, pages_after, _, _, *told = _FRAME.unpack(head)
        body = content[at + FRAME_BYTES : at + size]
        good = before is not None and checksum(head[:8] + body, before, order) == tuple(told)
        before = (told[0], told[1])
        found.append(_Slot(page, pages_after, before, body, good))
    while found and found[-1] is None:  # of an earlier generation, which was longer
        found.pop()
    return found


def _end_of_commits(slots: Sequence[_Slot | None], unbroken: int) -> int:
    """Return how many frames belong to transactions that were committed."""
    end = max((at + 1 for at in range(unbroken) if _commits(slots[at])), default=0)
    for at in range(unbroken, len(slots) - 1):
        behind = slots[at + 1]
        if _commits(slots[at]) and behind is not None and behind.good:
            end = at + 1
    # The last one: known as far as every frame of it is whole.
    if end > unbroken:
        whole = end
        while whole < len(slots) and (slot := slots[whole]) is not None and slot.good:
            whole += 1
        end = max((at + 1 for at in range(end, whole) if _commits(slots[at])), default=end)
    return end


def _commits(slot: _Slot | None) -> bool:
    return slot is not None and slot.pages_after > 0


def _frame(slot: _Slot | None) -> Frame:
    if slot is None:
        return Frame(0, 0, None)
    return Frame(slot.page, slot.pages_after, slot.content if slot.good else None)


def write_wal(path: Path, page_bytes: int, pages: Mapping[int, bytes], pages_after: int) -> None:
    """Write a log of one transaction that puts these pages (numbered from 1) over those of its database."""
    head = struct.pack(">4I", _MAGIC, _VERSION, page_bytes, 0) + _SALT
    told = checksum(head, (0, 0), "<")
    parts = [head, struct.pack(">2I", *told)]
    for left, (page, content) in enumerate(sorted(pages.items()), 1 - len(pages)):
        start = struct.pack(">2I", page, pages_after if left == 0 else 0)
        told = checksum(start + content, told, "<")
        parts += [start, _SALT, struct.pack(">2I", *told), content]
    path.write_bytes(b"".join(parts))
