"""What goes to boxes in stages: who gets it next, and when it halts by itself. Pure.

It knows nothing of what is rolled out: settings or a release. One box is first, then a tenth of all, then the
rest. A stage begins when every box of the one before has confirmed; one box that goes back, refuses, or is
not heard again after it got the new thing halts the rollout, until a person lets it go on without that box.
One that can take nothing of the kind is not waited for.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

FIRST_BOXES: Final = 1
FIRST_SHARE: Final = 10
"""The second stage is a tenth."""


class Step(enum.StrEnum):
    """How far one box has come; the values are kept in the database."""

    WAITING = "waiting"
    """Its stage has not begun."""
    SENT = "sent"
    """Queued for it; not known to have come. A box that is switched off stays here, and breaks nothing."""
    ARRIVED = "arrived"
    """It acknowledged that it came."""
    TRYING = "trying"
    """It said that it runs it on probation."""
    CONFIRMED = "confirmed"
    """It said that it keeps it."""
    WENT_BACK = "went_back"
    """It said that it went back to what it had before."""
    REFUSED = "refused"
    """It said that it cannot use it, and changed nothing."""
    TAKES_NONE = "takes_none"
    """It was heard for long enough after it was offered, and is one that can take nothing of the kind. Nobody
    waits for it, and it breaks nothing; should it take it after all, its word counts."""


_HEARD: Final = (Step.ARRIVED, Step.TRYING, Step.CONFIRMED, Step.WENT_BACK, Step.REFUSED)
FAILED: Final = frozenset({Step.WENT_BACK, Step.REFUSED})
_HAS_IT: Final = frozenset({Step.SENT, Step.ARRIVED, Step.TRYING, Step.CONFIRMED, Step.TAKES_NONE})


class Condition(enum.StrEnum):
    """How a rollout stands."""

    RUNNING = "running"
    HALTED = "halted"
    """By itself: a box went back, refused, or is not heard again."""
    STOPPED = "stopped"
    """By a person, for good."""
    DONE = "done"


@dataclass(frozen=True)
class RolloutBox:
    """One box of a rollout. `since` is when its step began, Unix seconds. `left_out`: a person let the
    rollout go on without it, or it is in use no more."""

    node: int
    stage: int
    step: Step = Step.WAITING
    since: float = 0.0
    left_out: bool = False


@dataclass(frozen=True)
class Look:
    """What a look at all boxes of a rollout says: `stage` is the last one that has begun (-1: none), `begin`
    are the boxes to send it to now, `halted_by` those that halt it."""

    condition: Condition
    stage: int
    begin: tuple[int, ...] = ()
    halted_by: tuple[int, ...] = ()


def stage_sizes(count: int) -> tuple[int, ...]:
    """Return how many boxes each stage has: one, a tenth of all (at least one), the rest."""
    sizes: list[int] = []
    for size in (FIRST_BOXES, -(-count // FIRST_SHARE), count):
        taken = min(size, count - sum(sizes))
        if taken:
            sizes.append(taken)
    return tuple(sizes)


def planned(nodes: Sequence[int]) -> tuple[RolloutBox, ...]:
    """Return the boxes of a new rollout in stages, in the order given: put first whom you can reach."""
    stages = [stage for stage, size in enumerate(stage_sizes(len(nodes))) for _ in range(size)]
    return tuple(RolloutBox(node, stage) for node, stage in zip(nodes, stages, strict=True))


def sent(box: RolloutBox, now: float) -> RolloutBox:
    """Return the box to which it was queued just now."""
    return replace(box, step=Step.SENT, since=now)


def heard(box: RolloutBox, step: Step, now: float) -> RolloutBox:
    """Return the box after it was heard to have come to a step.

    Words may come late and in any order: no step is taken back, but a box that kept it may still go back.
    What was never sent to a box is not heard of.
    """
    if box.step is Step.WAITING or box.step in FAILED or step not in _HEARD:
        return box
    if box.step in _HEARD and _HEARD.index(step) <= _HEARD.index(box.step):
        return box
    return replace(box, step=step, since=now)


def takes_none(box: RolloutBox, now: float) -> RolloutBox:
    """Return the box of which nothing was heard that it can take such a thing at all."""
    return replace(box, step=Step.TAKES_NONE, since=now) if box.step is Step.SENT else box


def is_lost(box: RolloutBox, now: float, overdue_s: float) -> bool:
    """Return whether a box that has it should have been heard again by now."""
    return box.step in (Step.ARRIVED, Step.TRYING) and now - box.since > overdue_s


def look(boxes: Sequence[RolloutBox], *, stopped: bool, now: float, overdue_s: float) -> Look:
    """Say how a rollout stands and who gets it now.

    As long as no box has confirmed, boxes get it one at a time: a first stage that was left out proves
    nothing.
    """
    counted = [box for box in boxes if not box.left_out and box.step is not Step.TAKES_NONE]
    begun = max((box.stage for box in boxes if box.step is not Step.WAITING), default=-1)
    if stopped:
        return Look(Condition.STOPPED, begun)
    failing = [box.node for box in counted if box.step in FAILED or is_lost(box, now, overdue_s)]
    if failing:
        return Look(Condition.HALTED, begun, halted_by=tuple(failing))
    waiting = [box for box in counted if box.step is Step.WAITING]
    if not waiting:
        is_done = all(box.step is Step.CONFIRMED for box in counted)
        return Look(Condition.DONE if is_done else Condition.RUNNING, begun)
    following = min(box.stage for box in waiting)
    begin = tuple(box.node for box in waiting if box.stage == following)
    if not any(box.step is Step.CONFIRMED for box in boxes):
        under_way = any(box.step is not Step.WAITING for box in counted)
        begin = () if under_way else begin[:1]
    elif any(box.stage < following and box.step is not Step.CONFIRMED for box in counted):
        begin = ()
    return Look(Condition.RUNNING, begun, begin=begin)


def to_undo(boxes: Sequence[RolloutBox]) -> tuple[int, ...]:
    """Return the boxes that have it, or may yet get it, and need what they had before."""
    return tuple(box.node for box in boxes if box.step in _HAS_IT)
