"""Links reports after they came: a row tells which are due, so that a crash loses none.

An intake only writes that row, in its own transaction. The work is done by a thread of the serving hub, in
steps that may each be the last: evidence is committed before candidates are looked up, so that of two
workers that link two reports of one man at once, at least one finds the other's.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import threading
from collections.abc import Sequence
from typing import Any, Final

from hub.linking.evidence import Evidence, extract
from hub.links.bulk import select_in
from hub.links.evidence_store import EvidenceStore, Placed
from hub.links.models import LinkDue
from hub.links.suggestions import Suggestions
from hub.links.weighing import Weighed, strongest, weigh
from hub.models import Addition
from hub.retention.contents import ADDITION, ReportContents
from hub.storage.statements import run
from sync.clock import Clock
from sync.process_limits import settle_heap
from sync.records import Report, check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter, StorageError

_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
"""How soon the thread finds what another process took in."""
AT_ONCE: Final = 50
AGAIN_AFTER_S: Final = 3600.0
"""A report that could not be linked is tried again so much later, and keeps nobody waiting."""


class Linker:
    """Links what is due. `turn` may be called from any thread."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        store: EvidenceStore,
        suggestions: Suggestions,
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._store = store
        self._suggestions = suggestions
        self._contents = contents
        self._wake = threading.Event()
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, report: str, at: float) -> None:
        """Remember that a report came or grew; inside the transaction that keeps it."""
        self.note_many([(report, at)])

    def note_many(self, reports: Sequence[tuple[str, float]]) -> None:
        """The same of several, each with when it came; none twice."""
        if reports:
            run(
                self._db,
                "INSERT INTO link_due (report, version, since) VALUES "  # noqa: S608
                + ", ".join(["(?, 1, ?)"] * len(reports))
                + " ON CONFLICT (report) DO UPDATE "
                "SET version = link_due.version + 1, since = excluded.since",
                [value for report in reports for value in report],
            )
        self._wake.set()

    # -- working ----------------------------------------------------------------------------------

    def turn(self, limit: int = AT_ONCE) -> int:
        """Link some of the reports that are due, the longest waiting first; return how many."""
        connect(self._db)
        # With no right time nothing is late: what waits longest comes first anyway.
        now = self._clock.wall_s()
        due = LinkDue.select().where(LinkDue.since <= now).order_by(LinkDue.since, LinkDue.report)
        rows = list(due.limit(limit).execute(self._db))
        for row in rows:
            try:
                self._link(row.report, row.version)
            except StorageError:
                raise
            except Exception as error:  # one report that cannot be linked must not keep back all others
                _log.warning("a report was not linked (%s)", type(error).__name__)
                self._put_off(row.report, row.version, now + AGAIN_AFTER_S)
        return len(rows)

    def _link(self, report_id: str, version: int) -> None:
        report = self._told(report_id)
        if report is None:
            # An addition that came before its report, or a report that was taken away.
            self._writer.run(lambda: self._done(report_id, version))
            return
        evidence = extract(report)
        placed = self._writer.run(lambda: self._keep(report_id, version, evidence))
        if placed is None:
            return
        found = self._find(placed, evidence)

        def job() -> None:
            if self._is_due(report_id, version):
                self._suggestions.replace(report_id, found, self._clock.wall_s())
                self._done(report_id, version)

        self._writer.run(job)

    def _keep(self, report_id: str, version: int, evidence: Evidence) -> Placed | None:
        if not self._is_due(report_id, version):
            return None  # it grew or was taken away since it was read
        return self._store.put(report_id, evidence)

    def _find(self, placed: Placed, evidence: Evidence) -> list[tuple[str, Weighed]]:
        candidates = self._store.candidates(placed)
        known = self._store.background([evidence], [one.evidence for one in candidates])
        reports = known.words.documents
        return strongest(
            [
                (one.report, weighed)
                for one in candidates
                for weighed in weigh(evidence, one.evidence, known, reports)
            ]
        )

    def _told(self, report_id: str) -> Report | None:
        """Return a report with what was added to it as part of its narrative, or None if it is not here."""
        row = self._contents.report(report_id)
        if row is None:
            return None
        report = check_report(json.loads(row.body))
        own = (Addition.report == report_id) & (Addition.node == row.node)
        added = Addition.select().where(own).order_by(Addition.received_at, Addition.id)
        opened = self._contents.opened(added.execute(self._db), ADDITION)
        texts = [report.narrative, *(one.text for one in opened if one.text)]
        return dataclasses.replace(report, narrative="\n".join(texts))

    def _is_due(self, report_id: str, version: int) -> bool:
        return (version,) in select_in(self._db, [LinkDue.version], LinkDue.report, [report_id])

    def _done(self, report_id: str, version: int) -> None:
        LinkDue.delete().where((LinkDue.report == report_id) & (LinkDue.version == version)).execute(self._db)

    def _put_off(self, report_id: str, version: int, until: float) -> None:
        row = (LinkDue.report == report_id) & (LinkDue.version == version)
        self._writer.run(lambda: LinkDue.update(since=until).where(row).execute(self._db))

    def renew_outdated(self) -> None:
        """Make all reports due whose evidence an earlier version extracted."""
        connect(self._db)
        if self._store.has_outdated():
            self._writer.run(lambda: self._store.outdated_into(LinkDue, self._clock.wall_s()))

    # -- the thread -------------------------------------------------------------------------------

    def start(self) -> None:
        """Work in a thread until `close`."""
        self._thread = threading.Thread(target=self._loop, name="linker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread after the report it is at."""
        self._ends.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _loop(self) -> None:
        renewed = settled = False
        try:
            while not self._ends.is_set():
                self._wake.clear()
                try:
                    if not renewed:
                        self.renew_outdated()
                        renewed = True
                    busy = self.turn(limit=1)
                    if busy and not settled:
                        settle_heap()
                        settled = True
                except Exception as error:  # a disk that is full now may have room later
                    _log.warning("linking waits (%s)", type(error).__name__)
                    busy = 0
                if not busy:
                    self._wake.wait(LOOK_EVERY_S)
        finally:
            self._db.close()
