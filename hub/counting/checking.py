"""Checks the counters against the reports, and counts anew, one regency after the other.

A piece reads the reports of a regency by their index and compares them with its counters, in one state of
the database. What differs is mended in a transaction of that regency alone: nobody waits for longer than
that, and a process that dies between two pieces leaves counters as right as they were. Each night a part
of the regencies is looked at, so that all were after `NIGHTS`. The hub is the sum of its regencies, which
one statement tells.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import peewee

from hub.counting.entries import REGENCY_CHARACTERS, Entries
from hub.counting.kept import Changes, KeptCounts, changes_of, less
from hub.models import Node, Setting
from hub.storage.opening import one_state
from hub.storage.statements import put, run
from sync.link_quality import DAY_S
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_log = logging.getLogger(__name__)
NIGHTS: Final = 7
"""So many nights until each regency was looked at."""
LEAST_A_NIGHT: Final = 50
CHECK_WITHIN_S: Final = 3_600
_CHECKED: Final = "week-counts-checked"
"""Setting with the regency that was looked at last."""


class Checking:
    """Compares and mends. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, entries: Entries, kept: KeptCounts) -> None:
        self._db = database
        self._writer = writer
        self._entries = entries
        self._kept = kept
        self.before_night: Callable[[], object] = lambda: None
        """Done before each night's check."""

    def regencies(self) -> list[str]:
        """Return all regencies with a node or with counters."""
        connect(self._db)
        villages = {
            village[:REGENCY_CHARACTERS]
            for (village,) in Node.select(Node.village).tuples().execute(self._db)
        }
        return sorted(villages | self._kept.regencies())

    def problems(self, regencies: Sequence[str] | None = None) -> int:
        """Return how many counters differ from what the reports say; of all regencies, or of some, and of the
        hub from the sum of its regencies. Nobody waits for it."""
        wrong = 0
        for regency in self.regencies() if regencies is None else regencies:
            with one_state(self._db):
                wrong += sum(len(counts) for counts in self._differing(regency).values())
        with one_state(self._db):
            return wrong + len(self._kept.wrong_sums())

    def rebuild(
        self, regencies: Sequence[str] | None = None, told: Callable[[str], None] = lambda regency: None
    ) -> None:
        """Count the reports of all regencies anew, or of some; a transaction each. `told` hears of each."""
        for regency in self.regencies() if regencies is None else regencies:
            self._writer.run(partial(self._mend, regency))
            told(regency)
        self._mend_sums()

    def _mend_sums(self) -> int:
        """Make the hub the sum of its regencies; return how many sums were wrong. Only where any is does the
        writer go through all counters: that takes seconds."""
        with one_state(self._db):
            wrong = len(self._kept.wrong_sums())
        if wrong:
            self._writer.run(self._kept.mend_sums)
        return wrong

    def _mend(self, regency: str) -> None:
        self._kept.add(self._differing(regency))

    def _differing(self, regency: str) -> Changes:
        """Return what must be added to the counters of a regency, for them to be what its reports say."""
        nodes = [
            (int(number), str(village))
            for number, village in Node.select(Node.number, Node.village)
            .where(peewee.fn.SUBSTR(Node.village, 1, REGENCY_CHARACTERS) == regency)
            .tuples()
            .execute(self._db)
        ]
        numbers = [number for number, _ in nodes]
        right = changes_of(self._entries.of_nodes(numbers))
        waiting = changes_of(self._entries.of_reports(self._waiting(set(numbers))))
        kept = self._kept.of_regency(regency, sorted({village for _, village in nodes}))
        return less(less(right, waiting), kept)

    def _waiting(self, nodes: set[int]) -> list[str]:
        """Return the reports of some nodes that have no place yet: they are counted when they have."""
        rows = run(
            self._db,
            "SELECT arrival.report, report.node FROM arrival JOIN report ON report.id = arrival.report",
        ).fetchall()
        return [str(name) for name, node in rows if int(node) in nodes]

    # -- the night --------------------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Return the nightly comparison."""
        return [Job("week-counts", DAY_S, self.nightly, longest_s=CHECK_WITHIN_S)]

    def nightly(self) -> None:
        """Compare the regencies of this night, and count anew those that are wrong."""
        self.before_night()
        tonight = self._tonight()
        wrong = 0
        for regency in tonight:
            with one_state(self._db):
                differing = sum(len(counts) for counts in self._differing(regency).values())
            if differing:
                wrong += differing
                self._writer.run(partial(self._mend, regency))
        sums = self._mend_sums()
        if tonight:
            row = {"key": _CHECKED, "value": tonight[-1].encode()}
            self._writer.run(lambda: put(Setting, row).execute(self._db))
        if wrong + sums:
            _log.error("%d counters of reports by week were wrong and are counted anew", wrong + sums)

    def _tonight(self) -> list[str]:
        """Return the regencies that come after the last that was looked at."""
        every = self.regencies()
        row = Setting.select().where(Setting.key == _CHECKED).first(self._db)
        last = "" if row is None else bytes(row.value).decode()
        ordered = [one for one in every if one > last] + [one for one in every if one <= last]
        return ordered[: max(-(-len(every) // NIGHTS), LEAST_A_NIGHT)]
