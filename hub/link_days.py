"""Stores what was counted on the links, once a minute at most, and keeps an eye on the hub's own radio."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from hub.link_counts import Gathered, LinkCounter, NodeCounts, OwnCounts
from hub.models import Contact, LinkDay, RadioDay
from hub.storage.statements import places, put, run
from sync.carriers.base import Radio
from sync.clock import Clock
from sync.link_quality import day_number, demodulation_limit_db
from sync.storage.writer import GroupCommitWriter, StorageError

_log = logging.getLogger(__name__)
FLUSH_EVERY_S = 60.0
KEPT_DAYS = 400
_CHUNK = 400
"""Rows of one statement: SQLite takes 32,766 values."""


class LinkDays:
    """The counter and the database behind it. Reading shows both, so a page is never behind.

    Counting touches memory only. A crash loses the figures of a minute at most; no report hangs on them.
    """

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock) -> None:
        self.counter = LinkCounter()
        self._db = database
        self._writer = writer
        self._clock = clock
        self._flushing = threading.Lock()

    # -- storing ----------------------------------------------------------------------------------

    def flush(self) -> None:
        """Store what has gathered, in one transaction. What fails is tried again with the next."""
        with self._flushing:
            gathered = self.counter.take()
            if not gathered:
                return
            try:
                self._writer.run(lambda: self._store(gathered))
            except StorageError:
                self.counter.put_back(gathered)

    def _store(self, gathered: Gathered) -> None:
        by_day: dict[int, dict[int, NodeCounts]] = defaultdict(dict)
        for (node, day), counts in gathered.nodes.items():
            by_day[day][node] = counts
        for day, nodes in by_day.items():
            self._store_day(day, nodes)
        for day, own in gathered.own.items():
            row = RadioDay.select().where(RadioDay.day == day).dicts().first(self._db)
            total = OwnCounts() if row is None else OwnCounts.from_columns(row)
            total.add(own)
            put(RadioDay, {"day": day, **total.columns()}).execute(self._db)
        contacts = [{"node": node, "via": via, "at": at} for (node, via), at in gathered.contacts.items()]
        for start in range(0, len(contacts), _CHUNK):
            put(Contact, contacts[start : start + _CHUNK]).execute(self._db)
        self._forget(day_number(self._clock.wall_s()) - KEPT_DAYS)

    def _store_day(self, day: int, nodes: dict[int, NodeCounts]) -> None:
        # All rows of the day, not one question a node: at most one for each node that was heard today.
        totals = self._nodes_of(day)
        rows = []
        for node, counts in nodes.items():
            total = totals.get(node, NodeCounts())
            total.add(counts)
            rows.append({"node": node, "day": day, **total.columns()})
        for start in range(0, len(rows), _CHUNK):
            put(LinkDay, rows[start : start + _CHUNK]).execute(self._db)

    def _nodes_of(self, day: int) -> dict[int, NodeCounts]:
        rows = LinkDay.select().where(LinkDay.day == day).dicts().execute(self._db)
        return {row["node"]: NodeCounts.from_columns(row) for row in rows}

    def _forget(self, last: int) -> None:
        LinkDay.delete().where(LinkDay.day <= last).execute(self._db)
        RadioDay.delete().where(RadioDay.day <= last).execute(self._db)

    # -- reading ----------------------------------------------------------------------------------

    def nodes_since(self, day: int, nodes: Collection[int]) -> dict[int, NodeCounts]:
        """Return the sum of each of these nodes from that day on, of those that were heard."""
        rows = LinkDay.select().where(LinkDay.node.in_(list(nodes)) & (LinkDay.day >= day))
        sums: dict[int, NodeCounts] = defaultdict(NodeCounts)
        for (node, _), counts in self._nodes(rows, since=day).items():
            if node in nodes:
                sums[node].add(counts)
        return dict(sums)

    def node_days(self, node: int, since: int) -> dict[int, NodeCounts]:
        """Return the days of one node, oldest first, from that day on."""
        rows = LinkDay.select().where((LinkDay.node == node) & (LinkDay.day >= since))
        found = self._nodes(rows, since=since)
        return {day: found[number, day] for number, day in sorted(found) if number == node}

    def _nodes(self, rows: Any, *, since: int) -> dict[tuple[int, int], NodeCounts]:
        with self._flushing:  # else what is being stored would be missing, or there twice
            pending = self.counter.pending().nodes
            stored = self._writer.read(lambda: list(rows.dicts().execute(self._db)))
        found = {(row["node"], row["day"]): NodeCounts.from_columns(row) for row in stored}
        for place, counts in pending.items():
            if place[1] >= since:
                found.setdefault(place, NodeCounts()).add(counts)
        return found

    def own_days(self, since: int) -> dict[int, OwnCounts]:
        """Return the days of the hub's own radio, oldest first, from that day on."""
        rows = RadioDay.select().where(RadioDay.day >= since)
        with self._flushing:
            pending = self.counter.pending().own
            stored = self._writer.read(lambda: list(rows.dicts().execute(self._db)))
        found = {row["day"]: OwnCounts.from_columns(row) for row in stored}
        for day, counts in pending.items():
            if day >= since:
                found.setdefault(day, OwnCounts()).add(counts)
        return dict(sorted(found.items()))

    def contacts(self, nodes: Collection[int] | None = None) -> dict[int, dict[str, float]]:
        """Return when each node, or each of these, was last heard by each carrier, Unix seconds."""
        with self._flushing:
            pending = self.counter.pending().contacts
            asked = [] if nodes is None else list(nodes)
            among = "" if nodes is None else f" WHERE node IN {places(len(asked))}"
            rows = f"SELECT node, via, at FROM contact{among}"  # noqa: S608 - our own words
            stored: list[Any] = []
            if nodes is None or asked:
                stored = self._writer.read(lambda: run(self._db, rows, asked).fetchall())
        found: dict[int, dict[str, float]] = defaultdict(dict)
        for node, via, at in stored:
            found[int(node)][str(via)] = float(at)
        for (node, via), at in pending.items():
            if nodes is None or node in nodes:
                found[node][via] = at
        return dict(found)


class LinkWatch:
    """One thread: looks at the hub's own radio and has the counts stored, each minute."""

    def __init__(self, days: LinkDays, radio: Radio | None, clock: Clock) -> None:
        self._days = days
        self._radio = radio
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="link-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and store what has gathered."""
        self._stop.set()
        self._thread.join(timeout=5)
        self._days.flush()

    def _loop(self) -> None:
        at = self._clock.monotonic_s()
        while not self._stop.is_set():
            self._clock.wait(self._stop, FLUSH_EVERY_S)
            now = self._clock.monotonic_s()
            try:
                self.look(now - at)
                self._days.flush()
            except Exception as error:  # figures are lost, nothing else; the next minute is tried again
                _log.error("the link's figures were not kept: %s", type(error).__name__)
            at = now

    def look(self, seconds: float) -> None:
        """Take how the radio is, `seconds` after the last look."""
        if self._radio is None:
            return
        state = self._radio.state()
        if state.connected:
            limit_db = demodulation_limit_db(self._radio.airtime_ms)
            wall_s = self._clock.wall_s()
            self._days.counter.watched(seconds, state.channel_utilisation, limit_db, wall_s)
