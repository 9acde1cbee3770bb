"""The destination of a report is kept when it comes, and found by the migration in older ones."""

from __future__ import annotations

from importlib import util
from pathlib import Path

from inbox_arrivals import arrive
from village import Region

from hub.models import Report

MIGRATION = Path(__file__).parents[2] / "hub" / "migrations" / "0020_hours_and_destinations.py"


def kept(region: Region) -> dict[str, str]:
    rows = Report.select().where(Report.destination.is_null(False)).execute(region.hub.store.database)
    return {row.id: row.destination for row in rows}


def test_it_is_kept_with_the_report(region: Region) -> None:
    [first] = arrive(region, "satu", offer={"destination": "KH"})
    arrive(region, "dua", offer={"fee_idr": 1_000_000})
    arrive(region, "tiga")
    assert kept(region) == {first: "KH"}


def test_the_migration_finds_those_of_reports_that_are_here(region: Region) -> None:
    ids = arrive(region, *(f"laporan {n}" for n in range(3)), offer={"destination": "MY"})
    arrive(region, "lain")
    store = region.hub.store
    database = store.database
    for row in store.contents.reports(Report.select().execute(database)):  # then they stood there plain
        Report.update(body=row.body).where(Report.id == row.id).execute(database)
    database.execute_sql("DROP TABLE duty_hours")
    database.execute_sql("DROP INDEX IF EXISTS report_counts")
    database.execute_sql("ALTER TABLE report DROP COLUMN destination")
    database.execute_sql("CREATE INDEX report_counts ON report (received_at, kind)")
    spec = util.spec_from_file_location("migration", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["AT_ONCE"] = 2
    module.up(None, database)
    assert kept(region) == dict.fromkeys(ids, "MY")
