"""One entry of the log, as bytes that everybody makes alike; and what a signed head says. Pure.

An entry says when, who, what, about what (by its id) and why. It never holds a narrative, a reporter's name
or a phone. Its leaf is hashed with 16 random bytes of its own: who holds the hash alone cannot guess the
entry, and one entry can be proven without showing the others.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from hub.audit.merkle import HASH_BYTES, leaf_hash
from sync.sealing.signing import open_signed, sign

SALT_BYTES = 16
HEAD_LABEL = "audit-head"
REASON_MAX_CHARACTERS = 200
_WHAT = re.compile(r"[a-z][a-z0-9 _-]{0,39}")
_ABOUT_MAX_CHARACTERS = 120


class NoEntry(ValueError):
    """Something that cannot be an entry or a head; the text says what is allowed and repeats nothing."""


@dataclass(frozen=True)
class Entry:
    """One entry. `about` is a kind and an id: "report 0123456789abcdef.0.1"; `at_ms` Unix milliseconds."""

    number: int
    at_ms: int
    by: str
    what: str
    about: str
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as an object of a file."""
        return {
            "about": self.about,
            "at_ms": self.at_ms,
            "by": self.by,
            "number": self.number,
            "reason": self.reason,
            "what": self.what,
        }

    def canonical(self) -> bytes:
        """Return the bytes that are hashed: JSON with sorted keys, no blanks, ASCII alone."""
        return _canonical(self.to_json())

    def leaf(self, salt: bytes) -> bytes:
        """Return the hash of its leaf."""
        return leaf_hash(salt + self.canonical())


def entry_from_json(found: Any) -> Entry:
    """Return the entry of a file's object; raise NoEntry."""
    kinds = {"number": int, "at_ms": int, "by": str, "what": str, "about": str, "reason": str}
    if not isinstance(found, dict) or set(found) != set(kinds):
        raise NoEntry("an entry has about, at_ms, by, number, reason and what")
    if any(type(found[key]) is not kind for key, kind in kinds.items()):
        raise NoEntry("a value of an entry is of the wrong kind")
    return Entry(**found)


def check_words(what: str, about: str, reason: str) -> None:
    """Raise NoEntry for words that no entry takes."""
    if _WHAT.fullmatch(what) is None:
        raise NoEntry("what was done is 1 to 40 small letters, digits, blanks, - and _")
    if not 0 < len(about) <= _ABOUT_MAX_CHARACTERS or not about.isprintable():
        raise NoEntry(
            f"what it is about is 1 to {_ABOUT_MAX_CHARACTERS} printable characters: a kind and an id"
        )
    if len(reason) > REASON_MAX_CHARACTERS:
        raise NoEntry(f"a reason has at most {REASON_MAX_CHARACTERS} characters")


@dataclass(frozen=True)
class Head:
    """What the hub signed: so many entries with this root, at this time (Unix seconds)."""

    size: int
    root: bytes
    at_s: int

    def body(self) -> bytes:
        """Return the bytes under the signature."""
        return _canonical(
            {"kentongan_audit_head": 1, "size": self.size, "root": self.root.hex(), "at_s": self.at_s}
        )

    def signed(self, private: bytes) -> bytes:
        """Return the body with the hub's Ed25519 signature."""
        return sign(private, HEAD_LABEL, self.body())


def open_head(public: bytes, signed: bytes) -> Head:
    """Return what a signed head says; raise SealBroken for one of another key, NoEntry for no head."""
    body = open_signed(public, HEAD_LABEL, signed)
    try:
        found = json.loads(body)
        head = Head(found["size"], bytes.fromhex(found["root"]), found["at_s"])
        sound = head.size >= 0 and len(head.root) == HASH_BYTES and head.body() == body
    except (ValueError, KeyError, TypeError) as error:
        raise NoEntry("no head of a log") from error
    if not sound:
        raise NoEntry("no head of a log")
    return head


def _canonical(found: dict[str, Any]) -> bytes:
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
