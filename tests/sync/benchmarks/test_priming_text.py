"""Others are primed with the text that our models are made of, in its order."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.benchmarks.priming_text import PrimingMissing, load_priming, report_files
from sync.records import check_report
from sync.wire.text_models import DENSE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def making() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "make-text-models"))


def test_the_files_and_their_order_are_those_of_the_models(making: dict[str, Any]) -> None:
    assert [Path(str(file)).resolve() for file in report_files()] == list(making["REPORTS"])


def test_words_and_sentences_are_those_of_the_models(making: dict[str, Any]) -> None:
    assert list(load_priming().lines) == [line.texts[0] for line in making["background"](DENSE)]


def test_narratives_of_the_priming_text_count_as_seen_whatever_else_differs() -> None:
    priming = load_priming()
    known = priming.reports[7]
    shouted = replace(known, narrative=f"  {known.narrative.upper()} ", channel="sms")
    fresh = check_report({"kind": "other", "narrative": "belum pernah ditulis siapa pun"})
    assert priming.seen([known, fresh, shouted]) == 2


def test_an_installation_without_the_text_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sync.benchmarks.priming_text.resources.files", lambda _: tmp_path)
    with pytest.raises(PrimingMissing, match="content/priming"):
        load_priming()
