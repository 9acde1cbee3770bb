"""The 72 hours of Law 27/2022 as rules."""

from __future__ import annotations

import pytest

from hub.retention.clocks import (
    AHEAD_S,
    CLOCK_S,
    HOUR_S,
    KINDS,
    OLDEST_S,
    OutOfTime,
    checked_time,
    due_at,
    ends_with_report,
    state_of,
)

NOW = 1_800_000_000.0


def test_three_times_24_hours_from_when_it_was_received() -> None:
    assert due_at(NOW) - NOW == 3 * 24 * 3600 == CLOCK_S


def test_the_state_follows_the_hour_it_is_told_whichever_way_clocks_jump() -> None:
    due = due_at(NOW)
    assert state_of(due, NOW) == "running"
    assert state_of(due, NOW + 47.9 * HOUR_S) == "running"
    assert state_of(due, NOW + 48 * HOUR_S) == "soon"
    assert state_of(due, due) == "soon"
    assert state_of(due, due + 1) == "overdue"
    assert state_of(due, NOW - 9 * CLOCK_S) == "running"  # the clock was set back: the due time stands


def test_a_request_cannot_come_tomorrow_nor_long_ago() -> None:
    assert checked_time(None, NOW) == NOW
    assert checked_time(NOW - HOUR_S, NOW) == NOW - HOUR_S
    assert checked_time(NOW + AHEAD_S, NOW) == NOW
    for wrong, problem in ((NOW + AHEAD_S + 1, "future"), (NOW - OLDEST_S - 1, "old")):
        with pytest.raises(OutOfTime, match=problem):
            checked_time(wrong, NOW)


def test_forgetting_does_what_was_asked_but_answers_nobody() -> None:
    assert [kind for kind in KINDS if ends_with_report(kind)] == ["correction", "withdrawal"]
