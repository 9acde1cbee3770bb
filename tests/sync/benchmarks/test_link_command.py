"""`kentongan bench link` and `kentongan bench crowd` as tools call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sync.benchmarks.link_command import crowd, link

STORIES = ("ada orang cari tenaga kerja", "tolong, anak saya dibawa", "agen minta uang dulu")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl"
    lines = [
        json.dumps({"id": n, "report": {"kind": "other", "narrative": s}}) for n, s in enumerate(STORIES)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def call(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])  # type: ignore[arg-type]


def test_link_prints_the_figures_that_tools_rely_on(reports: Path) -> None:
    done = call(link, "--reports", reports, "--loss", 0.1, "--runs", 3, "--seed", 1, "--json", "--model", 1)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    for name in ("reports", "payload_bytes", "ideal_ms", "airtime_ms", "airtime_ratio", "ci95", "frames"):
        assert name in result
    assert result["reports"] == 3
    assert result["airtime_ratio"] == pytest.approx(result["airtime_ms"] / result["ideal_ms"], rel=1e-3)


def test_link_for_people_names_both_ways_of_sending(reports: Path) -> None:
    done = call(link, "--reports", reports, "--loss", 0, "--runs", 1, "--model", 1)
    assert done.exit_code == 0
    assert "this link" in done.stdout
    assert "stop-and-wait" in done.stdout


@pytest.mark.parametrize("command", [link, crowd])
def test_a_line_that_is_no_report_is_named_and_not_repeated(command: object, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"kind": "other", "narrative": "satu"}\n{"kind": "rahasia"}\n', encoding="utf-8")
    done = call(command, "--reports", path, "--loss", 0.1)
    assert done.exit_code == 1
    assert "line 2" in done.stderr
    assert "rahasia" not in done.output


@pytest.mark.parametrize("arguments", [["--loss", "1"], ["--loss", "-0.1"], ["--loss", "x"], []])
def test_wrong_use_is_refused(arguments: list[str], reports: Path) -> None:
    assert call(link, "--reports", reports, *arguments).exit_code == 2


def test_crowd_prints_what_arrived(reports: Path) -> None:
    options = ("--nodes", 4, "--reports-per-node", 1, "--hours", 0.5, "--loss", 0, "--json")
    done = call(crowd, "--reports", reports, *options)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["reports"] == result["delivered"] == 4
    assert result["hub_sending_share"] < 0.1
