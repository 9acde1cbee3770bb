"""Champion and challenger on the same later reports."""

from __future__ import annotations

import numpy as np
import pytest

from hub.learning.comparing import Paired, Seen, TooFewLater, compare


def pair(name: str, week: int, came: bool | None, old: Seen, new: Seen) -> Paired:
    return Paired(name, week, float(week), came, 1.0 if came is not None else 0.0, old, new)


def weeks(count: int) -> list[Paired]:
    """Each week the challenger puts the true report first, the champion the untrue; one is not verified."""
    found = []
    for week in range(count):
        found.append(pair(f"t{week}", week, True, Seen(20, 0.4), Seen(10, 0.8)))
        found.append(pair(f"f{week}", week, False, Seen(10, 0.6), Seen(20, 0.2)))
        found.append(pair(f"n{week}", week, None, Seen(30, 0.1), Seen(30, 0.1)))
    return found


def test_the_better_one_is_better_in_each_measure() -> None:
    found = compare(weeks(20), 1, np.random.default_rng(1))
    assert (found.reports, found.labels, found.confirmed) == (60, 40, 20)
    assert found.champion.brier == pytest.approx(0.36)
    assert found.challenger.brier == pytest.approx(0.04)
    assert found.brier.value == pytest.approx(-0.32)
    assert found.brier.low <= found.brier.value <= found.brier.high < 0
    sides = (found.champion.recall, found.challenger.recall)
    assert [(one.count, one.of) for one in sides if one is not None] == [(0, 20), (20, 20)]
    assert (found.only_champion, found.only_challenger) == (0, 20)
    assert found.p == pytest.approx(2 * 0.5**20)
    assert found.recall.value == 1
    again = compare(weeks(20), 1, np.random.default_rng(1))
    assert again == found


def test_reports_that_nobody_verified_take_their_place_in_the_week() -> None:
    crowded = [
        *weeks(20),
        *(pair(f"c{week}", week, None, Seen(1, 0.9), Seen(1, 0.9)) for week in range(20)),
    ]
    found = compare(crowded, 1, np.random.default_rng(1))
    assert (found.only_champion, found.only_challenger, found.p) == (0, 0, 1.0)
    assert found.recall.value == 0


def test_of_too_few_it_says_nothing() -> None:
    with pytest.raises(TooFewLater, match="28 with 14 confirmed; 30 with 10 are needed"):
        compare(weeks(14), 1, np.random.default_rng(1))
    untrue = [one for one in weeks(60) if one.came is not True or one.week < 9]
    with pytest.raises(TooFewLater, match="69 with 9 confirmed"):
        compare(untrue, 1, np.random.default_rng(1))
