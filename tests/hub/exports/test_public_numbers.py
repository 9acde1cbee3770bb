"""Numbers for the public: a quarter once, by a supervisor of everything, nothing small."""

from __future__ import annotations

import csv
import datetime
import io
import json
from zoneinfo import ZoneInfo

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from village import OTHER_VILLAGE, Region

from hub.exports.counting import Count
from hub.exports.models import PublicTable
from hub.exports.public_numbers import OFFERED_QUARTERS, shown_rows, weeks_of
from hub.exports.services import ExportRefused
from hub.services import SignedIn
from hub.storage.statements import insert_rows

ZONE = ZoneInfo("Asia/Makassar")
AFTER_S = 120 * 86_400


def made(region: Region, form: str = "csv") -> bytes:
    numbers = region.hub.store.sharing.public_numbers
    return b"".join(numbers.public_file("2027-1", form, "Laporan tahunan", who=BUDI).pieces)


def test_quarters_share_no_week_and_leave_none_out() -> None:
    mondays = [
        week.monday for year in (2026, 2027, 2028) for n in range(1, 5) for week in weeks_of(year, n, ZONE)
    ]
    assert mondays[0] == datetime.date(2026, 1, 5)
    assert {(b - a).days for a, b in zip(mondays, mondays[1:], strict=False)} == {7}
    week = weeks_of(2027, 4, ZONE)[-1]
    assert (week.monday, week.ends_at - week.begins_at) == (datetime.date(2027, 12, 27), 7 * 86_400)


def test_a_quarter_is_counted_once_for_good(region: Region) -> None:
    arrive(region, *(f"Satu {n}" for n in range(12)))
    arrive(region, *(f"Dua {n}" for n in range(13)), village=OTHER_VILLAGE)
    arrive(region, "Sedikit", village=OTHER_VILLAGE, kind="victim")
    with pytest.raises(ExportRefused, match="Pilih triwulan"):
        made(region)
    region.clock.advance(AFTER_S)
    first = made(region)
    header, tags, *rows = csv.reader(io.StringIO(first.decode("utf-8-sig")))
    assert (header[-1], tags[-1]) == ("Jumlah", "#event+num")
    assert [(row[0], row[2], row[3], row[4]) for row in rows][:1] == [("", "semua", "semua", "26")]
    assert ("52", "semua", "semua", "12") in [(row[0], row[2], row[3], row[4]) for row in rows]
    assert all(int(row[4]) >= 11 for row in rows)
    assert "Korban" not in first.decode()
    # One more or less changes nothing any more: the difference would tell of it.
    region.hub.store.database.execute_sql("DELETE FROM report WHERE kind = 'victim'")
    assert made(region) == first
    features = json.loads(made(region, "geojson"))["features"]
    assert len(features) == len(rows)
    entry = [kept.entry for kept in region.hub.store.audit.entries()][-1]
    assert (entry.by, entry.what, entry.reason) == ("budi", "public numbers exported", "Laporan tahunan")
    assert entry.about == f"export public.geojson quarter=2027-1 rows={len(rows)}"


def test_nobody_else_publishes(region: Region) -> None:
    region.clock.advance(AFTER_S)
    numbers = region.hub.store.sharing.public_numbers
    for who in (SARI, SignedIn("k", "administrator"), SignedIn("b", "supervisor", ("52",))):
        with pytest.raises(ExportRefused, match="seluruh wilayah"):
            numbers.public_file("2027-1", "csv", "x", who=who)
    for quarter, form, reason in (("2027-1", "csv", " "), ("2027-1", "xlsx", "x"), ("2027-3", "csv", "x")):
        with pytest.raises(ExportRefused):
            numbers.public_file(quarter, form, reason, who=BUDI)
    assert "2027-1" in numbers.quarters()


def test_after_many_published_quarters_the_next_is_offered(region: Region) -> None:
    region.clock.advance(AFTER_S)
    numbers = region.hub.store.sharing.public_numbers
    old = [f"{year}-{number}" for year in (2023, 2024) for number in range(1, 5)]
    rows = [{"quarter": one, "body": "{}", "made_at": 0.0, "made_by": "budi"} for one in old]
    region.hub.store.writer.run(lambda: insert_rows(region.hub.store.database, PublicTable, rows))
    offered = numbers.quarters()
    assert offered[0] == "2027-1"
    assert len(offered) == OFFERED_QUARTERS + len(old)
    assert set(old) <= set(offered)
    assert made(region)


def test_nothing_and_few_look_alike() -> None:
    weeks = weeks_of(2027, 1, ZONE)
    monday = weeks[0].monday
    some = [Count("52.02", monday, "victim", 20), Count("52.03", monday, "victim", 30)]
    few = [*some, Count("52.02", monday, "other", 0)]
    assert shown_rows(some, weeks) == shown_rows(few, weeks)
    assert [None, None, None, 50] in shown_rows(some, weeks)
    assert not any(count == 0 for *_, count in shown_rows(some, weeks))


def test_a_regency_that_is_small_alone_does_not_follow_from_the_others() -> None:
    weeks = weeks_of(2027, 1, ZONE)
    told = {"52.02": 5, "52.03": 20, "52.04": 30}
    counts = [Count(regency, weeks[0].monday, "victim", count) for regency, count in told.items()]
    shown = {(area, kind): count for area, kind, _, count in shown_rows(counts, weeks)}
    assert (shown[None, None], shown["52", None], shown["52.04", None]) == (55, 55, 30)
    # One of these alone would be 55 - 30 - the other.
    assert not {"52.02", "52.03"} & {area for area, _ in shown}
