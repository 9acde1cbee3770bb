"""Reports and cases as files: by filter and area, noted first, without people unless chosen."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from openpyxl import load_workbook
from referral_desk import FIELDS_OF_REPORT, NARRATIVE
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.cases.services import InboxChoice
from hub.exports import ledger
from hub.exports.columns import REPORT_COLUMNS
from hub.exports.services import ExportChoice, ExportFile, ExportRefused
from hub.services import SignedIn
from sync.wire.numbers import WithdrawalReason

ALL = InboxChoice()
FIELDS: dict[str, Any] = dict(FIELDS_OF_REPORT)
REPORTS = ExportChoice("reports", "csv", ALL)
LOMBOK = SignedIn("lombok", "supervisor", (VILLAGE[:5],))
TOLD = ("Wayan", "4321", "Melati", "Batam", "0813", "wayan.contoh", "PT Contoh")


def rows_of(file: ExportFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(file.pieces).decode("utf-8-sig"))))


def entries(region: Region) -> list[tuple[str, str, str, str]]:
    found = [kept.entry for kept in region.hub.store.audit.entries()]
    return [(one.by, one.what, one.about, one.reason) for one in found if "exported" in one.what]


def test_a_list_is_exported_by_filter_without_people(region: Region) -> None:
    first, second = arrive(region, NARRATIVE, "Lain Wayan", **FIELDS)
    arrive(region, "Lain", village=OTHER_VILLAGE, kind="victim")
    exports = region.hub.store.sharing.exports
    header, tags, *rows = rows_of(exports.table(REPORTS, who=SARI))
    assert (header[0], tags[0], len(rows)) == ("Nomor", "#meta+id", 3)
    only = replace(REPORTS, of=InboxChoice(kind="recruiter", area="52.02"))
    file = exports.table(only, who=SARI)
    rows = rows_of(file)[2:]
    assert {row[0] for row in rows} == {first, second}
    assert not any(word in cell for word in TOLD for row in rows for cell in row)
    assert file.name == "laporan.csv"
    assert entries(region) == [
        ("sari", "reports exported", "export reports.csv rows=3", ""),
        ("sari", "reports exported", "export reports.csv area=52.02 kind=recruiter rows=2", ""),
    ]


def test_the_entry_stands_before_the_first_byte(region: Region) -> None:
    arrive(region, NARRATIVE)
    file = region.hub.store.sharing.exports.table(REPORTS, who=SARI)
    assert len(entries(region)) == 1
    assert b"Nomor" in next(file.pieces)


def test_people_are_exported_by_a_supervisor_with_a_reason_alone(region: Region) -> None:
    [report] = arrive(
        region,
        NARRATIVE,
        position={"lat_e5": -812345, "lon_e5": 11612345},
        official_involved=True,
        language="id",
        channel="web",
        **{
            **FIELDS,
            "recruiter": {
                **FIELDS["recruiter"],
                "alias": "Pak W",
                "vehicle_plate": "DR 1 X",
                "licence_shown": False,
            },
            "offer": {**FIELDS["offer"], "fee_idr": 9, "departure_on": "2027-02-01"},
            "people": {"women": 2, "men": 3, "children": 1},
            "reporter": {**FIELDS["reporter"], "contact_safely": "malam"},
        },
    )
    exports = region.hub.store.sharing.exports
    asked = replace(REPORTS, personal=True, reason=" Untuk  BP3MI ")
    for refused, who in (
        (asked, SARI),
        (asked, SignedIn("k", "administrator")),
        (replace(asked, reason=" "), BUDI),
    ):
        with pytest.raises(ExportRefused):
            exports.table(refused, who=who)
    assert entries(region) == []
    _, tags, row = rows_of(exports.table(asked, who=BUDI))
    told = dict(zip(tags, row, strict=True))
    assert [tag for tag, cell in told.items() if not cell] == [
        "#meta+case+id",
        "#contact+staff+name",
        "#description+added",
    ], "a field of a report has no column, or the wrong one"
    assert told["#meta+id"] == report
    assert told["#description+narrative"] == NARRATIVE
    assert told["#geo+lat"] == "'-8.12345"
    assert entries(region)[-1] == (
        "budi",
        "reports exported",
        "export reports.csv personal rows=1",
        "Untuk BP3MI",
    )


def test_an_area_sees_its_own_reports_and_cases(region: Region) -> None:
    here, there = arrive(region, NARRATIVE), arrive(region, NARRATIVE, village=OTHER_VILLAGE)
    cases = region.hub.store.cases
    mine, both, other = (cases.open(f"Kasus {n}", who=SARI) for n in range(3))
    assert cases.add_reports(mine, here, who=SARI).done
    more = arrive(region, "Lagi", village=OTHER_VILLAGE)
    cases.add_reports(both, more, who=SARI)
    cases.add_reports(other, there, who=SARI)
    exports = region.hub.store.sharing.exports
    rows = rows_of(exports.table(replace(REPORTS, personal=True, reason="x"), who=LOMBOK))[2:]
    assert [row[0] for row in rows] == here
    rows = rows_of(exports.table(replace(REPORTS, table="cases"), who=LOMBOK))[2:]
    assert [(row[0], row[4]) for row in rows] == [(mine, "1")]
    chosen = replace(REPORTS, table="cases", of=InboxChoice(area="53"))
    rows = rows_of(exports.table(chosen, who=SARI))[2:]
    assert [row[0] for row in rows] == [both, other]
    assert "Kasus" not in repr(rows), "titles are free text"


def test_a_report_that_left_the_area_s_sight_meanwhile_is_not_read(region: Region) -> None:
    arrive(region, NARRATIVE)
    records = region.hub.store.sharing.exports.report_records
    [report] = arrive(region, "Lain", village=OTHER_VILLAGE)
    assert records([report], LOMBOK) == []
    assert len(records([report], SARI)) == 1


def test_a_report_that_was_taken_back_keeps_people_to_itself(region: Region) -> None:
    taken = region.file(NARRATIVE)
    region.exchange()
    assert taken.code is not None
    region.node().withdraw_report(taken.code, WithdrawalReason.FEAR, form_token="0" * 32)
    region.settle()
    file = region.hub.store.sharing.exports.table(replace(REPORTS, personal=True, reason="x"), who=BUDI)
    _, tags, *rows = rows_of(file)
    for row in rows:
        told = dict(zip(tags, row, strict=True))
        assert told["#status+withdrawn"] == "ya"
        assert [c.hashtag for c in REPORT_COLUMNS if c.personal and told[c.hashtag]] == []
    assert len(rows) == 1


def test_a_workbook_holds_the_same_rows(region: Region) -> None:
    arrive(region, NARRATIVE, **FIELDS)
    exports = region.hub.store.sharing.exports
    asked = replace(REPORTS, form="xlsx", personal=True, reason="x")
    content = b"".join(exports.table(asked, who=BUDI).pieces)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    read = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told = dict(zip(read[1], read[2], strict=True))
    assert (told["#org+recruiter+name"], told["#value+wage+idr"]) == ("=PT Contoh", 5_000_000)


def test_rows_are_limited_within_a_day(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ROWS_A_DAY", 3)
    arrive(region, "Satu", "Dua")
    exports = region.hub.store.sharing.exports
    exports.table(REPORTS, who=SARI)
    with pytest.raises(ExportRefused, match="tersisa 1, ini 2"):
        exports.table(REPORTS, who=SARI)
    assert len(entries(region)) == 1, "what is refused is not noted"
    exports.table(REPORTS, who=BUDI)
    region.clock.advance(86_500)
    exports.table(REPORTS, who=SARI)


def test_counts_are_points_and_outlines(region: Region) -> None:
    arrive(region, "Satu", "Dua")
    arrive(region, "Tiga", village=OTHER_VILLAGE, kind="victim")
    exports = region.hub.store.sharing.exports
    points = json.loads(b"".join(exports.counts(4, "regencies", who=SARI).pieces))["features"]
    assert [(f["properties"]["code"], f["properties"]["kind"], f["properties"]["count"]) for f in points] == [
        ("52.02", "recruiter", 2),
        ("53.18", "victim", 1),
    ]
    [one] = json.loads(b"".join(exports.counts(4, "provinces", who=LOMBOK).pieces))["features"]
    assert (one["properties"]["code"], one["properties"]["count"]) == ("52", 2)
    assert entries(region)[-1] == ("lombok", "counts exported", "export provinces.geojson weeks=4 rows=1", "")


def test_what_a_reporter_added_stands_beside_the_narrative(region: Region) -> None:
    taken = region.file(NARRATIVE)
    region.exchange()
    assert taken.code is not None
    region.node().add_to_report(taken.code, "Kapal biru", urgent=False, question=None, form_token="1" * 32)
    region.settle()
    file = region.hub.store.sharing.exports.table(replace(REPORTS, personal=True, reason="x"), who=BUDI)
    _, tags, row = rows_of(file)
    assert dict(zip(tags, row, strict=True))["#description+added"] == "Kapal biru"
