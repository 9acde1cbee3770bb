"""Checks an exported file with nothing but that file. Pure: lines in, a finding out.

A file is JSON lines: one with the span, the size, the key and hashes of what lies outside the span; one for
each entry with its salt and leaf hash; one for each signed head with its proof of consistency. Other files
hold one line: a head, or one entry with its proof of inclusion.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.audit.entries import SALT_BYTES, Entry, Head, NoEntry, entry_from_json, open_head
from hub.audit.merkle import HASH_BYTES, KnownTree, cover, is_consistent, root_from_inclusion, root_of
from sync.errors import SealBroken

NODES_MAX = 200
"""The hashes beside a span: two for each level of a tree."""


class NotProven(Exception):
    """The file does not prove the log; the text says in one line what is wrong."""


@dataclass(frozen=True)
class Proven:
    """What a file proves: so many entries of a log of `size`, its root, its key, its newest head's time."""

    entries: int
    size: int
    root: bytes
    public: bytes
    at_s: int
    heads: int


@dataclass
class _File:
    public: bytes
    start: int
    end: int
    size: int
    nodes: dict[tuple[int, int], bytes]
    entries: int = 0
    heads: list[tuple[Head, list[bytes]]] = field(default_factory=list)


def verify_lines(lines: Iterable[str], *, older: Head | None = None, public: bytes | None = None) -> Proven:
    """Return what a file proves; raise NotProven.

    `older` is a head that was kept outside: the file must go on from it. `public` is the hub's key, if it is
    known from elsewhere; without it the file's own is taken, and the answer names it.
    """
    parsed = (_parsed(number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = next(parsed, None)
    if first is None:
        raise NotProven("the file is empty")
    if "kentongan_audit_proof" in first:
        return _verify_proof(first, older, public)
    file = _opened(first, public)
    for found in parsed:
        if "entry" in found:
            _take_entry(file, found, parsed)
        elif "head" in found:
            file.heads.append(_head_of(file, found))
        else:
            raise NotProven("a line is neither an entry nor a signed head")
    if file.entries != file.end - file.start:
        missing = file.end - file.start - file.entries
        raise NotProven(f"{missing} entries are missing at the end of the file")
    return _check_heads(file, older)


def _parsed(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotProven(f"line {number} is not a JSON object")
    return found


def _bytes(found: Any, length: int | None = None) -> bytes:
    try:
        value = bytes.fromhex(found)
    except (ValueError, TypeError):
        raise NotProven("a hash, salt or signature in the file is not hexadecimal") from None
    if length is not None and len(value) != length:
        raise NotProven("a hash, salt or key in the file has the wrong length")
    return value


def _key_of(first: dict[str, Any], public: bytes | None) -> bytes:
    own = _bytes(first.get("public_key"), 32)
    if public is not None and own != public:
        raise NotProven("the file is signed under another key than the one given")
    return own


def _opened(first: dict[str, Any], public: bytes | None) -> _File:
    if first.get("kentongan_audit") != 1:
        raise NotProven("the file is no export of a log of accesses, or one of a newer version")
    own = _key_of(first, public)
    start, end, size = first.get("start"), first.get("end"), first.get("size")
    if not (type(start) is type(end) is type(size) is int and 0 <= start <= end <= size < 2**62):
        raise NotProven("the first line of the file names no span of a log")
    given = first.get("nodes")
    expected = [*cover(0, start), *cover(end, size)]
    if not isinstance(given, list) or len(given) != len(expected) or len(given) > NODES_MAX:
        raise NotProven("the hashes beside the span are not those that it needs")
    nodes = {}
    for place, node in zip(expected, given, strict=True):
        if not isinstance(node, list) or len(node) != 3 or tuple(node[:2]) != place:
            raise NotProven("the hashes beside the span are not those that it needs")
        nodes[place] = _bytes(node[2], HASH_BYTES)
    return _File(own, start, end, size, nodes)


def _entry_of(found: dict[str, Any]) -> tuple[Entry, bytes]:
    try:
        return entry_from_json(found.get("entry")), _bytes(found.get("salt"), SALT_BYTES)
    except NoEntry as error:
        raise NotProven(f"an entry cannot be read: {error}") from error


def _take_entry(file: _File, found: dict[str, Any], rest: Iterable[dict[str, Any]]) -> None:
    entry, salt = _entry_of(found)
    expected = file.start + file.entries
    if file.entries >= file.end - file.start:
        raise NotProven(f"entry {entry.number} stands beyond the end of the file's span")
    if entry.number != expected:
        later = any(_number_of(line) == expected for line in rest)
        how = f"is not where it belongs: entry {entry.number} is" if later else "is missing"
        raise NotProven(f"entry {expected} {how}")
    leaf = entry.leaf(salt)
    if leaf != _bytes(found.get("leaf"), HASH_BYTES):
        raise NotProven(f"entry {entry.number} was changed")
    file.nodes[0, entry.number] = leaf
    file.entries += 1


def _number_of(line: dict[str, Any]) -> Any:
    entry = line.get("entry")
    return entry.get("number") if isinstance(entry, dict) else None


def _signed_head(public: bytes, signed: Any) -> Head:
    try:
        return open_head(public, _bytes(signed))
    except SealBroken:
        raise NotProven("the signature of a head is forged, or of another key") from None
    except NoEntry:
        raise NotProven("a head in the file cannot be read") from None


def _head_of(file: _File, found: dict[str, Any]) -> tuple[Head, list[bytes]]:
    path = found.get("consistency")
    if not isinstance(path, list):
        raise NotProven("a head in the file has no proof of consistency")
    return _signed_head(file.public, found["head"]), [_bytes(step, HASH_BYTES) for step in path]


def _check_heads(file: _File, older: Head | None) -> Proven:
    root = root_of(KnownTree(file.nodes).read, file.size)
    newest = max((head for head, _ in file.heads), key=lambda head: head.size, default=None)
    if newest is None or newest.size != file.size:
        raise NotProven("the file has no signed head over all of its entries")
    if newest.root != root:
        raise NotProven("the entries do not give the signed head: an entry, its salt or a hash was changed")
    for head, path in file.heads:
        if not is_consistent(head.size, file.size, head.root, root, path):
            raise NotProven(
                f"the log does not go on from the head over {head.size} entries: its past was changed"
            )
    if older is not None:
        _check_older(file, older, root)
    return Proven(file.entries, file.size, root, file.public, newest.at_s, len(file.heads))


def _check_older(file: _File, older: Head, root: bytes) -> None:
    if older.size > file.size:
        gone = older.size - file.size
        raise NotProven(f"the log was cut: {gone} entries that the older head covers are missing at its end")
    known = [head.root for head, _ in file.heads if head.size == older.size]
    if not known:
        try:
            known = [root_of(KnownTree(file.nodes).read, older.size)]
        except KeyError:
            raise NotProven(
                "the file is a part of the log and says nothing of the older head: export the whole log"
            ) from None
    if any(one != older.root for one in known):
        raise NotProven("the log does not go on from the older head: its past was changed")


def _verify_proof(first: dict[str, Any], older: Head | None, public: bytes | None) -> Proven:
    if first["kentongan_audit_proof"] != 1:
        raise NotProven("the proof is of a newer version")
    if older is not None:
        raise NotProven("a proof of one entry says nothing of an older head: export the log for that")
    own = _key_of(first, public)
    entry, salt = _entry_of(first)
    head = _signed_head(own, first.get("head"))
    path = first.get("path")
    if not isinstance(path, list):
        raise NotProven("the proof has no path")
    steps = [_bytes(step, HASH_BYTES) for step in path]
    if root_from_inclusion(entry.leaf(salt), entry.number, head.size, steps) != head.root:
        raise NotProven(f"entry {entry.number} does not stand like this in the log that was signed")
    return Proven(1, head.size, head.root, own, head.at_s, 1)


def head_from_lines(lines: Iterable[str], *, public: bytes | None = None) -> tuple[Head, bytes]:
    """Return the newest signed head of a file, an export or a head alone, and its key; raise NotProven."""
    own: bytes | None = None
    heads: list[Any] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = _parsed(number, line)
            if "public_key" in found:
                own = _key_of(found, public)
            if "head" in found:
                heads.append(found["head"])
    if own is None or not heads:
        raise NotProven("the file has no signed head with its key")
    key = own
    return max((_signed_head(key, signed) for signed in heads), key=lambda head: head.size), key
