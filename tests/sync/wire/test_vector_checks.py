"""The checks that `scripts/check-aarch64` runs on another machine miss no vector and see a wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import vector_checks
from vector_checks import CHECKS, DEFLATE, VECTORS, check_all, digest_of_sample

from sync.wire.text_models import DENSE, TEXT_MODELS

FILES = sorted(path.name for path in VECTORS.glob("*.json"))


def test_every_vector_is_checked_and_none_differs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    # The dense model takes its time, and test_report_codec reads and writes its vectors already.
    check = vector_checks._report_problem
    monkeypatch.setattr(
        vector_checks, "_report_problem", lambda case: None if case["text_model"] == DENSE else check(case)
    )
    outcomes = check_all()
    assert {name: outcome.differences for name, outcome in outcomes.items()} == {name: [] for name in FILES}
    stand = {name: len(json.loads((VECTORS / name).read_text("utf-8"))) for name in FILES}
    assert {name: outcome.checked for name, outcome in outcomes.items()} == stand
    assert set(outcomes["reports.json"].kinds) >= {f"fields 1, text {number}" for number in TEXT_MODELS}


def test_a_file_that_nobody_checks_is_a_difference(tmp_path: Path) -> None:
    (tmp_path / "later.json").write_text('[{"name": "new", "hex": "00"}]')
    assert check_all(tmp_path)["later.json"].differences == ["later.json: nobody checks this file"]


def altered(case: dict[str, object]) -> dict[str, object]:
    """Return a vector with its last byte changed."""
    if "hex" in case:
        text = str(case["hex"])
        return {**case, "hex": text[:-2] + f"{int(text[-2:], 16) ^ 1:02x}"}
    if "file" in case:
        return {**case, "file": str(case["file"]).replace('"enrolled_at": 1', '"enrolled_at": 2')}
    changed = next(name for name in ("down_sealed", "enc", "mac", "signed", "body") if name in case)
    text = str(case[changed])
    return {**case, changed: text[:-2] + f"{int(text[-2:], 16) ^ 1:02x}"}


@pytest.mark.parametrize("name", FILES)
def test_a_changed_vector_is_seen(name: str, tmp_path: Path) -> None:
    cases = json.loads((VECTORS / name).read_text("utf-8"))
    cases = [case for case in cases if case.get("text_model") != DEFLATE]
    if name == "reports.json":
        cases = [c for c in cases if c["name"] == cases[0]["name"] and c["text_model"] != DENSE]
    (tmp_path / name).write_text(json.dumps([altered(case) for case in cases]))
    outcome = check_all(tmp_path)[name]
    assert len(outcome.differences) == outcome.checked == len(cases)


def test_a_digest_depends_on_the_model_and_on_how_many() -> None:
    digests = {digest_of_sample(number, count) for number in (0, 2) for count in (1, 2)}
    assert len(digests) == 4
    assert digest_of_sample(0, 2) == digest_of_sample(0, 2)


def test_checks_are_named_for_files_that_stand() -> None:
    assert set(CHECKS) == set(FILES)
