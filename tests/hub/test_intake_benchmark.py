"""The measurement of the intake: what it counts is stored."""

from __future__ import annotations

from pathlib import Path

from village import quick_folder, report

from hub.intake_benchmark import BATCH, bench_store, measure, sealed_reports


def test_what_is_measured_is_stored_and_each_rate_is_there(tmp_path: Path, database_url: str | None) -> None:
    with quick_folder(tmp_path) as folder, bench_store(folder / "hub", database_url) as store:
        offered = sealed_reports(store, [report("satu"), report("dua")], 2 * (BATCH + 5), 2)
        result = measure(store, offered, runs=2)
        assert len(list(store.work.all_reports())) == 2 * (BATCH + 5)
        assert store.intake.unreadable() == 0
    assert result["database"] == ("SQLite" if database_url is None else "PostgreSQL")
    rates = ("stored_per_s", "opened_per_s", "plain_inserts_per_s", "bare_inserts_per_s")
    assert all(result[name] > 0 for name in (*rates, "ratio_to_bare"))
    assert 0 < result["ratio_lowest"] <= result["ratio"] <= result["ratio_highest"]
