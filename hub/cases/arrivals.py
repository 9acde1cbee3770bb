"""Brings receipted reports into inbox, search and linking, soon after their transaction, and every one.

The intake writes one narrow row for each new report, in the transaction that its receipt speaks of. All that
costs more than that is done here, many reports at once: what can be worked out beforehand before the
transaction, the rest in one that takes the rows away with it. So a process that dies between the two leaves
the rows, and whoever looks next goes on: this hub when it starts again, or another process of it.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from hub.cases.inbox import Inbox, Told
from hub.cases.models import Arrival
from hub.cases.search import Doc, Search, doc_of_report
from hub.links.linker import Linker
from hub.models import Report
from hub.retention.contents import ReportContents
from hub.storage.statements import insert_rows, places, run
from sync.records import check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter, StorageError

_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.5
"""How soon the thread finds what another process took in."""
AT_ONCE: Final = 64
"""Reports of one transaction: an urgent one waits for no longer batch than this."""
URGENT, NEXT, FAILED = 0, 1, 2


class Arrivals:
    """Notes and places. Threads and processes may share the work."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        inbox: Inbox,
        search: Search,
        linker: Linker,
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._contents = contents
        self._inbox = inbox
        self._search = search
        self._linker = linker
        self.on_placed: Callable[[Sequence[str]], None] = lambda reports: None
        """Told of reports that have their places now, or were forgotten before; once of each, in that
        transaction."""
        self._wake = threading.Event()
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, reports: Sequence[tuple[str, bool]]) -> None:
        """Remember new reports and whether each is urgent; inside the transaction that keeps them."""
        insert_rows(
            self._db,
            Arrival,
            [{"turn": URGENT if urgent else NEXT, "report": report} for report, urgent in reports],
        )

    def forget(self, reports: Sequence[str]) -> None:
        """Place these no more; inside the transaction that forgets them."""
        waiting = self.waiting_among(reports)
        if waiting:
            Arrival.delete().where(Arrival.report.in_(waiting)).execute(self._db)
            self.on_placed(waiting)

    def waiting_among(self, reports: Sequence[str]) -> list[str]:
        """Return those of the reports that have no place yet."""
        rows = Arrival.select(Arrival.report).where(Arrival.report.in_(list(reports)))
        return [row.report for row in rows.execute(self._db)]

    def committed(self) -> None:
        """Place what was noted: by the thread, or here where none runs. Raises nothing; rows stay."""
        if self._thread is not None:
            self._wake.set()
            return
        try:
            self.catch_up()
        except Exception as error:  # whoever stored the report must not fail for its place: its row stays
            _say_waits(error)

    def catch_up(self) -> None:
        """Place all that waits."""
        while self.turn():
            pass

    def waiting(self) -> int:
        """Return how many reports have no place yet."""
        connect(self._db)
        return int(Arrival.select().count(self._db))

    # -- working ----------------------------------------------------------------------------------

    def turn(self, limit: int = AT_ONCE) -> int:
        """Place some of what waits, the urgent first; return how many were looked at."""
        connect(self._db)
        rows = run(
            self._db,
            "SELECT id, report FROM arrival WHERE turn < ? ORDER BY turn, id LIMIT ?",
            (FAILED, limit),
        ).fetchall()
        numbers = {str(report): int(number) for number, report in rows}
        if not numbers:
            return 0
        try:
            self._place(numbers)
        except StorageError:
            raise
        except Exception:  # one of them: the others must not wait for it
            for report, number in numbers.items():
                self._place_alone(report, number)
        return len(numbers)

    def _place_alone(self, report: str, number: int) -> None:
        try:
            self._place({report: number})
        except StorageError:
            raise
        except Exception as error:  # a fault of ours with this one: it is noted as failed, the others go on
            _log.warning("a report has no place in the inbox (%s)", type(error).__name__)
            self._writer.run(
                lambda: run(self._db, "UPDATE arrival SET turn = ? WHERE id = ?", (FAILED, number))
            )

    def _place(self, numbers: dict[str, int]) -> None:
        order = list(numbers)
        read = Report.select(Report.id, Report.node, Report.body, Report.received_at)
        told = {}
        for row in self._contents.reports(read.where(Report.id.in_(order)).execute(self._db)):
            told[row.id] = Told(row.id, row.node, row.received_at, False, check_report(json.loads(row.body)))
        docs = {one.id: self._doc(one) for one in told.values()}
        self._writer.run(partial(self._place_told, numbers, told, docs))

    def _doc(self, told: Told) -> Doc:
        return doc_of_report(told.id, told.report, self._inbox.village(told.node), told.received_at)

    def _place_told(self, numbers: dict[str, int], told: dict[str, Told], docs: dict[str, Doc]) -> None:
        """Take the rows away and place their reports; those that another process took are its own."""
        gone = "DELETE FROM arrival WHERE id IN " + places(len(numbers)) + " RETURNING report"  # noqa: S608
        taken = {str(row[0]) for row in run(self._db, gone, list(numbers.values())).fetchall()}
        names = [name for name in numbers if name in taken and name in told]
        if not names:
            return
        # What was read may have been looked at since, or be gone.
        here = "SELECT id, read_at FROM report WHERE id IN " + places(len(names))  # noqa: S608
        read = {str(name): at is not None for name, at in run(self._db, here, names).fetchall()}
        kept = [replace(told[name], read=read[name]) for name in names if name in read]
        self._inbox.place(kept)
        self._search.keep_many([docs[one.id] for one in kept])
        self._linker.note_many([(one.id, one.received_at) for one in kept])
        self.on_placed([one.id for one in kept])

    # -- the thread -------------------------------------------------------------------------------

    def start(self) -> None:
        """Work in a thread until `close`, beginning with what an earlier one left."""
        self._thread = threading.Thread(target=self._loop, name="arrivals", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread after the batch it is at."""
        self._ends.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _try_again(self) -> None:
        again = "UPDATE arrival SET turn = ? WHERE turn = ?"
        self._writer.run(lambda: run(self._db, again, (NEXT, FAILED)))

    def _loop(self) -> None:
        tried = False
        try:
            while not self._ends.is_set():
                self._wake.clear()
                try:
                    if not tried:
                        self._try_again()
                        tried = True
                    busy = self.turn()
                except Exception as error:  # a disk that is full now may have room later
                    _say_waits(error)
                    busy = 0
                if not busy:
                    self._wake.wait(LOOK_EVERY_S)
        finally:
            self._db.close()


def _say_waits(error: Exception) -> None:
    _log.warning("new reports wait for their place in the inbox (%s)", type(error).__name__)
