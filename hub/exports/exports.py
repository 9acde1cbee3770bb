"""Reports and cases as files, counts as GeoJSON. Implements `hub.exports.services.ExportServices`.

What is exported is listed, counted and noted first; then it is read in pieces, as the file is taken.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any

from hub.accounts.areas import sees
from hub.audit.entries import REASON_MAX_CHARACTERS
from hub.cases.case_models import CaseFile, CasePerson, CasePlace, CaseReport, CaseTask
from hub.cases.inbox import Inbox, states_of
from hub.cases.models import Triage
from hub.cases.services import InboxChoice
from hub.cases.urgency import day_number
from hub.cases.visible import UNDONE, visible_case
from hub.exports.cleaned import WronglyNamed, cleaned, without
from hub.exports.columns import (
    CASE_COLUMNS,
    REPORT_COLUMNS,
    CaseRecord,
    Column,
    ReportRecord,
    cells,
    chosen,
    head,
)
from hub.exports.counting import count_rows
from hub.exports.geojson import GEOJSON_TYPE, outline_features, pieces_of, point_features
from hub.exports.ledger import ExportLedger
from hub.exports.services import (
    FORMS,
    ROWS_A_DAY,
    TABLES,
    WORKBOOK_ROWS,
    ExportChoice,
    ExportFile,
    ExportRefused,
)
from hub.exports.tables import CSV_TYPE, XLSX_TYPE, Cell, csv_pieces, workbook
from hub.languages import N_
from hub.models import Addition, Report
from hub.pictures.weeks import last_weeks
from hub.retention.contents import ADDITION, ReportContents
from hub.retention.withdrawn import withdrawn_among
from hub.services import SignedIn
from hub.week_counts import WeekCounts
from sync.clock import Clock
from sync.records import Report as RecordedReport
from sync.records import check_report
from sync.storage.database import connect

AT_ONCE = 300
_NAMES = {"reports": "laporan", "cases": "kasus"}


class Exports:
    """Reads the store. Threads may share it."""

    def __init__(
        self,
        database: Any,
        clock: Clock,
        inbox: Inbox,
        contents: ReportContents,
        ledger: ExportLedger,
        weeks: WeekCounts,
        wrongly_named: WronglyNamed,
    ) -> None:
        self._db = database
        self._clock = clock
        self._inbox = inbox
        self._contents = contents
        self._ledger = ledger
        self._weeks, self._zone = weeks, weeks.zone
        self._wrongly_named = wrongly_named

    # -- reports and cases ------------------------------------------------------------------------

    def table(self, choice: ExportChoice, *, who: SignedIn) -> ExportFile:
        """See `ExportServices.table`."""
        reason = " ".join(choice.reason.split())
        _check(choice, reason, who)
        connect(self._db)
        ids = self._report_ids(choice.of, who) if choice.table == "reports" else self._case_ids(choice, who)
        most = ROWS_A_DAY if choice.form == "csv" else WORKBOOK_ROWS
        if len(ids) > most:
            raise ExportRefused(
                N_(
                    "Paling banyak %(most)s baris dalam satu berkas %(form)s.",
                    most=most,
                    form=choice.form.upper(),
                )
            )
        about = f"{choice.table}.{choice.form} {in_words(choice)}".strip()
        self._ledger.take(who, f"{choice.table} exported", about, len(ids), reason)
        return ExportFile(
            f"{_NAMES[choice.table]}.{choice.form}",
            CSV_TYPE if choice.form == "csv" else XLSX_TYPE,
            self._file(choice, ids, who),
        )

    def _file(self, choice: ExportChoice, ids: Sequence[Any], who: SignedIn) -> Iterator[bytes]:
        rows = self._rows(choice, ids, who)
        if choice.form == "csv":
            yield from csv_pieces(rows)
        else:
            yield workbook(rows, _NAMES[choice.table])

    def _rows(self, choice: ExportChoice, ids: Sequence[Any], who: SignedIn) -> Iterator[list[Cell]]:
        all_columns: Sequence[Column] = REPORT_COLUMNS if choice.table == "reports" else CASE_COLUMNS
        columns = chosen(all_columns, personal=choice.personal)
        yield from head(columns)
        read = self.report_records if choice.table == "reports" else self.case_records
        for start in range(0, len(ids), AT_ONCE):
            for record in read(ids[start : start + AT_ONCE], who):
                yield cells(columns, record)

    def _report_ids(self, choice: InboxChoice, who: SignedIn) -> list[str]:
        query = self._inbox.query(choice, before=None, limit=ROWS_A_DAY, who=who)
        return [row[0] for row in query.select(Triage.report).tuples().execute(self._db)]

    def _case_ids(self, choice: ExportChoice, who: SignedIn) -> list[int]:
        query = CaseFile.select(CaseFile.id).where(CaseFile.state == choice.state)
        if who.areas:
            query = query.where(visible_case(who))
        if choice.of.area or choice.of.kind:
            held = CaseReport.select(CaseReport.case).join(Triage, on=(Triage.report == CaseReport.report))
            held = held.where(sees(who, Triage.village))
            if choice.of.kind:
                held = held.where(Triage.kind == choice.of.kind)
            if choice.of.area:
                held = held.where(sees(SignedIn("", "analyst", (choice.of.area,)), Triage.village))
            query = query.where(CaseFile.id.in_(held))
        found = query.order_by(CaseFile.id).limit(ROWS_A_DAY + 1).tuples().execute(self._db)
        return [row[0] for row in found]

    def report_records(self, ids: Sequence[str], who: SignedIn) -> list[ReportRecord]:
        """Return those of these reports that an account may see, in the order of the ids."""
        connect(self._db)
        query = Triage.select().where(Triage.report.in_(list(ids)) & sees(who, Triage.village))
        kept = {row.report: row for row in query.execute(self._db)}
        stored = Report.select().where(Report.id.in_(list(kept))).execute(self._db)
        reports = {row.id: row for row in self._contents.reports(stored)}
        withdrawn = withdrawn_among(self._db, reports)
        added: dict[str, list[str]] = {}
        for row in self._contents.opened(self._followed(Addition, reports), ADDITION):
            added.setdefault(row.report, []).append(row.text)
        held = CaseReport.select(CaseReport.report, CaseFile.number).join(
            CaseFile, on=(CaseFile.id == CaseReport.case)
        )
        cases = dict(held.where(CaseReport.report.in_(list(kept))).tuples().execute(self._db))
        wrong = self._wrongly_named(list(kept))

        def told(one: str) -> RecordedReport:
            report = check_report(json.loads(reports[one].body))
            return cleaned(report, wrong[one]) if one in wrong else report

        return [
            ReportRecord(
                id=one,
                village=kept[one].village,
                received_on=self._day(reports[one].received_at),
                report=told(one),
                states=states_of(kept[one]),
                assignee=kept[one].assignee or "",
                case=cases.get(one, ""),
                withdrawn=one in withdrawn,
                corrected=one in wrong,
                from_shut_out=bool(reports[one].from_shut_out),
                additions=tuple(without(text, wrong.get(one, ())) for text in added.get(one, ())),
            )
            for one in ids
            if one in kept and one in reports
        ]

    def _followed(self, model: Any, reports: dict[str, Any]) -> list[Any]:
        """Return what was added to reports by the node that sent them, and by no other."""
        rows = model.select().where(model.report.in_(list(reports)))
        order = model.received_at, model.id
        return [
            row for row in rows.order_by(*order).execute(self._db) if row.node == reports[row.report].node
        ]

    def case_records(self, ids: Sequence[int], who: SignedIn) -> list[CaseRecord]:
        """Return those of these cases that an account may see, with what it may see of them."""
        connect(self._db)
        query = CaseFile.select().where(CaseFile.id.in_(list(ids)) & (CaseFile.state != UNDONE))
        if who.areas:
            query = query.where(visible_case(who))
        rows = list(query.order_by(CaseFile.id).execute(self._db))
        return self._cases(rows, who)

    def _cases(self, rows: Sequence[Any], who: SignedIn) -> list[CaseRecord]:
        """Read what cases hold: a statement for all of them, since a page of cases has a hundred."""
        ids = [row.id for row in rows]
        told = CaseReport.select(CaseReport.case, Triage.village, Triage.kind)
        told = told.join(Triage, on=(Triage.report == CaseReport.report))
        seen = self._by_case(told.where(CaseReport.case.in_(ids) & sees(who, Triage.village)))
        tasks = CaseTask.select(CaseTask.case, CaseTask.due_day)
        due = self._by_case(tasks.where(CaseTask.case.in_(ids) & CaseTask.done_at.is_null()))
        people = CasePerson.select(CasePerson.case, CasePerson.name, CasePerson.phones)
        named = self._by_case(people.where(CasePerson.case.in_(ids)).order_by(CasePerson.id))
        places = CasePlace.select(CasePlace.case, CasePlace.text)
        where = self._by_case(places.where(CasePlace.case.in_(ids)).order_by(CasePlace.id))
        # Of all its reports, those of other areas too: who was wrongly named there is so here.
        reports = CaseReport.select(CaseReport.case, CaseReport.report).where(CaseReport.case.in_(ids))
        held = self._by_case(reports)
        wrong = self._wrongly_named([report for found in held.values() for (report,) in found])
        today = day_number(self._inbox.today())
        records = []
        for row in rows:
            said = (wrong.get(report, ()) for (report,) in held.get(row.id, ()))
            words = tuple(dict.fromkeys(word for some in said for word in some))
            kept = [(name, told) for name, told in named.get(row.id, ()) if not _names(name, told, words)]
            days = [day for (day,) in due.get(row.id, ())]
            records.append(
                CaseRecord(
                    number=row.number,
                    title=without(row.title, words),
                    state=row.state,
                    outcome=row.outcome or "",
                    opened_on=self._day(row.opened_at),
                    opened_by=row.opened_by,
                    villages=tuple(sorted({village for village, _ in seen.get(row.id, ())})),
                    kinds=tuple(sorted({kind for _, kind in seen.get(row.id, ())})),
                    reports=len(seen.get(row.id, ())),
                    open_tasks=len(days),
                    late_tasks=sum(day < today for day in days),
                    people=tuple(name for name, _ in kept),
                    phones=tuple(line for _, phones in kept for line in phones.splitlines()),
                    places=tuple(without(text, words) for (text,) in where.get(row.id, ())),
                )
            )
        return records

    def _by_case(self, query: Any) -> dict[int, list[tuple[Any, ...]]]:
        """Return the rows of a query by their first column, a case."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        for case, *rest in query.tuples().execute(self._db):
            found.setdefault(case, []).append(tuple(rest))
        return found

    def _day(self, at: float) -> datetime.date:
        return datetime.datetime.fromtimestamp(at, self._zone).date()

    # -- counts -----------------------------------------------------------------------------------

    def counts(self, weeks: int, drawn: str, *, who: SignedIn) -> ExportFile:
        """See `ExportServices.counts`."""
        span = last_weeks(self._clock.wall_s(), self._zone, weeks)
        counted = count_rows(self._weeks, span, who)
        make = point_features if drawn == "regencies" else outline_features
        features = make(counted)
        about = f"{drawn}.geojson weeks={weeks}"
        self._ledger.take(who, "counts exported", about, len(features), "")
        return ExportFile("jumlah.geojson", GEOJSON_TYPE, pieces_of(features))


