"""A merge moves what a case holds, and can be taken apart again."""

from __future__ import annotations

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from village import Region

from hub.cases.cases import Cases


@pytest.fixture
def cases(region: Region) -> Cases:
    return region.hub.store.cases


def test_a_merge_is_taken_apart_into_what_each_brought(region: Region, cases: Cases) -> None:
    one, two, three = arrive(region, "satu", "dua", "tiga")
    source, target = cases.open("A", who=SARI), cases.open("B", who=SARI)
    cases.add_reports(source, [one, two], who=SARI)
    cases.add_person(source, "Pak Contoh", "", "", who=SARI)
    cases.add_reports(target, [three], who=SARI)
    cases.merge(source, target, "orang yang sama", who=SARI)
    view = cases.view(target, who=SARI)
    assert {row.report.id for row in view.reports} == {one, two, three}
    assert [person.name for person in view.people] == ["Pak Contoh"]
    assert cases.view(source, who=SARI).merged_into == target
    cases.take_out(target, two, "keliru", who=SARI)
    cases.add_place(target, "Batam", who=SARI)
    cases.undo_merge(target, view.merges[0].id, "ternyata lain", who=BUDI)
    apart = cases.view(source, who=SARI)
    assert (apart.row.state, apart.merged_into) == ("open", None)
    assert [row.report.id for row in apart.reports] == [one]
    assert [person.name for person in apart.people] == ["Pak Contoh"]
    assert [row.report.id for row in cases.view(target, who=SARI).reports] == [three]
    assert cases.view(target, who=SARI).merges == ()
