"""Reports before and after teaching: windows around sessions, and exact ratios of rates. Pure.

Ratios are conditional maximum likelihood with exact intervals of at least 95 %: of the reports of a village
around its sessions those after them are binomial; beside villages that were not yet taught they follow
Fisher's noncentral hypergeometric distribution. Over many villages the distributions are put together by
convolution, so that each village is compared with itself only (Cox 1970; Breslow and Day 1980, 4.4).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TAIL: Final = 0.025
_TINY: Final = 1e-18
"""Parts of a distribution below this share of its highest are let go of."""
_WIDEST: Final = 30.0
"""Ratios are looked for within e to the power of this, on both sides of a first guess."""


@dataclass(frozen=True)
class Around:
    """Reports in the weeks before and after teaching, and how many weeks those were."""

    before: int
    after: int
    weeks_before: int
    weeks_after: int

    @property
    def reports(self) -> int:
        """Return the reports of both sides."""
        return self.before + self.after

    def __add__(self, other: Around) -> Around:
        """Return both together."""
        return Around(
            self.before + other.before,
            self.after + other.after,
            self.weeks_before + other.weeks_before,
            self.weeks_after + other.weeks_after,
        )


NONE: Final = Around(0, 0, 0, 0)


@dataclass(frozen=True)
class Ratio:
    """A ratio of rates with its interval of 95 %; `high` may be infinite."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Village:
    """Weeks of one village, the oldest first: its reports, whether it was heard, and the places of the weeks
    with a session. `taught_earlier`: there was teaching before the first week, or at an unknown time."""

    counts: Sequence[int]
    heard: Sequence[bool]
    sessions: Sequence[int]
    taught_earlier: bool = False


def around_sessions(village: Village, length: int) -> Around:
    """Return the reports in the `length` weeks before and after each session.

    Left out: the weeks of sessions (nobody knows which came first), weeks after one session and before
    another, weeks in which the village was not heard.
    """
    taught = set(village.sessions)
    found = NONE
    for week, heard in enumerate(village.heard):
        after = any(week - length <= one < week for one in taught)
        before = any(week < one <= week + length for one in taught)
        if heard and week not in taught and after != before:
            found += _one_week(village, week, after)
    return found


def around_week(village: Village, week: int, length: int) -> Around:
    """Return the reports in the `length` heard weeks before and after one week."""
    found = NONE
    for one in range(max(0, week - length), min(len(village.heard), week + length + 1)):
        if village.heard[one] and one != week:
            found += _one_week(village, one, one > week)
    return found


def _one_week(village: Village, week: int, after: bool) -> Around:
    count = village.counts[week]
    return Around(0, count, 0, 1) if after else Around(count, 0, 1, 0)


def staggered(villages: Sequence[Village], length: int) -> list[tuple[Around, Around]]:
    """Return for each week in which villages were first taught their reports before and after it, and those
    of villages that were not yet taught then, nor `2 * length` weeks later.

    No week of a village counts twice: one that waits stands beside other starts only where their windows do
    not touch, beginning with another start from village to village.
    """
    taught: dict[int, Around] = {}
    for one in villages:
        if one.sessions and not one.taught_earlier:
            first = min(one.sessions)
            taught[first] = taught.get(first, NONE) + around_week(one, first, length)
    starts = sorted(taught)
    waiting = dict.fromkeys(starts, NONE)
    for number, one in enumerate(villages):
        if one.taught_earlier or not starts:
            continue
        until = min(one.sessions, default=math.inf)
        used: list[int] = []
        turn = number % len(starts)
        for start in starts[turn:] + starts[:turn]:
            free = all(abs(start - other) > 2 * length for other in used)
            if free and start + 2 * length < until:
                used.append(start)
                waiting[start] += around_week(one, start, length)
    return [(taught[start], waiting[start]) for start in starts]


