"""Lists each night what falls due, forgets what a person approved, keeps holds.

Implements `hub.retention.services.RetentionServices`. Nothing here reads what a report says.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

import peewee

from hub.accounts.areas import may_see, sees
from hub.cases.case_models import CaseFile, CaseReport, CaseStep
from hub.cases.inbox import states_of
from hub.cases.merging import OPEN as OPEN_CASE
from hub.cases.models import Triage, TriageStep
from hub.cases.visible import UNDONE, visible_case
from hub.languages import N_
from hub.models import Addition
from hub.retention.clocks import AUTOMATIC
from hub.retention.forgetting import Forgetting, OnHold, StillOpen
from hub.retention.holds import CASE, REPORT, held_among, running, today_of
from hub.retention.list_models import RetentionDue, RetentionHold
from hub.retention.periods import Periods, category_of
from hub.retention.services import REASON_MAX_CHARACTERS, DueRow, HoldRow, RetentionRefused
from hub.services import SignedIn, UnknownReport
from hub.storage.statements import put
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_log = logging.getLogger(__name__)

DAY_S: Final = 86_400
AHEAD_DAYS: Final = 30
"""So long before it is due a report stands in the list."""
_AT_ONCE = 200
_EPOCH = datetime.date(1970, 1, 1)


class Retention:
    """Keeps the list and the holds. Threads may share it. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        forgetting: Forgetting,
        periods: Periods,
        *,
        note: Callable[[SignedIn | str, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._forgetting = forgetting
        self.periods = periods
        self._note = note
        forgetting.also.append(self._strike)

    # -- the night --------------------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Return the nightly turn."""
        return [Job("retention", DAY_S, self._nightly)]

    def _nightly(self) -> None:
        self.turn()

    def turn(self) -> int:
        """List anew what falls due, then forget what is due and approved; return how many were forgotten."""
        connect(self._db)
        for reports in self._pieces():
            self._writer.run(partial(self._list, reports))
        ready = RetentionDue.select().where(RetentionDue.due_at <= self._clock.wall_s())
        if not self.periods.automatic:
            ready = ready.where(RetentionDue.approved_at.is_null(False))
        by_whom: dict[tuple[str, str], list[str]] = {}
        for row in ready.order_by(RetentionDue.due_at, RetentionDue.report).execute(self._db):
            by_whom.setdefault((row.approved_by or AUTOMATIC, row.category), []).append(row.report)
        return sum(self._forget(by, category, reports) for (by, category), reports in by_whom.items())

    def _forget(self, by: str, category: str, reports: Sequence[str]) -> int:
        done = 0
        for start in range(0, len(reports), _AT_ONCE):
            piece = self._still_approved(reports[start : start + _AT_ONCE])
            if not piece:
                continue
            try:
                done += self._forgetting.forget(
                    piece, by=by, reason=f"retention {category}", check=self._refuse_taken_back
                )
            except (StillOpen, OnHold, UnknownReport):  # changed since it was listed: the next night lists it
                _log.warning("what falls due changed meanwhile: the next night tries again")
        return done

    def _still_approved(self, reports: Sequence[str]) -> list[str]:
        if self.periods.automatic:
            return list(reports)
        approved = RetentionDue.report.in_(list(reports)) & RetentionDue.approved_at.is_null(False)
        rows = RetentionDue.select(RetentionDue.report).where(approved).order_by(RetentionDue.report)
        return [row.report for row in rows.execute(self._db)]

    def _refuse_taken_back(self, reports: Sequence[str]) -> None:
        # Somebody was told "it is not deleted" while the turn ran: that holds.
        if len(self._still_approved(reports)) != len(reports):
            raise StillOpen

    def _pieces(self) -> Iterator[list[str]]:
        """Yield the reports that may be in the list, or stand in it, some at a time."""
        latest = self._clock.wall_s() - (self.periods.shortest_days() - AHEAD_DAYS) * DAY_S
        for table, old_enough in ((Triage, Triage.received_at <= latest), (RetentionDue, None)):
            after = ""
            while True:
                query = table.select(table.report).where(table.report > after)
                if old_enough is not None:
                    query = query.where(old_enough)
                rows = query.order_by(table.report).limit(_AT_ONCE).tuples().execute(self._db)
                found = [str(name) for (name,) in rows]
                if not found:
                    break
                yield found
                after = found[-1]

    def _list(self, reports: Sequence[str]) -> None:
        """Put into the list those of the reports that fall due, and take out the others."""
        now = self._clock.wall_s()
        held = held_among(self._db, reports, now)
        cases = self._cases_of(reports)
        last = self._last_done(reports, {one: case.id for one, case in cases.items()})
        before = {
            row.report: row
            for row in RetentionDue.select().where(RetentionDue.report.in_(list(reports))).execute(self._db)
        }
        rows, stay = [], set()
        for triage in Triage.select().where(Triage.report.in_(list(reports))).execute(self._db):
            name, case = triage.report, cases.get(triage.report)
            told = None if case is None else (case.state == OPEN_CASE, case.outcome)
            category = category_of(states_of(triage), told)
            days = self.periods.days(category)
            if days is None or name in held:
                continue
            due_at = max(triage.received_at, last.get(name, 0.0)) + days * DAY_S
            if due_at > now + AHEAD_DAYS * DAY_S:
                continue
            stay.add(name)
            old = before.get(name)
            if old is None or (old.category, old.due_at) != (category, due_at):
                # What was approved was another day, or another reason: somebody looks again.
                rows.append(
                    {"report": name, "village": triage.village, "category": category, "due_at": due_at,
                     "approved_by": None, "approved_at": None}
                )  # fmt: skip
        gone = sorted(before.keys() - stay)
        if gone:
            self._strike(gone)
        if rows:
            put(RetentionDue, rows).execute(self._db)

    def _strike(self, reports: Sequence[str]) -> None:
        RetentionDue.delete().where(RetentionDue.report.in_(list(reports))).execute(self._db)

    def _cases_of(self, reports: Sequence[str]) -> dict[str, Any]:
        held = CaseReport.select().where(CaseReport.report.in_(list(reports)))
        places = {row.report: row.case for row in held.execute(self._db)}
        found = CaseFile.select().where(CaseFile.id.in_(list(set(places.values()))))
        cases = {row.id: row for row in found.execute(self._db)}
        return {report: cases[case] for report, case in places.items()}

    def _last_done(self, reports: Sequence[str], cases: dict[str, int]) -> dict[str, float]:
        """Return when something was last done with each report, added to it, or done with its case."""
        last: dict[str, float] = {}
        for column, at in ((TriageStep.report, TriageStep.at), (Addition.report, Addition.received_at)):
            for name, when in self._newest(column, at, list(reports)):
                last[name] = max(last.get(name, 0.0), when)
        of_case = dict(self._newest(CaseStep.case, CaseStep.at, list(set(cases.values()))))
        for name, case in cases.items():
            last[name] = max(last.get(name, 0.0), of_case.get(case, 0.0))
        return last

    def _newest(self, column: Any, at: Any, among: list[Any]) -> Any:
        query = column.model.select(column, peewee.fn.MAX(at)).where(column.in_(among)).group_by(column)
        return query.tuples().execute(self._db)

    # -- what a person does -----------------------------------------------------------------------

    def due(self, *, limit: int, who: SignedIn) -> tuple[list[DueRow], int]:
        """See `RetentionServices.due`."""
        connect(self._db)
        query = RetentionDue.select().where(sees(who, RetentionDue.village))
        rows = query.order_by(RetentionDue.due_at, RetentionDue.report).limit(limit).execute(self._db)
        shown = [DueRow(r.report, r.village, r.category, r.due_at, r.approved_by) for r in rows]
        return shown, int(query.count(self._db))

    def approve(self, reports: Sequence[str], *, approved: bool, who: SignedIn) -> int:
        """See `RetentionServices.approve`."""
        what = "retention approved" if approved else "retention approval undone"

        def job() -> int:
            other = RetentionDue.approved_at.is_null(approved)
            mine = RetentionDue.report.in_(list(reports)) & sees(who, RetentionDue.village) & other
            names = [row.report for row in RetentionDue.select().where(mine).execute(self._db)]
            for name in names:
                self._note(who, what, f"report {name}", "")
            RetentionDue.update(
                approved_by=who.name if approved else None,
                approved_at=self._clock.wall_s() if approved else None,
            ).where(RetentionDue.report.in_(names)).execute(self._db)
            return len(names)

        return self._writer.run(job)

    def holds(self, who: SignedIn) -> list[HoldRow]:
        """See `RetentionServices.holds`."""
        connect(self._db)
        rows = RetentionHold.select().where(running(self._clock.wall_s())).order_by(RetentionHold.id.desc())
        return [
            HoldRow(r.id, r.kind, r.ref, r.by, r.at, r.reason, _EPOCH + datetime.timedelta(r.until_day))
            for r in rows.execute(self._db)
            if self._sees(r.kind, r.ref, who)
        ]

    def _sees(self, kind: str, ref: str, who: SignedIn) -> bool:
        """Return whether a report or a case is here and an account may see it."""
        if kind == CASE:
            here = (CaseFile.number == ref) & (CaseFile.state != UNDONE) & visible_case(who)
            return bool(CaseFile.select().where(here).exists(self._db))
        query = Triage.select(Triage.village).where(Triage.report == ref)
        return any(may_see(who, row.village) for row in query.execute(self._db))

    def hold(self, ref: str, reason: str, until: datetime.date | None, *, who: SignedIn) -> None:
        """See `RetentionServices.hold`."""
        kind = CASE if len(ref) < 16 else REPORT
        cleaned = reason_of(reason)

        def job() -> None:
            now = self._clock.wall_s()
            if until is None or (until - _EPOCH).days < today_of(now):
                raise RetentionRefused(N_("Tulis sampai tanggal berapa ditahan; tanggal itu belum lewat."))
            if not self._sees(kind, ref, who):
                raise RetentionRefused(N_("Tidak ada laporan atau kasus dengan nomor itu."))
            same = (RetentionHold.kind == kind) & (RetentionHold.ref == ref)
            if RetentionHold.select().where(running(now) & same).exists(self._db):
                raise RetentionRefused(N_("Itu sudah ditahan. Lepas dulu untuk mengubah tanggalnya."))
            self._note(who, "held", f"{kind} {ref}", cleaned)
            day = (until - _EPOCH).days
            RetentionHold.insert(
                kind=kind, ref=ref, by=who.name, at=now, reason=cleaned, until_day=day
            ).execute(self._db)

        self._writer.run(job)

    def lift(self, number: int, reason: str, *, who: SignedIn) -> None:
        """See `RetentionServices.lift`."""
        cleaned = reason_of(reason)

        def job() -> None:
            now = self._clock.wall_s()
            row = RetentionHold.select().where(running(now) & (RetentionHold.id == number)).first(self._db)
            if row is None or not self._sees(row.kind, row.ref, who):
                raise RetentionRefused(N_("Penahanan itu sudah berakhir."))
            self._note(who, "hold lifted", f"{row.kind} {row.ref}", cleaned)
            RetentionHold.update(lifted_by=who.name, lifted_at=now, lift_reason=cleaned).where(
                RetentionHold.id == number
            ).execute(self._db)

        self._writer.run(job)


def reason_of(text: str) -> str:
    """Return a reason as it is kept; raise RetentionRefused."""
    cleaned = " ".join(text.split())
    if not cleaned or len(cleaned) > REASON_MAX_CHARACTERS or not cleaned.isprintable():
        raise RetentionRefused(N_("Alasan berisi 1 sampai %(most)s huruf.", most=REASON_MAX_CHARACTERS))
    return cleaned
