"""The 7-1-7 clocks."""

from __future__ import annotations

from hub.warning.clocks import Share, Times, clocks, due_at, shares

DAY = 86_400.0


def said(times: Times, now: float) -> list[str]:
    return [clock.state for clock in clocks(times, now)]


def test_each_clock_says_whether_it_was_in_time_up_to_its_last_second() -> None:
    raised = 10 * DAY
    fresh = Times(3 * DAY, raised, raised)
    assert said(fresh, raised + DAY) == ["met", "running", "not_known"]
    assert said(fresh, raised + DAY + 1) == ["met", "overdue", "not_known"]
    assert said(Times(3 * DAY - 1, raised, raised), raised)[0] == "missed"
    assert said(Times(None, raised, raised), raised)[0] == "not_known"
    told = Times(3 * DAY, raised, raised, notified_at=raised + DAY)
    assert said(told, raised + 8 * DAY) == ["met", "met", "running"]
    assert said(told, raised + 8 * DAY + 1) == ["met", "met", "overdue"]
    done = Times(3 * DAY, raised, raised, raised + 2 * DAY, raised + 9 * DAY)
    assert said(done, raised + 99 * DAY) == ["met", "missed", "met"]
    false = Times(3 * DAY, raised, raised, raised + DAY, None, closed=True, is_event=False)
    assert said(false, raised + 99 * DAY) == ["met", "met", "not_needed"]


def test_the_clock_that_runs_says_when_it_is_over() -> None:
    raised = 10 * DAY
    assert due_at(Times(None, raised, raised)) == raised + DAY
    assert due_at(Times(None, raised, raised, notified_at=raised)) == raised + 7 * DAY
    assert due_at(Times(None, raised, raised + DAY)) == raised + 2 * DAY
    assert due_at(Times(None, raised, raised, raised, raised)) is None
    assert due_at(Times(None, raised, raised, closed=True)) is None


def test_shares_count_what_clocks_have_said_and_all_three_together() -> None:
    raised = 10 * DAY
    good = Times(9 * DAY, raised, raised, raised, raised)
    slow = Times(1 * DAY, raised, raised, raised + 3 * DAY, raised + 4 * DAY)
    runs = Times(9 * DAY, raised, raised)
    found = shares(clocks(one, raised) for one in (good, slow, runs))
    assert found == (
        Share("detect", 2, 3),
        Share("notify", 1, 2),
        Share("respond", 2, 2),
        Share("all", 1, 2),
    )
