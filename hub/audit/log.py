"""The log in the hub's database: append, sign, read, prove. Threads and processes may share it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import peewee

from hub.audit.entries import Entry, Head, NoEntry, check_words, open_head
from hub.audit.merkle import consistency_path, inclusion_path, new_nodes, root_of
from hub.audit.models import AuditEntry, AuditHead, AuditNode, AuditTree
from hub.services import SignedIn
from sync.clock import Clock
from sync.errors import SealBroken
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

TREE = 1
DAY_S = 86_400
DAY_MS = DAY_S * 1000


class UnknownEntry(Exception):
    """The log has no entry of that number."""


@dataclass(frozen=True)
class Kept:
    """An entry with the salt of its leaf."""

    entry: Entry
    salt: bytes


@dataclass(frozen=True)
class EntryFilter:
    """Which entries a page shows; empty parts choose all. `from_ms` and `until_ms` are Unix milliseconds."""

    by: str = ""
    what: str = ""
    about: str = ""
    from_ms: int | None = None
    until_ms: int | None = None


class AuditLog:
    """Appends to the log and reads it."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, clock: Clock, signing_private: bytes, public: bytes
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._signing_private = signing_private
        self.public = public

    # -- appending --------------------------------------------------------------------------------

    def note(self, by: SignedIn | str, what: str, about: str, reason: str = "") -> int:
        """Append one entry and return its number; in a job of the writer, in the job's own transaction.

        Note first, then change: what is noted locks the log until the commit, and two processes that lock
        things in different orders would wait for each other on PostgreSQL.
        `about` is a kind and an id. Raises NoEntry for words that no entry takes.
        """
        check_words(what, about, reason)
        name = by if isinstance(by, str) else by.name
        return self._writer.run(lambda: self._append(name, what, about, reason))

    def _append(self, by: str, what: str, about: str, reason: str) -> int:
        # Changing the row before reading it locks it until the commit, on PostgreSQL too.
        AuditTree.update(size=AuditTree.size + 1).where(AuditTree.id == TREE).execute(self._db)
        number = self.size() - 1
        entry = Entry(number, int(self._clock.wall_s() * 1000), by, what, about, reason)
        salt = secrets.token_bytes(16)
        AuditEntry.insert({**entry.to_json(), "salt": salt}).execute(self._db)
        nodes = [
            {"level": level, "place": place, "hash": found}
            for level, place, found in new_nodes(self._node, number, entry.leaf(salt))
        ]
        AuditNode.insert_many(nodes).execute(self._db)
        return number

    def sign_head(self) -> bytes:
        """Sign the log as it is and keep that; return it signed. A log that did not grow keeps its head."""
        return self._writer.run(self._sign_head)

    def _sign_head(self) -> bytes:
        size = self.size()
        standing = AuditHead.select().where(AuditHead.size == size).first(self._db)
        if standing is not None:
            return bytes(standing.signed)
        at_s = int(self._clock.wall_s())
        signed = Head(size, root_of(self._node, size), at_s).signed(self._signing_private)
        AuditHead.insert(size=size, at_s=at_s, signed=signed).execute(self._db)
        return signed

    def jobs(self) -> list[Job]:
        """Return the daily signing."""
        return [Job("audit-head", DAY_S, self._sign_daily)]

    def _sign_daily(self) -> None:
        self.sign_head()

    # -- reading ----------------------------------------------------------------------------------

    def size(self) -> int:
        """Return how many entries there are."""
        connect(self._db)
        return int(AuditTree.select().where(AuditTree.id == TREE).get(self._db).size)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` entries, of all by default."""
        return root_of(self._node, self.size() if size is None else size)

    def _node(self, level: int, place: int) -> bytes:
        query = AuditNode.select().where((AuditNode.level == level) & (AuditNode.place == place))
        return bytes(query.get(self._db).hash)

    def node(self, level: int, place: int) -> bytes:
        """Return the hash of a complete subtree."""
        connect(self._db)
        return self._node(level, place)

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[Kept]:
        """Yield the entries [start, end) in order."""
        connect(self._db)
        query = AuditEntry.select().where(AuditEntry.number >= start).order_by(AuditEntry.number)
        if end is not None:
            query = query.where(AuditEntry.number < end)
        for row in query.iterator(self._db):
            yield _kept(row)

    def first_at(self, at_ms: int) -> int:
        """Return the number of the first entry from a time on; the size when there is none."""
        connect(self._db)
        query = AuditEntry.select(AuditEntry.number).where(AuditEntry.at_ms >= at_ms)
        row = query.order_by(AuditEntry.number).first(self._db)
        return self.size() if row is None else int(row.number)

    def entry(self, number: int) -> Kept:
        """Return one entry; raise UnknownEntry."""
        connect(self._db)
        row = AuditEntry.select().where(AuditEntry.number == number).first(self._db)
        if row is None:
            raise UnknownEntry
        return _kept(row)

    def page(self, chosen: EntryFilter, *, before: int | None, limit: int) -> tuple[list[Entry], int | None]:
        """Return a page of entries, the newest first, and before which number the next page goes on."""
        connect(self._db)
        query = AuditEntry.select()
        equal = ((AuditEntry.by, chosen.by), (AuditEntry.what, chosen.what), (AuditEntry.about, chosen.about))
        for column, wanted in equal:
            if wanted:
                query = query.where(column == wanted)
        if chosen.from_ms is not None:
            query = query.where(AuditEntry.at_ms >= chosen.from_ms)
        if chosen.until_ms is not None:
            query = query.where(AuditEntry.at_ms < chosen.until_ms)
        if before is not None:
            query = query.where(AuditEntry.number < before)
        rows = list(query.order_by(AuditEntry.number.desc()).limit(limit + 1).execute(self._db))
        page = [_kept(row).entry for row in rows[:limit]]
        return page, page[-1].number if len(rows) > limit else None

    def names(self) -> list[str]:
        """Return everybody who stands in the log, one look into the index a name."""
        connect(self._db)
        found: list[str] = []
        query = AuditEntry.select(peewee.fn.MIN(AuditEntry.by))
        while True:
            later = query.where(AuditEntry.by > found[-1]) if found else query
            name = later.scalar(self._db)
            if name is None:
                return found
            found.append(str(name))

    def heads(self) -> list[bytes]:
        """Return the signed heads, the oldest first."""
        connect(self._db)
        return [bytes(row.signed) for row in AuditHead.select().order_by(AuditHead.size).execute(self._db)]

    def last_head(self) -> tuple[Head, bytes] | None:
        """Return the newest head and as it was signed; None before the first. Raises SealBroken, NoEntry."""
        connect(self._db)
        row = AuditHead.select().order_by(AuditHead.size.desc()).first(self._db)
        return None if row is None else (open_head(self.public, bytes(row.signed)), bytes(row.signed))

    # -- proving ----------------------------------------------------------------------------------

    def inclusion(self, number: int, size: int) -> list[bytes]:
        """Return the proof that an entry stands in the first `size`."""
        connect(self._db)
        return inclusion_path(self._node, number, size)

    def consistency(self, older: int, newer: int) -> list[bytes]:
        """Return the proof that the first `newer` entries begin with the first `older`."""
        connect(self._db)
        return consistency_path(self._node, older, newer)

    def problem(self) -> str | None:
        """Return None when the entries give the hashes and the last head, else one line of what is wrong."""
        connect(self._db)
        size, number = self.size(), 0
        leaves = AuditNode.select(AuditNode.hash).where(AuditNode.level == 0).order_by(AuditNode.place)
        hashes = iter(leaves.tuples().iterator(self._db))
        for kept in self.entries():
            row = next(hashes, None)
            if kept.entry.number != number:
                return f"entry {number} is missing"
            if row is None or kept.entry.leaf(kept.salt) != bytes(row[0]):
                return f"entry {number} was changed"
            number += 1
        if number != size:
            return f"{size - number} entries are missing at the end"
        try:
            last = self.last_head()
        except (SealBroken, NoEntry):
            return "the last head was not signed by this hub's key"
        if last is None:
            return None
        if last[0].size > size:
            return f"{last[0].size - size} entries are missing at the end"
        return None if self._fold(last[0].size) == last[0].root else "the entries do not give the last head"

    def _fold(self, size: int) -> bytes:
        """Return the root from the leaves alone: what is between may have been changed as well."""
        nodes: dict[tuple[int, int], bytes] = {}
        leaves = AuditNode.select(AuditNode.hash).where((AuditNode.level == 0) & (AuditNode.place < size))
        rows = leaves.order_by(AuditNode.place).tuples().iterator(self._db)
        for place, (found,) in enumerate(rows):
            for at, index, value in new_nodes(lambda at, index: nodes[at, index], place, bytes(found)):
                nodes[at, index] = value
                if at:  # a parent stands for its children
                    nodes.pop((at - 1, 2 * index), None)
                    nodes.pop((at - 1, 2 * index + 1), None)
        return root_of(lambda at, index: nodes[at, index], size)


def _kept(row: Any) -> Kept:
    entry = Entry(int(row.number), int(row.at_ms), row.by, row.what, row.about, row.reason)
    return Kept(entry, bytes(row.salt))
