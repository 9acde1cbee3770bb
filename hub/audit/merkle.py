"""The Merkle tree of RFC 6962 and RFC 9162, section 2.1: roots, inclusion and consistency. Pure.

A tree is read through `Read`: the hash of the complete subtree number `index` of `2 ** level` leaves.
Complete subtrees never change, so they can be kept; every root and proof is made of at most two of them a
level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Read = Callable[[int, int], bytes]
HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def cover(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the fewest complete subtrees, (level, index) from the left, that hold the leaves [start, end)."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def new_nodes(read: Read, size: int, leaf: bytes) -> list[tuple[int, int, bytes]]:
    """Return the complete subtrees (level, index, hash) that one more leaf hash makes in a tree of `size`."""
    level, index, found = 0, size, leaf
    nodes = [(level, index, found)]
    while index & 1:
        found = node_hash(read(level, index - 1), found)
        level, index = level + 1, index >> 1
        nodes.append((level, index, found))
    return nodes


def root_of(read: Read, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _range_hash(read, 0, size)


def _range_hash(read: Read, start: int, end: int) -> bytes:
    # Every range that the RFC's recursion names begins at a multiple of the power of two above its length.
    *rest, (level, index) = cover(start, end)
    found = read(level, index)
    for level, index in reversed(rest):
        found = node_hash(read(level, index), found)
    return found


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def inclusion_path(read: Read, number: int, size: int) -> list[bytes]:
    """Return PATH(number, D[size]) (RFC 9162, 2.1.3.1); raise ValueError for a leaf that is not there."""
    if not 0 <= number < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if number < middle:
            path.append(_range_hash(read, middle, end))
            end = middle
        else:
            path.append(_range_hash(read, start, middle))
            start = middle
    return path[::-1]


def root_from_inclusion(leaf: bytes, number: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a path leads to (RFC 9162, 2.1.3.2), None for one that fits no tree of `size`."""
    if not 0 <= number < size:
        return None
    at, last, found = number, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def consistency_path(read: Read, older: int, newer: int) -> list[bytes]:
    """Return PROOF(older, D[newer]) (RFC 9162, 2.1.4.1); empty for equal sizes and an empty older tree."""
    if not 0 <= older <= newer:
        raise ValueError("the older tree is the smaller one")
    if older in (0, newer):
        return []
    path: list[bytes] = []
    start, end, whole = 0, newer, True
    while older != end:
        middle = start + _split(end - start)
        if older <= middle:
            path.append(_range_hash(read, middle, end))
            end = middle
        else:
            path.append(_range_hash(read, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_range_hash(read, start, end))
    return path[::-1]


def is_consistent(
    older: int, newer: int, older_root: bytes, newer_root: bytes, path: Sequence[bytes]
) -> bool:
    """Return whether the tree of `newer` leaves only appended to the one of `older` (RFC 9162, 2.1.4.2)."""
    if older == newer or older == 0:
        return not path and older_root == (newer_root if older == newer else EMPTY_ROOT)
    steps = [older_root, *path] if older & (older - 1) == 0 else list(path)
    if not 0 < older < newer or not steps:
        return False
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_older = found_newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            found_older, found_newer = node_hash(step, found_older), node_hash(step, found_newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found_newer = node_hash(found_newer, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found_older == older_root and found_newer == newer_root


class KnownTree:
    """A tree put together from what a file gives: some leaves one by one, the rest as subtrees."""

    def __init__(self, nodes: dict[tuple[int, int], bytes]) -> None:
        self._nodes = dict(nodes)

    def read(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree; raise KeyError where too little is known."""
        known = self._nodes.get((level, index))
        if known is None:
            if level == 0:
                raise KeyError((level, index))
            known = node_hash(self.read(level - 1, 2 * index), self.read(level - 1, 2 * index + 1))
            self._nodes[level, index] = known
        return known
