"""Each measure names tests that the threat model names too."""

from __future__ import annotations

from pathlib import Path

from hub.dpia.risks import RISKS

MODEL = Path(__file__).parents[3] / "docs" / "threat-model.md"


def test_each_test_stands_in_the_threat_model() -> None:
    text = MODEL.read_text("utf-8")
    missing = [test for risk in RISKS for test in risk.tests if f"`{test}`" not in text]
    assert missing == []
    assert all(risk.tests for risk in RISKS)
