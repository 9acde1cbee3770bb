"""Figures are worked out again after some minutes, and when somebody asks for it."""

from __future__ import annotations

from hub.learning.kept import KEPT_S, Kept
from sync.clock import ManualClock


def test_the_same_is_worked_out_once_until_it_is_old_or_asked_anew() -> None:
    clock = ManualClock()
    kept: Kept[str] = Kept(clock)
    worked: list[float] = []

    def work(now: float) -> str:
        worked.append(now)
        return f"result {len(worked)}"

    assert (kept.recent("a", work), kept.recent("a", work)) == ("result 1", "result 1")
    assert kept.recent("b", work) == "result 2", "something else was asked"
    assert kept.recent("a", work, anew=True) == "result 3"
    clock.advance(KEPT_S - 1)
    assert kept.recent("a", work) == "result 3"
    clock.advance(1)
    assert kept.recent("a", work) == "result 4"
    assert worked[-1] == clock.wall_s()


def test_a_clock_that_jumped_back_makes_nothing_last_longer() -> None:
    clock = ManualClock()
    kept: Kept[float] = Kept(clock)
    kept.recent("a", lambda now: now)
    clock.jump_wall(-86_400)
    assert kept.recent("a", lambda now: now) == clock.wall_s()


def test_it_holds_few_results() -> None:
    kept: Kept[int] = Kept(ManualClock())
    for number in range(1_000):
        kept.recent(number, lambda _, number=number: number)  # type: ignore[misc]
    assert len(kept._found) <= 64
