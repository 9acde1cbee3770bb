"""Cases: what they hold, their history, closing, merging and taking apart again."""

from __future__ import annotations

import datetime

import pytest
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import Region, dump

from hub.cases.case_services import UnknownCase
from hub.cases.cases import Cases
from hub.cases.states import StepRefused


@pytest.fixture
def cases(region: Region) -> Cases:
    region.hub.store.accounts.add("sari", "analyst", "kentongan bertalu")
    return region.hub.store.cases


def due(region: Region, days: int) -> datetime.date:
    return region.hub.store.inbox.today() + datetime.timedelta(days)


def test_numbers_are_year_and_serial(region: Region, cases: Cases) -> None:
    year = region.hub.store.inbox.today().year
    assert [cases.open(f"Kasus {n}", who=SARI) for n in range(2)] == [f"{year}-0001", f"{year}-0002"]
    region.clock.advance(366 * 86_400)
    assert cases.open("Tahun depan", who=SARI) == f"{year + 1}-0001"


def test_a_report_is_in_one_case_at_most(region: Region, cases: Cases) -> None:
    one, two = arrive(region, "satu", "dua")
    first, second = cases.open("A", who=SARI), cases.open("B", who=SARI)
    assert cases.add_reports(first, [one, two, one], who=SARI).done == (one, two)
    outcome = cases.add_reports(second, [one, "ffffffffffffffff.0.1"], who=SARI)
    assert outcome.done == ()
    assert outcome.refused[one] == f"Laporan sudah ada di kasus {first}."
    assert cases.of_report(one) == first
    with pytest.raises(StepRefused, match="alasan"):
        cases.take_out(first, one, "", who=SARI)
    cases.take_out(first, one, "bukan orang yang sama", who=SARI)
    assert cases.of_report(one) is None
    assert {row.report.id for row in cases.view(first, who=SARI).reports} == {two}


def test_a_case_holds_people_places_and_tasks(region: Region, cases: Cases) -> None:
    number = cases.open("Batam", who=SARI)
    cases.add_person(number, " Pak  Contoh ", "0812-0000-4321\r\n\r\n+62 813 0000 1", "calo", who=SARI)
    cases.add_place(number, "Pelabuhan Contoh", who=SARI)
    cases.add_task(number, "Telepon BP3MI", due(region, 1), "sari", who=BUDI)
    cases.comment(number, "Menunggu jawaban", who=SARI)
    view = cases.view(number, who=SARI)
    [person] = view.people
    assert (person.name, person.phones) == ("Pak Contoh", ("0812-0000-4321", "+62 813 0000 1"))
    assert [text for _, text in view.places] == ["Pelabuhan Contoh"]
    [task] = view.tasks
    assert (task.due, task.assignee, task.late) == (due(region, 1), "sari", False)
    region.clock.advance(2 * 86_400)
    assert cases.view(number, who=SARI).row.late == 1
    cases.finish_task(number, task.id, who=SARI)
    assert cases.view(number, who=SARI).row.late == 0
    with pytest.raises(StepRefused):
        cases.finish_task(number, task.id, who=SARI)
    assert [comment.text for comment in view.comments] == ["Menunggu jawaban"]


def test_who_was_put_there_wrongly_is_removed_from_history_and_search(region: Region, cases: Cases) -> None:
    number = cases.open("Batam", who=SARI)
    cases.add_person(number, "Zebrafinken", "", "", who=SARI)
    [person] = cases.view(number, who=SARI).people
    search = region.hub.store.search
    assert search.search("zebrafinken", before=None, limit=5, who=SARI)[0][0].ref == number
    cases.remove_person(number, person.id, "orang lain", who=SARI)
    assert search.search("zebrafinken", before=None, limit=5, who=SARI)[0] == []
    rows = dump(region.hub_folder)
    assert not [table for table, held in rows.items() if table.startswith("case") and "Zebra" in repr(held)]


def test_what_is_wrong_is_refused_and_changes_nothing(region: Region, cases: Cases) -> None:
    number = cases.open("A", who=SARI)
    before = dump(region.hub_folder)
    for wrong in (
        lambda: cases.open(" ", who=SARI),
        lambda: cases.add_person(number, "", "", "", who=SARI),
        lambda: cases.add_person(number, "A", "1" * 1001, "", who=SARI),
        lambda: cases.add_place(number, "x" * 121, who=SARI),
        lambda: cases.add_task(number, "A", None, None, who=SARI),
        lambda: cases.add_task(number, "A", due(region, 1), "nobody", who=SARI),
        lambda: cases.remove_person(number, 99, "x", who=SARI),
        lambda: cases.close(number, "open", "x", who=SARI),
        lambda: cases.close(number, "safe", " ", who=SARI),
        lambda: cases.reopen(number, "x", who=SARI),
        lambda: cases.merge(number, number, "x", who=SARI),
        lambda: cases.merge(number, "1999-0001", "x", who=SARI),
        lambda: cases.undo_merge(number, 1, "x", who=SARI),
    ):
        with pytest.raises(StepRefused):
            wrong()
    assert dump(region.hub_folder) == before
    with pytest.raises(UnknownCase):
        cases.view("1999-0001", who=SARI)


def test_a_closed_case_is_opened_again_with_a_reason(region: Region, cases: Cases) -> None:
    number = cases.open("A", who=SARI)
    cases.close(number, "handed_over", "ke BP3MI", who=SARI)
    with pytest.raises(StepRefused, match="buka lagi"):
        cases.add_place(number, "Batam", who=SARI)
    assert [row.outcome for row in cases.rows("closed", before=None, limit=9, who=SARI)[0]] == ["handed_over"]
    cases.reopen(number, "ada laporan baru", who=BUDI)
    steps = [(step.by, step.what, step.reason) for step in cases.view(number, who=SARI).history]
    assert steps == [
        ("sari", "opened", ""),
        ("sari", "closed", "ke BP3MI"),
        ("budi", "reopened", "ada laporan baru"),
    ]


def test_every_look_and_change_is_noted(region: Region, cases: Cases) -> None:
    number = cases.open("A", who=SARI)
    cases.add_place(number, "Batam", who=BUDI)
    cases.view(number, who=BUDI)
    about = f"case {number}"
    assert noted(region) == [
        ("sari", "opened", about),
        ("budi", "place added", about),
        ("budi", "read", about),
    ]


def test_pages_of_cases_go_down(region: Region, cases: Cases) -> None:
    numbers = [cases.open(f"Kasus {n}", who=SARI) for n in range(5)]
    first, before = cases.rows("open", before=None, limit=3, who=SARI)
    second, end = cases.rows("open", before=before, limit=3, who=SARI)
    assert [row.number for row in first + second] == numbers[::-1]
    assert end is None
