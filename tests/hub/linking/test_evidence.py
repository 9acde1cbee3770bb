"""Fields and narrative give one picture of what a report says."""

from __future__ import annotations

from typing import Any

from hub.linking.evidence import Evidence, extract
from sync.records import check_report


def evidence(narrative: str, **fields: Any) -> Evidence:
    return extract(check_report({"kind": "recruiter", "narrative": narrative, **fields}))


def test_what_stands_only_in_the_narrative_counts_as_much_as_a_field() -> None:
    told = evidence(
        "Pak Darmaji PT Karya Bahari, 0812-0000-3141, mobil DR 0412 XQ, @darmaji_loker, ke Taiwan"
    )
    given = evidence(
        "-",
        recruiter={
            "name": "Pak Darmaji",
            "phone": "+62 812 0000 3141",
            "company": "PT. KARYA BAHARI",
            "social": "ig:darmaji_loker",
            "vehicle_plate": "dr0412xq",
        },
        offer={"destination": "TW"},
    )
    assert told.phones == given.phones
    assert told.companies == given.companies
    assert told.handles == given.handles
    assert told.plates == given.plates
    assert told.countries == given.countries
    assert {w for n in told.names for w in n.full} == {w for n in given.names for w in n.full}


def test_the_reporter_s_own_number_links_nothing() -> None:
    own = evidence("hubungi saya 0812-0000-3141", reporter={"contact": "0812 0000 3141"})
    assert own.phones == frozenset()


def test_names_of_the_narrative_count_beside_a_field_only_if_they_may_be_the_same() -> None:
    both = evidence("Om Ben ketemu Pak Sugeng", recruiter={"name": "Benyamin"})
    assert {name.words for name in both.names} == {("benyamin",), ("ben",)}


def test_a_place_beside_a_name_in_the_form_is_a_place() -> None:
    assert evidence("-", recruiter={"name": "Sri Pringgarata"}).places == {"52.02.08"}


def test_places_of_another_province_are_not_home() -> None:
    found = evidence("dibawa ke Sukamulia", place="33.01.05", offer={"route": "Pringgarata"})
    assert found.home == {"33.01.05"}
    assert "52.02.08" in found.places


def test_a_report_that_names_nobody_marks_nobody() -> None:
    assert not evidence("ada orang dibawa malam-malam").marks_recruiter
    assert evidence("0812 0000 3141 nawari kerja").marks_recruiter


def test_the_recruiter_s_own_name_is_no_word_of_the_story() -> None:
    assert "darmaji" not in evidence("Pak Darmaji datang ke gudang").words
