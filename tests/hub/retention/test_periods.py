"""Which period counts for a report."""

from __future__ import annotations

import pytest

from hub.cases.states import States
from hub.retention.periods import Periods, category_of, periods_from_json

SAFE = States("kept", "confirmed", "high", "done", "safe")


@pytest.mark.parametrize(
    ("states", "case", "category"),
    [
        (States(), None, "open"),
        (States(signal="discarded"), None, "discarded"),
        (SAFE, None, "true"),
        (SAFE.with_value("outcome", "unfounded"), None, "false"),
        (SAFE, (True, None), "open"),
        (States(signal="discarded"), (True, None), "open"),
        (States(), (False, "handed_over"), "true"),
        (SAFE, (False, "unfounded"), "false"),
    ],
)
def test_a_report_ends_as_it_did_or_with_its_case(
    states: States, case: tuple[bool, str | None] | None, category: str
) -> None:
    assert category_of(states, case) == category


def test_what_is_open_is_kept_for_ever() -> None:
    assert Periods().days("open") is None
    assert Periods().days("discarded") == Periods().shortest_days() == 365


def test_a_configuration_is_read_whole_or_refused() -> None:
    assert periods_from_json({}) == Periods()
    assert periods_from_json({"true_days": 90, "automatic": True}).days("true") == 90
    assert periods_from_json(Periods().to_json()) == Periods()
    for wrong in ({"days": 1}, {"true_days": 0}, {"true_days": True}, {"false_days": 1e9}, {"automatic": 1}):
        with pytest.raises(ValueError, match="retention has|a period is|automatic is"):
            periods_from_json(wrong)
