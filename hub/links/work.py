"""What staff do with suggestions: look, decide, undo. Implements `hub.people_services.PeopleServices`.

Nothing of it goes to a village: this package knows no way there.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.accounts.areas import may_see
from hub.languages import N_
from hub.links import measures
from hub.links.bulk import select_in
from hub.links.correction_conditions import corrected_among, standing, without_person, without_pieces
from hub.links.corrections import Corrections
from hub.links.cursors import cursor_at, read_cursor
from hub.links.decisions import Decisions
from hub.links.evidence_store import EvidenceStore
from hub.links.forgetting import forget
from hub.links.linker import Linker
from hub.links.models import LinkGroup, LinkMember, LinkSuggestion
from hub.links.network import Group, Network, network_of
from hub.links.profile import Told, profile_of
from hub.links.reasons import LinkReasons
from hub.links.states import OPEN
from hub.links.suggestions import SuggestionRow, Suggestions, pair_of
from hub.links.verdicts import whole_groups
from hub.links.weighing import KINDS, Kind
from hub.links.would_be import would_be
from hub.models import Node, Report
from hub.people_services import (
    Contradicts,
    DecisionRow,
    GroupRow,
    GroupView,
    Measures,
    ReportFacts,
    ReportLinks,
    SimilarView,
    SuggestionView,
    UnknownDecision,
    UnknownGroup,
)
from hub.retention.contents import ReportContents
from hub.retention.withdrawn import withdrawn_among
from hub.services import SignedIn, UnknownReport
from sync.clock import Clock
from sync.records import Reporter, check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

SHOWN_SUGGESTIONS: Final = 30
SHOWN_MEMBERS: Final = 200
"""Reports of one person of interest on its page; a group of more shows the newest."""
MEMBERS_IN_LIST: Final = 40
"""Reports that the line of a person in the list is made of."""
NEIGHBOURS: Final = 5
"""Other people of interest in the network of one."""
COUNTED: Final = 1_000


@dataclass(frozen=True)
class _Seen:
    """What an account may see of a group: how many reports, when the first and last came, the newest."""

    reports: int
    first_at: float
    last_at: float
    told: list[Told]


class LinkWork:
    """Linking as the pages see it, over one database."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        note: Callable[[SignedIn, str, str], object],
        contents: ReportContents,
    ) -> None:
        """`note` keeps that somebody did something with "report ID" or "person NUMBER": `AuditLog.note`."""
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note
        self._contents = contents
        self.store = EvidenceStore(database)
        self.suggestions = Suggestions(database)
        self._decisions = Decisions(database, self.suggestions)
        self.linker = Linker(database, writer, clock, self.store, self.suggestions, contents)
        self.inbox_reasons = LinkReasons(database, self.store)
        self.on_listed: Callable[[SignedIn, list[str]], None] = lambda who, abouts: None
        """Told what stands in a list that somebody is shown."""
        self.corrections = Corrections(database, writer, clock, note, self.store, contents)

    def forget(self, report: str) -> None:
        """See `hub.links.forgetting.forget`; inside the job that removes the report."""
        forget(self._db, self.store, self.suggestions, self._decisions, report)
        self.corrections.forget(report)

    # -- reports ----------------------------------------------------------------------------------

    def of_report(self, report: str) -> ReportLinks:
        """See `PeopleServices`."""
        connect(self._db)
        rows = self.suggestions.of_report(report)
        waiting: dict[Kind, int] = {
            kind: count for kind in KINDS if (count := sum(r.kind == kind and r.state == OPEN for r in rows))
        }
        groups = self.inbox_reasons.groups([report]).get(report, {})
        reasons = self.inbox_reasons.reasons([report]).get(report, ())
        return ReportLinks(waiting, groups, tuple(reasons))

    def similar(self, report: str, *, who: SignedIn) -> SimilarView:
        """See `PeopleServices`."""
        connect(self._db)
        rows = self.suggestions.of_report(report)
        facts = self._facts([report, *(row.beside(report) for row in rows)], who)
        if report not in facts["recruiter"]:
            raise UnknownReport
        views = self._views(rows, facts, who)[:SHOWN_SUGGESTIONS]
        seen = {report} | {one.id for view in views for one in (view.one, view.other)}
        self._note_all(who, "compared", seen)
        around = would_be(self._db, self.store, self.suggestions, report)
        gone = corrected_among(self._db, around.get("recruiter", ()))
        if gone:
            around.pop("recruiter")
        shown = {row.id for row in self._rows([name for names in around.values() for name in names], who)}
        groups: dict[Kind, tuple[str, ...]] = {
            kind: own
            for kind, names in around.items()
            if len(own := tuple(name for name in names if name in shown)) > 1
        }
        return SimilarView(
            facts["recruiter"][report], tuple(views), groups, self._cautions(report, views, who)
        )

    def _cautions(
        self, report: str, views: Sequence[SuggestionView], who: SignedIn
    ) -> tuple[DecisionRow, ...]:
        """Return the decisions that keep two reports apart that both may belong to this one."""
        found: dict[int, DecisionRow] = {}
        for kind in KINDS:
            others = {v.other.id if v.one.id == report else v.one.id for v in views
                      if v.kind == kind and v.state == OPEN}  # fmt: skip
            groups, _ = whole_groups(self._db, kind, others)
            places = {groups.place(other) for other in others}
            for ends, verdict in groups.apart.items():
                if len(ends & places) == 2 and (row := self._decisions.get(verdict.number)) is not None:
                    found[row.number] = row
        return tuple(row for row in found.values() if self._sees(row, who))

    def waiting(
        self, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[SuggestionView], str | None]:
        """See `PeopleServices`."""
        connect(self._db)
        rows, cursor = self.suggestions.open(before, limit)
        facts = self._facts([report for row in rows for report in (row.one, row.other)], who)
        views = self._views(rows, facts, who)
        self.on_listed(who, [f"report {one.id}" for view in views for one in (view.one, view.other)])
        return views, cursor

    def _views(
        self, rows: Sequence[SuggestionRow], facts: dict[Kind, dict[str, ReportFacts]], who: SignedIn
    ) -> list[SuggestionView]:
        """Return suggestions whose both reports are there to be seen."""
        views = []
        for kind in KINDS:
            own = [row for row in rows if row.kind == kind]
            groups, verdicts = whole_groups(self._db, kind, {r for row in own for r in (row.one, row.other)})
            decided = {(v.one, v.other): v.number for v in verdicts}
            gone = corrected_among(self._db, {end for row in own for end in (row.one, row.other)})
            for row in own:
                if row.one not in facts[kind] or row.other not in facts[kind]:
                    continue
                between = groups.between(row.one, row.other)
                number = decided.get((row.one, row.other))
                view = SuggestionView(
                    kind,
                    facts[kind][row.one],
                    facts[kind][row.other],
                    row.bits,
                    without_pieces(row.pieces) if {row.one, row.other} & gone else row.pieces,
                    row.state,
                    None if between is None or number is not None else self._against(between.number, who),
                    None if number is None else self._decisions.get(number),
                )
                views.append((rows.index(row), view))
        return [view for _, view in sorted(views, key=lambda pair: pair[0])]

    def _against(self, number: int, who: SignedIn) -> DecisionRow | None:
        row = self._decisions.get(number)
        return None if row is None else self._readable([row], who)[0]

    # -- deciding ---------------------------------------------------------------------------------

    def decide(self, kind: Kind, one: str, other: str, *, same: bool, reason: str, who: SignedIn) -> int:
        """See `PeopleServices`."""
        connect(self._db)
        one, other = pair_of(one, other)
        if {one, other} - set(self._facts([one, other], who)[kind]):
            raise UnknownReport

        def job() -> int:
            for report in (one, other):
                self._note(who, f"{kind} {'joined' if same else 'kept apart'}", f"report {report}")
            return self._decisions.decide(
                kind, one, other, same=same, by=who.name, at=self._clock.wall_s(), reason=reason
            )

        try:
            return self._writer.run(job)
        except Contradicts as against:
            raise Contradicts(self._readable(against.standing, who)) from None

    def undo(self, number: int, *, reason: str, who: SignedIn) -> DecisionRow:
        """See `PeopleServices`."""
        row = self.decision(number, who=who)

        def job() -> DecisionRow:
            for report in (row.one, row.other):
                self._note(who, f"{row.kind} decision undone", f"report {report}")
            return self._decisions.undo(number, by=who.name, at=self._clock.wall_s(), reason=reason)

        return self._writer.run(job)

    def decision(self, number: int, *, who: SignedIn) -> DecisionRow:
        """See `PeopleServices`."""
        connect(self._db)
        row = self._decisions.get(number)
        if row is None or not row.holds or not self._sees(row, who):
            raise UnknownDecision
        return row

    def _sees(self, row: DecisionRow, who: SignedIn) -> bool:
        """Tell whether an account may see the reports of a decision, as far as they are still here."""
        here = set(self._here([row.one, row.other]))
        return bool(here) and here == {one.id for one in self._rows(here, who)}

    def _readable(self, rows: Iterable[DecisionRow], who: SignedIn) -> tuple[DecisionRow, ...]:
        """Return decisions without what was written about reports that `who` may not see."""
        return tuple(
            row if self._sees(row, who) else dataclasses.replace(row, reason="", undo_reason="")
            for row in rows
        )

    # -- people of interest and events ------------------------------------------------------------

    def groups(
        self, kind: Kind, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[GroupRow], str | None]:
        """See `PeopleServices`."""
        connect(self._db)
        query = LinkGroup.select().where((LinkGroup.kind == kind) & standing())
        after = read_cursor(before)
        if after is not None:
            last_at, number = after
            query = query.where(
                (LinkGroup.last_at < last_at) | ((LinkGroup.last_at == last_at) & (LinkGroup.number < number))
            )
        ordered = query.order_by(LinkGroup.last_at.desc(), LinkGroup.number.desc()).limit(limit + 1)
        rows = list(ordered.execute(self._db))
        page = rows[:limit]
        told = self._told([row.number for row in page], who, MEMBERS_IN_LIST)
        found = [self._group_row(row, told[row.number]) for row in page if row.number in told]
        more = len(rows) > limit
        what = "person" if kind == "recruiter" else "event"
        self.on_listed(who, [f"{what} {row.number}" for row in found])
        return found, cursor_at(page[-1].last_at, page[-1].number) if more else None

    def _group_row(self, row: Any, seen: _Seen) -> GroupRow:
        return GroupRow(
            row.number, row.kind, seen.reports, seen.first_at, seen.last_at, profile_of(seen.told)
        )

    def group(self, kind: Kind, number: int, *, who: SignedIn, what: str = "person") -> GroupView:
        """See `PeopleServices`."""
        connect(self._db)
        row = (
            LinkGroup.select()
            .where((LinkGroup.number == number) & (LinkGroup.kind == kind) & standing())
            .first(self._db)
        )
        seen = self._told([number], who, SHOWN_MEMBERS).get(number) if row is not None else None
        if seen is None:
            raise UnknownGroup(self._came_out_of(kind, number, who))
        told = seen.told
        facts = self._facts([one.id for one in told], who)[kind]
        members = [one.id for one in told]
        rows = [r for r in self.suggestions.beside(kind, members) if r.state == OPEN][:SHOWN_SUGGESTIONS]
        beside = self._facts([report for r in rows for report in (r.one, r.other)], who)
        self._note_all(who, what, members, f"{'person' if kind == 'recruiter' else 'event'} {number}")
        return GroupView(
            self._group_row(row, seen),
            tuple(facts[one.id] for one in told),
            self._history(kind, number, who),
            tuple(self._views(rows, beside, who)),
            network_of(self._groups_around(number, told, who)) if kind == "recruiter" else Network((), ()),
        )

    def passable(self, number: int, *, who: SignedIn) -> tuple[Group, ...]:
        """Return a person of interest and those who share a mark, of reports that may be passed on: not
        taken back, and not of somebody who said no. None where there are no such; the caller notes it."""
        connect(self._db)
        here = (LinkGroup.number == number) & (LinkGroup.kind == "recruiter") & standing()
        seen = self._told([number], who, SHOWN_MEMBERS).get(number)
        if seen is None or not LinkGroup.select().where(here).exists(self._db):
            return ()
        kept = self._passed_on(seen.told, who)
        around = self._groups_around(number, kept, who) if kept else []
        groups = [Group(one.number, one.label, tuple(self._passed_on(one.reports, who))) for one in around]
        return tuple(one for one in groups if one.reports)

    def _passed_on(self, told: Sequence[Told], who: SignedIn) -> list[Told]:
        facts = self._facts([one.id for one in told], who)["recruiter"]
        return [
            one
            for one in told
            if not facts[one.id].withdrawn and (one.report.reporter or Reporter()).refer is not False
        ]

    def _history(self, kind: Kind, number: int, who: SignedIn) -> tuple[DecisionRow, ...]:
        """Return the decisions about a group's reports, but for those about what `who` may not see."""
        members = select_in(self._db, [LinkMember.report], LinkMember.group, [number])
        rows = self._decisions.about(kind, (report for (report,) in members))
        ends = {report for row in rows for report in (row.one, row.other)}
        hidden = set(self._here(ends)) - set(self._facts(ends, who)[kind])
        return tuple(row for row in rows if not {row.one, row.other} & hidden)

    def _came_out_of(self, kind: Kind, number: int, who: SignedIn) -> tuple[int, ...]:
        """Return the groups in which the reports of a former number are now, as far as `who` sees them."""
        row = self._decisions.get(number)
        if row is None or row.kind != kind:
            return ()
        groups = self.inbox_reasons.groups([row.one, row.other])
        now = sorted({own[kind] for own in groups.values() if kind in own})
        return tuple(sorted(self._told(now, who, 1)))

    def _groups_around(self, number: int, told: list[Told], who: SignedIn) -> list[Group]:
        groups = [Group(number, _label(number, told), tuple(told))]
        beside = self.store.sharing_a_mark([one.evidence for one in told])
        fields = [LinkMember.group, LinkMember.kind, LinkMember.report]
        beside = sorted(set(beside) - corrected_among(self._db, beside))
        near = sorted({row[0] for row in select_in(self._db, fields, LinkMember.report, beside)
                       if row[1] == "recruiter" and row[0] != number})[:NEIGHBOURS]  # fmt: skip
        for other, seen in sorted(self._told(near, who, MEMBERS_IN_LIST).items()):
            groups.append(Group(other, _label(other, seen.told), tuple(seen.told)))
        return groups

    def measures(self) -> Measures:
        """See `PeopleServices`."""
        connect(self._db)
        waiting = LinkSuggestion.select().where(LinkSuggestion.state == OPEN).limit(COUNTED).count(self._db)
        return Measures(measures.by_piece(self._db), measures.by_band(self._db), int(waiting))

    # -- reading reports --------------------------------------------------------------------------

    def _note_all(self, who: SignedIn, what: str, reports: Iterable[str], *also: str) -> None:
        about = [*also, *(f"report {name}" for name in sorted(set(reports)))]
        self._writer.run(lambda: [self._note(who, what, one) for one in about])

    def _rows(self, reports: Iterable[str], who: SignedIn) -> list[Any]:
        """Return the rows of those reports that are here and that the account may see."""
        query = Report.select(Report, Node.village, Node.village_name).join(
            Node, on=(Node.number == Report.node), attr="sender"
        )
        rows = query.where(Report.id.in_(sorted(set(reports))))
        seen = [row for row in rows.execute(self._db) if may_see(who, row.sender.village)]
        return self._contents.reports(seen)

    def _here(self, reports: Iterable[str]) -> list[str]:
        """Return those of the reports that were not taken away."""
        return [name for (name,) in select_in(self._db, [Report.id], Report.id, reports)]

    def _facts(self, reports: Iterable[str], who: SignedIn) -> dict[Kind, dict[str, ReportFacts]]:
        rows = self._rows(reports, who)
        names = [row.id for row in rows]
        groups = self.inbox_reasons.groups(names)
        withdrawn = withdrawn_among(self._db, names)
        return {
            kind: {
                row.id: ReportFacts(
                    row.id,
                    row.sender.village,
                    row.sender.village_name,
                    row.received_at,
                    check_report(json.loads(row.body)),
                    row.id in withdrawn,
                    groups.get(row.id, {}).get(kind),
                )
                for row in rows
            }
            for kind in KINDS
        }

    def _told(self, numbers: Sequence[int], who: SignedIn, most: int) -> dict[int, _Seen]:
        """Return what `who` may see of each group, with its newest reports; without any it is missing."""
        fields = [LinkMember.group, LinkMember.report]
        members = list(select_in(self._db, fields, LinkMember.group, numbers))
        rows = {row.id: row for row in self._rows([report for _, report in members], who)}
        evidence = self.store.of(rows)
        gone = corrected_among(self._db, rows)
        own: dict[int, list[Any]] = {}
        for number, report in members:
            if report in rows and report in evidence:
                own.setdefault(number, []).append(rows[report])
        found = {}
        for number, seen in own.items():
            newest = sorted(seen, key=lambda row: (-row.received_at, row.id))
            told = [
                Told(
                    row.id,
                    row.sender.village,
                    row.sender.village_name,
                    row.received_at,
                    check_report(json.loads(row.body)),
                    evidence[row.id],
                )
                for row in newest[:most]
            ]
            told = [without_person(one) if one.id in gone else one for one in told]
            found[number] = _Seen(len(newest), newest[-1].received_at, newest[0].received_at, told)
        return found


def _label(number: int, told: Sequence[Told]) -> str:
    names = profile_of(told).names
    return names[0][0] if names else N_("Nomor %(number)s", number=number)
