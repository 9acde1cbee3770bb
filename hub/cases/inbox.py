"""The inbox: keeps where each report stands in an indexed row, and lists pages by it. Implements
`hub.cases.services.InboxServices`.

No page scans: each choice has an index that ends in `sort_key, report`, and a page begins where the last
one ended. What changes a report calls `refresh` in its own transaction.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.choosing import LOOKED_AT, REGENCY_CHARACTERS, cursor_of, lead_and_rest, ordered
from hub.cases.drawn_reports import count_waiting, waits
from hub.cases.models import SavedFilter, Triage
from hub.cases.services import (
    FILTER_NAME_MAX_CHARACTERS,
    SCORE_REASONS_SHOWN,
    InboxChoice,
    InboxRow,
    LinkReasons,
    SavedFilterRow,
)
from hub.cases.states import States, StepRefused
from hub.cases.urgency import (
    OPEN_BELOW,
    SOON_DAYS,
    URGENT_BELOW,
    Facts,
    day_number,
    departure_day,
    is_urgent,
    reasons,
    sort_key,
)
from hub.languages import N_
from hub.models import Addition, Answer, Node, Report, Setting, Withdrawal
from hub.retention.contents import ReportContents
from hub.retention.withdrawn import withdrawn_among
from hub.risk.scores import TriageScores
from hub.risk.scoring import Judged, assess, rank
from hub.risk.services import Standing
from hub.risk.weights import Weights
from hub.services import ReportRow, SignedIn
from hub.storage.statements import insert_rows
from sync.clock import Clock
from sync.records import Report as RecordedReport
from sync.records import check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

EXCERPT_CHARACTERS = 90
COUNTDOWN_EVERY_S = 600
"""How often the hub looks whether a midnight has passed."""
_COUNTED_DAY = "inbox-day"
_FILLED = "inbox-filled"
_AT_ONCE = 500
_PIECES_OF_A_TURN = 10
SCORE_EVERY_S = 60
"""How often the hub scores some of what came before there were scores."""
FINISHED_STAGES = ("closed", "discarded")


class NothingLinked:
    """Stands in where no linking runs."""

    def reasons(self, report_ids: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """Return that nothing is known."""
        return {}


class Inbox:
    """Keeps and lists. Threads may share it; the writer serialises what is stored."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        zone: datetime.tzinfo,
        linked: LinkReasons | None = None,
        *,
        contents: ReportContents,
        scores: TriageScores,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._zone = zone
        self._contents = contents
        self._scores = scores
        self._villages: dict[int, str] = {}
        self.linked: LinkReasons = linked or NothingLinked()
        self.on_listed: Callable[[SignedIn, list[str]], None] = lambda who, abouts: None
        """Told what stands in a list that somebody is shown."""

    def today(self) -> datetime.date:
        """Return the date at the hub's place."""
        return datetime.datetime.fromtimestamp(self._clock.wall_s(), self._zone).date()

    # -- keeping; call inside a job of the writer -------------------------------------------------

    def refresh(self, report_id: str) -> None:
        """Work out anew where a report stands; one that has no place yet is left for its arrival."""
        row = self._contents.report(report_id)
        kept = Triage.select().where(Triage.report == report_id).first(self._db)
        if row is None or kept is None:
            return
        told = _told(row, states_of(kept))
        [facts] = self._facts([told])
        stands = self._standings([told], [facts])[told.id]
        Triage.update(self._place(told, facts, stands)).where(Triage.report == report_id).execute(self._db)

    def place(self, reports: Sequence[Told]) -> None:
        """Give new reports their places, all in the same few statements; those that have one keep it."""
        placed = Triage.select(Triage.report).where(Triage.report.in_([told.id for told in reports]))
        known = {row.report for row in placed.execute(self._db)}
        new = [told for told in reports if told.id not in known]
        found = self._facts(new)
        stands = self._standings(new, found)
        rows = [
            {
                "report": told.id,
                "village": (village := self.village(told.node)),
                "regency": village[:REGENCY_CHARACTERS],
                "kind": told.report.kind,
                "received_at": told.received_at,
                "departure_day": departure_day(told.report),
                "last_step": 0,
                **{name: told.states.value(name) for name in States.__dataclass_fields__},
                **self._place(told, facts, stands[told.id]),
            }
            for told, facts in zip(new, found, strict=True)
        ]
        insert_rows(self._db, Triage, rows)

    def _place(self, told: Told, facts: Facts, stands: Standing) -> dict[str, Any]:
        ranked = replace(facts, rank=rank(stands.band, stands.points))
        return {
            "sort_key": sort_key(ranked, self.today()),
            "unread": not facts.read or facts.news,
            "stage": told.states.stage,
            "band": stands.band,
            "drawn": waits(stands, told.states),
        }

    def _standings(self, reports: Sequence[Told], found: Sequence[Facts]) -> dict[str, Standing]:
        """Score reports, and keep the scores; what is finished keeps the one that it was finished with."""
        judged = dict(zip((told.id for told in reports), map(_judged, found), strict=True))
        finished = [
            told.id
            for told, facts in zip(reports, found, strict=True)
            if told.states.stage in FINISHED_STAGES and not facts.news
        ]
        kept = self._scores.standings(finished) if finished else {}
        anew = {report: one for report, one in judged.items() if report not in kept}
        return kept | self._scores.keep(anew, self.today())

    def score_waiting(self) -> None:
        """Score some of the reports that came before there were scores, the most urgent first."""
        connect(self._db)
        for _ in range(_PIECES_OF_A_TURN):
            query = Triage.select(Triage.report).where(Triage.band == "")
            rows = query.order_by(Triage.sort_key, Triage.report).limit(_AT_ONCE).execute(self._db)
            waiting = [row.report for row in rows]
            if not waiting:
                return
            self._refresh_many(waiting)

    def village(self, node: int) -> str:
        """Return the code of a node's village."""
        if node not in self._villages:  # a node never moves: one that comes back elsewhere is a new one
            row = Node.select(Node.village).where(Node.number == node).first(self._db)
            if row is None:
                return ""
            self._villages[node] = str(row.village)
        return self._villages[node]

    def fill(self) -> None:
        """Give rows to reports that came before there was an inbox; once, in pieces."""
        connect(self._db)
        if self._setting(_FILLED) is not None:
            return
        after = ""
        while True:
            query = Report.select().where(Report.id > after).order_by(Report.id).limit(_AT_ONCE)
            rows = list(query.execute(self._db))
            if not rows:
                break
            told = [_told(row, States()) for row in self._contents.reports(rows)]
            self._writer.run(partial(self.place, told))
            after = rows[-1].id
        self._set(_FILLED, 1)

    def _refresh_many(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _AT_ONCE):
            piece = ids[start : start + _AT_ONCE]
            self._writer.run(partial(self._refresh_all, piece))

    def _refresh_all(self, ids: Sequence[str]) -> None:
        for one in ids:
            self.refresh(one)

    def _setting(self, key: str) -> int | None:
        row = Setting.select().where(Setting.key == key).first(self._db)
        return None if row is None else int(bytes(row.value))

    def _set(self, key: str, number: int) -> None:
        row = {"key": key, "value": str(number).encode()}
        self._writer.run(
            lambda: (
                Setting.insert(row)
                .on_conflict(conflict_target=[Setting.key], update={Setting.value: row["value"]})
                .execute(self._db)
            )
        )

    def count_down(self) -> None:
        """Move reports whose departure came nearer or passed since the last day that was counted."""
        today = day_number(self.today())
        connect(self._db)
        last = self._setting(_COUNTED_DAY)
        if last == today:
            return
        since = today if last is None else min(last, today)
        near = (
            Triage.select(Triage.report)
            .where(
                Triage.departure_day.between(since - 2, today + SOON_DAYS) & (Triage.sort_key < OPEN_BELOW)
            )
            .execute(self._db)
        )
        self._refresh_many([row.report for row in near])
        self._set(_COUNTED_DAY, today)

    # -- what is known of reports -----------------------------------------------------------------

    def facts(self, report_id: str) -> Facts | None:
        """Return what decides the place of one report, or None when it is not here."""
        row = self._contents.report(report_id)
        kept = Triage.select().where(Triage.report == report_id).first(self._db)
        if row is None:
            return None
        return self._facts([_told(row, States() if kept is None else states_of(kept))])[0]

    def _facts(self, rows: Sequence[Told]) -> list[Facts]:
        ids = [row.id for row in rows]
        nodes = {row.id: row.node for row in rows}
        urgent, news, withdrawn = set(), set(), withdrawn_among(self._db, ids)
        for model in (Addition, Withdrawal):
            # Only the node that sent a report can add to it.
            for one in model.select().where(model.report.in_(ids)).execute(self._db):
                if one.node != nodes[one.report]:
                    continue
                if one.read_at is None:
                    news.add(one.report)
                if model is Addition and one.urgent:
                    urgent.add(one.report)
        linked = self.linked.reasons(ids)
        return [
            Facts(
                report=row.report,
                received_at=row.received_at,
                read=row.read,
                states=row.states,
                added_urgent=row.id in urgent,
                news=row.id in news,
                withdrawn=row.id in withdrawn,
                linked=tuple(linked.get(row.id, ())),
            )
            for row in rows
        ]

    # -- listing ----------------------------------------------------------------------------------

    def page(
        self, choice: InboxChoice, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[InboxRow], str | None]:
        """See `InboxServices.page`."""
        connect(self._db)
        query = self.query(choice, before=before, limit=limit, who=who)
        end = self._end_of_window(choice, before, who)
        if end is not None:
            query = query.where(
                (Triage.sort_key <= end.sort_key)
                & ((Triage.sort_key < end.sort_key) | (Triage.report <= end.report))
            )
        found = list(query.execute(self._db))
        rows = found[:limit]
        last = rows[-1] if len(found) > limit else end
        self.on_listed(who, [f"report {row.report}" for row in rows])
        return self._rows(rows), None if last is None else cursor_of(last)

    def drawn_waiting(self, who: SignedIn) -> int:
        """See `InboxServices.drawn_waiting`."""
        return count_waiting(self._db, who)

    def query(self, choice: InboxChoice, *, before: str | None, limit: int, who: SignedIn) -> Any:
        """Return the query of all that is chosen; public for exports and the test that looks at its plan."""
        lead, rest = lead_and_rest(choice, who)
        return ordered(lead + rest, before).limit(limit + 1)

    def _end_of_window(self, choice: InboxChoice, before: str | None, who: SignedIn) -> Any:
        """Return the last row that a page may look at, or None where nothing needs a limit.

        What no index chooses is looked for row by row, and may be rare: a page looks at so many and no more.
        """
        lead, rest = lead_and_rest(choice, who)
        if not rest:
            return None
        walked = ordered(lead, before).select(Triage.sort_key, Triage.report)
        return walked.limit(1).offset(LOOKED_AT - 1).first(self._db)

    def rows_of(self, report_ids: Sequence[str], who: SignedIn) -> list[InboxRow]:
        """Return the rows of these reports that the account may see, the most urgent first."""
        connect(self._db)
        query = Triage.select().where(Triage.report.in_(list(report_ids)) & sees(who, Triage.village))
        return self._rows(list(query.order_by(Triage.sort_key, Triage.report).execute(self._db)))

    def _rows(self, kept: Sequence[Any]) -> list[InboxRow]:
        ids = [row.report for row in kept]
        told_by = Report.select().where(Report.id.in_(ids)).execute(self._db)
        reports = {row.id: row for row in self._contents.reports(told_by)}
        answers = dict(
            Answer.select(Answer.report, peewee.fn.COUNT(Answer.id))
            .where(Answer.report.in_(ids))
            .group_by(Answer.report)
            .tuples()
            .execute(self._db)
        )
        present = [row for row in kept if row.report in reports]
        stands = self._scores.standings(ids)
        told = [_told(reports[row.report], states_of(row)) for row in present]
        today = self.today()
        return [
            _row(
                row, facts, today, reports[row.report], answers.get(row.report, 0), self._scored(row, stands)
            )
            for row, facts in zip(present, self._facts(told), strict=True)
        ]

    def _scored(self, row: Any, stands: Mapping[str, Standing]) -> tuple[Standing, Weights] | None:
        found = stands.get(row.report)
        return None if found is None else (found, self._scores.tables.of(found.version))

    # -- saved filters ----------------------------------------------------------------------------

    def saved_filters(self, who: SignedIn) -> list[SavedFilterRow]:
        """See `InboxServices.saved_filters`."""
        connect(self._db)
        rows = SavedFilter.select().where(SavedFilter.account == who.name).order_by(SavedFilter.name)
        return [SavedFilterRow(row.id, row.name, row.query) for row in rows.execute(self._db)]

    def save_filter(self, name: str, query: str, *, who: SignedIn) -> None:
        """See `InboxServices.save_filter`."""
        name = " ".join(name.split())
        if not name or len(name) > FILTER_NAME_MAX_CHARACTERS or not name.isprintable():
            raise StepRefused(
                N_("Nama saringan berisi 1 sampai %(most)s huruf.", most=FILTER_NAME_MAX_CHARACTERS)
            )
        row = {"account": who.name, "name": name, "query": query}
        self._writer.run(
            lambda: (
                SavedFilter.insert(row)
                .on_conflict(
                    conflict_target=[SavedFilter.account, SavedFilter.name], update={SavedFilter.query: query}
                )
                .execute(self._db)
            )
        )

    def remove_filter(self, number: int, *, who: SignedIn) -> None:
        """See `InboxServices.remove_filter`."""
        mine = (SavedFilter.id == number) & (SavedFilter.account == who.name)
        self._writer.run(lambda: SavedFilter.delete().where(mine).execute(self._db))


