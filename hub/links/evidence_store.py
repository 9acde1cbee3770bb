"""Evidence kept in the database, with what finds it: keys, and how common words are.

A key's reports stand in one row, so that all keys of a report are read at once; a key that more than
`index.FULL` reports share keeps its count alone. Counts are rows too: a process holds nothing in memory, and
several work side by side. `put` and `remove` run inside a job of the writer and lock one row first, so that
they follow each other on PostgreSQL as well.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from peewee import Value

from hub.linking.evidence import Evidence
from hub.linking.evidence_text import VERSION, evidence_from_text, evidence_to_text
from hub.linking.index import FULL, keys_of, most_telling
from hub.linking.names import NameFrequencies
from hub.linking.scoring import Background
from hub.linking.shares import Shares, with_those_above
from hub.linking.words import Rarity
from hub.links.bulk import insert_numbered, select_in, upsert
from hub.links.models import LinkCount, LinkEvidence, LinkPosting

_NAME, _WORD, _AREA, _COUNTRY = "n", "w", "a", "c"
_REPORTS, _MENTIONS = "#", "#n"
_LONGEST_WORD = 100
"""Letters of a counted word: a column has a width, and somebody may write a thousand letters in a row."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a report's evidence lies: its number, and the keys under which it is found with their weights."""

    number: int
    weights: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """A report that may belong to another, and what it says."""

    report: str
    evidence: Evidence


