"""Hashes of passwords and PINs: Argon2id in a text form that names its own parameters.

The form is the usual one, ``$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>``, so that parameters can be
raised later: an old hash still opens with its own, and `needs_new_hash` says when to write a new one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

PASSWORD_MAX_CHARACTERS = 1024
"""Longer ones are wrong without being hashed, so that nobody can make the hub chew on megabytes."""

SALT_BYTES = 16
HASH_BYTES = 32
_MEMORY_MAX_KIB = 256 * 1024
_PASSES_MAX = 16
_LANES_MAX = 8

_FORM = re.compile(
    r"\$argon2id\$v=19\$m=([1-9][0-9]{0,7}),t=([1-9][0-9]{0,2}),p=([1-9][0-9]?)"
    r"\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})"
)

_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
"""Each check takes its memory for tens of milliseconds; a flood of sign-ins must queue, not fill the RAM."""


@dataclass(frozen=True)
class Cost:
    """What one check costs: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int


COST = Cost(memory_kib=19 * 1024, passes=2, lanes=1)
"""OWASP's Argon2id setting; about 20 ms on an office machine."""


class BrokenPasswordHash(ValueError):
    """A stored hash that this program did not write or would not run. The text never repeats it."""


@dataclass(frozen=True)
class _Stored:
    cost: Cost
    salt: bytes
    hash: bytes


def hash_password(password: str, *, cost: Cost = COST) -> str:
    """Return the text to keep for `password`, under a fresh salt."""
    if len(password) > PASSWORD_MAX_CHARACTERS:
        raise ValueError(f"a password has at most {PASSWORD_MAX_CHARACTERS} characters")
    salt = secrets.token_bytes(SALT_BYTES)
    return _text(cost, salt, _derive(password, salt, cost, HASH_BYTES))


def _text(cost: Cost, salt: bytes, hashed: bytes) -> str:
    return (
        f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}"
        f"${_without_padding(salt)}${_without_padding(hashed)}"
    )


def password_matches(password: str, stored: str | None, *, cost: Cost = COST) -> bool:
    """Return whether `password` is the one behind `stored`; raise BrokenPasswordHash.

    Call it with None for an unknown account: it then works as long as for a known one and returns
    False, so that the time taken does not tell which names exist.
    """
    known = stored is not None
    if stored is None:
        one = _Stored(cost, bytes(SALT_BYTES), secrets.token_bytes(HASH_BYTES))
    else:
        one = _read(stored)
    if len(password) > PASSWORD_MAX_CHARACTERS:
        password, known = "", False
    derived = _derive(password, one.salt, one.cost, len(one.hash))
    return hmac.compare_digest(derived, one.hash) and known


def split_hash(stored: str) -> tuple[bytes, bytes]:
    """Return (salt, hash) of a hash made at today's cost, to send it; raise BrokenPasswordHash."""
    one = _read(stored)
    if one.cost != COST:
        raise BrokenPasswordHash("a hash that travels is made at today's cost")
    return one.salt, one.hash


def join_hash(salt: bytes, hashed: bytes) -> str:
    """Return the text to keep for what `split_hash` gave."""
    return _text(COST, salt, hashed)


def needs_new_hash(stored: str, *, cost: Cost = COST) -> bool:
    """Return whether `stored` was made at another cost than today's; raise BrokenPasswordHash."""
    return _read(stored).cost != cost


def _derive(password: str, salt: bytes, cost: Cost, length: int) -> bytes:
    # Keyboards differ in how they compose accents: the same password must match from each of them.
    key_material = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    with _ONE_AT_A_TIME:
        return Argon2id(
            salt=salt,
            length=length,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(key_material)


def derive_key(password: str, salt: bytes, cost: Cost) -> bytes:
    """Return 32 bytes to encrypt with; raise ValueError for a password that is too long.

    Raises BrokenPasswordHash for a cost or a salt that is none of ours.
    """
    _refuse_too_dear(cost)
    if len(salt) != SALT_BYTES:
        raise BrokenPasswordHash(f"a salt has {SALT_BYTES} bytes")
    if len(password) > PASSWORD_MAX_CHARACTERS:
        raise ValueError(f"a password has at most {PASSWORD_MAX_CHARACTERS} characters")
    return _derive(password, salt, cost, HASH_BYTES)


def _refuse_too_dear(cost: Cost) -> None:
    # A damaged or planted row must not make a sign-in eat the machine.
    too_dear = cost.memory_kib > _MEMORY_MAX_KIB or cost.passes > _PASSES_MAX or cost.lanes > _LANES_MAX
    if too_dear or min(cost.passes, cost.lanes) < 1 or cost.memory_kib < 8 * cost.lanes:
        raise BrokenPasswordHash("a stored password hash names a cost that this program does not run")


def _read(stored: str) -> _Stored:
    match = _FORM.fullmatch(stored)
    if match is None:
        raise BrokenPasswordHash("a stored password hash has another form than this program writes")
    cost = Cost(memory_kib=int(match[1]), passes=int(match[2]), lanes=int(match[3]))
    _refuse_too_dear(cost)
    try:
        return _Stored(cost, _from_unpadded(match[4]), _from_unpadded(match[5]))
    except binascii.Error:
        raise BrokenPasswordHash("a stored password hash is damaged") from None


def _without_padding(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii").rstrip("=")


def _from_unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
