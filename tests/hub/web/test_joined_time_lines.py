"""Time lines of a case and of a person of interest: what stands there, for whom, and what is noted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from duty_people import account
from inbox_arrivals import arrive, noted
from linked_reports import BUDI, LinkedReports
from PIL import Image
from village import Region, quick_folder

from tests.hub.web.test_duty_pages import Desk


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        account(region, "sari", "analyst")
        account(region, "ani", "analyst", "11")
        yield region
        region.close()


def case_of(region: Region, *reports: str) -> str:
    cases = region.hub.store.cases
    number = cases.open("Judul yang tidak keluar", who=BUDI)
    cases.add_reports(number, list(reports), who=BUDI)
    region.clock.advance(7200)
    cases.add_task(number, "Telepon yang tidak keluar", region.hub.store.inbox.today(), "sari", who=BUDI)
    return number


def test_a_case_shows_its_reports_and_steps_in_order_and_quotes_nobody(region: Region) -> None:
    [report] = arrive(region, "Cerita yang tidak keluar")
    case = case_of(region, report)
    page = Desk(region, "sari").read(f"/kasus/{case}/garis-waktu")
    words = ["Perekrut atau calo, 52.02.08.2001", "Kasus dibuka", "Laporan dimasukkan", "Tugas ditambahkan"]
    table = page.split("<tbody>")[1]
    assert [table.index(word) for word in words] == sorted(table.index(word) for word in words)
    assert "2 jam kemudian" in page
    assert "tidak keluar" not in page
    assert f'href="/kasus/{case}"' in page


def test_a_person_shows_reports_and_decisions_undone_ones_too(region: Region) -> None:
    first, second, third = LinkedReports(region).three_villages()
    people = region.hub.store.people
    people.decide("recruiter", first, second, same=True, reason="Alasan yang tidak keluar", who=BUDI)
    region.clock.advance(60)
    apart = people.decide("recruiter", second, third, same=False, reason="x", who=BUDI)
    region.clock.advance(60)
    people.undo(apart, reason="y", who=BUDI)
    page = Desk(region, "sari").read("/orang/1/garis-waktu")
    table = page.split("<tbody>")[1]
    assert table.count("Laporan diterima") == 2
    assert table.index("dinyatakan sama, budi") < table.index("dinyatakan lain, budi")
    assert table.index("dinyatakan lain") < table.index("dibatalkan, budi")
    assert "tidak keluar" not in page


def test_both_files_come_and_every_look_is_noted(region: Region) -> None:
    [report] = arrive(region, "satu")
    case = case_of(region, report)
    sari = Desk(region, "sari")
    before = len(noted(region))
    svg = sari.client.get(f"/kasus/{case}/garis-waktu.svg")
    assert svg.data.startswith(b"<svg")
    png = sari.client.get(f"/kasus/{case}/garis-waktu.png")
    assert Image.open(io.BytesIO(png.data)).size[0] == 1140
    for answer in (svg, png):
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="garis-waktu.')
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert [entry[0] for entry in noted(region)[before:]] == ["sari", "sari"]


def test_another_area_and_an_unknown_number_are_alike(region: Region) -> None:
    first, second, _ = LinkedReports(region).three_villages()
    region.hub.store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    [report] = arrive(region, "satu", village="52.02.08.2002")
    case = case_of(region, report)
    for name, paths in (
        ("ani", (f"/kasus/{case}", "/orang/1")),
        ("sari", ("/kasus/2099-0009", "/orang/99", "/peristiwa/1")),
    ):
        desk = Desk(region, name)
        for path in paths:
            for ending in ("", ".svg", ".png"):
                assert desk.client.get(f"{path}/garis-waktu{ending}").status_code == 404
