"""The rows of signals: put in, changed and read again. Every change is noted and has its step, in one
transaction; call what changes inside a job of the writer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.links.bulk import select_in
from hub.retention.contents import ReportContents
from hub.services import SignedIn
from hub.signals.finding import Finding, WeekPoint, level_of
from hub.storage.statements import insert_new, insert_rows
from hub.warning.clocks import Times, due_at
from hub.warning.facts import facts_of, first_taken_at, to_text
from hub.warning.folding import narrowest
from hub.warning.models import Signal, SignalReport, SignalSighting, SignalStep
from hub.warning.reasons import Facts, Found
from hub.warning.risk import Cell
from hub.warning.services import SightingView
from hub.warning.states import CLOSED, OPEN, TRUE, Standing

MOST_BEHIND: Final = 2_000
"""Reports of one finding that are kept one by one; of more, the count is kept."""


def standing_of(row: Any) -> Standing:
    """Return where a signal stands, from its row."""
    cell = None if row.likelihood is None else Cell(int(row.likelihood), int(row.consequence))
    return Standing(row.state, row.verdict, cell)


def times_of(row: Any) -> Times:
    """Return the times of a signal, from its row."""
    return Times(
        first_report_at=row.first_report_at,
        raised_at=row.raised_at,
        counted_from=row.counted_from,
        notified_at=row.notified_at,
        responded_at=row.responded_at,
        closed=row.state == CLOSED,
        is_event=row.verdict in (None, TRUE),
    )


@dataclass(frozen=True)
class Raised:
    """What a new signal begins with."""

    origin: str
    rule: str
    sort: str
    unit: str
    title: str
    chance: float | None


class Keeping:
    """Keeps signals. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self, database: Any, contents: ReportContents, note: Callable[[SignedIn | str, str, str], object]
    ) -> None:
        self._db = database
        self._contents = contents
        self.note = note

    # -- new rows ---------------------------------------------------------------------------------

    def insert(self, raised: Raised, at: float, by: str) -> int:
        """Put in a new signal without anything behind it; note and step are the caller's."""
        times = Times(None, at, at)
        return insert_new(
            self._db,
            Signal,
            origin=raised.origin,
            rule=raised.rule,
            sort=raised.sort,
            unit=raised.unit,
            level=level_of(raised.unit).value,
            chance=raised.chance,
            title=raised.title,
            state=OPEN,
            active=True,
            reports=0,
            facts=to_text(Facts()),
            raised_at=at,
            raised_by=by,
            counted_from=at,
            due_at=due_at(times),
        )

    def add_sighting(self, signal: int, finding: Finding, at: float, by: str) -> int:
        """Put a finding behind a signal; its reports come with `add_reports`."""
        category = finding.category
        return insert_new(
            self._db,
            SignalSighting,
            signal=signal,
            rule=finding.rule,
            sort=finding.sort.value,
            unit=finding.unit,
            group_name=category.group.value,
            group_value=category.value,
            week=finding.week,
            at=at,
            by=by,
            case_number="",
            **_numbers(finding),
        )

    def add_hand(self, signal: int, unit: str, week: int, case_number: str, at: float, by: str) -> int:
        """Put behind a signal that a person raised it."""
        return insert_new(
            self._db,
            SignalSighting,
            signal=signal,
            rule="",
            sort="",
            unit=unit,
            group_name="",
            group_value="",
            week=week,
            window_weeks=1,
            count=0.0,
            usual_low=0.0,
            usual_high=0.0,
            reporters=0,
            past="[]",
            case_number=case_number,
            at=at,
            by=by,
        )

    def renew_sighting(self, sighting: int, finding: Finding) -> None:
        """Keep what a rule found when it looked at the same week once more."""
        here = SignalSighting.id == sighting
        SignalSighting.update(_numbers(finding)).where(here).execute(self._db)

    def add_reports(self, signal: int, reports: Sequence[str], sighting: int | None, week: int) -> list[str]:
        """Put reports behind a signal and return those that were not there. What a person took away comes
        back by a person's hand alone (no `sighting`)."""
        wanted = list(dict.fromkeys(reports))
        if sighting is None:
            gone = (SignalReport.signal == signal) & SignalReport.report.in_(wanted) & SignalReport.removed
            SignalReport.delete().where(gone).execute(self._db)
        known = self.held_among(signal, wanted)
        new = [one for one in wanted if one not in known][:MOST_BEHIND]
        insert_rows(
            self._db,
            SignalReport,
            [
                {
                    "signal": signal,
                    "report": one,
                    "first": sighting,
                    "last": sighting,
                    "week": week,
                    "removed": False,
                }
                for one in new
            ],
        )
        if sighting is not None:
            here = (SignalReport.signal == signal) & SignalReport.report.in_(sorted(known))
            SignalReport.update(last=sighting, week=week).where(here).execute(self._db)
        return new

    def remove_report(self, signal: int, report: str) -> None:
        """Take a report away from behind a signal, and remember that."""
        here = (SignalReport.signal == signal) & (SignalReport.report == report)
        SignalReport.update(removed=True).where(here).execute(self._db)

    def step(
        self,
        signal: int,
        at: float,
        by: SignedIn | str,
        what: str,
        *,
        was: str = "",
        becomes: str = "",
        reason: str = "",
    ) -> None:
        """Add a line to the history."""
        name = by if isinstance(by, str) else by.name
        number = insert_new(
            self._db,
            SignalStep,
            signal=signal,
            at=at,
            by=name,
            what=what,
            was=was,
            becomes=becomes,
            reason=reason.strip(),
        )
        self.change(signal, last_step=number)

    # -- changing ---------------------------------------------------------------------------------

    def change(self, signal: int, **values: object) -> None:
        """Change columns of a signal, and what follows from them: whether it stands, and its clock."""
        Signal.update(values).where(Signal.id == signal).execute(self._db)
        if values.keys() & {"state", "joined_into", "notified_at", "responded_at", "counted_from"}:
            row = self.row(signal)
            stands = row.state != CLOSED and row.joined_into is None
            due = due_at(times_of(row)) if stands else None
            Signal.update(active=stands, due_at=due).where(Signal.id == signal).execute(self._db)

    def refresh(self, signal: int, *, count: int | None = None) -> None:
        """Work out anew what follows from what is behind a signal: its area, what a list shows, facts, when
        the first report was taken. `count` is the number of reports, by default those that are there."""
        sightings = self.sightings(signal)
        reports = self.reports(signal)
        row = self.row(signal)
        total = max(len(reports), count or 0)
        units = [one.unit for one in sightings]
        found = [one.id for one in sightings if one.found is not None]
        first = [at for at in (first_taken_at(self._db, reports), row.first_report_at) if at is not None]
        unit = narrowest(units) if units else row.unit
        values = {
            "unit": unit,
            "level": level_of(unit).value,
            "lead": found[-1] if found else (sightings[-1].id if sightings else None),
            "reports": total,
            "facts": to_text(facts_of(self._db, self._contents, reports, total)),
            "first_report_at": min(first, default=None),
        }
        Signal.update(values).where(Signal.id == signal).execute(self._db)

    # -- reading ----------------------------------------------------------------------------------

    def row(self, signal: int) -> Any:
        """Return the row of a signal."""
        return Signal.select().where(Signal.id == signal).get(self._db)

    def reports(self, signal: int) -> list[str]:
        """Return the reports behind a signal in the order in which they came there."""
        here = (SignalReport.signal == signal) & (SignalReport.removed == False)  # noqa: E712 - SQL
        query = SignalReport.select(SignalReport.report).where(here)
        return [row.report for row in query.order_by(SignalReport.id).execute(self._db)]

    def held_among(self, signal: int, reports: Iterable[str]) -> set[str]:
        """Return those of some reports that are behind a signal, or were taken away from it."""
        rows = select_in(
            self._db, [SignalReport.signal, SignalReport.report], SignalReport.report, set(reports)
        )
        return {report for number, report in rows if number == signal}

    def steps(self, signal: int) -> list[Any]:
        """Return the history of a signal in its order."""
        query = SignalStep.select().where(SignalStep.signal == signal).order_by(SignalStep.id)
        return list(query.execute(self._db))

    def sightings(self, signal: int) -> list[SightingView]:
        """Return the findings behind a signal, oldest first."""
        query = SignalSighting.select().where(SignalSighting.signal == signal)
        rows = query.order_by(SignalSighting.week, SignalSighting.id).execute(self._db)
        return [sighting_view(row) for row in rows]

    def sightings_by_id(self, ids: Iterable[int]) -> dict[int, SightingView]:
        """Return findings by their number."""
        rows = SignalSighting.select().where(SignalSighting.id.in_(list(ids))).execute(self._db)
        return {row.id: sighting_view(row) for row in rows}


def sighting_view(row: Any) -> SightingView:
    """Return a finding as it was kept."""
    found = None
    if row.rule:
        found = Found(
            row.sort,
            row.group_name,
            int(row.window_weeks),
            row.count,
            row.usual_low,
            row.usual_high,
            row.chance,
            int(row.reporters),
        )
    return SightingView(
        id=row.id,
        rule=row.rule,
        unit=row.unit,
        group=row.group_name,
        value=row.group_value,
        week=int(row.week),
        found=found,
        past=tuple(WeekPoint(*point) for point in json.loads(row.past)),
        case_number=row.case_number,
        at=row.at,
        by=row.by,
        came_from=row.came_from,
    )


def _numbers(finding: Finding) -> dict[str, Any]:
    past = [[point.week, point.count, point.late, point.usual, point.bound] for point in finding.past]
    return {
        "window_weeks": finding.window_weeks,
        "count": float(finding.count),
        "usual_low": float(finding.usual_low),
        "usual_high": float(finding.usual_high),
        "chance": float(finding.chance),
        "reporters": finding.reporters,
        "past": json.dumps(past),
    }