def rate_ratio(villages: Iterable[Around]) -> Ratio | None:
    """Return the rate after by the rate before, common to villages; None where nothing can be said.

    Sums of villages with equal weeks are the same as one village, so these are put together.
    """
    alike: Counter[tuple[int, int]] = Counter()
    observed = 0
    for one in villages:
        if one.reports and one.weeks_before and one.weeks_after:
            divisor = math.gcd(one.weeks_after, one.weeks_before)
            alike[one.weeks_after // divisor, one.weeks_before // divisor] += one.reports
            observed += one.after
    strata = []
    for (after, before), reports in sorted(alike.items()):
        at = np.arange(reports + 1)
        strata.append((0, _choose(reports, at) + at * math.log(after / before)))
    return _common(strata, observed)


def ratio_of_ratios(pairs: Iterable[tuple[Around, Around]]) -> Ratio | None:
    """Return how many times more the rate changed in taught villages than in those beside them, common to all
    pairs; None where nothing can be said."""
    strata, observed = [], 0
    for taught, others in pairs:
        weeks = (taught.weeks_before, taught.weeks_after, others.weeks_before, others.weeks_after)
        if not all(weeks) or not taught.reports or not others.reports:
            continue
        after = taught.after + others.after
        least, most = max(0, after - others.reports), min(taught.reports, after)
        if least == most:
            continue  # one outcome only: it says nothing
        odds = taught.weeks_after * others.weeks_before / (taught.weeks_before * others.weeks_after)
        at = np.arange(least, most + 1)
        logs = _choose(taught.reports, at) + _choose(others.reports, after - at) + at * math.log(odds)
        strata.append((least, logs))
        observed += taught.after
    return _common(strata, observed)


def _choose(of: int, some: NDArray[Any]) -> Floats:
    from scipy.special import gammaln  # slow to import: not before it is needed

    found: Floats = gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
    return found


def _common(strata: Sequence[tuple[int, Floats]], observed: int) -> Ratio | None:
    """Return the ratio under which the sum of independent numbers is expected to be what was observed. Each
    number is given by its least value and the logarithms of its weights under a ratio of 1."""
    if not strata:
        return None
    least = sum(first for first, _ in strata)
    most = sum(first + len(logs) - 1 for first, logs in strata)
    aim = min(max(observed, least + 0.5), most - 0.5)
    guess = _root(lambda log: sum(_mean(first, logs, log) for first, logs in strata) - aim, 0.0)
    # Weights under the guess: what matters stands high, and far tails can be let go of.
    sums, weights = 0, np.ones(1)
    for first, logs in strata:
        dropped, one = _trimmed(_scaled(logs + guess * np.arange(len(logs))))
        sums += first + dropped
        dropped, weights = _trimmed(np.convolve(weights, one))
        sums += dropped
    at = sums + np.arange(len(weights))
    with np.errstate(divide="ignore"):
        logs = np.log(weights)

    def share(log: float, part: NDArray[np.bool_]) -> float:
        under = _scaled(logs + log * (at - observed))
        return float(under[part].sum() / under.sum())

    low, high = 0.0, math.inf
    if observed > least:
        low = math.exp(guess + _root(lambda log: share(log, at >= observed) - _TAIL, 0.0))
    if observed < most:
        high = math.exp(guess + _root(lambda log: _TAIL - share(log, at <= observed), 0.0))
    if observed in (least, most):
        return Ratio(0.0 if observed == least else math.inf, low, high)
    return Ratio(math.exp(guess), low, high)


def _mean(first: int, logs: Floats, log: float) -> float:
    at = np.arange(len(logs))
    weights = _scaled(logs + log * at)
    return first + float((weights * at).sum() / weights.sum())


def _scaled(logs: Floats) -> Floats:
    found: Floats = np.exp(logs - logs.max())
    return found


def _trimmed(weights: Floats) -> tuple[int, Floats]:
    """Return how many were let go of at the beginning, and the rest."""
    kept = np.flatnonzero(weights > _TINY * weights.max())
    return int(kept[0]), weights[kept[0] : kept[-1] + 1]


def _root(rising: Callable[[float], float], middle: float) -> float:
    from scipy.optimize import brentq  # slow to import: not before it is needed

    return float(brentq(rising, middle - _WIDEST, middle + _WIDEST, xtol=1e-10))
