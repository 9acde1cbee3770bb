"""A drawn report waits until its verification is over."""

from __future__ import annotations

from dataclasses import replace

from hub.cases.drawn_reports import waits
from hub.cases.states import States
from hub.risk.services import Standing


def test_only_a_drawn_report_whose_verification_is_not_over_waits() -> None:
    drawn = Standing("low", 1, "low", "awal", drawn=True)
    assert waits(drawn, States())
    assert waits(drawn, States(verification="under_way"))
    assert not waits(drawn, States(verification="refuted"))
    assert not waits(drawn, States(verification="confirmed"))
    assert not waits(replace(drawn, drawn=False), States())
