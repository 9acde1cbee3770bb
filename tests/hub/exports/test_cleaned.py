"""Who was wrongly named leaves in no file: not in a field, not in a text, not in a case."""

from __future__ import annotations

import csv
import io
from typing import Any

from inbox_arrivals import BUDI
from linked_reports import LinkedReports
from village import Region

from hub.cases.services import InboxChoice
from hub.exports.cleaned import cleaned
from hub.exports.services import ExportChoice
from sync.records import check_report

SAID = ("wayan", "contoe", "contohe", "0000 4321", "0000-4321", "00004321")


def table(region: Region, what: str) -> list[dict[str, str]]:
    choice = ExportChoice(what, "csv", InboxChoice(), personal=True, reason="Untuk BP3MI")
    pieces = region.hub.store.sharing.exports.table(choice, who=BUDI).pieces
    _, tags, *rows = csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig")))
    return [dict(zip(tags, row, strict=True)) for row in rows]


def said_in(row: dict[str, str]) -> list[str]:
    return [word for word in SAID if word in repr(row).lower()]


def test_fields_and_texts_lose_the_person_and_keep_the_rest() -> None:
    fields: dict[str, Any] = {
        "recruiter": {
            "name": "Wayan Contohe",
            "alias": "Pak W",
            "phone": "0812-0000-4321",
            "company": "PT Maju",
            "social": "fb:wayan.contoh",
            "vehicle_plate": "DR 1 XY",
        },
        "offer": {"route": "Wayan antar ke Batam", "destination": "MY"},
        "place_text": "rumah Wayan Contohe",
    }
    story = "Pak Wayan Contohe (+62 812 0000 4321, DR 1 XY, wayan.contoh88) dan Joko mengajak."
    report = check_report({"kind": "recruiter", "narrative": story, **fields})
    left = cleaned(report, ("Wayan",)).to_json()
    assert [word for word in ("wayan", "4321", "dr 1", "fb:") if word in repr(left).lower()] == []
    assert left["recruiter"] == {"company": "PT Maju"}
    assert left["offer"] == {"route": "[disamarkan] antar ke Batam", "destination": "MY"}
    assert "Joko mengajak." in str(left["narrative"])
    alone = check_report({"kind": "recruiter", "narrative": "Ada.", "recruiter": {"name": "Wayan"}})
    assert cleaned(alone, ()).to_json() == {"kind": "recruiter", "narrative": "Ada."}


def test_reports_and_cases_leave_without_who_was_wrongly_named(region: Region) -> None:
    linked = LinkedReports(region)
    first, second, third = linked.three_villages(carried=True)
    store = region.hub.store
    person = store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    number = store.cases.open("Wayan Contohe di Lombok", who=BUDI)
    store.cases.add_reports(number, [second, third], who=BUDI)
    store.cases.add_person(number, "Pak Wayan Contoe", "", "", who=BUDI)
    store.cases.add_person(number, "Orang lain", "0812 0000 4321", "", who=BUDI)
    store.cases.add_person(number, "Joko", "0812-0000-7777", "", who=BUDI)
    store.cases.add_place(number, "rumah Wayan", who=BUDI)
    before = table(region, "reports"), table(region, "cases")
    assert all(said_in(row) for table in before for row in table)
    store.people.corrections.mark(person, "Orang lain dengan nama yang sama", who=BUDI)
    rows = {row["#meta+id"]: row for row in table(region, "reports")}
    for one in (first, second):
        assert said_in(rows[one]) == []
        assert (rows[one]["#status+corrected"], rows[one]["#description+route"]) == ("ya", "Batam")
    assert (rows[third]["#status+corrected"], rows[third]["#contact+recruiter+name"]) == ("tidak", "Wayan")
    [case] = table(region, "cases")
    assert said_in(case) == []
    assert case["#description+title"] == "[disamarkan] di Lombok"
    assert case["#contact+interest+name+list"] == "Joko"
    store.people.corrections.undo(person, "Ternyata benar", who=BUDI)
    assert (table(region, "reports"), table(region, "cases")) == before
