"""The measurement counts what is there: no figure of speed is judged here."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from village_node import site_benchmark
from village_node.site_benchmark import BenchFailed, disk_commits_per_s, measure_site, memory_mb


@pytest.mark.slow
def test_every_report_whose_code_was_shown_is_counted_in_the_database(tmp_path: Path) -> None:
    progress: list[int] = []
    result = measure_site(tmp_path, phones=3, seconds=2, dense=True, on_second=progress.append)
    assert result["reports"] > 0
    assert result["durable"] == result["reports"]
    assert result["lost"] == result["refused"] == 0
    assert result["p50_ms"] <= result["p99_ms"] <= result["worst_ms"]
    assert result["disk_commits_per_s"] > 0
    assert progress == sorted(progress)


def test_a_report_that_is_not_in_the_database_is_a_lost_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = site_benchmark._kept

    def one_gone(folder: Path) -> int:
        return real(folder) - 1

    monkeypatch.setattr(site_benchmark, "_kept", one_gone)
    assert measure_site(tmp_path, phones=1, seconds=1, dense=False, on_second=lambda _: None)["lost"] == 1


def test_a_node_that_does_not_start_is_named(tmp_path: Path) -> None:
    (tmp_path / "hub").write_text("a file where a folder should be")
    with pytest.raises(BenchFailed, match="hub init"):
        measure_site(tmp_path, phones=1, seconds=1, dense=False, on_second=lambda _: None)


def test_the_disk_is_measured_as_the_node_opens_it_and_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    real: Any = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> Any:
        connection = real(*arguments, **options)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", watched)
    assert disk_commits_per_s(tmp_path, 0.1) > 0
    assert "PRAGMA journal_mode=WAL" in said
    assert "PRAGMA synchronous=FULL" in said
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_gone_has_no_memory() -> None:
    with pytest.raises(OSError, match="proc"):
        memory_mb(2**22 + 1)
