"""A version on trial is good once it answered long enough without another start, and left when time is up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from releases import FIRST, installed_box

from updater.slots import Slots, State
from updater.trial import Silent, Times, watch

TIMES = Times(hold_s=180, within_s=900, every_s=5)


def watched(box: Slots, asks: Callable[[float], None]) -> tuple[State, float, int]:
    """Return what was decided, after how many seconds, and how often the node was started anew for it."""
    (box.program / "0.2.0").mkdir(exist_ok=True)
    box.put_on_trial("0.2.0")
    passed, restarts = [0.0], []

    def wait(seconds: float) -> None:
        passed[0] += seconds

    state = watch(
        box,
        lambda version: asks(passed[0]),
        lambda: restarts.append(1),
        TIMES,
        monotonic_s=lambda: passed[0],
        wait=wait,
    )
    return state, passed[0], len(restarts)


@pytest.fixture
def box(tmp_path: Path) -> Slots:
    return installed_box(tmp_path)


def test_it_is_good_after_it_answered_long_enough(box: Slots) -> None:
    def asks(now: float) -> None:
        if now < 60 or now == 100:
            raise Silent("silent")

    assert watched(box, asks) == (State(good="0.2.0", before=FIRST), 285.0, 0)


@pytest.mark.parametrize("why", ["silent", "closed"])
def test_what_does_not_answer_in_time_is_left(box: Slots, why: str) -> None:
    def asks(now: float) -> None:
        raise Silent(why)

    assert watched(box, asks) == (State(good=FIRST, left="0.2.0", why=why), 900.0, 1)
    assert box.linked() == FIRST


def test_one_that_answers_between_its_starts_is_not_good(box: Slots) -> None:
    (box.program / "0.2.0/bin").mkdir(parents=True)
    (box.program / "0.2.0/bin/kentongan").touch()

    def asks(now: float) -> None:
        if now and now % 100 == 0:
            box.begin()

    state, passed, _ = watched(box, asks)
    assert (state.good, state.why) == (FIRST, "crashed")
    assert passed == 605.0
