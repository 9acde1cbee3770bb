"""Works out the evaluation of some weeks. Implements `hub.learning.services.EvaluationServices`."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from hub.accounts.areas import areas_of
from hub.learning.first_steps import WEEKS_SHOWN, first_steps, waits
from hub.learning.kept import Kept
from hub.learning.labels import (
    CONFIRMED,
    MOST_READ,
    REFUTED,
    UNVERIFIABLE,
    Judged,
    judged,
    relations,
    weights,
)
from hub.learning.measures import Share, brier, forecasts, recall_at_capacity, reliability, weighted, wilson
from hub.learning.services import (
    LEAST_SHOWN,
    MOST_CAPACITY,
    WEEK_CHOICES,
    BandRow,
    Evaluation,
    GroupRow,
    OverrideRow,
    RandomRow,
    RuleRow,
    WaitRow,
)
from hub.retention.contents import ReportContents
from hub.risk.scoring import BANDS, rank
from hub.services import SignedIn
from hub.warning.evaluating import RuleFigures, figures_by_rule
from hub.week_counts import week_of
from sync.clock import Clock

_ENDED: Final = (CONFIRMED, REFUTED, UNVERIFIABLE)
_EPOCH: Final = datetime.date(1970, 1, 1)
Note = Callable[[SignedIn | str, str, str], object]


class Evaluating:
    """Reads the store. Threads may share it."""

    def __init__(
        self, database: Any, clock: Clock, zone: datetime.tzinfo, contents: ReportContents, *, note: Note
    ) -> None:
        self._db = database
        self._clock = clock
        self._zone = zone
        self._contents = contents
        self._note = note
        self._kept: Kept[Evaluation] = Kept(clock)

    def evaluation(
        self,
        weeks: int,
        capacity: int,
        *,
        who: SignedIn | str,
        exported: bool = False,
        may_be_kept: bool = False,
    ) -> Evaluation:
        """See `EvaluationServices.evaluation`; a name alone stands for the command line."""
        if weeks not in WEEK_CHOICES:
            raise ValueError(f"the weeks are one of {', '.join(map(str, WEEK_CHOICES))}")
        if not 1 <= capacity <= MOST_CAPACITY:
            raise ValueError(f"the weekly capacity is 1 to {MOST_CAPACITY}")
        self._note(who, "evaluation exported" if exported else "evaluation seen", "evaluation all")
        asked = (areas_of(who), weeks, capacity)
        return self._kept.recent(
            asked, lambda now: self._worked_out(weeks, capacity, who, now), anew=not may_be_kept
        )

    def _worked_out(self, weeks: int, capacity: int, who: SignedIn | str, now: float) -> Evaluation:
        monday = _EPOCH + datetime.timedelta(week_of(now, self._zone) - 7 * (weeks - 1))
        since = datetime.datetime.combine(monday, datetime.time(), self._zone).timestamp()
        reports, is_cut = judged(self._db, since, who)
        labelled = [one for one in reports if one.came is not None]
        weight = weights(labelled)
        told = forecasts((self._week(one), one.band, bool(one.came), weight[one.id]) for one in labelled)
        chances, came = [one.chance for one in told], [one.came for one in told]
        weighing = [one.weight for one in told]
        by_week = self._whole_weeks(reports, is_cut)
        read = relations(self._db, self._contents, [one.id for one in labelled[:MOST_READ]])
        # Signals raised in this very second belong to it.
        figures = figures_by_rule(self._db, since, now + 1, who)
        return Evaluation(
            weeks=weeks,
            capacity=capacity,
            since=monday,
            rules=tuple(RuleRow(one, _confirmed(one)) for one in figures),
            bands=tuple(_band(band, reports, weight) for band in reversed(BANDS)),
            random=random_row(reports),
            is_weighted=any(one != 1 for one in weight.values()),
            forecasts=len(told),
            brier=brier(chances, came, weighing),
            brier_usual=brier([one.usual for one in told], came, weighing),
            reliability=reliability(chances, came, weights=weighing),
            by_rank=_recall(by_week, capacity, lambda one: (rank(one.band, one.points), *_came(one)), weight),
            by_arrival=_recall(by_week, capacity, _came, weight),
            overrides=tuple(_overrides(reports)),
            waits=self._waits(by_week),
            districts=_groups((one.district, bool(one.came), weight[one.id]) for one in labelled),
            relations=_groups(
                (read[one.id], bool(one.came), weight[one.id]) for one in labelled if one.id in read
            ),
            relations_of=len(read),
            looked_at=len(reports),
            is_cut=is_cut,
            worked_out_at=now,
        )

    def _week(self, one: Judged) -> int:
        return week_of(one.received_at, self._zone)

    def _waits(self, by_week: Sequence[Sequence[Judged]]) -> tuple[WaitRow, ...]:
        newest = sorted(by_week, key=lambda week: self._week(week[0]), reverse=True)[:WEEKS_SHOWN]
        came = {self._week(week[0]): [(one.id, one.received_at) for one in week] for week in newest}
        steps = first_steps(self._db, [report for week in came.values() for report, _ in week])
        return waits(came, steps)

    def _whole_weeks(self, reports: Sequence[Judged], is_cut: bool) -> list[list[Judged]]:
        by_week: dict[int, list[Judged]] = defaultdict(list)
        for one in reports:
            by_week[self._week(one)].append(one)
        if is_cut:  # of the first week a part is missing
            del by_week[min(by_week)]
        return list(by_week.values())


def _confirmed(figures: RuleFigures) -> Share | None:
    return wilson(figures.true, figures.true + figures.false)


def _band(band: str, reports: Sequence[Judged], weight: Mapping[str, float]) -> BandRow:
    found = Counter(one.verification for one in reports if one.band == band)
    mine = [one for one in reports if one.band == band and one.came is not None]
    share = weighted((bool(one.came), weight[one.id]) for one in mine)
    return BandRow(band, found.total(), found[CONFIRMED], found[REFUTED], found[UNVERIFIABLE], share)


def random_row(reports: Sequence[Judged]) -> RandomRow:
    """Return what the random share says of the lowest band.

    Given how many were drawn, they are a simple random sample of those with the same chance, so the share
    among them times all is an unbiased estimate, if all of them get a label.
    """
    low = [one for one in reports if one.is_low]
    drawn = [one for one in low if one.drawn]
    found = Counter(one.verification for one in drawn)
    excused = sum(one.excused for one in drawn if one.verification not in _ENDED)
    wrong = weighted((bool(one.came), 1 / one.chance) for one in drawn if one.came is not None)
    all_drawn = [(one, 1 / one.chance) for one in drawn]
    least = weighted((one.came is True, weight) for one, weight in all_drawn)
    most = weighted((one.came is not False, weight) for one, weight in all_drawn)
    return RandomRow(
        reports=len(low),
        drawn=len(drawn),
        confirmed=found[CONFIRMED],
        refuted=found[REFUTED],
        unverifiable=found[UNVERIFIABLE],
        excused=excused,
        waiting=len(drawn) - sum(found[one] for one in _ENDED) - excused,
        wrong=wrong,
        true=None if wrong is None else (wrong.share * len(low), wrong.low * len(low), wrong.high * len(low)),
        bounds=None if least is None or most is None else (least.share, most.share),
    )


def _came(one: Judged) -> tuple[float, str]:
    return one.received_at, one.id


def _recall(
    weeks: Iterable[Sequence[Judged]],
    capacity: int,
    order: Callable[[Judged], tuple[Any, ...]],
    weight: Mapping[str, float],
) -> Share | None:
    ordered = ([weight[one.id] if one.came else 0.0 for one in sorted(week, key=order)] for week in weeks)
    return recall_at_capacity(ordered, capacity)


def _overrides(reports: Sequence[Judged]) -> Iterable[OverrideRow]:
    place = {band: number for number, band in enumerate(BANDS)}
    for version in sorted({one.version for one in reports}):
        scored = [one for one in reports if one.version == version]
        moves = [place[one.staff_band or one.band] - place[one.band] for one in scored]
        raised, lowered = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
        yield OverrideRow(version, len(moves), raised, lowered, wilson(raised + lowered, len(moves)))


def _groups(labels: Iterable[tuple[str, bool, float]]) -> tuple[GroupRow, ...]:
    """Return a row a name, in the order of names; what is too small to say anything holds no number."""
    found: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for name, came, weight in labels:
        found[name].append((came, weight))
    return tuple(GroupRow(name, _if_many(found[name])) for name in sorted(found))


def _if_many(labels: Sequence[tuple[bool, float]]) -> Share | None:
    found = weighted(labels)
    return found if found is not None and found.of >= LEAST_SHOWN else None
