"""The pages of cases, and reports put into one from the inbox."""

from __future__ import annotations

import re

import pytest
from inbox_arrivals import SARI, arrive
from village import Region
from werkzeug.test import TestResponse

from hub.web.case_pages import STEP_WORDS
from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields
from tests.hub.web.test_app import check_page


class Desk:
    """Somebody signed in at a hub."""

    def __init__(self, region: Region) -> None:
        region.hub.store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
        self.browser = Browser(region.hub.create_app())
        self.browser.sign_in("sari")
        self.token = hidden_fields(self.browser.read("/kasus"))["form_token"]

    def post(self, path: str, **typed: object) -> TestResponse:
        return self.browser.client.post(path, data={"form_token": self.token, **typed}, buffered=True)

    def open(self, title: str = "Batam") -> str:
        answer = self.post("/kasus", text=title)
        assert answer.status_code == 303
        return answer.headers["Location"]


@pytest.fixture
def desk(region: Region) -> Desk:
    return Desk(region)


def test_a_case_is_opened_filled_closed_and_sound(desk: Desk, region: Region) -> None:
    [report] = arrive(region, "satu", people={"children": 1})
    case = desk.open("Pelabuhan <b>Contoh</b>")
    for form, typed in (
        ("laporan", {"text": report}),
        ("orang", {"text": "Pak Contoh", "phones": "0812-0000-4321", "note": "calo"}),
        ("tempat", {"text": "Batam"}),
        ("tugas", {"text": "Telepon", "due": "2026-01-01", "to": "sari"}),
        ("komentar", {"text": "Menunggu"}),
    ):
        assert desk.post(f"{case}/{form}", **typed).status_code == 303, form
    page = desk.browser.read(case)
    check_page(page)
    for shown in (
        "&lt;b&gt;Contoh",
        "anak di bawah 18",
        "Pak Contoh",
        "0812-0000-4321",
        "Batam",
        "Terlambat",
        "Menunggu",
    ):
        assert shown in page, shown
    assert f'<a href="{case}">' in desk.browser.read(f"/reports/{report}")
    assert "1 tugas terlambat" in desk.browser.read("/kasus")
    assert desk.post(f"{case}/tutup", outcome="safe", text="pulang").status_code == 303
    check_page(desk.browser.read(case))
    assert case in desk.browser.read("/kasus?state=closed")
    assert desk.post(f"{case}/buka", text="ada kabar").status_code == 303


def test_a_refused_form_says_why(desk: Desk) -> None:
    case = desk.open()
    for form, why in (
        ("laporan", "Tidak ada laporan ini."),
        ("orang", "Nama berisi"),
        ("tugas", "Tugas berisi"),
        ("tutup", "Pilih hasil"),
        ("gabung", "Tidak ada kasus"),
        ("pisah", "Tulis alasannya."),
        ("hapus-orang", "Tulis alasannya."),
    ):
        answer = desk.post(f"{case}/{form}")
        assert answer.status_code == 422, form
        assert why in answer.text
    assert desk.post("/kasus", text="").status_code == 422
    assert desk.post(f"{case}/bakar").status_code == 404
    assert desk.post("/kasus/1999-0001/tempat", text="x").status_code == 404
    assert desk.browser.get("/kasus/1999-0001").status_code == 404


def test_cases_are_merged_and_taken_apart(desk: Desk) -> None:
    one, two = desk.open("A"), desk.open("B")
    assert desk.post(f"{one}/gabung", into=two.rsplit("/", 1)[1], text="sama").status_code == 303
    assert f'Isi kasus ini ada di <a href="{two}">' in desk.browser.read(one)
    page = desk.browser.read(two)
    check_page(page)
    found = re.search(r'/pisah".*?name="id" value="(\d+)"', page, re.DOTALL)
    assert found is not None
    assert desk.post(f"{two}/pisah", id=found[1], text="lain").status_code == 303
    assert "Isi kasus ini" not in desk.browser.read(one)


def test_reports_are_put_into_a_case_from_the_inbox(desk: Desk, region: Region) -> None:
    one, two, three = arrive(region, "satu", "dua", "tiga")
    page = desk.post("/laporan/banyak", action="case", report=[one, two]).text
    assert "2 laporan dimasukkan." in page
    number = region.hub.store.cases.of_report(one)
    assert number is not None
    assert f'href="/kasus/{number}"' in page
    page = desk.post("/laporan/banyak", action="case", case=number, report=[two, three]).text
    assert "1 laporan dimasukkan." in page
    assert f"Laporan sudah ada di kasus {number}." in page
    answer = desk.post("/laporan/banyak", action="case", case="1999-0001", report=[one])
    assert answer.status_code == 422
    assert "Tidak ada kasus" in answer.text


def test_every_step_of_a_case_has_its_words(desk: Desk, region: Region) -> None:
    cases, [report] = region.hub.store.cases, arrive(region, "satu")
    one, two = cases.open("A", who=SARI), cases.open("B", who=SARI)
    cases.add_reports(one, [report], who=SARI)
    cases.merge(one, two, "sama", who=SARI)
    cases.undo_merge(two, 1, "lain", who=SARI)
    seen = {step.what for number in (one, two) for step in cases.view(number, who=SARI).history}
    assert seen <= set(STEP_WORDS)
    assert len(seen) == 6