def _names(name: str, phones: str, words: Sequence[str]) -> bool:
    """Tell whether somebody in a case is one of those who were wrongly named."""
    told = f"{name}\n{phones}"
    return without(told, words) != told


def _check(choice: ExportChoice, reason: str, who: SignedIn) -> None:
    if choice.table not in TABLES or choice.form not in FORMS:
        raise ExportRefused(N_("Pilih laporan atau kasus, dan CSV atau XLSX."))
    if len(reason) > REASON_MAX_CHARACTERS or not reason.isprintable():
        raise ExportRefused(N_("Alasan paling banyak %(most)s huruf.", most=REASON_MAX_CHARACTERS))
    if choice.personal and who.role != "supervisor":
        raise ExportRefused(N_("Hanya supervisor yang mengekspor nama, nomor telepon dan cerita."))
    if choice.personal and not reason:
        raise ExportRefused(N_("Tulis alasan mengapa nama, nomor telepon dan cerita diperlukan."))


def in_words(choice: ExportChoice) -> str:
    """Return the filter and what was chosen beside it, for the log."""
    of = choice.of
    parts = {
        "state": choice.state if choice.table == "cases" else None,
        "stage": of.stage if choice.table == "reports" else None,
        "area": of.area,
        "kind": of.kind,
    }
    flags = {"mine": of.mine, "unread": of.unread, "urgent": of.urgent, "personal": choice.personal}
    return " ".join(
        [*(f"{name}={part}" for name, part in parts.items() if part), *(n for n, on in flags.items() if on)]
    )
