"""The hub's own rule: what it finds, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from hub.signals.detection import BadParameter
from hub.signals.methods import detect
from hub.signals.simulation import FIRST_TESTED, WEEKS, noufaily, sparse


def test_it_finds_most_outbreaks_at_few_false_alarms() -> None:
    for simulated, least, most in (
        (noufaily(np.random.default_rng(31), 1), 0.5, 0.015),
        (sparse(np.random.default_rng(32), 42), 0.7, 0.01),
    ):
        some = slice(0, None, 2)
        alarm = detect("kentongan", simulated.counts[some], FIRST_TESTED).alarm
        week = np.arange(FIRST_TESTED, WEEKS)
        begins, ends = simulated.begins[some, None], simulated.ends[some, None]
        inside = (week >= begins) & (week <= ends)
        assert (alarm & inside).any(axis=1).mean() >= least
        assert alarm[~inside].mean() <= most


def test_the_bound_is_the_largest_count_that_is_no_alarm() -> None:
    counts = np.random.default_rng(3).poisson(0.3, (4, 120)).astype(np.float64)
    bound = detect("kentongan", counts, 119).upperbound[:, 0]
    for more, wanted in ((0, False), (1, True)):
        changed = counts.copy()
        changed[:, 119] = bound + more
        found = detect("kentongan", changed, 119)
        assert (found.alarm[:, 0] == wanted).all()
        np.testing.assert_array_equal(found.upperbound[:, 0], bound)


def test_three_reports_in_a_village_that_never_reported_are_an_alarm() -> None:
    counts = np.zeros((1, 105))
    counts[0, 104] = 3
    assert detect("kentongan", counts, 104).alarm.all()


def test_one_report_a_year_is_no_alarm() -> None:
    counts = np.zeros((1, 365))
    counts[0, 364::-47] = 1
    assert not detect("kentongan", counts, 260).alarm.any()


def test_a_series_alone_gives_what_it_gives_among_others() -> None:
    counts = np.random.default_rng(4).poisson(2.0, (600, 60)).astype(np.float64)
    counts[7, 59] = 30
    among, alone = detect("kentongan", counts, 59), detect("kentongan", counts[7:8], 59)
    assert alone.upperbound[0, 0] == among.upperbound[7, 0]
    assert among.alarm[7, 0]


def test_the_rule_needs_a_baseline() -> None:
    with pytest.raises(BadParameter):
        detect("kentongan", np.zeros((1, 30)), 29)


def test_what_is_over_is_no_news() -> None:
    counts = np.ones((1, 105))
    counts[0, 103] = 12
    assert detect("kentongan", counts, 103).alarm[0].tolist() == [True, False]


def test_a_season_is_no_alarm() -> None:
    week = np.arange(312)
    counts = np.round(10 * np.exp(np.sin(2 * np.pi * week / 52)))[None, :]
    assert not detect("kentongan", counts, 260).alarm.any()
