"""Which key signs releases now: statements by which one set of keys names the next, from the first key on.

    MAGIC (8) | bytes of the list (4, big endian) | list

The list is JSON: for each statement [its text, signature of the key that names, signature of the new release
key], signatures in hexadecimal. A statement is {"format", "epoch", "release", "spares", "made_at"}. Both are
Ed25519 over `SIGNED_AS`, a zero byte and the text. The first statement is signed by the first release key,
each later one by a spare key of the one before: who steals a release key can name nobody. Epochs go up by
one, so that a box which knows a statement takes no other in its place. All of it stands before each release.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from updater.ed25519 import KEY_BYTES, SIGNATURE_BYTES, verifies
from updater.release_file import ReleaseRefused
from updater.slots import write_flushed

MAGIC: Final = b"KTGKEYS1"
SIGNED_AS: Final = b"kentongan/release-keys/1"
FORMAT: Final = 1
MAX_STATEMENTS: Final = 32
MAX_SPARES: Final = 3
MAX_LIST_BYTES: Final = 32 * 1024
KEYS_FILE: Final = "release.keys"
"""In the folder of the versions, where root writes alone, and which stays on a system that is not written."""
_FIELDS: Final = {"format", "epoch", "release", "spares", "made_at"}


@dataclass(frozen=True)
class Statement:
    """`release` signs releases and material from this epoch on; `spares` (one to three) may name the next."""

    epoch: int
    release: bytes
    spares: tuple[bytes, ...]
    made_at: str

    def text(self) -> bytes:
        """Return it as it is signed."""
        fields = {
            "format": FORMAT,
            "epoch": self.epoch,
            "release": self.release.hex(),
            "spares": [spare.hex() for spare in self.spares],
            "made_at": self.made_at,
        }
        return json.dumps(fields, separators=(",", ":")).encode("ascii")


@dataclass(frozen=True)
class Signed:
    """A statement with its signatures: `named_by` of whoever named it, `agreed` of the new release key."""

    statement: Statement
    named_by: bytes
    agreed: bytes


@dataclass(frozen=True)
class Trust:
    """Whose word counts: `release` signs now (several only before the first statement), `former` did once and
    count for nothing new. `epoch` 0: no statement is known."""

    epoch: int
    release: tuple[bytes, ...]
    spares: tuple[bytes, ...] = ()
    former: tuple[bytes, ...] = ()

    @property
    def known(self) -> tuple[bytes, ...]:
        """Return all keys whose signatures may stand under what was taken before."""
        return (*self.release, *self.former)


def signed_text(statement: Statement) -> bytes:
    """Return the bytes that both signatures cover."""
    return SIGNED_AS + b"\0" + statement.text()


def chain_bytes(chain: Sequence[Signed]) -> bytes:
    """Return statements as they stand before a release; nothing for none."""
    if not chain:
        return b""
    rows = [[one.statement.text().decode(), one.named_by.hex(), one.agreed.hex()] for one in chain]
    body = json.dumps(rows, separators=(",", ":")).encode("ascii")
    return MAGIC + len(body).to_bytes(4, "big") + body


def read_prefix(file: BinaryIO) -> bytes:
    """Return the statements before a release, and leave the file where the release begins; empty for none.

    Raises ReleaseRefused for a prefix that is cut short, OSError.
    """
    start = file.tell()
    head = file.read(len(MAGIC) + 4)
    if not head.startswith(MAGIC):
        file.seek(start)
        return b""
    size = int.from_bytes(head[len(MAGIC) :], "big")
    body = file.read(size) if size <= MAX_LIST_BYTES else b""
    if not body or len(body) < size or len(head) < len(MAGIC) + 4:
        raise ReleaseRefused("damaged", "the keys before the release are damaged: copy it again")
    return head + body


def read_chain(data: bytes) -> tuple[Signed, ...]:
    """Read what `chain_bytes` wrote, whatever its signatures are worth; raise ReleaseRefused."""
    if not data:
        return ()
    body = data[len(MAGIC) + 4 :]
    if not data.startswith(MAGIC) or len(body) != int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big"):
        raise _bad()
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _bad() from error
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_STATEMENTS:
        raise _bad()
    chain = tuple(map(_signed, rows))
    if [one.statement.epoch for one in chain] != list(range(1, len(chain) + 1)):
        raise _bad()
    return chain


def trusted(first: Sequence[bytes], chain: Sequence[Signed]) -> Trust:
    """Return whose word counts for a box that was given the key `first` when it was set up.

    That key named the first statement, or a later one names it: then what came before it is nobody's affair.
    Raises ReleaseRefused where the statements do not lead from that key.
    """
    if not chain:
        return Trust(0, tuple(first))
    begun = next((place for place, one in enumerate(chain) if _starts_at(first, one)), None)
    if begun is None:
        raise ReleaseRefused("signature", "the keys before the release are of another hub, or forged")
    former = [*first, *(one.statement.release for one in chain[:begun])]
    for before, one in zip(chain[begun:], chain[begun + 1 :], strict=False):
        if not _names(before.statement.spares, one) or not _agrees(one):
            raise ReleaseRefused("signature", "a statement on keys is not signed by a spare key named before")
        former.append(before.statement.release)
    now = chain[-1].statement
    old = tuple(key for key in dict.fromkeys(former) if key != now.release)
    return Trust(now.epoch, (now.release,), now.spares, old)


def grown(first: Sequence[bytes], held: bytes, given: bytes) -> bytes:
    """Return which of two lists of statements counts: the longer one, where it begins with the other.

    Raises ReleaseRefused where they contradict each other, or the given one is not signed as it must be.
    """
    old, new = read_chain(held), read_chain(given)
    common = min(len(old), len(new))
    if chain_bytes(old[:common]) != chain_bytes(new[:common]):
        raise ReleaseRefused(
            "signature", "the keys before the release contradict those that were named before"
        )
    if len(new) <= len(old):
        return held
    trusted(first, new)
    return given


class KeyRing:
    """The statements that a box knows, in a file that is replaced whole. `first`: what it was set up with."""

    def __init__(self, program: Path, first: Sequence[bytes]) -> None:
        self._path = program / KEYS_FILE
        self._first = tuple(first)

    def trust(self) -> Trust:
        """Return whose word counts; raise ReleaseRefused where the file is damaged: an old key must not count
        again."""
        return trusted(self._first, read_chain(self._held()))

    def learn(self, given: bytes) -> Trust:
        """Keep statements that go further than those known, and return whose word counts then.

        Raises ReleaseRefused, OSError; then the ones known before are kept.
        """
        held = self._held()
        kept = grown(self._first, held, given)
        trust = trusted(self._first, read_chain(kept))
        if kept != held:
            write_flushed(self._path, _kept_bytes(self._hex(), kept))
        return trust

    def _hex(self) -> list[str]:
        return [key.hex() for key in self._first]

    def _held(self) -> bytes:
        """Return what is kept; nothing where the box was set up anew with another first key."""
        try:
            first, chain = _kept(self._path)
        except FileNotFoundError:
            return b""
        return chain if first == self._hex() else b""


def kept_chain(program: Path) -> bytes:
    """Return the statements that the updater keeps, for who only reads; empty where none can be read."""
    try:
        return _kept(program / KEYS_FILE)[1]
    except (OSError, ReleaseRefused):
        return b""


def _kept_bytes(first: list[str], chain: bytes) -> bytes:
    fields = {"first": first, "chain": chain.hex()}
    digest = hashlib.sha256(json.dumps(fields).encode("ascii")).hexdigest()
    return (json.dumps(fields | {"sha256": digest}) + "\n").encode("ascii")


def _kept(path: Path) -> tuple[list[str], bytes]:
    data = path.read_bytes()
    try:
        fields = json.loads(data)
        first, chain = fields["first"], bytes.fromhex(fields["chain"])
        read_chain(chain)
        if _kept_bytes(first, chain) != data:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError, ReleaseRefused) as error:
        raise ReleaseRefused(
            "signature", f"{path} is damaged: remove it as root, then bring a release with its keys"
        ) from error
    return first, chain


def _starts_at(first: Sequence[bytes], one: Signed) -> bool:
    if not _agrees(one):
        return False
    names_first = one.statement.release in first
    return names_first or (one.statement.epoch == 1 and _names(first, one))


def _names(keys: Sequence[bytes], one: Signed) -> bool:
    message = signed_text(one.statement)
    return any(verifies(key, one.named_by, message) for key in keys)


def _agrees(one: Signed) -> bool:
    return verifies(one.statement.release, one.agreed, signed_text(one.statement))


def _signed(row: Any) -> Signed:
    if not isinstance(row, list) or len(row) != 3 or not all(isinstance(part, str) for part in row):
        raise _bad()
    try:
        fields = json.loads(row[0])
    except (ValueError, RecursionError) as error:
        raise _bad() from error
    if not isinstance(fields, dict) or set(fields) != _FIELDS or fields["format"] != FORMAT:
        raise _bad()
    epoch, made_at, spares = fields["epoch"], fields["made_at"], fields["spares"]
    if (
        type(epoch) is not int
        or not isinstance(made_at, str)
        or not re.fullmatch(r"\d{4}-\d\d-\d\d", made_at)
    ):
        raise _bad()
    if not isinstance(spares, list) or not 1 <= len(spares) <= MAX_SPARES:
        raise _bad()
    keys = [_hex_of(key, KEY_BYTES) for key in (fields["release"], *spares)]
    statement = Statement(epoch, keys[0], tuple(keys[1:]), made_at)
    if len(set(keys)) != len(keys) or statement.text() != row[0].encode("utf-8", "replace"):
        raise _bad()  # one form alone, so that two lists are equal where their bytes are
    return Signed(statement, _hex_of(row[1], SIGNATURE_BYTES), _hex_of(row[2], SIGNATURE_BYTES))


def _hex_of(text: Any, size: int) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text):
        raise _bad()
    return bytes.fromhex(text)


def _bad() -> ReleaseRefused:
    return ReleaseRefused("damaged", "the keys before the release are damaged: copy it again")
