"""The states of a signal: whatever steps are tried, what is promised of them holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases.states import StepRefused
from hub.warning.risk import Cell
from hub.warning.states import (
    CLOSED,
    OUTCOMES,
    STATES,
    VERDICTS,
    WAYS,
    Standing,
    check_assessment,
    check_move,
    needs_reason,
)

CELLS = st.builds(Cell, st.integers(1, 5), st.integers(1, 5))
REASONS = st.sampled_from(["", "  ", "karena"])
MOVES = st.tuples(
    st.sampled_from([*STATES, "gone"]),
    REASONS,
    st.booleans(),
    st.sampled_from([None, *VERDICTS, "maybe"]),
    st.sampled_from([None, *OUTCOMES, "won"]),
)
STEPS = st.lists(st.one_of(MOVES, st.tuples(CELLS, REASONS, st.booleans())), max_size=14)


@given(STEPS)
def test_no_row_of_steps_leads_past_the_rules(steps: list[tuple[object, ...]]) -> None:
    at = Standing()
    for step in steps:
        try:
            after = _take(at, step)
        except StepRefused:
            continue
        reason, may_close = str(step[1]).strip(), step[2]
        if isinstance(step[0], Cell):
            assert at.state in ("assessment", "response")
            assert reason
            assert may_close or not (step[0].is_high or (at.cell is not None and at.cell.is_high))
        else:
            assert after.state in WAYS[at.state]
            assert reason or not needs_reason(at.state, after.state)
            if after.state == CLOSED:
                assert may_close
                assert step[3] in VERDICTS
                assert step[4] in OUTCOMES
                assert after.cell is not None or after.verdict != "true"
        assert (after.verdict is None) == (after.state != CLOSED)
        at = after


def _take(at: Standing, step: tuple[object, ...]) -> Standing:
    if isinstance(step[0], Cell):
        return check_assessment(at, step[0], str(step[1]), may_close=bool(step[2]))
    to, reason, may_close, verdict, outcome = step
    return check_move(
        at,
        str(to),
        str(reason),
        may_close=bool(may_close),
        verdict=None if verdict is None else str(verdict),
        outcome=None if outcome is None else str(outcome),
    )


def test_from_everywhere_a_signal_can_be_closed_and_from_closed_opened_again() -> None:
    for state in STATES[:-1]:
        assert CLOSED in WAYS[state]
        with pytest.raises(StepRefused, match="penyelia"):
            check_move(Standing(state), CLOSED, "x", may_close=False, verdict="false", outcome="explained")
    with pytest.raises(StepRefused, match="alasan"):
        check_move(Standing(CLOSED, "false"), "verification", "", may_close=True)
    assert check_move(Standing(CLOSED, "false"), "verification", "lagi", may_close=False).verdict is None


def test_a_response_begins_at_once_with_a_reason_or_after_the_risk_is_known() -> None:
    assert check_move(Standing(), "response", "berangkat malam ini", may_close=False).state == "response"
    with pytest.raises(StepRefused, match="alasan"):
        check_move(Standing("verification"), "response", " ", may_close=False)
    with pytest.raises(StepRefused, match="matriks"):
        check_move(Standing("assessment"), "response", "x", may_close=False)
    known = Standing("assessment", cell=Cell(2, 2))
    assert check_move(known, "response", "", may_close=False).state == "response"
