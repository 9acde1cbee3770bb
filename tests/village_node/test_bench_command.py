from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from village_node import bench_command
from village_node.bench_command import site
from village_node.site_benchmark import BenchFailed

FIGURES = {"reports": 5, "durable": 5, "lost": 0}


def answering(result: dict[str, Any] | Exception) -> Any:
    def measured(_folder: Path, **_options: Any) -> dict[str, Any]:
        if isinstance(result, Exception):
            raise result
        return result

    return measured


def test_figures_come_as_json_or_as_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_command, "measure_site", answering(FIGURES))
    assert json.loads(CliRunner().invoke(site, ["--json"]).stdout) == FIGURES
    assert "durable" in CliRunner().invoke(site, []).stdout


def test_a_lost_report_or_a_failed_start_is_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    for result in (FIGURES | {"lost": 1}, BenchFailed("the node did not start")):
        monkeypatch.setattr(bench_command, "measure_site", answering(result))
        assert CliRunner().invoke(site, ["--json"]).exit_code == 1