class EvidenceStore:
    """Evidence of reports by their id."""

    def __init__(self, database: Any) -> None:
        self._db = database

    # -- changing; call inside a job of the writer ------------------------------------------------

    def put(self, report: str, evidence: Evidence) -> Placed:
        """Keep what was extracted of a report in the place of what was kept of it."""
        self._lock()
        before = self._row(report)
        counts = counts_of(evidence)
        if before is not None:
            counts.subtract(counts_of(evidence_from_text(before[1])))
        self._count(counts)
        rarity = self._rarity(evidence.words)
        weights = {hashed(key): weight for key, weight in keys_of(evidence, rarity).items()}
        keys = set(weights)
        content = {
            "version": VERSION,
            "body": evidence_to_text(evidence),
            "keys": struct.pack(f"<{len(keys)}q", *sorted(keys)),
        }
        if before is None:
            number = insert_numbered(self._db, LinkEvidence.number, {"report": report, **content})
            self._enter(number, keys)
            return Placed(number, weights)
        number, _, old_keys = before
        LinkEvidence.update(content).where(LinkEvidence.number == number).execute(self._db)
        self._strike_out(number, old_keys - keys)
        self._enter(number, keys - old_keys)
        return Placed(number, weights)

    def remove(self, report: str) -> None:
        """Take away what was kept of a report, with its keys and its part in the counts."""
        self._lock()
        row = self._row(report)
        if row is None:
            return
        number, body, keys = row
        counts: Counter[str] = Counter()
        counts.subtract(counts_of(evidence_from_text(body)))
        self._count(counts)
        self._strike_out(number, keys)
        LinkEvidence.delete().where(LinkEvidence.number == number).execute(self._db)

    def _row(self, report: str) -> tuple[int, str, set[int]] | None:
        fields = [LinkEvidence.number, LinkEvidence.body, LinkEvidence.keys]
        for number, body, keys in select_in(self._db, fields, LinkEvidence.report, [report]):
            return number, body, _unpacked_keys(bytes(keys))
        return None

    def _lock(self) -> None:
        upsert(self._db, LinkCount.word, [LinkCount.count], [(_REPORTS, 0)], adds=True)

    def _count(self, counts: Counter[str]) -> None:
        rows = sorted((word, count) for word, count in counts.items() if count)
        upsert(self._db, LinkCount.word, [LinkCount.count], rows, adds=True)
        # A word that no report holds any more must not stay behind.
        fallen = [word for word, count in rows if count < 0 and word not in (_REPORTS, _MENTIONS)]
        gone = [word for word, count in self._counted(fallen).items() if count <= 0]
        if gone:
            LinkCount.delete().where(LinkCount.word.in_(gone)).execute(self._db)

    def _postings(self, keys: Iterable[int]) -> dict[int, tuple[int, bytes]]:
        fields = [LinkPosting.key, LinkPosting.count, LinkPosting.reports]
        rows = select_in(self._db, fields, LinkPosting.key, keys)
        return {key: (count, bytes(reports)) for key, count, reports in rows}

    def _enter(self, number: int, keys: set[int]) -> None:
        before, packed = self._postings(keys), struct.pack("<I", number)
        rows = []
        for key in sorted(keys):
            count, reports = before.get(key, (0, b""))
            # Once full it stays so until it is empty: the list is gone.
            whole = len(reports) == 4 * count and count < FULL
            rows.append((key, count + 1, reports + packed if whole else b""))
        self._write_postings(rows)

    def _strike_out(self, number: int, keys: set[int]) -> None:
        rows, empty = [], []
        for key, (count, reports) in self._postings(keys).items():
            left = [n for n in _numbers(reports) if n != number]
            if count <= 1:
                empty.append(key)
            else:
                rows.append((key, count - 1, struct.pack(f"<{len(left)}I", *left)))
        self._write_postings(rows)
        if empty:
            LinkPosting.delete().where(LinkPosting.key.in_(empty)).execute(self._db)

    def _write_postings(self, rows: list[tuple[int, int, bytes]]) -> None:
        upsert(self._db, LinkPosting.key, [LinkPosting.count, LinkPosting.reports], rows, adds=False)

    # -- asking -----------------------------------------------------------------------------------

    def reports(self) -> int:
        """Return how many reports have evidence here."""
        return self._counted([_REPORTS]).get(_REPORTS, 0)

    def of(self, reports: Iterable[str]) -> dict[str, Evidence]:
        """Return the evidence of those reports that have any here."""
        fields = [LinkEvidence.report, LinkEvidence.body]
        rows = select_in(self._db, fields, LinkEvidence.report, reports)
        return {report: evidence_from_text(body) for report, body in rows}

    def has_outdated(self) -> bool:
        """Tell whether an earlier version extracted some of it."""
        old = LinkEvidence.select(LinkEvidence.number).where(LinkEvidence.version != VERSION)
        return bool(old.exists(self._db))

    def outdated_into(self, due: Any, at: float) -> None:
        """Enter all those reports into the table of what is due; inside a job of the writer."""
        old = LinkEvidence.select(LinkEvidence.report, Value(1), Value(at)).where(
            LinkEvidence.version != VERSION
        )
        due.insert_from(old, [due.report, due.version, due.since]).on_conflict_ignore().execute(self._db)

    def candidates(self, placed: Placed) -> list[Stored]:
        """Return the other reports that are worth comparing with one, in the order in which they came."""
        # Counted by weight: there are few weights, and to count is quicker than to add.
        by_weight: dict[int, Counter[int]] = {}
        for key, (count, reports) in self._postings(placed.weights).items():
            if len(reports) == 4 * count:
                by_weight.setdefault(placed.weights[key], Counter()).update(_numbers(reports))
        found: dict[int, int] = {}
        for weight, numbers in by_weight.items():
            for number, times in numbers.items():
                found[number] = found.get(number, 0) + weight * times
        found.pop(placed.number, None)
        fields = [LinkEvidence.report, LinkEvidence.body]
        rows = select_in(self._db, fields, LinkEvidence.number, most_telling(found))
        return [Stored(report, evidence_from_text(body)) for report, body in rows]

    def others_with_phones(self, reports: Iterable[str]) -> dict[str, int]:
        """Return for each report how many others hold the same phone number, the most frequent of its own."""
        keys = {
            report: [hashed(f"t{phone}") for phone in evidence.phones]
            for report, evidence in self.of(reports).items()
        }
        counts = self._postings({key for own in keys.values() for key in own})
        return {
            report: max(counts[key][0] for key in own) - 1
            for report, own in keys.items()
            if own and all(key in counts for key in own)
        }

    def sharing_a_mark(self, evidence: Iterable[Evidence]) -> list[str]:
        """Return reports that hold a number, an account or a plate of some evidence, at most `FULL`."""
        keys = {
            hashed(f"{letter}{mark}")
            for one in evidence
            for letter, marks in (("t", one.phones), ("h", one.handles), ("k", one.plates))
            for mark in marks
        }
        numbers = sorted({n for _, reports in self._postings(keys).values() for n in _numbers(reports)})
        rows = select_in(self._db, [LinkEvidence.report], LinkEvidence.number, numbers[:FULL])
        return [report for (report,) in rows]

    def background(self, whole: Sequence[Evidence], by_name: Iterable[Evidence] = ()) -> Background:
        """Return how common is what some evidence says; of `by_name` the names alone."""
        names = {word for e in (*whole, *by_name) for name in e.names for word in name.full}
        words = {word for e in whole for word in e.words}
        areas = {code for e in whole for code in with_those_above(e.places)}
        countries = {code for e in whole for code in e.countries}
        asked = {_REPORTS: _REPORTS, _MENTIONS: _MENTIONS}
        for kind, said in ((_NAME, names), (_WORD, words), (_AREA, areas), (_COUNTRY, countries)):
            asked |= {_counted_word(kind, word): word for word in said}
        found = self._counted(asked)
        total = found.get(_REPORTS, 0)

        def of(kind: str) -> dict[str, int]:
            return {asked[word]: count for word, count in found.items() if word.startswith(kind)}

        return Background(
            NameFrequencies(of(_NAME), found.get(_MENTIONS, 0)),
            Rarity(of(_WORD), total),
            Shares(of(_AREA), of(_COUNTRY), total),
        )

    def _rarity(self, words: Iterable[str]) -> Rarity:
        asked = {_counted_word(_WORD, word): word for word in words}
        found = self._counted([_REPORTS, *asked])
        total = found.pop(_REPORTS, 0)
        return Rarity({asked[word]: count for word, count in found.items()}, total)

    def _counted(self, words: Iterable[str]) -> dict[str, int]:
        return dict(select_in(self._db, [LinkCount.word, LinkCount.count], LinkCount.word, words))


def counts_of(evidence: Evidence) -> Counter[str]:
    """Return what a report adds to the counts, as `NameFrequencies`, `Rarity` and `Shares` count."""
    counts = Counter({_REPORTS: 1, _MENTIONS: len(evidence.names)})
    for name in evidence.names:
        counts.update(_counted_word(_NAME, word) for word in set(name.full))
    counts.update(_counted_word(_WORD, word) for word in evidence.words)
    counts.update(_counted_word(_AREA, code) for code in with_those_above(evidence.places))
    counts.update(_counted_word(_COUNTRY, code) for code in evidence.countries)
    return counts


def _counted_word(kind: str, word: str) -> str:
    return kind + word[:_LONGEST_WORD]


def hashed(key: str) -> int:
    """Return 64 bits for a key, signed as databases have them."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


def _unpacked_keys(packed: bytes) -> set[int]:
    return set(struct.unpack(f"<{len(packed) // 8}q", packed))


def _numbers(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)
