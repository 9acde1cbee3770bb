"""Cases: what they hold, their tasks, their history, closing, merging. Implements
`hub.cases.case_services.CaseServices`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.attachments import Attachments
from hub.cases.case_models import (
    CaseFile,
    CaseMerge,
    CasePerson,
    CasePlace,
    CaseReport,
    CaseStep,
    CaseTask,
)
from hub.cases.case_services import (
    NOTE_MAX_CHARACTERS,
    TITLE_MAX_CHARACTERS,
    CaseRow,
    CaseStepView,
    CaseView,
    MergeView,
    PersonView,
    TaskView,
    UnknownCase,
)
from hub.cases.inbox import Inbox
from hub.cases.merging import MERGED, OPEN, Merging
from hub.cases.models import Triage as TriageRow
from hub.cases.search import CASE, Search
from hub.cases.services import BulkOutcome
from hub.cases.states import OUTCOME, VALUES, StepRefused, check_reason
from hub.cases.triage import Triage, each
from hub.cases.urgency import day_number
from hub.cases.visible import UNDONE, visible_case
from hub.languages import N_
from hub.retention.holds import MAY_LIFT, held_cases
from hub.services import SignedIn, UnknownReport
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

CLOSED = "closed"
CASE_STATES = (OPEN, CLOSED, MERGED)


class Cases:
    """Keeps cases. `note` notes an access: `AuditLog.note`; inside the transaction."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        inbox: Inbox,
        triage: Triage,
        search: Search,
        attachments: Attachments,
        *,
        note: Callable[[SignedIn, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._inbox = inbox
        self._triage = triage
        self._search = search
        self._attachments = attachments
        self._note = note
        self._merging = Merging(database, self._open_row, self._number, self._step, self._check_hold)
        self.on_listed: Callable[[SignedIn, list[str]], None] = lambda who, abouts: None
        """Told what stands in a list that somebody is shown."""

    # -- looking ----------------------------------------------------------------------------------

    def rows(
        self, state: str, *, before: int | None, limit: int, who: SignedIn
    ) -> tuple[list[CaseRow], int | None]:
        """See `CaseServices.rows`."""
        connect(self._db)
        query = CaseFile.select().where(CaseFile.state == state)
        if before is not None:
            query = query.where(CaseFile.id < before)
        if who.areas:
            query = query.where(visible_case(who))
        found = list(query.order_by(CaseFile.id.desc()).limit(limit + 1).execute(self._db))
        rows = self._case_rows(found[:limit])
        self.on_listed(who, [f"case {row.number}" for row in rows])
        return rows, found[limit - 1].id if len(found) > limit else None

    def _case_rows(self, rows: Sequence[Any]) -> list[CaseRow]:
        ids = [row.id for row in rows]
        counted = peewee.fn.COUNT(peewee.SQL("*"))
        held = CaseReport.select(CaseReport.case, counted).where(CaseReport.case.in_(ids))
        reports = dict(held.group_by(CaseReport.case).tuples().execute(self._db))
        open_ones = CaseTask.case.in_(ids) & CaseTask.done_at.is_null()
        due: dict[int, list[int | None]] = {}
        for case, day in (
            CaseTask.select(CaseTask.case, CaseTask.due_day).where(open_ones).tuples().execute(self._db)
        ):
            due.setdefault(case, []).append(day)
        today = day_number(self._inbox.today())
        return [
            CaseRow(
                number=row.number,
                title=row.title,
                state=row.state,
                outcome=row.outcome,
                opened_at=row.opened_at,
                opened_by=row.opened_by,
                reports=reports.get(row.id, 0),
                open_tasks=len(due.get(row.id, ())),
                late=sum(day is not None and day < today for day in due.get(row.id, ())),
            )
            for row in rows
        ]

    def of_report(self, report_id: str) -> str | None:
        """See `CaseServices.of_report`."""
        connect(self._db)
        row = CaseReport.select().where(CaseReport.report == report_id).first(self._db)
        return None if row is None else self._number(row.case)

    def _number(self, case: int) -> str:
        return str(CaseFile.select().where(CaseFile.id == case).get(self._db).number)

    def view(self, number: str, *, who: SignedIn) -> CaseView:
        """See `CaseServices.view`."""
        connect(self._db)
        row = self._row(number, who)
        self._writer.run(lambda: self._note(who, "read", _about(number)))
        held = CaseReport.select().where(CaseReport.case == row.id).order_by(CaseReport.report)
        ids = [one.report for one in held.execute(self._db)]
        reports = self._inbox.rows_of(ids, who)
        merges = CaseMerge.select().where((CaseMerge.target == row.id) & (CaseMerge.undone == False))  # noqa: E712
        return CaseView(
            row=self._case_rows([row])[0],
            reports=tuple(reports),
            elsewhere=len(ids) - len(reports),
            people=tuple(
                PersonView(one.id, one.name, tuple(one.phones.split("\n")) if one.phones else (), one.note)
                for one in self._held(CasePerson, row.id)
            ),
            places=tuple((one.id, one.text) for one in self._held(CasePlace, row.id)),
            tasks=tuple(self._task(one) for one in self._held(CaseTask, row.id)),
            comments=self._triage.comments(_about(number)),
            history=tuple(
                CaseStepView(one.at, one.by, one.what, self._detail(one, who), one.reason)
                for one in self._held(CaseStep, row.id)
            ),
            merges=tuple(
                MergeView(one.id, self._number(one.source))
                for one in merges.order_by(CaseMerge.id).execute(self._db)
            ),
            merged_into=None if row.merged_into is None else self._number(row.merged_into),
            attachments=tuple(
                (shown.report.id, one) for shown in reports for one in self._attachments.of(shown.report.id)
            ),
        )

    def _detail(self, step: Any, who: SignedIn) -> str:
        about_report = step.what in ("report added", "report taken out")
        return "" if about_report and not self._sees(step.detail, who) else str(step.detail)

    def _held(self, model: Any, case: int) -> Any:
        return model.select().where(model.case == case).order_by(model.id).execute(self._db)

    def _task(self, row: Any) -> TaskView:
        return TaskView(
            id=row.id,
            text=row.text,
            due=datetime.date(1970, 1, 1) + datetime.timedelta(row.due_day),
            assignee=row.assignee,
            done_at=row.done_at,
            done_by=row.done_by,
            late=row.done_at is None and row.due_day < day_number(self._inbox.today()),
        )

    def _row(self, number: str, who: SignedIn) -> Any:
        query = CaseFile.select().where((CaseFile.number == number) & (CaseFile.state != UNDONE))
        row = (query.where(visible_case(who)) if who.areas else query).first(self._db)
        if row is None:
            raise UnknownCase
        return row

    def _open_row(self, number: str, who: SignedIn) -> Any:
        row = self._row(number, who)
        if row.state != OPEN:
            raise StepRefused(N_("Kasus ini tidak terbuka: buka lagi dulu."))
        return row

    # -- what a case holds ------------------------------------------------------------------------

    def open(self, title: str, *, who: SignedIn) -> str:
        """See `CaseServices.open`."""
        title = _line(title, TITLE_MAX_CHARACTERS, N_("Judul"))

        def job() -> str:
            year = self._inbox.today().year
            last = (
                CaseFile.select(CaseFile.serial)
                .where(CaseFile.year == year)
                .order_by(CaseFile.serial.desc())
                .first(self._db)
            )
            serial = 1 if last is None else last.serial + 1
            number = f"{year}-{serial:04}"
            case = CaseFile.insert(
                year=year,
                serial=serial,
                number=number,
                title=title,
                state=OPEN,
                opened_at=self._clock.wall_s(),
                opened_by=who.name,
            ).execute(self._db)
            self._step(case, number, "opened", title, "", who)
            return number

        return self._writer.run(job)

    def add_reports(self, number: str, report_ids: Sequence[str], *, who: SignedIn) -> BulkOutcome:
        """See `CaseServices.add_reports`."""
        connect(self._db)
        self._open_row(number, who)
        return each(report_ids, lambda one: self._writer.run(lambda: self._add_report(number, one, who)))

    def _add_report(self, number: str, report_id: str, who: SignedIn) -> None:
        row = self._open_row(number, who)
        if not self._sees(report_id, who):
            raise UnknownReport
        held = self.of_report(report_id)
        if held is not None:
            raise StepRefused(N_("Laporan sudah ada di kasus %(held)s.", held=held))
        self._note(who, "into case", f"report {report_id}")
        CaseReport.insert(report=report_id, case=row.id).execute(self._db)
        self._step(row.id, number, "report added", report_id, "", who)

    def _sees(self, report_id: str, who: SignedIn) -> bool:
        here = (TriageRow.report == report_id) & sees(who, TriageRow.village)
        return bool(TriageRow.select().where(here).exists(self._db))

    def take_out(self, number: str, report_id: str, reason: str, *, who: SignedIn) -> None:
        """See `CaseServices.take_out`."""

        def job() -> None:
            row = self._open_row(number, who)
            check_reason(reason, needed=True)
            here = (CaseReport.report == report_id) & (CaseReport.case == row.id)
            if not self._sees(report_id, who) or not CaseReport.select().where(here).exists(self._db):
                raise StepRefused(N_("Laporan itu tidak ada di kasus ini."))
            self._check_hold(row.id, who)
            self._note(who, "out of case", f"report {report_id}")
            CaseReport.delete().where(here).execute(self._db)
            self._step(row.id, number, "report taken out", report_id, reason, who)

        self._writer.run(job)

    def _check_hold(self, case: int, who: SignedIn) -> None:
        """Refuse whoever may lift no hold: what leaves a case leaves its hold."""
        if who.role not in MAY_LIFT and case in held_cases(self._db, self._clock.wall_s()):
            raise StepRefused(
                N_("Kasus ini ditahan untuk pengadilan: hanya penyelia dapat mengeluarkan isinya.")
            )

    def add_person(self, number: str, name: str, phones: str, note: str, *, who: SignedIn) -> None:
        """See `CaseServices.add_person`."""
        name = _line(name, TITLE_MAX_CHARACTERS, N_("Nama"))
        if max(len(phones), len(note)) > NOTE_MAX_CHARACTERS:
            raise StepRefused(N_("Nomor dan catatan paling banyak %(most)s huruf.", most=NOTE_MAX_CHARACTERS))
        lines = "\n".join(line.strip() for line in phones.splitlines() if line.strip())
        row = {"name": name, "phones": lines, "note": note.strip()}
        self._add(number, CasePerson, row, "person added", name, who)

    def remove_person(self, number: str, person: int, reason: str, *, who: SignedIn) -> None:
        """See `CaseServices.remove_person`."""

        def job() -> None:
            row = self._open_row(number, who)
            check_reason(reason, needed=True)
            here = (CasePerson.id == person) & (CasePerson.case == row.id)
            if not CasePerson.delete().where(here).execute(self._db):
                raise StepRefused(N_("Orang itu tidak ada di kasus ini."))
            # Not the name: who was put here wrongly must not stay in the history.
            self._step(row.id, number, "person removed", "", reason, who)

        self._writer.run(job)

    def add_place(self, number: str, text: str, *, who: SignedIn) -> None:
        """See `CaseServices.add_place`."""
        text = _line(text, TITLE_MAX_CHARACTERS, N_("Tempat"))
        self._add(number, CasePlace, {"text": text}, "place added", text, who)

    def add_task(
        self, number: str, text: str, due: datetime.date | None, assignee: str | None, *, who: SignedIn
    ) -> None:
        """See `CaseServices.add_task`."""
        text = _line(text, TITLE_MAX_CHARACTERS, N_("Tugas"))
        if due is None:
            raise StepRefused(N_("Tulis tanggal jatuh tempo."))
        if assignee is not None and assignee not in self._triage.assignable():
            raise StepRefused(N_("Pilih petugas dari daftar."))
        row = {"text": text, "due_day": day_number(due), "assignee": assignee}
        self._add(number, CaseTask, row, "task added", text, who)

    def _add(
        self, number: str, model: Any, row: dict[str, Any], what: str, detail: str, who: SignedIn
    ) -> None:
        def job() -> None:
            case = self._open_row(number, who)
            model.insert(case=case.id, **row).execute(self._db)
            # A name stands in its own row, which can be removed; the history stays.
            self._step(case.id, number, what, "" if model is CasePerson else detail, "", who)

        self._writer.run(job)

    def finish_task(self, number: str, task: int, *, who: SignedIn) -> None:
        """See `CaseServices.finish_task`."""

        def job() -> None:
            row = self._open_row(number, who)
            here = (CaseTask.id == task) & (CaseTask.case == row.id) & CaseTask.done_at.is_null()
            done = CaseTask.update(done_at=self._clock.wall_s(), done_by=who.name).where(here)
            if not done.execute(self._db):
                raise StepRefused(N_("Tugas itu tidak ada atau sudah selesai."))
            text = CaseTask.select().where(CaseTask.id == task).get(self._db).text
            self._step(row.id, number, "task done", text, "", who)

        self._writer.run(job)

    def comment(self, number: str, text: str, *, who: SignedIn) -> None:
        """See `CaseServices.comment`."""

        def job() -> None:
            row = self._row(number, who)
            self._triage.add_comment(_about(number), text, who)
            self._keep_words(row.id)

        self._writer.run(job)

    # -- closing and merging ----------------------------------------------------------------------

    def close(self, number: str, outcome: str, reason: str, *, who: SignedIn) -> None:
        """See `CaseServices.close`."""

        def job() -> None:
            row = self._open_row(number, who)
            if outcome not in VALUES[OUTCOME][1:]:
                raise StepRefused(N_("Pilih hasil dari daftar."))
            check_reason(reason, needed=True)
            CaseFile.update(state=CLOSED, outcome=outcome).where(CaseFile.id == row.id).execute(self._db)
            self._step(row.id, number, "closed", outcome, reason, who)

        self._writer.run(job)

    def reopen(self, number: str, reason: str, *, who: SignedIn) -> None:
        """See `CaseServices.reopen`."""

        def job() -> None:
            row = self._row(number, who)
            if row.state != CLOSED:
                raise StepRefused(N_("Hanya kasus yang ditutup dapat dibuka lagi."))
            check_reason(reason, needed=True)
            CaseFile.update(state=OPEN, outcome=None).where(CaseFile.id == row.id).execute(self._db)
            self._step(row.id, number, "reopened", "", reason, who)

        self._writer.run(job)

    def merge(self, number: str, into: str, reason: str, *, who: SignedIn) -> None:
        """See `CaseServices.merge`."""
        self._writer.run(lambda: self._merging.merge(number, into, reason, who))

    def undo_merge(self, number: str, merge: int, reason: str, *, who: SignedIn) -> None:
        """See `CaseServices.undo_merge`."""
        self._writer.run(lambda: self._merging.undo(number, merge, reason, who))

    # -- history and words ------------------------------------------------------------------------

    def _step(self, case: int, number: str, what: str, detail: str, reason: str, who: SignedIn) -> None:
        self._note(who, what, _about(number))
        CaseStep.insert(
            case=case, at=self._clock.wall_s(), by=who.name, what=what, detail=detail, reason=reason.strip()
        ).execute(self._db)
        self._keep_words(case)

    def _keep_words(self, case: int) -> None:
        row = CaseFile.select().where(CaseFile.id == case).get(self._db)
        pieces = [row.number, row.title]
        for one in self._held(CasePerson, case):
            pieces += [one.name, one.phones, one.note]
        pieces += [one.text for model in (CasePlace, CaseTask) for one in self._held(model, case)]
        pieces += [one.text for one in self._triage.comments(_about(row.number))]
        text = "\n".join(pieces)
        self._search.keep_again(CASE, row.number, text, report="", village="", at=row.opened_at)


def _about(number: str) -> str:
    return f"case {number}"


def _line(text: str, most: int, name: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > most:
        raise StepRefused(N_("%(name)s berisi 1 sampai %(most)s huruf.", name=name, most=most))
    return text
