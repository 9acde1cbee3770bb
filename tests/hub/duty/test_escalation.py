"""Levels go up by time alone, one at a time, and pass over levels without anybody."""

from __future__ import annotations

import pytest

from hub.duty.escalation import STEP_S, Standing, is_time, next_standing, wait_after, whom_to_tell

ALL = {1, 2, 3}


@pytest.mark.parametrize(
    ("standing", "now", "levels", "told", "becomes"),
    [
        (Standing(1, 0), STEP_S - 1, ALL, True, Standing(1, 0)),
        (Standing(1, 0), STEP_S, ALL, True, Standing(2, STEP_S)),
        (Standing(1, 0), STEP_S, {1, 3}, True, Standing(3, STEP_S)),
        (Standing(3, 0), 9 * STEP_S, ALL, True, Standing(3, 0)),
        (Standing(2, 0), STEP_S, {1}, True, Standing(2, 0)),
        (Standing(1, 0), 5, {2, 3}, False, Standing(2, 5)),
        (Standing(1, 0), 5, {2, 3}, True, Standing(1, 0)),
        (Standing(1, 0), 9 * STEP_S, set(), False, Standing(1, 9 * STEP_S)),
        (Standing(1, 0), 9 * STEP_S, set(), True, Standing(1, 0)),
    ],
)
def test_a_ring_goes_up(
    standing: Standing, now: float, levels: set[int], told: bool, becomes: Standing
) -> None:
    assert next_standing(standing, now, levels, somebody_told=told) == becomes


def test_a_clock_that_jumps_ahead_raises_by_one_level_and_one_that_jumps_back_raises_nothing() -> None:
    ahead = next_standing(Standing(1, 0), 1e6, ALL, somebody_told=True)
    assert ahead == Standing(2, 1e6)
    assert next_standing(ahead, 1e6 + 60, ALL, somebody_told=True) == ahead
    assert next_standing(ahead, 60, ALL, somebody_told=True) == Standing(2, 60)


def test_everybody_up_to_the_level_is_told_once() -> None:
    here = [(1, "sari"), (2, "budi"), (2, "sari"), (3, "ketut")]
    assert whom_to_tell(1, here, set()) == [(1, "sari")]
    assert whom_to_tell(2, here, {"sari"}) == [(2, "budi")]
    assert whom_to_tell(3, here, {"sari", "budi", "ketut"}) == []


def test_waits_double_up_to_a_quarter_of_an_hour_and_no_wrong_clock_makes_them_longer() -> None:
    assert [wait_after(tries) for tries in (1, 2, 3, 5, 90)] == [60, 120, 240, 900, 900]
    assert [is_time(at, 10) for at in (10, 11, 910, 1e9)] == [True, False, False, True]
