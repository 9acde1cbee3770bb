"""What people do with signals, each change with its line in the history and in the log of accesses.
Implements `hub.warning.services.SignalServices`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from hub.accounts.areas import sees
from hub.cases.inbox import Inbox
from hub.cases.models import Triage
from hub.cases.services import COMMENT_MAX_CHARACTERS
from hub.cases.states import StepRefused, check_reason
from hub.cases.triage import Triage as TriageWork
from hub.cases.urgency import day_number
from hub.languages import N_
from hub.retention.contents import ReportContents
from hub.services import SignedIn
from hub.signals.finding import Finding
from hub.warning.clocks import BOTTLENECKS, LIMITS_S, Share, clocks
from hub.warning.forgetting import let_go_of_words
from hub.warning.keeping import Keeping, standing_of, times_of
from hub.warning.listing import Listing
from hub.warning.models import Signal
from hub.warning.raising import Raising, Taken
from hub.warning.risk import Cell
from hub.warning.services import (
    Closing,
    Draft,
    SightingView,
    SignalChoice,
    SignalRow,
    SignalView,
)
from hub.warning.states import (
    CLOSED,
    CLOSING_ROLES,
    RESPONSE,
    TRUE,
    VERIFICATION,
    check_assessment,
    check_move,
)
from hub.warning.viewing import LATE_COLUMNS, Viewing
from hub.week_counts import week_of
from sync.clock import Clock as SystemClock
from sync.storage.writer import GroupCommitWriter

LONGEST_WATCH_DAYS: Final = 366
SOMEBODY_WAS_QUICKER: Final = N_("Orang lain baru saja mengubah sinyal ini. Lihat dulu keadaannya sekarang.")


class Signals:
    """Keeps signals. Threads may share it. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: SystemClock,
        inbox: Inbox,
        triage: TriageWork,
        contents: ReportContents,
        zone: datetime.tzinfo,
        *,
        note: Callable[[SignedIn | str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._inbox = inbox
        self._triage = triage
        self._zone = zone
        self._keep = Keeping(database, contents, note)
        self._raising = Raising(database, writer, self._keep, zone)
        self._listing = Listing(database, self._keep)
        self._viewing = Viewing(database, writer, inbox, contents, self._keep)
        self.on_listed: Callable[[SignedIn, list[str]], None] = lambda who, abouts: None
        """Told what stands in a list that somebody is shown."""

    def _today(self) -> int:
        return day_number(self._inbox.today())

    # -- lists ------------------------------------------------------------------------------------

    def rows(
        self, choice: SignalChoice, *, before: int | None, limit: int, who: SignedIn
    ) -> tuple[list[SignalRow], int | None]:
        """See `SignalServices.rows`."""
        now, today = self._clock.wall_s(), self._today()
        rows, after = self._listing.rows(choice, before=before, limit=limit, who=who, now=now, today=today)
        self.on_listed(who, [f"signal {row.id}" for row in rows])
        return rows, after

    def rows_for_machine(
        self, choice: SignalChoice, *, before: int | None, limit: int, by: str
    ) -> tuple[list[SignalRow], int | None]:
        """Return a page for the command line of this machine, which sees every area; noted as one look."""
        now, today = self._clock.wall_s(), self._today()
        self._writer.run(lambda: self._keep.note(by, "signals listed", "signals all"))
        return self._listing.rows(choice, before=before, limit=limit, who=by, now=now, today=today)

    def open_count(self, who: SignedIn) -> int:
        """See `SignalServices.open_count`."""
        return self._listing.open_count(who)

    def watched_due(self, who: SignedIn) -> int:
        """See `SignalServices.watched_due`."""
        return self._listing.watched_due(who, self._today())

    def shares(self, who: SignedIn) -> tuple[Share, ...]:
        """See `SignalServices.shares`."""
        return self._listing.shares(who, self._clock.wall_s())

    def rules(self) -> list[str]:
        """See `SignalServices.rules`."""
        return self._listing.rules()

    def of_report(self, report_id: str, who: SignedIn) -> list[int]:
        """See `SignalServices.of_report`."""
        return self._listing.of_report(report_id, who)

    # -- one signal -------------------------------------------------------------------------------

    def view(self, signal: int, *, reports_before: int | None, who: SignedIn) -> SignalView:
        """See `SignalServices.view`."""
        now, today = self._clock.wall_s(), self._today()
        view = self._viewing.view(signal, reports_before, who, now, today)
        if view.reports:
            self.on_listed(who, [f"report {one.report.id}" for one in view.reports])
        return view

    def lead(self, signal: int, who: SignedIn) -> SightingView | None:
        """See `SignalServices.lead`."""
        return self._viewing.lead(signal, who)

    def _row(self, signal: int, who: SignedIn) -> Any:
        return self._viewing.row(signal, who)

    # -- raising and folding ----------------------------------------------------------------------

    def take_findings(self, findings: Iterable[Finding], now: float) -> list[Taken]:
        """See `Raising.take_findings`."""
        return self._raising.take_findings(findings, now)

    def takes_findings(self, findings: Sequence[Finding], now: float) -> None:
        """See `Raising.takes_findings`."""
        self._raising.takes_findings(findings, now)

    def prefilled(self, report_id: str, case_number: str, who: SignedIn) -> Draft:
        """See `SignalServices.prefilled`."""
        return self._raising.prefilled(report_id, case_number, who)

    def raise_by_hand(self, draft: Draft, *, who: SignedIn) -> int:
        """See `SignalServices.raise_by_hand`."""
        return self._raising.raise_by_hand(draft, self._clock.wall_s(), who=who)

    def fold(self, signal: int, into: int, reason: str, *, who: SignedIn) -> None:
        """See `SignalServices.fold`."""

        def job() -> None:
            self._row(signal, who)
            if Signal.select().where((Signal.id == into) & sees(who, Signal.unit)).first(self._db) is None:
                raise StepRefused(N_("Pilih sinyal lain yang masih terbuka."))
            self._raising.fold(signal, into, reason, self._clock.wall_s(), who=who)

        self._writer.run(job)

    def separate(self, signal: int, sighting: int, reason: str, *, who: SignedIn) -> int:
        """See `SignalServices.separate`."""

        def job() -> int:
            self._row(signal, who)
            return self._raising.separate(signal, sighting, reason, self._clock.wall_s(), who=who)

        return self._writer.run(job)

    # -- states -----------------------------------------------------------------------------------

    def _standing_row(self, signal: int, seen: int | None, who: SignedIn) -> Any:
        row = self._row(signal, who)
        if row.joined_into is not None:
            raise StepRefused(N_("Sinyal ini sudah menyatu ke sinyal lain: kerjakan di sana."))
        if seen is not None and row.last_step != seen:
            raise StepRefused(SOMEBODY_WAS_QUICKER)
        return row

    def move(self, signal: int, to: str, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """See `SignalServices.move`."""

        def job() -> None:
            row, now = self._standing_row(signal, seen, who), self._clock.wall_s()
            if to == CLOSED:
                raise StepRefused(N_("Sinyal ditutup dengan hasil dan alasan."))
            after = check_move(standing_of(row), to, reason, may_close=who.role in CLOSING_ROLES)
            again = row.state == CLOSED
            self._keep.note(who, "signal reopened" if again else f"signal to {to}", f"signal {signal}")
            if again:
                self._raising.open_again(signal, now)
            changes: dict[str, object] = {"state": after.state}
            if to not in (VERIFICATION, "open") and row.notified_at is None:
                changes["notified_at"] = now
            if row.state == RESPONSE:
                changes["responded_at"] = None  # it was not complete after all
            self._keep.change(signal, **changes)
            what = "reopened" if again else "moved"
            self._keep.step(signal, now, who, what, was=row.state, becomes=to, reason=reason)

        self._writer.run(job)

    def close(self, signal: int, closing: Closing, *, seen: int | None, who: SignedIn) -> None:
        """See `SignalServices.close`."""

        def job() -> None:
            row, now = self._standing_row(signal, seen, who), self._clock.wall_s()
            after = check_move(
                standing_of(row),
                CLOSED,
                closing.reason,
                may_close=who.role in CLOSING_ROLES,
                verdict=closing.verdict,
                outcome=closing.outcome,
            )
            changes: dict[str, object] = {"notified_at": now if row.notified_at is None else row.notified_at}
            if after.verdict == TRUE and row.responded_at is None:
                changes["responded_at"] = now
            changes |= self._bottlenecks(row, changes, after.verdict, closing.bottlenecks, now)
            self._keep.note(who, "signal closed", f"signal {signal}")
            let_go_of_words(self._db, signal)
            self._keep.change(
                signal,
                state=CLOSED,
                verdict=after.verdict,
                outcome=closing.outcome,
                closed_at=now,
                monitor_day=None,
                **changes,
            )
            told = f"{after.verdict} {closing.outcome}"
            self._keep.step(signal, now, who, "closed", was=row.state, becomes=told, reason=closing.reason)

        self._writer.run(job)

    def _bottlenecks(
        self, row: Any, changes: Mapping[str, Any], verdict: str | None, chosen: Mapping[str, str], now: float
    ) -> dict[str, object]:
        """Return the bottlenecks of the clocks that will have been missed; each must be there."""
        row.notified_at = changes["notified_at"]
        row.responded_at = changes.get("responded_at", row.responded_at)
        row.verdict, before = verdict, row.state
        row.state = CLOSED
        late = [clock.name for clock in clocks(times_of(row), now) if clock.is_late]
        row.state = before
        found: dict[str, object] = {}
        for name in late:
            told = chosen.get(name) or getattr(row, LATE_COLUMNS[name])
            if told not in BOTTLENECKS:
                raise StepRefused(N_("Pilih hambatan untuk setiap tenggat 7-1-7 yang terlewat."))
            found[LATE_COLUMNS[name]] = told
        return found

    def assess(self, signal: int, cell: Cell | None, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """See `SignalServices.assess`."""

        def job() -> None:
            row = self._standing_row(signal, seen, who)
            if cell is None:
                raise StepRefused(N_("Pilih satu kotak dalam matriks risiko."))
            before = standing_of(row)
            check_assessment(before, cell, reason, may_close=who.role in CLOSING_ROLES)
            self._keep.note(who, "signal assessed", f"signal {signal}")
            self._keep.change(signal, likelihood=cell.likelihood, consequence=cell.consequence)
            was = "" if before.cell is None else _cell_text(before.cell)
            now = self._clock.wall_s()
            self._keep.step(signal, now, who, "assessed", was=was, becomes=_cell_text(cell), reason=reason)

        self._writer.run(job)

    def respond(self, signal: int, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """See `SignalServices.respond`."""

        def job() -> None:
            row, now = self._standing_row(signal, seen, who), self._clock.wall_s()
            if row.state != RESPONSE or row.responded_at is not None:
                raise StepRefused(N_("Tanggapan dicatat selesai selama sinyal dalam tanggapan, sekali saja."))
            check_reason(reason, needed=True)
            self._keep.note(who, "signal response done", f"signal {signal}")
            self._keep.change(signal, responded_at=now)
            self._keep.step(signal, now, who, "response done", reason=reason)

        self._writer.run(job)

    def note_bottleneck(
        self, signal: int, clock: str, bottleneck: str, reason: str, *, who: SignedIn
    ) -> None:
        """See `SignalServices.note_bottleneck`."""

        def job() -> None:
            row, now = self._row(signal, who), self._clock.wall_s()
            late = {one.name for one in clocks(times_of(row), now) if one.is_late}
            if clock not in LIMITS_S or clock not in late:
                raise StepRefused(N_("Hambatan dicatat untuk tenggat yang terlewat."))
            if bottleneck not in BOTTLENECKS:
                raise StepRefused(N_("Pilih hambatan dari daftar."))
            check_reason(reason, needed=bottleneck == "other")
            self._keep.note(who, "signal bottleneck", f"signal {signal}")
            self._keep.change(signal, **{LATE_COLUMNS[clock]: bottleneck})
            told = f"{clock} {bottleneck}"
            self._keep.step(signal, now, who, "bottleneck", becomes=told, reason=reason)

        self._writer.run(job)

    # -- watching, assigning, commenting ----------------------------------------------------------

    def monitor(self, signal: int, until: datetime.date | None, reason: str, *, who: SignedIn) -> None:
        """See `SignalServices.monitor`."""

        def job() -> None:
            row = self._standing_row(signal, None, who)
            if row.state == CLOSED:
                raise StepRefused(N_("Sinyal yang ditutup tidak dipantau: buka lagi dulu."))
            day, today = None if until is None else day_number(until), self._today()
            if day is not None and not today < day <= today + LONGEST_WATCH_DAYS:
                raise StepRefused(N_("Pilih tanggal sesudah hari ini, paling lama setahun lagi."))
            if day == row.monitor_day:
                raise StepRefused(N_("Tanggal pantau sudah begitu."))
            check_reason(reason, needed=True)
            self._keep.note(who, "signal monitor", f"signal {signal}")
            self._keep.change(signal, monitor_day=day)
            told = "" if day is None else str(day)
            self._keep.step(signal, self._clock.wall_s(), who, "monitor", becomes=told, reason=reason)

        self._writer.run(job)

    def assignable(self, unit: str) -> list[str]:
        """See `SignalServices.assignable`."""
        return self._triage.assignable(unit)

    def assign(self, signal: int, to: str | None, *, who: SignedIn) -> None:
        """See `SignalServices.assign`."""

        def job() -> None:
            row = self._standing_row(signal, None, who)
            if to is not None and to not in self.assignable(row.unit):
                raise StepRefused(N_("Pilih petugas yang melihat wilayah sinyal ini."))
            if row.assignee == to:
                raise StepRefused(N_("Pilih orang lain."))
            self._keep.note(who, "signal assigned", f"signal {signal}")
            self._keep.change(signal, assignee=to)
            told = {"was": row.assignee or "", "becomes": to or ""}
            self._keep.step(signal, self._clock.wall_s(), who, "assigned", **told)

        self._writer.run(job)

    def comment(self, signal: int, text: str, *, who: SignedIn) -> None:
        """See `SignalServices.comment`."""
        cleaned = text.replace("\r\n", "\n").strip()

        def job() -> None:
            self._row(signal, who)
            if not cleaned or len(cleaned) > COMMENT_MAX_CHARACTERS:
                raise StepRefused(N_("Komentar berisi 1 sampai %(most)s huruf.", most=COMMENT_MAX_CHARACTERS))
            self._keep.note(who, "signal commented", f"signal {signal}")
            self._keep.step(signal, self._clock.wall_s(), who, "commented", reason=cleaned)

        self._writer.run(job)

    # -- reports ----------------------------------------------------------------------------------

    def _sees(self, report_id: str, who: SignedIn) -> bool:
        here = (Triage.report == report_id) & sees(who, Triage.village)
        return bool(Triage.select().where(here).exists(self._db))

    def add_report(self, signal: int, report_id: str, *, who: SignedIn) -> None:
        """See `SignalServices.add_report`."""

        def job() -> None:
            row, now = self._standing_row(signal, None, who), self._clock.wall_s()
            if not self._sees(report_id, who):
                raise StepRefused(N_("Tidak ada laporan ini."))
            if report_id in self._keep.reports(signal):
                raise StepRefused(N_("Laporan itu sudah ada di sinyal ini."))
            self._keep.note(who, "signal report added", f"signal {signal}")
            self._keep.note(who, "into signal", f"report {report_id}")
            self._keep.add_reports(signal, [report_id], None, week_of(now, self._zone))
            self._keep.refresh(signal, count=int(row.reports) + 1)
            self._keep.step(signal, now, who, "report added", becomes=report_id)

        self._writer.run(job)

    def remove_report(self, signal: int, report_id: str, reason: str, *, who: SignedIn) -> None:
        """See `SignalServices.remove_report`."""

        def job() -> None:
            row, now = self._standing_row(signal, None, who), self._clock.wall_s()
            check_reason(reason, needed=True)
            if not self._sees(report_id, who) or report_id not in self._keep.reports(signal):
                raise StepRefused(N_("Laporan itu tidak ada di sinyal ini."))
            self._keep.note(who, "signal report removed", f"signal {signal}")
            self._keep.note(who, "out of signal", f"report {report_id}")
            whole = len(self._keep.reports(signal)) == row.reports
            self._keep.remove_report(signal, report_id)
            if whole:  # else what was forgotten may have been the first
                self._keep.change(signal, first_report_at=None)
            self._keep.refresh(signal, count=int(row.reports) - 1)
            self._keep.step(signal, now, who, "report removed", becomes=report_id, reason=reason)

        self._writer.run(job)


def _cell_text(cell: Cell) -> str:
    return f"{cell.likelihood}-{cell.consequence}"
