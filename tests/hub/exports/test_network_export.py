"""The network of a person as a file: by a supervisor with a reason, noted, without who may not be in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from inbox_arrivals import BUDI, SARI, noted
from linked_reports import WAYAN, LinkedReports
from village import VILLAGE, Region

from hub.exports.services import ExportRefused
from hub.people_services import UnknownGroup
from hub.services import SignedIn
from sync.wire.numbers import WithdrawalReason

WHY = "Permintaan Polda"


def read(region: Region, person: int, who: SignedIn = BUDI) -> list[dict[str, Any]]:
    file = region.hub.store.sharing.networks.stix(person, WHY, who=who)
    assert (file.name, file.media_type) == (
        f"jaringan-{person}.stix.json",
        "application/stix+json;version=2.1",
    )
    found: list[dict[str, Any]] = json.loads(b"".join(file.pieces))["objects"]
    return found


def test_a_supervisor_takes_the_network_and_it_is_noted(region: Region) -> None:
    linked = LinkedReports(region)
    first, second, _ = linked.three_villages()
    person = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    networks = region.hub.store.sharing.networks
    for who, reason in ((SARI, WHY), (SignedIn("k", "administrator"), WHY), (BUDI, " "), (BUDI, "x" * 201)):
        with pytest.raises(ExportRefused):
            networks.stix(person, reason, who=who)
    with pytest.raises(UnknownGroup):
        networks.stix(99, WHY, who=BUDI)
    before = len(noted(region))
    text = json.dumps(read(region, person))
    assert noted(region)[before:] == [
        ("budi", "network exported", f"export stix person {person} rows=2"),
        *(("budi", "network exported", about) for about in (f"person {person}", f"report {first}")),
        ("budi", "network exported", f"report {second}"),
    ]
    assert list(region.hub.store.audit.entries())[-4].entry.reason == WHY
    assert "Wayan Contohe" in text
    assert "+6281200004321" in text
    assert "Mengajak kerja" not in text, "no story"
    local = json.dumps(read(region, person, SignedIn("l", "supervisor", (VILLAGE[:5],))))
    assert "Contoe" not in local, "the spelling of a village of another area"


def test_what_was_asked_back_by_a_letter_is_left_out(region: Region) -> None:
    linked = LinkedReports(region)
    said: dict[str, Any] = {"recruiter": WAYAN, "place": VILLAGE}
    kept = region.file("Mengajak kerja.", **said)
    back = region.file("Mengajak kerja lagi.", **{**said, "recruiter": {**WAYAN, "alias": "Pak Tarik"}})
    region.exchange()
    linked.link()
    first, second = kept.envelope_id or "", back.envelope_id or ""
    number = region.hub.store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    assert "Pak Tarik" in json.dumps(read(region, number))
    region.hub.store.rights.open("withdrawal", second, "letter", None, None, who=BUDI)
    assert "Pak Tarik" not in json.dumps(read(region, number))


def test_reports_that_may_not_be_passed_on_and_the_wrongly_named_are_left_out(region: Region) -> None:
    linked = LinkedReports(region)
    said: dict[str, Any] = {"recruiter": WAYAN, "place": VILLAGE}
    kept = region.file("Mengajak kerja.", **said)
    taken = region.file("Mengajak kerja lagi.", **{**said, "recruiter": {**WAYAN, "alias": "Pak Tarik"}})
    refused = region.file(
        "Jangan.", reporter={"refer": False}, recruiter={**WAYAN, "alias": "Pak Tolak"}, place=VILLAGE
    )
    region.exchange()
    linked.link()
    names = [one.envelope_id or "" for one in (kept, taken, refused)]
    work = region.hub.store.people
    work.decide("recruiter", names[0], names[1], same=True, reason="", who=BUDI)
    work.decide("recruiter", names[0], names[2], same=True, reason="", who=BUDI)
    [number] = [row.number for row in work.groups("recruiter", before=None, limit=9, who=BUDI)[0]]
    assert "Pak Tarik" in json.dumps(read(region, number))
    assert "Pak Tolak" not in json.dumps(read(region, number))
    assert taken.code is not None
    region.node().withdraw_report(taken.code, WithdrawalReason.FEAR, form_token="w" * 20)
    region.settle()
    text = json.dumps(read(region, number))
    assert "Pak Tarik" not in text
    assert "Wayan Contohe" in text
    work.corrections.mark(number, "Orang lain", who=BUDI)
    with pytest.raises(UnknownGroup):
        read(region, number)
