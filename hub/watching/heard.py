"""In which weeks the box of each village was heard, kept beside its counters for longer than days are.

The days of the link are dropped after a year, and what is usual in a village needs more. Boxes alone are
heard: a village that only phones tell from has none, and is never offline.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from hub.counting.entries import HEARD, week_of
from hub.counting.models import VillageWeeks
from hub.counting.spans import SPAN, packed, place_of, unpacked
from hub.models import Node, Setting
from hub.relay_boxes import relays
from hub.storage.statements import places, put, run
from hub.watching.models import WatchRun
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_SINCE: Final = "watch-heard-since"
_UNTIL: Final = "watch-heard-until"
_AT_ONCE: Final = 500


class HeardWeeks:
    """Keeps and tells. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, zone: datetime.tzinfo) -> None:
        self._db = database
        self._writer = writer
        self._zone = zone

    def since(self) -> int | None:
        """Return the first week of which it is known, None before `keep` was ever called."""
        return self._setting(_SINCE)

    def keep(self, last: int) -> None:
        """Keep on how many days of each week up to the one of the Monday `last` each box was heard."""
        connect(self._db)
        until = self._setting(_UNTIL)
        # The days of a week may have been stored after that week was looked at.
        first = 0 if until is None else min(until, last) - 7
        days = self._days(first, last + 7)
        if not days:
            return
        weeks: dict[str, Counter[int]] = defaultdict(Counter)
        for village, day in days:
            weeks[village][day - (day + 3) % 7] += 1
        names = sorted(weeks)
        for start in range(0, len(names), _AT_ONCE):
            part = {name: weeks[name] for name in names[start : start + _AT_ONCE]}
            self._writer.run(partial(self._keep, part))
        begin = min(week for counts in weeks.values() for week in counts)
        self._writer.run(partial(self._set, _SINCE, min(begin, self.since() or begin)))
        self._writer.run(partial(self._set, _UNTIL, last))

    def weeks_of_hub(self, first: int, last: int) -> set[int]:
        """Return the weeks between two Mondays in which the hub itself listened: it heard some box, or judged
        a week. Of more than a year ago nobody tells."""
        days = {day for _, day in self._days(first, last + 7)}
        runs = WatchRun.select(WatchRun.at).where((WatchRun.week >= first - 7) & (WatchRun.week < last))
        return {day - (day + 3) % 7 for day in days} | {
            week_of(run.at, self._zone) for run in runs.execute(self._db)
        }

    def in_use(self, week: int) -> set[str]:
        """Return the villages of which a box was heard in a week that is still in use."""
        return {village for village, _ in self._days(week, week + 7, in_use=True)}

    def _days(self, first: int, end: int, *, in_use: bool = False) -> set[tuple[str, int]]:
        """Return villages and days on which a box of theirs was heard: what stands in for one at the hub is
        none, and `in_use` leaves out those that were retired since."""
        at_hub, query = relays(self._db), Node.select(Node.number, Node.village)
        if in_use:
            query = query.where(~Node.retired)
        villages = {
            int(number): str(village)
            for number, village in query.tuples().execute(self._db)
            if number not in at_hub
        }
        rows = run(
            self._db,
            "SELECT node, day FROM link_day WHERE day >= ? AND day < ? AND "
            "frames_heard + bundles + gateway_envelopes + courier_envelopes > 0",
            [first, end],
        ).fetchall()
        return {(villages[node], int(day)) for node, day in rows if node in villages}

    def _keep(self, weeks: dict[str, Counter[int]]) -> None:
        keys = {(village, place_of(week)[0]) for village, counts in weeks.items() for week in counts}
        rows = {(village, span): data for village, span, data in self._rows(sorted(weeks))}
        for village, counts in weeks.items():
            for week, days in counts.items():
                span, place = place_of(week)
                data = rows.setdefault((village, span), unpacked(bytes(4 * SPAN)))
                data[place] = min(days, 7)
        changed = [
            {"village": village, "category": HEARD, "span": span, "counts": packed(rows[village, span])}
            for village, span in sorted(keys)
        ]
        put(VillageWeeks, changed).execute(self._db)

    def _rows(self, villages: Sequence[str]) -> Iterator[tuple[str, int, Any]]:
        rows = run(
            self._db,
            "SELECT village, span, counts FROM village_weeks WHERE category = ? AND village IN "  # noqa: S608
            + places(len(villages)),
            [HEARD, *villages],
        )
        for village, span, data in rows.fetchall():
            yield str(village), int(span), unpacked(bytes(data))

    def _setting(self, key: str) -> int | None:
        row = Setting.select().where(Setting.key == key).first(self._db)
        return None if row is None else int(bytes(row.value))

    def _set(self, key: str, week: int) -> None:
        put(Setting, {"key": key, "value": str(week).encode()}).execute(self._db)