@dataclass(frozen=True)
class Told:
    """A report as it stands: what it says, whether somebody read it, its states."""

    id: str
    node: int
    received_at: float
    read: bool
    report: RecordedReport
    states: States = States()


def _told(row: Any, states: States) -> Told:
    report = check_report(json.loads(row.body))
    return Told(row.id, row.node, row.received_at, row.read_at is not None, report, states)


def states_of(row: Any) -> States:
    """Return the states that a row of `Triage` holds."""
    return States(row.signal, row.verification, row.risk, row.response, row.outcome)


def _judged(facts: Facts) -> Judged:
    return Judged(facts.report, facts.added_urgent)


def _row(
    row: Any,
    facts: Facts,
    today: datetime.date,
    report: Any,
    answers: int,
    scored: tuple[Standing, Weights] | None,
) -> InboxRow:
    text = " ".join(facts.report.narrative.split())
    shown = ReportRow(
        id=row.report,
        village=row.village,
        kind=row.kind,
        urgency=facts.report.urgency,
        received_at=row.received_at,
        read=facts.read,
        acted_on=report.acted_on_at is not None,
        answers=answers,
        excerpt=text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "\u2026",
        news=facts.news,
        withdrawn=facts.withdrawn,
        urgent=is_urgent(facts, today) and row.sort_key < URGENT_BELOW,
        from_shut_out=bool(report.from_shut_out),
    )
    stands, why = (
        (None, ()) if scored is None else (scored[0], assess(_judged(facts), today, scored[1]).reasons)
    )
    return InboxRow(
        shown, reasons(facts, today), facts.states, row.assignee, stands, why[:SCORE_REASONS_SHOWN]
    )
