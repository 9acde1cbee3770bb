"""Five states apart, three rules between them, and steps taken back from the end."""

from __future__ import annotations

import pytest

from hub.cases.states import (
    OUTCOME,
    REASON_MAX_CHARACTERS,
    RESPONSE,
    RISK,
    SIGNAL,
    STAGES,
    STATES,
    VALUES,
    VERIFICATION,
    States,
    Step,
    StepRefused,
    check_step,
    needs_reason,
    step_to_undo,
)


def after(*steps: tuple[str, str]) -> States:
    states = States()
    for state, value in steps:
        states = check_step(states, state, value, "sebab")
    return states


def test_a_report_begins_with_the_first_value_of_each_state() -> None:
    assert all(States().value(state) == VALUES[state][0] for state in STATES)


def test_the_states_move_in_any_order() -> None:
    assert after((RESPONSE, "begun"), (VERIFICATION, "confirmed"), (RISK, "very_high")) == after(
        (RISK, "very_high"), (VERIFICATION, "confirmed"), (RESPONSE, "begun")
    )


@pytest.mark.parametrize("state", [VERIFICATION, RISK, RESPONSE])
def test_work_on_a_report_takes_its_signal_up(state: str) -> None:
    assert after((state, VALUES[state][1])).signal == "kept"


def test_a_discarded_report_takes_no_step_but_being_taken_up_again() -> None:
    discarded = after((SIGNAL, "discarded"))
    for state in (VERIFICATION, RISK, RESPONSE, OUTCOME):
        with pytest.raises(StepRefused, match="disisihkan"):
            check_step(discarded, state, VALUES[state][1], "sebab")
    assert check_step(discarded, SIGNAL, "kept", "keliru").stage == "kept"
    with pytest.raises(StepRefused, match="alasan"):
        check_step(discarded, SIGNAL, "kept", " ")


@pytest.mark.parametrize(
    "steps", [(), ((RESPONSE, "begun"),), ((VERIFICATION, "confirmed"),), ((RISK, "low"),)]
)
def test_a_report_does_not_end_before_something_was_decided(steps: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(StepRefused, match="Hasil dicatat setelah"):
        check_step(after(*steps), OUTCOME, "safe", "sebab")


@pytest.mark.parametrize(
    "step",
    [
        (RESPONSE, "done"),
        (RESPONSE, "not_needed"),
        (VERIFICATION, "refuted"),
        (VERIFICATION, "unverifiable"),
    ],
)
def test_a_report_ends_and_is_opened_again_with_a_reason(step: tuple[str, str]) -> None:
    ended = after(step, (OUTCOME, "other"))
    assert ended.stage == "closed"
    with pytest.raises(StepRefused, match="buka lagi"):
        check_step(ended, RISK, "low", "sebab")
    with pytest.raises(StepRefused, match="alasan"):
        check_step(ended, OUTCOME, "open", "")
    assert check_step(ended, OUTCOME, "open", "ada kabar").stage != "closed"


def test_whatever_sets_aside_judges_or_ends_needs_a_reason() -> None:
    for state, values in VALUES.items():
        for value in values[1:]:
            if needs_reason(state, value):
                base = after((RESPONSE, "done")) if state == OUTCOME else States()
                with pytest.raises(StepRefused, match="alasan"):
                    check_step(base, state, value, "\n ")
    assert needs_reason(SIGNAL, "discarded")
    assert needs_reason(RISK, "low")
    assert not needs_reason(RESPONSE, "begun"), "whoever helps must not be held up by a form"


def test_what_is_no_step_is_refused() -> None:
    for state, value in (("mood", "good"), (RISK, "tiny"), (SIGNAL, "new")):
        with pytest.raises(StepRefused):
            check_step(States(), state, value, "sebab")
    with pytest.raises(StepRefused, match="500"):
        check_step(States(), RISK, "low", "x" * (REASON_MAX_CHARACTERS + 1))


def test_each_stage_is_reached() -> None:
    reached = {
        States().stage,
        after((VERIFICATION, "under_way")).stage,
        after((RESPONSE, "begun")).stage,
        after((RESPONSE, "done"), (OUTCOME, "safe")).stage,
        after((SIGNAL, "discarded")).stage,
    }
    assert reached == set(STAGES)


def test_steps_are_taken_back_from_the_end_one_after_the_other() -> None:
    one = Step(1, 0.0, "sari", SIGNAL, "new", "kept", "")
    two = Step(2, 0.0, "sari", RISK, "not_assessed", "low", "sebab")
    back = Step(3, 0.0, "sari", RISK, "low", "not_assessed", "keliru", undoes=2)
    assert step_to_undo([]) is None
    assert step_to_undo([one, two]) == two
    assert step_to_undo([one, two, back]) == one
    assert step_to_undo([one, two, back, Step(4, 0.0, "s", SIGNAL, "kept", "new", "x", undoes=1)]) is None
