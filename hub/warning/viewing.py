"""Shows one signal, and notes who looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hub.accounts.areas import may_see, sees
from hub.cases.case_models import CaseFile, CaseReport
from hub.cases.inbox import Inbox
from hub.cases.models import Triage
from hub.cases.visible import visible_case
from hub.links.bulk import select_in
from hub.retention.contents import ReportContents
from hub.services import READING_ROLES, SignedIn
from hub.warning.facts import facts_of, from_text, to_text
from hub.warning.keeping import Keeping
from hub.warning.listing import row_view
from hub.warning.models import Signal, SignalReport
from hub.warning.services import SightingView, SignalStepView, SignalView, UnknownSignal
from hub.warning.states import CLOSED, CLOSING_ROLES, WAYS
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

REPORTS_ON_PAGE: Final = 50
LATE_COLUMNS: Final[Mapping[str, str]] = {
    "detect": "late_detect",
    "notify": "late_notify",
    "respond": "late_respond",
}
"""Where the bottleneck of each clock is kept."""


class Viewing:
    """Reads one signal. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        inbox: Inbox,
        contents: ReportContents,
        keeping: Keeping,
    ) -> None:
        self._db = database
        self._writer = writer
        self._inbox = inbox
        self._contents = contents
        self._keep = keeping

    def view(
        self, signal: int, reports_before: int | None, who: SignedIn, now: float, today: int
    ) -> SignalView:
        """See `SignalServices.view`; `today` is a day number."""
        connect(self._db)
        self.row(signal, who)
        self._writer.run(lambda: self._look(signal, who))
        row = self.row(signal, who)
        sightings = self._keep.sightings(signal)
        lead = next((one for one in sightings if one.id == row.lead), None)
        reads = who.role in READING_ROLES
        here = (SignalReport.signal == signal) & (SignalReport.removed == False)  # noqa: E712 - SQL
        page = SignalReport.select().where(
            here if reports_before is None else here & (SignalReport.id < reports_before)
        )
        found = list(page.order_by(SignalReport.id.desc()).limit(REPORTS_ON_PAGE + 1).execute(self._db))
        shown = found[:REPORTS_ON_PAGE]
        reports = self._inbox.rows_of([one.report for one in shown], who) if reads else []
        ids = self._keep.reports(signal)
        return SignalView(
            row=row_view(row, lead, now, today),
            facts=from_text(row.facts),
            chance=row.chance if lead is None or lead.found is None else lead.found.chance,
            sightings=tuple(sightings),
            lead=lead if lead is not None and lead.past else None,
            reports=tuple(reports),
            more_reports=shown[-1].id if len(found) > REPORTS_ON_PAGE and reads else None,
            elsewhere=len(ids) - self._visible_count(ids, who) if reads else len(ids),
            forgotten=max(0, int(row.reports) - len(ids)),
            cases=tuple(self._cases(ids, sightings, who)) if reads else (),
            history=tuple(self._history(signal, who)),
            last_step=int(row.last_step),
            bottlenecks={name: getattr(row, column) for name, column in LATE_COLUMNS.items()},
            responded_at=row.responded_at,
            ways=tuple(way for way in WAYS[row.state] if way != CLOSED) if reads else (),
            may_close=who.role in CLOSING_ROLES,
            joined=tuple(self._joined(signal)),
        )

    def _look(self, signal: int, who: SignedIn) -> None:
        self._keep.note(who, "signal seen", f"signal {signal}")
        # Linking comes a little after a report: what it found since is told, too.
        row = self._keep.row(signal)
        before = from_text(row.facts)
        ids = self._keep.reports(signal)
        if len(ids) == row.reports:
            facts = facts_of(self._db, self._contents, ids, int(row.reports))
            if facts != before:
                self._keep.change(signal, facts=to_text(facts))

    def lead(self, signal: int, who: SignedIn) -> SightingView | None:
        """See `SignalServices.lead`."""
        connect(self._db)
        row = self.row(signal, who)
        self._writer.run(lambda: self._keep.note(who, "signal seen", f"signal {signal}"))
        found = self._keep.sightings_by_id([] if row.lead is None else [row.lead]).get(row.lead)
        return found if found is not None and found.past else None

    def row(self, signal: int, who: SignedIn) -> Any:
        """Return the row of a signal that the account may see; raise UnknownSignal."""
        row = Signal.select().where((Signal.id == signal) & sees(who, Signal.unit)).first(self._db)
        if row is None:
            raise UnknownSignal
        return row

    def _visible_count(self, ids: Sequence[str], who: SignedIn) -> int:
        if not who.areas:
            return len(ids)
        rows = select_in(self._db, [Triage.report, Triage.village], Triage.report, ids)
        return sum(may_see(who, village) for _, village in rows)

    def _cases(self, ids: Sequence[str], sightings: Iterable[SightingView], who: SignedIn) -> list[str]:
        fields = [CaseReport.case, CaseReport.report]
        held = {int(row[0]) for row in select_in(self._db, fields, CaseReport.report, ids)}
        named = [one.case_number for one in sightings if one.case_number]
        if not held and not named:
            return []
        these = CaseFile.id.in_(sorted(held)) | CaseFile.number.in_(named)
        query = CaseFile.select(CaseFile.number).where(these & visible_case(who))
        return [row.number for row in query.order_by(CaseFile.number).execute(self._db)]

    def _joined(self, signal: int) -> list[int]:
        into = {one.came_from for one in self._keep.sightings(signal)}
        return sorted(number for number in into if number is not None)

    def _history(self, signal: int, who: SignedIn) -> list[SignalStepView]:
        steps = self._keep.steps(signal)
        reports = {step.becomes for step in steps if step.what in ("report added", "report removed")}
        rows = Triage.select(Triage.report).where(
            Triage.report.in_(sorted(reports)) & sees(who, Triage.village)
        )
        seen = {row.report for row in rows.execute(self._db)} if who.role in READING_ROLES else set()
        return [
            SignalStepView(
                step.id,
                step.at,
                step.by,
                step.what,
                step.was,
                "" if step.becomes in reports - seen else step.becomes,
                step.reason,
            )
            for step in steps
        ]
