"""Counts in, findings out."""

from __future__ import annotations

import datetime
import math

import numpy as np

from hub.other_data.kinds import METHODS as NAMES
from hub.other_data.kinds import TOO_EMPTY, TOO_SHORT
from hub.other_data.watching import Watched, judge, last_with_number
from hub.other_data.week_words import monday_of
from hub.signals.finding import Category, Group, Sort
from hub.signals.methods import METHODS

PRESENT = monday_of(datetime.date(2026, 11, 26))


def weeks_back(count: int) -> list[int]:
    return [PRESENT - 7 * back for back in range(count, 0, -1)]


def usual(count: int = 120, mean: float = 6.0) -> dict[int, int]:
    drawn = np.random.default_rng(4).poisson(mean, count)
    return dict(zip(weeks_back(count), drawn.tolist(), strict=True))


def test_the_methods_on_offer_are_those_there_are() -> None:
    assert set(NAMES) == set(METHODS)


def test_a_week_that_is_far_more_than_usual_is_found_with_what_explains_it() -> None:
    counts = {**usual(), PRESENT - 7: 31}
    quiet, loud = judge(
        [Watched(3, "53", usual(), "kentongan"), Watched(4, "53.04", counts, "kentongan")], PRESENT
    )
    assert (quiet.findings, quiet.problem) == ((), "")
    [finding] = loud.findings
    assert (finding.rule, finding.sort, finding.unit) == ("kentongan", Sort.EXCESS, "53.04")
    assert finding.category == Category(Group.OTHER, "4")
    assert (finding.week, finding.window_weeks, finding.count) == (PRESENT - 7, 1, 31.0)
    assert 0 <= finding.usual_low < 6 < finding.usual_high < 15
    assert 0 < finding.chance < 1e-6
    assert finding.past[-1].week == finding.week
    assert finding.past[-1].bound is not None
    assert finding.past[-1].bound < 31
    assert (finding.reports, finding.reporters) == ((), 0)


def test_the_running_week_and_a_missing_one_are_never_judged() -> None:
    counts = {**usual(), PRESENT: 500}
    assert judge([Watched(1, "53", counts, "kentongan")], PRESENT)[0].findings == ()
    gap = {**usual(), PRESENT - 14: 40}
    del gap[PRESENT - 7]
    [found] = judge([Watched(1, "53", gap, "kentongan")], PRESENT)[0].findings
    assert found.week == PRESENT - 14, "what came late is judged late"
    assert PRESENT - 7 not in {point.week for point in found.past}
    # What stands for a missing week between two loud ones is loud, too, and is no count of anybody.
    between = {**usual(), PRESENT - 21: 40, PRESENT - 7: 40}
    del between[PRESENT - 14]
    told = judge([Watched(1, "53", between, "earsC", ("method=C2",))], PRESENT)[0].findings
    assert PRESENT - 21 in {one.week for one in told}
    assert PRESENT - 14 not in {one.week for one in told}


def test_gaps_are_no_zeros() -> None:
    """With zeros in the gaps a usual number would stand out."""
    counts = {week: 40 for at, week in enumerate(weeks_back(104)) if at % 3 == 0 or at >= 100}
    for week in list(counts)[::2][:5]:
        del counts[week]
    mended = {week: 40 for at, week in enumerate(weeks_back(104)) if at % 5 or at >= 100}
    assert judge([Watched(1, "53", mended, "kentongan")], PRESENT)[0].findings == ()
    assert judge([Watched(1, "53", counts, "kentongan")], PRESENT)[0].problem == TOO_EMPTY
    hole = {week: 40 for week in weeks_back(104) if not PRESENT - 70 <= week <= PRESENT - 14}
    assert judge([Watched(1, "53", hole, "earsC")], PRESENT)[0].findings == ()


def test_what_ended_long_ago_is_not_judged_again() -> None:
    old = {week - 7 * 10: count for week, count in usual().items()}
    old[PRESENT - 7 * 11] = 99
    assert judge([Watched(1, "53", old, "kentongan")], PRESENT)[0].findings == ()
    # A file that is a week late brings no week before the last four.
    late = {week: count for week, count in usual().items() if week < PRESENT - 7}
    found = {
        back: judge([Watched(1, "53", {**late, PRESENT - 7 * back: 99}, "kentongan")], PRESENT)[0].findings
        for back in (4, 5)
    }
    assert ([one.week for one in found[4]], found[5]) == ([PRESENT - 28], ())


def test_too_few_weeks_are_said_to_be_too_few() -> None:
    for counts in ({}, {PRESENT - 7: 3}, dict.fromkeys(weeks_back(20), 2)):
        assert judge([Watched(1, "53", counts, "kentongan")], PRESENT)[0].problem == TOO_SHORT


def test_every_method_judges_and_a_sum_is_no_bound() -> None:
    counts = {**usual(330), PRESENT - 7: 60}
    for number, name in enumerate(NAMES):
        [judged] = judge([Watched(number, "53", counts, name)], PRESENT)
        assert judged.problem == "", name
        assert PRESENT - 7 in {one.week for one in judged.findings}, name
        bound = judged.findings[-1].past[-1].bound
        assert (bound is None) == (name in ("cusum", "glrnb", "glrpois")), name
        assert bound is None or math.isfinite(bound)


def test_settings_are_obeyed() -> None:
    counts = {**usual(), PRESENT - 7: 14}
    found = [
        len(judge([Watched(1, "53", counts, "kentongan", (f"logRatio={at}",))], PRESENT)[0].findings)
        for at in (0.5, 50)
    ]
    assert found[0] >= 1
    assert found[1] == 0


def test_the_last_whole_week_with_a_number() -> None:
    assert last_with_number({PRESENT: 1, PRESENT - 14: 2}, PRESENT) == PRESENT - 14
    assert last_with_number({}, PRESENT) is None
