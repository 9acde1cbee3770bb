"""Counts the work of a week: signals, bulletins, villages, referrals, clocks, what waits. Reads no texts."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import or_
from typing import Any, Final

import peewee

from hub.accounts.areas import sees
from hub.bulletins.models import Bulletin
from hub.bulletins.services import DRAFT, DROPPED, WAITING
from hub.learning.labels import came_by_band, judged
from hub.models import Down, Node, NoticeSeen
from hub.other_data.series import OtherSeriesStore
from hub.outgoing import NOTICE
from hub.picture_services import WallNumbers
from hub.referrals.models import Referral, ReferralStep
from hub.referrals.records import visible as visible_referral
from hub.referrals.services import ANSWERED, OPEN_STATES, SENT, TAKEN
from hub.retention.clock_models import RightsClock
from hub.retention.rights import visible as visible_clock
from hub.services import SignedIn
from hub.signals.finding import CHARACTERS, Sort
from hub.warning.clocks import clocks, shares
from hub.warning.evaluating import figures_by_rule
from hub.warning.keeping import times_of
from hub.warning.models import Signal, SignalSighting
from hub.warning.services import PERSON, RULE
from hub.warning.states import FALSE, TRUE, UNKNOWN
from hub.watching.models import WatchFinding
from hub.weekly.facts import (
    Bulletins,
    Learned,
    Referrals,
    Rights,
    Series,
    Signals,
    Villages,
    Waiting,
)

LEARNED_WEEKS: Final = 26
MOST_SERIES: Final = 8
_WEEK_S: Final = 7 * 86_400.0


class WorkOfWeek:
    """Counts what happened in [begins_at, ends_at), the week of a Monday, and what waits at `now`."""

    def __init__(
        self, database: Any, week: int, begins_at: float, ends_at: float, now: float, who: SignedIn
    ) -> None:
        self._db = database
        self._week = week
        self._begins_at, self._ends_at, self._now = begins_at, ends_at, now
        self._who = who

    def _within(self, column: Any) -> Any:
        return (column >= self._begins_at) & (column < self._ends_at)

    def signals(self) -> Signals:
        """Return the signals of the week: by hand those raised in it, by rules those first seen of it, which
        are raised when it has ended."""
        mine = sees(self._who, Signal.unit) & Signal.joined_into.is_null()
        # Not by when they were raised: a hub that was off judges its weeks when it is on again.
        of_week = SignalSighting.select(SignalSighting.signal).where(SignalSighting.week == self._week)
        among = self._within(Signal.raised_at) | self._within(Signal.closed_at) | Signal.id.in_(of_week)
        found = list(Signal.select().where(mine & among).execute(self._db))
        seen = self._first_seen([row.id for row in found if row.origin == RULE])
        raised = [
            row
            for row in found
            if (seen.get(row.id) == self._week if row.origin == RULE else self._is_within(row.raised_at))
        ]
        closed = [row for row in found if self._is_within(row.closed_at)]
        verdicts = Counter(row.verdict for row in closed)
        standing = mine & (Signal.active == True)  # noqa: E712 - an expression of SQL
        rows = {row.id: row for row in (*raised, *closed)}.values()
        told = shares(clocks(times_of(row), self._now) for row in rows)
        return Signals(
            raised=len(raised),
            sorts=tuple(sorted(Counter(row.sort or PERSON for row in raised).items())),
            true=verdicts[TRUE],
            false=verdicts[FALSE],
            unknown=verdicts[UNKNOWN],
            open=Signal.select().where(standing).count(self._db),
            late=Signal.select().where(standing & (Signal.due_at < self._now)).count(self._db),
            clocks=tuple((one.name, one.met, one.known) for one in told),
        )

    def _first_seen(self, signals: list[int]) -> dict[int, int]:
        """Return the first week of which each signal was found."""
        first = peewee.fn.MIN(SignalSighting.week)
        query = SignalSighting.select(SignalSighting.signal, first).where(SignalSighting.signal.in_(signals))
        rows = query.group_by(SignalSighting.signal).tuples().execute(self._db)
        return {int(signal): int(week) for signal, week in rows}

    def _is_within(self, moment: float | None) -> bool:
        return moment is not None and self._begins_at <= moment < self._ends_at

    def bulletins(self) -> Bulletins:
        """Return the bulletins of the week, and how far they came."""
        here = self._reaching()
        sent = Bulletin.serial.is_null(False) & self._within(Bulletin.decided_at)
        left_out = Bulletin.state.not_in((DRAFT, DROPPED, WAITING))
        query = Bulletin.select(Bulletin.serial).where(here & sent & left_out).tuples()
        serials = [int(serial) for (serial,) in query.execute(self._db)]
        boxes = sees(self._who, Node.village)
        downs = Down.select().join(Node, on=(Node.number == Down.node))
        downs = downs.where((Down.what == NOTICE) & Down.ref.in_([str(one) for one in serials]) & boxes)
        pair = [NoticeSeen.notice, NoticeSeen.node]
        seen = NoticeSeen.select(*pair).join(Node, on=(Node.number == NoticeSeen.node))
        seen = seen.where(NoticeSeen.notice.in_(serials) & boxes).distinct()
        return Bulletins(
            sent=len(serials),
            villages=downs.count(self._db) if serials else 0,
            delivered=downs.where(Down.delivered).count(self._db) if serials else 0,
            seen=seen.count(self._db) if serials else 0,
            waiting=self._bulletins_waiting(),
        )

    def _reaching(self) -> Any:
        """Return the condition that a bulletin's area touches the account's."""
        if not self._who.areas:
            return peewee.Value(True) == peewee.Value(True)
        lengths = tuple(CHARACTERS.values())
        around = {code[:length] for code in self._who.areas for length in lengths if length < len(code)}
        return reduce(or_, [sees(self._who, Bulletin.area), Bulletin.area.in_(sorted(around))])

    def _bulletins_waiting(self) -> int:
        mine = (Bulletin.state == WAITING) & sees(self._who, Bulletin.area)
        return int(Bulletin.select().where(mine).count(self._db))

    def villages(self, wall: WallNumbers) -> Villages:
        """Return the villages that fell silent, as the watch found them."""
        mine = (WatchFinding.week == self._week) & sees(self._who, WatchFinding.unit)
        query = WatchFinding.select(WatchFinding.sort, WatchFinding.unit).where(mine)
        found: dict[str, set[str]] = {Sort.SILENCE.value: set(), Sort.OFFLINE.value: set()}
        for sort, unit in query.tuples().execute(self._db):
            if sort in found:
                found[sort].add(unit)
        return Villages(
            boxes=wall.villages,
            silent=wall.silent_villages,
            quiet=tuple(sorted(found[Sort.SILENCE.value])),
            offline=tuple(sorted(found[Sort.OFFLINE.value])),
        )

    def referrals(self, today: int) -> Referrals:
        """Return the referrals of the week; days count from 1970-01-01."""
        mine = visible_referral(self._who)
        steps = ReferralStep.select(ReferralStep.referral).join(
            Referral, on=(Referral.id == ReferralStep.referral)
        )
        steps = steps.where(self._within(ReferralStep.at) & mine).distinct()
        due = Referral.state.in_((SENT, TAKEN, ANSWERED)) & Referral.due_day.between(
            self._week, self._week + 6
        )
        late = Referral.state.in_(OPEN_STATES) & (Referral.due_day < today)
        return Referrals(
            made=steps.where(ReferralStep.what.in_(("sent", "approved"))).count(self._db),
            answered=steps.where(ReferralStep.what == ANSWERED).count(self._db),
            due=Referral.select().where(due & mine).count(self._db),
            due_answered=Referral.select().where(due & mine & (Referral.state == ANSWERED)).count(self._db),
            late=Referral.select().where(late & mine).count(self._db),
        )

    def rights(self) -> Rights:
        """Return the clocks of Law 27/2022."""
        mine = visible_clock(self._who)
        open_ = RightsClock.closed_at.is_null() & mine
        closed = self._within(RightsClock.closed_at) & mine
        in_time = closed & (RightsClock.closed_at <= RightsClock.due_at)
        return Rights(
            opened=self._clocks(self._within(RightsClock.opened_at) & mine),
            closed=self._clocks(closed),
            in_time=self._clocks(in_time),
            running=self._clocks(open_ & (RightsClock.due_at >= self._now)),
            overdue=self._clocks(open_ & (RightsClock.due_at < self._now)),
        )

    def _clocks(self, which: Any) -> int:
        return int(RightsClock.select().where(which).count(self._db))

    def series(self, store: OtherSeriesStore) -> tuple[Series, ...]:
        """Return the first series of other offices beside."""
        rows = store.rows(who=self._who, limit=MOST_SERIES)
        if not rows:
            return ()
        found = []
        for one in store.beside(rows, [self._week - 7, self._week]):
            told = one.row.told
            before, now = one.counts
            found.append(Series(told.name, told.office, told.unit, now, before, 1 in one.found))
        return tuple(found)

    def learned(self) -> Learned:
        """Return what half a year taught; triage bands of the whole hub only: those of a small area stand
        far apart, and looking for them would take long."""
        since = self._ends_at - LEARNED_WEEKS * _WEEK_S
        figures = figures_by_rule(self._db, since, self._ends_at, self._who)
        true, false = sum(one.true for one in figures), sum(one.false for one in figures)
        bands = () if self._who.areas else came_by_band(judged(self._db, since, self._who)[0])
        return Learned(LEARNED_WEEKS, true, true + false, bands)

    def waiting(self, wall: WallNumbers, signals: Signals, referrals: Referrals, rights: Rights) -> Waiting:
        """Return what waits; the wall counts no further than `hub.picture_services.MOST_COUNTED`."""
        return Waiting(
            urgent_unread=wall.urgent_unread,
            unread=wall.unread,
            undone=wall.waiting,
            signals=signals.open,
            signals_late=signals.late,
            bulletins=self._bulletins_waiting(),
            referrals_late=referrals.late,
            rights=rights.running + rights.overdue,
        )
