from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.fleet.rollouts import (
    FAILED,
    Condition,
    RolloutBox,
    Step,
    heard,
    look,
    planned,
    sent,
    stage_sizes,
    to_undo,
)

NOW = 1_800_000_000.0
OVERDUE_S = 1000.0


def say(boxes: tuple[RolloutBox, ...], node: int, step: Step, now: float = NOW) -> tuple[RolloutBox, ...]:
    return tuple(heard(box, step, now) if box.node == node else box for box in boxes)


def send(boxes: tuple[RolloutBox, ...], now: float = NOW) -> tuple[RolloutBox, ...]:
    begin = look(boxes, stopped=False, now=now, overdue_s=OVERDUE_S).begin
    return tuple(sent(box, now) if box.node in begin else box for box in boxes)


def confirm_all(boxes: tuple[RolloutBox, ...]) -> tuple[RolloutBox, ...]:
    for box in boxes:
        boxes = say(boxes, box.node, Step.CONFIRMED)
    return boxes


def condition(boxes: tuple[RolloutBox, ...], now: float = NOW, *, stopped: bool = False) -> Condition:
    return look(boxes, stopped=stopped, now=now, overdue_s=OVERDUE_S).condition


def with_it(boxes: tuple[RolloutBox, ...]) -> list[int]:
    return [box.node for box in boxes if box.step is not Step.WAITING]


def test_one_box_then_a_tenth_then_all() -> None:
    assert [stage_sizes(n) for n in (0, 1, 2, 5, 30, 300)] == [
        (),
        (1,),
        (1, 1),
        (1, 1, 3),
        (1, 3, 26),
        (1, 30, 269),
    ]


def test_each_stage_waits_until_the_one_before_has_confirmed() -> None:
    boxes = send(planned(range(1, 31)))
    assert with_it(boxes) == [1]
    boxes = send(say(say(boxes, 1, Step.ARRIVED), 1, Step.TRYING))
    assert with_it(boxes) == [1]
    boxes = send(say(boxes, 1, Step.CONFIRMED))
    assert with_it(boxes) == [1, 2, 3, 4]
    boxes = send(say(say(boxes, 2, Step.CONFIRMED), 3, Step.CONFIRMED))
    assert with_it(boxes) == [1, 2, 3, 4]
    boxes = send(say(boxes, 4, Step.CONFIRMED))
    assert len(with_it(boxes)) == 30
    assert condition(boxes) is Condition.RUNNING
    assert condition(confirm_all(boxes)) is Condition.DONE


def test_one_box_that_goes_back_or_refuses_halts_all() -> None:
    for step in FAILED:
        boxes = send(confirm_all(send(planned(range(1, 31)))))
        boxes = say(boxes, 3, step)
        seen = look(boxes, stopped=False, now=NOW, overdue_s=OVERDUE_S)
        assert (seen.condition, seen.halted_by, seen.begin) == (Condition.HALTED, (3,), ())
        assert send(boxes) == boxes


def test_a_box_that_got_it_and_is_not_heard_again_halts_all_and_one_that_is_off_does_not() -> None:
    later = NOW + OVERDUE_S + 1
    off = send(planned([1, 2]))
    assert condition(off, later) is Condition.RUNNING
    arrived = say(off, 1, Step.ARRIVED)
    assert condition(arrived, later - 2) is Condition.RUNNING
    assert condition(arrived, later) is Condition.HALTED
    assert condition(say(arrived, 1, Step.CONFIRMED, later), later) is Condition.RUNNING


def test_a_rollout_goes_on_without_a_box_that_a_person_left_out() -> None:
    boxes = send(confirm_all(send(planned(range(1, 31)))))
    boxes = say(boxes, 3, Step.WENT_BACK)
    boxes = tuple(RolloutBox(b.node, b.stage, b.step, b.since, b.node == 3) for b in boxes)
    assert condition(boxes) is Condition.RUNNING
    assert len(with_it(send(confirm_all(boxes)))) == 30


def test_a_first_stage_that_was_left_out_proves_nothing() -> None:
    boxes = say(send(planned(range(1, 31))), 1, Step.WENT_BACK)
    boxes = tuple(RolloutBox(b.node, b.stage, b.step, b.since, b.node == 1) for b in boxes)
    assert with_it(send(boxes)) == [1, 2]
    assert with_it(send(send(boxes))) == [1, 2]


def test_what_was_stopped_sends_nothing_more() -> None:
    boxes = confirm_all(send(planned(range(1, 31))))
    seen = look(boxes, stopped=True, now=NOW, overdue_s=OVERDUE_S)
    assert (seen.condition, seen.begin) == (Condition.STOPPED, ())


def test_undone_are_those_that_have_it_or_may_yet_get_it() -> None:
    boxes = (
        RolloutBox(1, 0, Step.CONFIRMED),
        RolloutBox(2, 1, Step.SENT),
        RolloutBox(3, 1, Step.WENT_BACK),
        RolloutBox(4, 1, Step.REFUSED),
        RolloutBox(5, 2),
        RolloutBox(6, 1, Step.TRYING, left_out=True),
    )
    assert to_undo(boxes) == (1, 2, 6)


@given(st.lists(st.sampled_from(list(Step)), max_size=8))
def test_words_in_any_order_never_hide_that_a_box_went_back(steps: list[Step]) -> None:
    box = sent(RolloutBox(1, 0), NOW)
    for step in steps:
        box = heard(box, step, NOW)
    failed = [step for step in steps if step in FAILED]
    if failed:
        assert box.step is failed[0]
    elif Step.CONFIRMED in steps:
        assert box.step is Step.CONFIRMED


@given(
    st.integers(1, 40),
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from(list(Step))), max_size=60),
)
def test_no_box_beyond_the_first_gets_it_before_one_confirmed_and_none_while_one_failed(
    count: int, words: list[tuple[int, Step]]
) -> None:
    boxes = send(planned(range(1, count + 1)))
    for node, step in words:
        boxes = say(boxes, node, step)
        before = with_it(boxes)
        boxes = send(boxes)
        new = set(with_it(boxes)) - set(before)
        if new:
            assert not any(box.step in FAILED for box in boxes)
            stage = min(box.stage for box in boxes if box.node in new)
            assert all(box.step is Step.CONFIRMED for box in boxes if box.stage < stage)
