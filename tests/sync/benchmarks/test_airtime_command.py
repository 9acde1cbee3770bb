"""`kentongan bench airtime` as a tool or a person calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kentongan import main
from sync.benchmarks.priming_text import PrimingMissing, load_priming

FRESH = {"kind": "recruiter", "narrative": "Bu Sari Contoh ngajak kerja ke Batam, belum pernah ditulis"}


def bench(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["bench", "airtime", *arguments], input=stdin)


def lines_of(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def reports(tmp_path: Path) -> str:
    file = tmp_path / "reports.jsonl"
    file.write_text(json.dumps(FRESH) + "\n" + json.dumps({"id": "x7", "truth": 1, "report": FRESH}) + "\n")
    return str(file)


def test_tools_get_a_line_a_report_and_the_totals(reports: str) -> None:
    *rows, last = lines_of(bench(reports, "--json"))
    assert [row["id"] for row in rows] == [None, "x7"]
    for row in rows:
        assert list(row) == ["id", "fields_bytes", "text_bytes", "sealed_bytes", "packets", "airtime_ms"]
    assert list(last) == ["total"]
    total = last["total"]
    assert (total["model"], total["preset"], total["limit"], total["reports"]) == (3, "LongFast", 231, 2)
    assert total["sealed_bytes"] == sum(row["sealed_bytes"] for row in rows)
    assert total["seen"] == 0
    for library, name in {"cbor2": "cbor", "brotli": "json_brotli", "pyppmd": "fields_ppmd7"}.items():
        assert (name in total["others"]) != (library in total["absent"])
    ours = total["mean_sealed_bytes"]
    assert all(other["mean_sealed_bytes"] > ours for other in total["others"].values())


def test_standard_input_a_model_a_preset_and_a_limit_may_be_given() -> None:
    arguments = ("-", "--json", "--no-others", "--limit", "219", "--preset", "ShortFast", "--model", "2")
    *_, last = lines_of(bench(*arguments, stdin=json.dumps(FRESH)))
    total = last["total"]
    assert (total["model"], total["preset"], total["limit"], total["others"]) == (2, "ShortFast", 219, {})


def test_people_get_a_table_with_bars(reports: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.benchmarks.airtime_measure.OTHERS", ())
    result = bench(reports, "--model", "2")
    assert result.exit_code == 0
    assert "kentongan, model 2" in result.stdout
    assert "###" in result.stdout
    assert "Sari" not in result.output


def test_reports_that_the_models_know_are_counted_and_warned_of(reports: str) -> None:
    known = load_priming().reports[3].to_json()
    result = bench(
        "-", "--json", "--no-others", "--model", "0", stdin=f"{json.dumps(known)}\n{json.dumps(FRESH)}"
    )
    assert lines_of(result)[-1]["total"]["seen"] == 1
    assert "1 of 2 narratives stand in the priming text" in result.stderr


def test_a_bad_line_ends_it_with_one_line_that_repeats_nothing() -> None:
    result = bench(
        "-", "--json", stdin=json.dumps(FRESH) + '\n{"kind": "other", "narrative": 7, "Sari": 1}\n'
    )
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("kentongan: line 2: ")
    assert result.stderr.count("\n") == 1
    assert "Sari" not in result.stderr


@pytest.mark.parametrize("arguments", [["--preset", "Fast"], ["--model", "9"], ["--limit", "200"]])
def test_wrong_usage_is_said(arguments: list[str], reports: str) -> None:
    assert bench(reports, *arguments).exit_code == 2


def test_missing_libraries_are_named_and_the_own_figures_come(
    reports: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    result = bench(reports, "--json", "--model", "2")
    total = lines_of(result)[-1]["total"]
    assert total["absent"] == ["brotli", "cbor2", "pyppmd", "zstandard"]
    assert total["install"] == "pip install brotli cbor2 pyppmd zstandard"
    assert sorted(total["others"]) == ["json", "json_zlib"]


def test_without_the_priming_text_the_own_figures_come(reports: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise PrimingMissing("content/priming is not there")

    monkeypatch.setattr("sync.benchmarks.priming_text.load_priming", missing)
    result = bench(reports, "--json", "--model", "2")
    total = lines_of(result)[-1]["total"]
    assert (total["seen"], total["others"]) == (None, {})
    assert "content/priming" in result.stderr
