"""Reads what teaching and reporting were like, from counters and indexes. Implements `TeachingServices`."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from hub.accounts.areas import areas_of, may_see, sees
from hub.bulletins.models import Bulletin
from hub.bulletins.services import CANCELLED, EXPIRED, REPLACED, SENT
from hub.counting.entries import ALL, HEARD, week_of
from hub.counting.spans import SPAN, Counts, number_of, unpacked
from hub.learning.before_after import (
    NONE,
    Village,
    around_sessions,
    rate_ratio,
    ratio_of_ratios,
    staggered,
)
from hub.learning.kept import Kept
from hub.learning.services import LEAST_SHOWN
from hub.learning.teaching_services import (
    AROUND_WEEKS,
    MOST_WEEKS,
    AreaTeaching,
    VillageLine,
    compared,
)
from hub.models import Node, SessionSummary
from hub.services import HeldSession, SignedIn, UnknownVillage
from hub.storage.statements import places, run
from hub.village_sessions import readable
from hub.warning.models import Signal
from sync.clock import Clock
from sync.storage.database import connect

_AT_ONCE: Final = 500
_EPOCH: Final = datetime.date(1970, 1, 1)
Note = Callable[[SignedIn | str, str, str], object]


class Teaching:
    """Reads the store. Threads may share it."""

    def __init__(self, database: Any, clock: Clock, zone: datetime.tzinfo, *, note: Note) -> None:
        self._db = database
        self._clock = clock
        self._zone = zone
        self._note = note
        self._kept: Kept[AreaTeaching] = Kept(clock)

    def village(self, node: int, weeks: int, *, who: SignedIn) -> VillageLine:
        """See `TeachingServices.village`."""
        if not 1 <= weeks <= MOST_WEEKS:
            raise ValueError(f"the weeks are 1 to {MOST_WEEKS}")
        connect(self._db)
        row = Node.select(Node.village).where(Node.number == node).tuples().first(self._db)
        if row is None or not may_see(who, row[0]):
            raise UnknownVillage
        village = str(row[0])
        self._note(who, "evaluation seen", f"evaluation {village}")
        nodes = Node.select(Node.number).where(Node.village == village).tuples().execute(self._db)
        sessions = self._sessions([int(number) for (number,) in nodes])
        held = [one for some in sessions.values() for one in some]
        counts, heard = self._weeks([village])[village]
        whole = _village(counts, heard, [self._place(one) for one in held])
        around = around_sessions(whole, AROUND_WEEKS)
        by_week: dict[int, list[HeldSession]] = defaultdict(list)
        cut = MOST_WEEKS - weeks
        for one in sorted(held, key=lambda one: (one.summary.held_on or datetime.date.min, one.summary.key)):
            place = self._place(one)
            if place is not None and cut <= place < MOST_WEEKS:
                by_week[place - cut].append(one)
        shown = tuple(int(one) for one in counts[cut:])
        return VillageLine(
            village=village,
            counts=shown if sum(shown) >= LEAST_SHOWN else None,
            heard=tuple(bool(one) for one in heard[cut:]),
            sessions=by_week,
            signals=self._by_week(self._signals(village), cut),
            bulletins=self._by_week(self._bulletins(village), cut),
            compared=compared(around, rate_ratio([around])),
        )

    def area(self, area: str, *, who: SignedIn, anew: bool = False) -> AreaTeaching:
        """See `TeachingServices.area`."""
        connect(self._db)
        self._note(who, "evaluation seen", f"evaluation {area or 'all'}")
        asked = (areas_of(who), area)
        return self._kept.recent(asked, lambda now: self._area(area, who, now), anew=anew)

    def _area(self, area: str, who: SignedIn, now: float) -> AreaTeaching:
        below = sees(who, Node.village)
        if area:
            below &= sees(SignedIn("", "analyst", (area,)), Node.village)
        query = Node.select(Node.number, Node.village).where(below).order_by(Node.village, Node.number)
        village_of = {int(n): str(village) for n, village in query.tuples().execute(self._db)}
        places_of: dict[str, list[int | None]] = {village: [] for village in village_of.values()}
        for number, held in self._sessions(list(village_of)).items():
            places_of[village_of[number]] += [self._place(one) for one in held]
        counted = self._weeks(list(places_of))
        villages = [_village(*counted[name], at) for name, at in places_of.items()]
        around = [around_sessions(one, AROUND_WEEKS) for one in villages if one.sessions]
        pairs = [
            (taught, others)
            for taught, others in staggered(villages, AROUND_WEEKS)
            if taught.reports and others.reports
        ]
        first = sum((taught for taught, _ in pairs), NONE)
        others = sum((one for _, one in pairs), NONE)
        enough = min(first.reports, others.reports) >= LEAST_SHOWN
        return AreaTeaching(
            villages=len(villages),
            taught=len(around),
            compared=compared(sum(around, NONE), rate_ratio(around)),
            first=first if enough else None,
            others=others if enough else None,
            beside=ratio_of_ratios(pairs) if enough else None,
            worked_out_at=now,
        )

    # -- reading ----------------------------------------------------------------------------------

    def _first(self) -> int:
        """Return the number of the first week of `MOST_WEEKS`; the present one is the last."""
        return number_of(week_of(self._clock.wall_s(), self._zone)) - MOST_WEEKS + 1

    def _place(self, held: HeldSession) -> int | None:
        day = held.summary.held_on
        if day is None:
            return None
        days = (day - _EPOCH).days
        return number_of(days - (day.weekday())) - self._first()

    def _by_week(self, found: Iterable[tuple[float, int]], cut: int) -> dict[int, list[int]]:
        by_week: dict[int, list[int]] = defaultdict(list)
        for at, number in found:
            place = number_of(week_of(at, self._zone)) - self._first() - cut
            if 0 <= place < MOST_WEEKS - cut:
                by_week[place].append(number)
        return by_week

    def _weeks(self, villages: Sequence[str]) -> dict[str, tuple[Counts, Counts]]:
        """Return reports and days heard of the last `MOST_WEEKS` weeks of each village."""
        first = self._first()
        found = {one: (np.zeros(MOST_WEEKS, np.int32), np.zeros(MOST_WEEKS, np.int32)) for one in villages}
        spans = range(first // SPAN, (first + MOST_WEEKS - 1) // SPAN + 1)
        for at in range(0, len(villages), _AT_ONCE):
            part = villages[at : at + _AT_ONCE]
            rows = run(
                self._db,
                "SELECT village, category, span, counts FROM village_weeks WHERE village IN "  # noqa: S608
                f"{places(len(part))} AND category IN (?, ?) AND span IN {places(len(spans))}",
                [*part, ALL, HEARD, *spans],
            ).fetchall()
            for village, category, span, data in rows:
                begin = int(span) * SPAN - first
                low, high = max(begin, 0), min(begin + SPAN, MOST_WEEKS)
                to = found[str(village)][category == HEARD]
                to[low:high] = unpacked(bytes(data))[low - begin : high - begin]
        return found

    def _sessions(self, nodes: Sequence[int]) -> dict[int, list[HeldSession]]:
        found: dict[int, list[HeldSession]] = defaultdict(list)
        for at in range(0, len(nodes), _AT_ONCE):
            some = SessionSummary.node.in_(list(nodes[at : at + _AT_ONCE]))
            for row in SessionSummary.select().where(some).execute(self._db):
                found[int(row.node)] += readable([row])
        return found

    def _signals(self, village: str) -> list[tuple[float, int]]:
        since = self._clock.wall_s() - (MOST_WEEKS + 1) * 7 * 86_400
        here = (Signal.raised_at >= since) & (Signal.unit == village) & Signal.joined_into.is_null()
        query = Signal.select(Signal.raised_at, Signal.id).where(here).order_by(Signal.raised_at, Signal.id)
        return [(float(at), int(number)) for at, number in query.tuples().execute(self._db)]

    def _bulletins(self, village: str) -> list[tuple[float, int]]:
        """Return when bulletins were sent to a village: for itself, or for an area around it."""
        parts = village.split(".")
        around = ["", *(".".join(parts[: at + 1]) for at in range(len(parts)))]
        sent = Bulletin.state.in_([SENT, REPLACED, CANCELLED, EXPIRED]) & (Bulletin.status == "Actual")
        query = Bulletin.select(Bulletin.decided_at, Bulletin.id).where(
            sent & Bulletin.area.in_(around) & Bulletin.decided_at.is_null(False)
        )
        rows = query.order_by(Bulletin.decided_at, Bulletin.id).tuples().execute(self._db)
        return [(float(at), int(number)) for at, number in rows]


def _village(counts: Counts, heard: Counts, sessions: Sequence[int | None]) -> Village:
    """Return the whole weeks of a village for comparing: the present one is not over."""
    known = [one for one in sessions if one is not None and one >= 0]
    return Village(
        counts=[int(one) for one in counts[:-1]],
        heard=[bool(one) for one in heard[:-1]],
        sessions=sorted(set(known)),
        taught_earlier=len(known) < len(sessions),
    )
