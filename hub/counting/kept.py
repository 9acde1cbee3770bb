"""The counters as they are kept: added to, and read back as what they should be equal to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from hub.counting.entries import HEARD, REGENCY_CHARACTERS, Entry
from hub.counting.models import VillageWeeks
from hub.counting.spans import SPAN, monday_of, packed, place_of, unpacked
from hub.storage.statements import places, put, run

HUB: Final = ""
"""The unit of all reports of the hub; the others are the codes of regencies."""
_AT_ONCE: Final = 200
TABLES: Final = {
    "week_count": ("week", "unit", "kind"),
    "week_destination": ("unit", "week", "kind", "destination"),
    "week_delay": ("unit", "taken", "late"),
}
"""Tables with a number of `reports` for each key. Only the first two also count the hub as a unit."""
OF_HUB: Final = ("week_count", "week_destination")
VILLAGES: Final = "village_weeks"
Changes = dict[str, Counter[tuple[Any, ...]]]
"""By table: a change of a number for each key; of `VILLAGES` for village, category and week."""


def changes_of(entries: Iterable[Entry]) -> Changes:
    """Return what entries add to the counters of regencies and villages."""
    alike = Counter(entries)
    found: Changes = {table: Counter() for table in (*TABLES, VILLAGES)}
    for entry, reports in alike.items():
        unit = entry.village[:REGENCY_CHARACTERS]
        found["week_count"][entry.week, unit, entry.kind] += reports
        found["week_destination"][unit, entry.week, entry.kind, entry.destination] += reports
        found["week_delay"][unit, entry.week, entry.late] += reports
        for category in entry.categories():
            found[VILLAGES][entry.village, category, entry.week] += reports
    return found


def less(one: Changes, other: Changes) -> Changes:
    """Return the first without the second; what is equal is left out."""
    found: Changes = {}
    for table, counts in one.items():
        rest = Counter(counts)
        rest.subtract(other[table])
        found[table] = Counter({key: change for key, change in rest.items() if change})
    return found


class KeptCounts:
    """Reads and changes the counters; changes inside a job of the writer."""

    def __init__(self, database: Any) -> None:
        self._db = database

    def add(self, changes: Changes) -> None:
        """Add changes of regencies and villages, and of the hub what follows from them."""
        for table, key in TABLES.items():
            counts = Counter(changes[table])
            if table in OF_HUB:
                unit = key.index("unit")
                for place, change in changes[table].items():
                    counts[(*place[:unit], HUB, *place[unit + 1 :])] += change
            self._add(table, key, counts)
        self._add_to_villages(changes[VILLAGES])

    def _add(self, table: str, key: Sequence[str], counts: Counter[tuple[Any, ...]]) -> None:
        changed = sorted((*place, change) for place, change in counts.items() if change)
        for start in range(0, len(changed), _AT_ONCE):
            piece = changed[start : start + _AT_ONCE]
            run(
                self._db,
                f"INSERT INTO {table} ({', '.join(key)}, reports) VALUES "  # noqa: S608
                + ", ".join([places(len(key) + 1)] * len(piece))
                + f" ON CONFLICT ({', '.join(key)}) DO UPDATE "
                f"SET reports = {table}.reports + excluded.reports",
                [value for row in piece for value in row],
            )

    def _add_to_villages(self, counts: Counter[tuple[Any, ...]]) -> None:
        wanted: dict[tuple[str, str, int], Counter[int]] = defaultdict(Counter)
        for (village, category, week), change in counts.items():
            span, place = place_of(week)
            wanted[village, category, span][place] += change
        keys = sorted(wanted)
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            villages, spans = sorted({key[0] for key in part}), sorted({key[2] for key in part})
            rows = run(
                self._db,
                f"SELECT village, category, span, counts FROM village_weeks WHERE village IN "  # noqa: S608
                f"{places(len(villages))} AND span IN {places(len(spans))}",
                [*villages, *spans],
            ).fetchall()
            there = {(str(v), str(c), int(s)): unpacked(bytes(data)) for v, c, s, data in rows}
            changed = []
            for key in part:
                found = there.get(key)
                found = unpacked(bytes(4 * SPAN)) if found is None else found
                for place, change in wanted[key].items():
                    found[place] += change
                names = zip(("village", "category", "span"), key, strict=True)
                changed.append(dict(names, counts=packed(found)))
            put(VillageWeeks, changed).execute(self._db)

    def of_regency(self, regency: str, villages: Sequence[str]) -> Changes:
        """Return what the counters of a regency and its villages say, without zeros."""
        found: Changes = {}
        for table, key in TABLES.items():
            columns = ", ".join(key)
            rows = run(
                self._db,
                f"SELECT {columns}, reports FROM {table} WHERE unit = ? AND reports <> 0",  # noqa: S608
                [regency],
            ).fetchall()
            found[table] = Counter({tuple(row[:-1]): int(row[-1]) for row in rows})
        found[VILLAGES] = Counter(
            {
                (village, category, monday_of(span * SPAN + place)): int(count)
                for village, category, span, counts in self.of_villages(villages)
                if category != HEARD
                for place, count in enumerate(counts)
                if count
            }
        )
        return found

    def of_villages(self, villages: Sequence[str]) -> Iterator[tuple[str, str, int, Any]]:
        """Yield village, category, span and its 52 counts of all counters of some villages."""
        for start in range(0, len(villages), 500):
            part = villages[start : start + 500]
            rows = run(
                self._db,
                "SELECT village, category, span, counts FROM village_weeks WHERE village IN "  # noqa: S608
                + places(len(part)),
                part,
            )
            for village, category, span, data in rows.fetchall():
                yield str(village), str(category), int(span), unpacked(bytes(data))

    def wrong_sums(self) -> Counter[tuple[str, tuple[Any, ...]]]:
        """Return by table and key of the hub what must be added to it to be the sum of its regencies."""
        wrong: Counter[tuple[str, tuple[Any, ...]]] = Counter()
        signed = "SUM(CASE WHEN unit = ? THEN -reports ELSE reports END)"
        for table in OF_HUB:
            others = [name for name in TABLES[table] if name != "unit"]
            rows = run(
                self._db,
                f"SELECT {', '.join(others)}, {signed} FROM {table} "  # noqa: S608
                f"GROUP BY {', '.join(others)} HAVING {signed} <> 0",
                [HUB, HUB],
            ).fetchall()
            for row in rows:
                place = dict(zip(others, row[:-1], strict=True), unit=HUB)
                wrong[table, tuple(place[name] for name in TABLES[table])] = int(row[-1])
        return wrong

    def mend_sums(self) -> None:
        """Make the hub the sum of its regencies."""
        by_table: Changes = {table: Counter() for table in OF_HUB}
        for (table, place), change in self.wrong_sums().items():
            by_table[table][place] += change
        for table, counts in by_table.items():
            self._add(table, TABLES[table], counts)

    def regencies(self) -> set[str]:
        """Return the regencies that have any counters."""
        found: set[str] = set()
        for table in ("week_destination", "week_delay"):
            after = HUB
            # From one unit to the next by the primary key, not over all rows.
            while rows := run(self._db, f"SELECT MIN(unit) FROM {table} WHERE unit > ?", [after]).fetchall():  # noqa: S608
                if rows[0][0] is None:
                    break
                after = str(rows[0][0])
                found.add(after)
        return found
