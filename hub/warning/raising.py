"""Raises signals from findings and by hand, folds what is the same, takes it apart again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from hub.accounts.areas import may_see, sees
from hub.cases.case_models import CaseFile, CaseReport
from hub.cases.case_services import UnknownCase
from hub.cases.models import Triage
from hub.cases.states import StepRefused, check_reason
from hub.cases.visible import visible_case
from hub.languages import N_
from hub.links.bulk import select_in
from hub.services import SignedIn, UnknownReport
from hub.signals.finding import Finding, level_of
from hub.storage.statements import insert_new
from hub.warning.folding import (
    JOIN,
    NOTHING_NEW,
    RAISE,
    REMEMBERED_S,
    REOPEN,
    Candidate,
    Key,
    fold,
    mostly_the_same,
    nested,
)
from hub.warning.keeping import MOST_BEHIND, Keeping, Raised
from hub.warning.models import Signal, SignalReport, SignalSighting
from hub.warning.services import PERSON, RULE, RULES, TITLE_MAX_CHARACTERS, Draft
from hub.warning.states import CLOSED, OPEN
from hub.week_counts import week_of
from sync.areas.table import area_table
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter


@dataclass(frozen=True)
class Taken:
    """What became of a finding: one of the words of `hub.warning.folding`, and the signal where it stands."""

    what: str
    signal: int


class Raising:
    """Raises and folds. Threads may share it."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, keeping: Keeping, zone: datetime.tzinfo
    ) -> None:
        self._db = database
        self._writer = writer
        self._keep = keeping
        self._zone = zone

    # -- findings ---------------------------------------------------------------------------------

    def take_findings(self, findings: Iterable[Finding], now: float) -> list[Taken]:
        """Raise, join, open again or set aside each finding, one transaction each, and return what became of
        them in the order of the findings. The same week twice changes what was kept and raises nothing."""
        connect(self._db)
        told = list(findings)
        taken = {at: self._writer.run(partial(self._take, told[at], now)) for at in _in_order(told)}
        return [taken[at] for at in range(len(told))]

    def takes_findings(self, findings: Sequence[Finding], now: float) -> None:
        """The same inside of one job of the writer; see `hub.watching.services.TakesFindings`."""
        for at in _in_order(findings):
            self._take(findings[at], now)

    def _take(self, finding: Finding, now: float) -> Taken:
        again = self._same_week(finding)
        if again is not None:
            return self._look_again(finding, again, now)
        decided = fold(finding, self._candidates(finding, now), now)
        if decided.signal is None:
            return Taken(RAISE, self._raise(finding, now))
        signal = decided.signal
        self._keep.note(RULES, f"signal {_WHATS[decided.what]}", f"signal {signal}")
        self._bring(signal, finding, now)
        if decided.what == REOPEN:
            self.open_again(signal, now)
        self._keep.step(signal, now, RULES, _WHATS[decided.what], becomes=str(finding.week))
        return Taken(decided.what, signal)

    def _raise(self, finding: Finding, now: float) -> int:
        raised = Raised(RULE, finding.rule, finding.sort.value, finding.unit, "", float(finding.chance))
        signal = self._keep.insert(raised, now, RULES)
        self._keep.note(RULES, "signal raised", f"signal {signal}")
        self._bring(signal, finding, now)
        self._keep.step(signal, now, RULES, "raised", becomes=str(finding.week))
        return signal

    def _bring(self, signal: int, finding: Finding, now: float) -> None:
        sighting = self._keep.add_sighting(signal, finding, now, RULES)
        self._bring_reports(signal, finding, sighting)

    def _bring_reports(self, signal: int, finding: Finding, sighting: int) -> list[str]:
        new = self._keep.add_reports(signal, finding.reports, sighting, finding.week)
        total = int(self._keep.row(signal).reports) + len(new)
        if len(finding.reports) > MOST_BEHIND:
            total = max(total, len(finding.reports))
        self._keep.refresh(signal, count=total)
        return new

    def _same_week(self, finding: Finding) -> Any:
        same = (
            (SignalSighting.unit == finding.unit)
            & (SignalSighting.rule == finding.rule)
            & (SignalSighting.week == finding.week)
            & (SignalSighting.sort == finding.sort.value)
            & (SignalSighting.group_name == finding.category.group.value)
            & (SignalSighting.group_value == finding.category.value)
        )
        return SignalSighting.select().where(same).order_by(SignalSighting.id.desc()).first(self._db)

    def _look_again(self, finding: Finding, sighting: Any, now: float) -> Taken:
        row = self._keep.row(sighting.signal)
        known = self._keep.held_among(row.id, finding.reports)
        new = set(finding.reports) - known
        closed = row.state == CLOSED
        if closed and new:
            # Late reports of a week that was judged: they are judged by the same rules as another week's.
            decided = fold(finding, self._candidates(finding, now), now)
            if decided.what == RAISE:
                return Taken(RAISE, self._raise(finding, now))
            if decided.what == REOPEN and decided.signal == row.id:
                self._keep.note(RULES, "signal reopened", f"signal {row.id}")
                self._keep.renew_sighting(sighting.id, finding)
                self._bring_reports(row.id, finding, sighting.id)
                self.open_again(row.id, now)
                self._keep.step(row.id, now, RULES, "reopened", becomes=str(finding.week))
                return Taken(REOPEN, row.id)
        if not closed and new:
            self._keep.note(RULES, "signal seen again", f"signal {row.id}")
            self._keep.renew_sighting(sighting.id, finding)
            self._bring_reports(row.id, finding, sighting.id)
            self._keep.step(row.id, now, RULES, "seen again", becomes=str(finding.week))
        elif not closed:
            self._keep.renew_sighting(sighting.id, finding)
        return Taken(NOTHING_NEW if closed or not new else JOIN, row.id)

    def open_again(self, signal: int, now: float) -> None:
        """Let a closed signal stand again, with its clocks from now on."""
        self._keep.change(
            signal,
            state=OPEN,
            verdict=None,
            outcome=None,
            closed_at=None,
            notified_at=None,
            responded_at=None,
            counted_from=now,
        )

    # -- candidates -------------------------------------------------------------------------------

    def _candidates(self, finding: Finding, now: float) -> list[Candidate]:
        """Return the signals that were seen under the finding's key or rest on one of its reports; of those
        that are closed, what was closed of late. Years of others are not read."""
        counts = Signal.active | (Signal.closed_at >= now - REMEMBERED_S)
        here = (SignalSighting.unit == finding.unit) & (SignalSighting.rule == finding.rule)
        keyed = SignalSighting.select(SignalSighting.signal).join(
            Signal, on=(Signal.id == SignalSighting.signal)
        )
        ids = {int(row.signal) for row in keyed.where(here & counts).distinct().execute(self._db)}
        fields = [SignalReport.signal, SignalReport.report, SignalReport.week]
        ids |= {int(row[0]) for row in select_in(self._db, fields, SignalReport.report, finding.reports)}
        standing = Signal.id.in_(sorted(ids)) & Signal.joined_into.is_null() & counts
        return self._of(list(Signal.select().where(standing).execute(self._db)), finding)

    def _of(self, signals: Sequence[Any], finding: Finding) -> list[Candidate]:
        ids = {int(row.id) for row in signals}
        since = finding.week - 7 * (finding.window_weeks - 1)
        sightings: dict[int, list[Any]] = {}
        rows = SignalSighting.select(
            SignalSighting.signal,
            SignalSighting.rule,
            SignalSighting.sort,
            SignalSighting.unit,
            SignalSighting.group_name,
            SignalSighting.group_value,
            SignalSighting.week,
        ).where(SignalSighting.signal.in_(sorted(ids)))
        for row in rows.execute(self._db):
            sightings.setdefault(int(row.signal), []).append(row)
        behind: dict[int, dict[str, int]] = {}
        fields = [SignalReport.signal, SignalReport.report, SignalReport.week]
        for signal, report, week in select_in(self._db, fields, SignalReport.signal, ids):
            behind.setdefault(int(signal), {})[report] = int(week)
        return [
            Candidate(
                signal=row.id,
                sorts=frozenset(one.sort for one in sightings.get(row.id, ()) if one.sort),
                units=frozenset(one.unit for one in sightings.get(row.id, ())),
                weeks=_last_weeks(sightings.get(row.id, ())),
                recent=frozenset(r for r, week in behind.get(row.id, {}).items() if week >= since),
                known=frozenset(behind.get(row.id, {})),
                closed_at=row.closed_at if row.state == CLOSED else None,
                verdict=row.verdict,
            )
            for row in signals
        ]

    # -- by hand ----------------------------------------------------------------------------------

    def prefilled(self, report_id: str, case_number: str, who: SignedIn) -> Draft:
        """See `SignalServices.prefilled`."""
        connect(self._db)
        if report_id:
            row = Triage.select().where((Triage.report == report_id) & sees(who, Triage.village))
            found = row.first(self._db)
            if found is None:
                raise UnknownReport
            return Draft("", found.village, "", (report_id,))
        if case_number:
            reports = self._of_case(case_number, who)
            rows = select_in(self._db, [Triage.village], Triage.report, reports)
            return Draft("", _around(village for (village,) in rows), "", tuple(reports), case_number)
        return Draft("", who.areas[0] if who.areas else "", "")

    def _of_case(self, number: str, who: SignedIn) -> list[str]:
        here = (CaseFile.number == number) & visible_case(who)
        case = CaseFile.select().where(here).first(self._db)
        if case is None:
            raise UnknownCase
        held = CaseReport.select(CaseReport.report).where(CaseReport.case == case.id)
        ids = [row.report for row in held.order_by(CaseReport.report).execute(self._db)]
        return self._seen(ids, who)

    def _seen(self, reports: Sequence[str], who: SignedIn) -> list[str]:
        rows = select_in(self._db, [Triage.report, Triage.village], Triage.report, reports)
        visible = {report for report, village in rows if may_see(who, village)}
        return [one for one in dict.fromkeys(reports) if one in visible]

    def raise_by_hand(self, draft: Draft, now: float, *, who: SignedIn) -> int:
        """See `SignalServices.raise_by_hand`."""
        title = " ".join(draft.title.split())
        if not title or len(title) > TITLE_MAX_CHARACTERS:
            raise StepRefused(N_("Judul berisi 1 sampai %(most)s huruf.", most=TITLE_MAX_CHARACTERS))
        check_reason(draft.reason, needed=True)
        if draft.unit and (draft.unit not in area_table() or not _is_a_level(draft.unit)):
            raise StepRefused(
                N_("Kode wilayah tidak dikenal. Tulis kode seperti 52, 52.02 atau 52.02.08.2001.")
            )
        if not may_see(who, draft.unit):
            raise StepRefused(N_("Wilayah sinyal harus di dalam wilayah Anda."))
        return self._writer.run(lambda: self._raise_by_hand(replace(draft, title=title), now, who))

    def _raise_by_hand(self, draft: Draft, now: float, who: SignedIn) -> int:
        reports = list(draft.reports)
        if draft.case_number:
            reports += self._of_case(draft.case_number, who)
        if len(self._seen(reports, who)) != len(set(reports)):
            raise UnknownReport
        signal = self._keep.insert(Raised(PERSON, "", "", draft.unit, draft.title, None), now, who.name)
        self._keep.note(who, "signal raised", f"signal {signal}")
        week = week_of(now, self._zone)
        sighting = self._keep.add_hand(signal, draft.unit, week, draft.case_number, now, who.name)
        new = self._keep.add_reports(signal, reports, sighting, week)
        self._keep.refresh(signal, count=len(new))
        self._keep.step(signal, now, who, "raised", reason=draft.reason)
        same = self._resting_on_the_same(signal, draft.unit, frozenset(new), who)
        if same is None:
            return signal
        self._fold(signal, same, "", now, who)
        return same

    def _resting_on_the_same(
        self, signal: int, unit: str, reports: frozenset[str], who: SignedIn
    ) -> int | None:
        """Return another signal that stands, that the account sees, and that rests on mostly these."""
        fields = [SignalReport.signal, SignalReport.report]
        ids = {int(row[0]) for row in select_in(self._db, fields, SignalReport.report, reports)} - {signal}
        others = Signal.select().where(Signal.id.in_(sorted(ids)) & Signal.active & sees(who, Signal.unit))
        for row in others.order_by(Signal.id).execute(self._db):
            behind = frozenset(self._keep.reports(row.id))
            if nested(unit, row.unit) and mostly_the_same(reports, behind):
                return int(row.id)
        return None

    # -- folding by hand, and taking apart --------------------------------------------------------

    def fold(self, signal: int, into: int, reason: str, now: float, *, who: SignedIn) -> None:
        """See `SignalServices.fold`; both are known to be the account's to see."""
        check_reason(reason, needed=True)
        one, other = self._keep.row(signal), self._keep.row(into)
        if signal == into or other.joined_into is not None or not other.active:
            raise StepRefused(N_("Pilih sinyal lain yang masih terbuka."))
        if not one.active:
            raise StepRefused(N_("Sinyal ini sudah ditutup atau sudah menyatu: buka lagi dulu."))
        self._fold(signal, into, reason, now, who)

    def _fold(self, signal: int, into: int, reason: str, now: float, who: SignedIn) -> None:
        self._keep.note(who, "signal folded", f"signal {signal}")
        self._keep.note(who, "signal took in", f"signal {into}")
        total = self._keep.row(into).reports
        rows = SignalReport.select().where(SignalReport.signal == signal).order_by(SignalReport.id)
        for row in list(rows.execute(self._db)):
            here = (SignalReport.signal == into) & (SignalReport.report == row.report)
            if SignalReport.select().where(here).exists(self._db):
                SignalReport.update(last=row.last).where(here).execute(self._db)
                SignalReport.delete().where(SignalReport.id == row.id).execute(self._db)
            else:
                SignalReport.update(signal=into).where(SignalReport.id == row.id).execute(self._db)
                total += 1
        mine = SignalSighting.signal == signal
        SignalSighting.update(came_from=signal).where(mine & SignalSighting.came_from.is_null()).execute(
            self._db
        )
        SignalSighting.update(signal=into).where(mine).execute(self._db)
        self._keep.change(signal, joined_into=into)
        self._keep.refresh(into, count=total)
        self._keep.step(signal, now, who, "folded", becomes=str(into), reason=reason)
        self._keep.step(into, now, who, "took in", becomes=str(signal), reason=reason)

    def separate(self, signal: int, sighting: int, reason: str, now: float, *, who: SignedIn) -> int:
        """See `SignalServices.separate`; the signal is known to be the account's to see."""
        check_reason(reason, needed=True)
        here = (SignalSighting.id == sighting) & (SignalSighting.signal == signal)
        row = SignalSighting.select().where(here).first(self._db)
        if row is None:
            raise StepRefused(N_("Temuan itu tidak ada di sinyal ini."))
        if SignalSighting.select().where(SignalSighting.signal == signal).count(self._db) < 2:
            raise StepRefused(N_("Sinyal ini hanya punya satu temuan: tidak ada yang dapat dipisahkan."))
        if not may_see(who, row.unit):
            raise StepRefused(N_("Temuan itu dari wilayah yang tidak Anda lihat."))
        back = self._goes_back_to(row)
        self._keep.note(who, "signal separated", f"signal {signal}")
        moved = [sighting]
        if row.came_from is not None:
            # What went in together comes out together.
            together = (SignalSighting.signal == signal) & (SignalSighting.came_from == row.came_from)
            found = SignalSighting.select(SignalSighting.id).where(together)
            moved = [one.id for one in found.execute(self._db)]
        SignalSighting.update(signal=back, came_from=None).where(SignalSighting.id.in_(moved)).execute(
            self._db
        )
        self._take_reports_along(signal, back, moved)
        for number in (signal, back):
            self._keep.change(number, first_report_at=None)
            self._keep.refresh(number)
        self._keep.step(signal, now, who, "separated", becomes=str(back), reason=reason)
        self._keep.step(back, now, who, "separated", was=str(signal), reason=reason)
        return back

    def _goes_back_to(self, sighting: Any) -> int:
        """Return the signal that it was before, standing again, or a new one."""
        if sighting.came_from is not None:
            self._keep.change(sighting.came_from, joined_into=None)
            return int(sighting.came_from)
        origin = RULE if sighting.rule else PERSON
        title = "" if sighting.rule else self._keep.row(sighting.signal).title
        raised = Raised(origin, sighting.rule, sighting.sort, sighting.unit, title, sighting.chance)
        return self._keep.insert(raised, sighting.at, sighting.by)

    def _take_reports_along(self, signal: int, back: int, moved: Sequence[int]) -> None:
        """Give reports to the signal of the findings that brought them, to both where both did."""
        rows = SignalReport.select().where(SignalReport.signal == signal).order_by(SignalReport.id)
        for row in list(rows.execute(self._db)):
            first, last = row.first in moved, row.last in moved
            if first and last:
                SignalReport.update(signal=back).where(SignalReport.id == row.id).execute(self._db)
            elif first or last:
                stays = row.last if first else row.first
                SignalReport.update(first=stays, last=stays).where(SignalReport.id == row.id).execute(
                    self._db
                )
                insert_new(
                    self._db,
                    SignalReport,
                    signal=back,
                    report=row.report,
                    first=row.first if first else row.last,
                    last=row.first if first else row.last,
                    week=row.week,
                    removed=row.removed,
                )


_WHATS = {JOIN: "seen again", REOPEN: "reopened", NOTHING_NEW: "nothing new"}


def _last_weeks(sightings: Iterable[Any]) -> dict[Key, int]:
    weeks: dict[Key, int] = {}
    for one in sightings:
        if one.rule:
            key = (one.rule, one.sort, one.unit, one.group_name, one.group_value)
            weeks[key] = max(int(one.week), weeks.get(key, int(one.week)))
    return weeks


def _is_a_level(code: str) -> bool:
    try:
        level_of(code)
    except ValueError:
        return False
    return True


def _around(villages: Iterable[str]) -> str:
    """Return the smallest area that holds all of some villages; empty for none of the levels below."""
    found = list(villages)
    for length in (13, 8, 5, 2):
        parts = {village[:length] for village in found}
        if len(parts) == 1:
            return parts.pop()
    return ""


def _in_order(findings: Sequence[Finding]) -> list[int]:
    """Return in which order to take findings: the smaller area first, so that what is found around it joins
    it, and more people may see it."""
    return sorted(range(len(findings)), key=lambda at: (-len(findings[at].unit), findings[at].chance, at))
