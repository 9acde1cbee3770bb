"""Staff join and part reports on pages: each with its evidence in words, none without a decision."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from linked_reports import OTHER_SPELLING, SARI, WAYAN, LinkedReports
from office import AlwaysIn
from village import Region, dump

from hub.services import Role, SignedIn
from hub.web.app import create_hub_app


class Desk:
    """Somebody signed in at the pages of a real store."""

    def __init__(self, linked: LinkedReports, name: str = "sari", role: Role = "analyst") -> None:
        self.linked = linked
        store = linked.region.hub.store
        who = SignedIn(name, role)
        self.app: Flask = create_hub_app(
            store.work,
            accounts=AlwaysIn(who),
            inbox=store.inbox,
            links=store,  # type: ignore[arg-type]  # no page here asks it
            pins=store.pins,
            sessions=store.sessions,
            people=store.people,
            secret_key=bytes(32),
            secure_cookies=False,
            clock=linked.region.clock,
        )
        self.client = self.app.test_client()
        page = self.client.get("/sign-in").text
        self.client.post("/sign-in", data={**hidden(page), "name": name, "password": "-"})

    def read(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        check(response.text)
        return response.text

    def decide(
        self, one: str, other: str, verdict: str, text: str = "", kind: str = "recruiter"
    ) -> tuple[int, str]:
        page = self.client.get(f"/reports/{one}/serupa").text
        path = f"/reports/{one}/serupa/recruiter/{other}"
        response = self.client.post(
            path, data={**hidden(page), "verdict": verdict, "text": text}, follow_redirects=True
        )
        check(response.text)
        return response.status_code, response.text

    def undo(self, number: int, text: str) -> tuple[int, str]:
        path = f"/kaitan/keputusan/{number}/batal"
        response = self.client.post(
            path, data={**hidden(self.client.get(path).text), "text": text}, follow_redirects=True
        )
        check(response.text)
        return response.status_code, response.text


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def words(page: str) -> str:
    """Return a page as it is read."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def check(page: str) -> None:
    """Nothing that the policy of the page would block, nothing from outside, no id twice."""
    assert " style=" not in page
    assert "<script" not in page
    assert not re.search(r'(?:href|src|action)="(?![/#])', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        assert hidden(form).get("form_token")


@pytest.fixture
def linked(region: Region) -> LinkedReports:
    return LinkedReports(region)


@pytest.fixture
def desk(linked: LinkedReports) -> Desk:
    return Desk(linked)


def test_three_villages_become_one_person_and_can_be_parted_again(desk: Desk, linked: LinkedReports) -> None:
    first, second, third = linked.three_villages(carried=True)
    listed = words(desk.read("/kaitan"))
    assert "nomor telepon sama: 0812-0000-4321 sangat kuat (+22,0)" in listed
    assert "nama serupa" in listed
    assert listed.index("nomor telepon sama") < listed.index("perusahaan sama: Maju Contoh Sejati")
    report = words(desk.read(f"/reports/{first}"))
    assert "Mungkin perekrut yang sama: 2" in report
    assert "nomor telepon yang sama ada dalam 1 laporan lain" in report
    similar = words(desk.read(f"/reports/{first}/serupa"))
    assert (
        "Bila semua usulan perekrut yang sama diterima, 3 laporan menjadi satu. Itu belum terjadi." in similar
    )
    for said in ("Wayan Contohe", "Pak Wayan Contoe", "+62 812 0000 4321", "PT Maju Contoh Sejati"):
        assert said in similar
    assert "Belum ada" in words(desk.read("/orang"))

    assert desk.decide(first, second, "same")[0] == 200
    status, page = desk.decide(first, third, "same", "Perusahaan dan ceritanya sama.")
    assert status == 200
    assert "laporan-laporan ini digabung" in words(page)
    people = words(desk.read("/orang"))
    assert "3 laporan" in people
    assert "0812-0000-4321 (2)" in people
    person = words(desk.read("/orang/1"))
    for said in (
        "Pak Wayan Contoe",
        "0812-0000-9999",
        "PT Maju Contoh Sejati (2)",
        "Malaysia (3)",
        "Batam (3)",
    ):
        assert said in person
    assert "Digabung oleh sari" in person
    assert "Perusahaan dan ceritanya sama." in person
    assert "Perekrut: orang nomor 1" in words(desk.read(f"/reports/{first}"))

    status, page = desk.undo(2, "")
    assert status == 422
    assert "Tulis alasannya" in page
    status, page = desk.undo(2, "Ternyata orang lain.")
    assert status == 200
    assert "Keadaan sebelumnya berlaku lagi" in page
    assert "2 laporan" in words(desk.read("/orang"))
    assert "Dibatalkan oleh sari" in words(desk.read("/orang/1"))
    assert "Ternyata orang lain." in words(desk.read("/orang/1"))


def test_a_no_needs_a_reason_and_is_shown_with_it(desk: Desk, linked: LinkedReports) -> None:
    first, second = linked.told(recruiter=WAYAN), linked.told(recruiter=OTHER_SPELLING)
    status, page = desk.decide(first, second, "other")
    assert status == 422
    assert "Tulis alasannya" in page
    status, page = desk.decide(first, second, "other", "Yang satu sudah meninggal.")
    assert status == 200
    assert "dinyatakan bukan" in page
    assert "Yang satu sudah meninggal." in page
    assert "Tidak ada usulan yang menunggu" in desk.read("/kaitan")
    third = linked.told(recruiter=WAYAN)
    assert "Hati-hati." in desk.read(f"/reports/{third}/serupa")
    desk.decide(third, first, "same")
    page = words(desk.read(f"/reports/{third}/serupa"))
    assert "Tidak diusulkan: kalau digabung" in page
    assert "Yang satu sudah meninggal." in page


def test_a_decision_against_another_is_refused_with_that_one(desk: Desk, linked: LinkedReports) -> None:
    names = [linked.told(recruiter=WAYAN) for _ in range(3)]
    page = desk.client.get(f"/reports/{names[0]}/serupa").text
    desk.decide(names[0], names[1], "same")
    desk.decide(names[1], names[2], "same")
    status, page = desk.decide(names[0], names[2], "other", "Lain orang.")
    assert status == 409
    assert "bertentangan dengan keputusan yang berlaku" in page
    assert "Batalkan keputusan 1" in page
    assert "Batalkan keputusan 2" in page
    assert 'value="Lain orang."' in page


def test_a_form_without_a_choice_decides_nothing(desk: Desk, linked: LinkedReports) -> None:
    first, second = linked.told(recruiter=WAYAN), linked.told(recruiter=WAYAN)
    assert desk.decide(first, second, "maybe")[0] == 422
    assert dump(linked.region.hub_folder)["link_decision"] == []


def test_what_is_not_there_is_no_page(desk: Desk, linked: LinkedReports) -> None:
    linked.told(recruiter=WAYAN)
    for path in ("/reports/ffffffffffffffff.0.9/serupa", "/orang/7", "/peristiwa/7", "/orang/7/jaringan.png"):
        assert desk.client.get(path).status_code == 404
    assert desk.client.get(f"/kaitan?before={'x' * 201}").status_code == 404
    for cursor in ("x", "W10=", "WzFlOTk5LCAxXQ==", "WyIwIl0="):
        assert desk.client.get(f"/kaitan?before={cursor}").status_code == 200
        assert desk.client.get(f"/orang?before={cursor}").status_code == 200
    assert desk.undo(7, "Salah.")[0] == 404


def test_lists_go_on_without_losing_or_doubling(desk: Desk, linked: LinkedReports) -> None:
    for number in range(31):
        for _ in range(2):
            linked.told(recruiter={"phone": f"0812-0000-{1000 + 37 * number}"})
    seen: list[str] = []
    path: str | None = "/kaitan"
    while path:
        page = desk.read(path)
        seen += re.findall(r'/serupa#(recruiter-[^"]+)"', page)
        more = re.search(r'href="(/kaitan\?before=[^"]+)"', page)
        path = html.unescape(more[1]) if more else None
    work = linked.work
    assert len(seen) == len(set(seen)) >= 31
    for row in work.waiting(before=None, limit=100, who=SARI)[0]:
        if row.pieces[0].how == "same":
            work.decide("recruiter", row.one.id, row.other.id, same=True, reason="", who=SARI)
    first = desk.read("/orang")
    more = re.search(r'href="(/orang\?before=[^"]+)"', first)
    assert more
    rest = desk.read(html.unescape(more[1]))
    numbers = re.findall(r'href="/orang/(\d+)"', first + rest)
    assert len(numbers) == len(set(numbers)) == 31


def test_how_people_decided_is_for_supervisors(linked: LinkedReports) -> None:
    names = [linked.told(recruiter=WAYAN) for _ in range(3)]
    sari = Desk(linked)
    sari.decide(names[0], names[1], "same")
    sari.decide(names[0], names[2], "other", "Lain.")
    sari.undo(2, "Salah lihat.")
    sari.decide(names[0], names[2], "other", "Lain.")
    assert sari.client.get("/kaitan/ukuran").status_code == 403
    page = words(Desk(linked, "budi", "supervisor").read("/kaitan/ukuran"))
    assert "perekrut yang sama nomor telepon 1 1 50 % 1" in page
    assert "30 ke atas 1 1 50 % 1" in page


def test_a_former_number_leads_to_what_came_of_it(desk: Desk, linked: LinkedReports) -> None:
    names = [linked.told(recruiter=WAYAN) for _ in range(3)]
    desk.decide(names[0], names[1], "same")
    desk.decide(names[1], names[2], "same")
    desk.undo(1, "Salah.")
    response = desk.client.get("/orang/1")
    assert response.status_code == 404
    assert 'href="/orang/2"' in response.text


def test_the_network_is_a_picture_a_table_and_two_files(desk: Desk, linked: LinkedReports) -> None:
    first, second, third = linked.three_villages()
    desk.decide(first, second, "same")
    desk.decide(first, third, "same")
    page = desk.read("/orang/1")
    assert page.count("<svg") == 1
    assert "Orang: Pak Wayan Contoe (nomor 1) Telepon: 0812-0000-4321 2" in words(page)
    svg = desk.client.get("/orang/1/jaringan.svg")
    assert svg.mimetype == "image/svg+xml"
    assert svg.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    ElementTree.fromstring(svg.text)
    assert "T = Telepon" in svg.text
    drawn = re.findall(r"<path[^>]+>|<g>.*?</g>", svg.text)
    assert drawn
    assert re.findall(r"<path[^>]+>|<g>.*?</g>", page) == drawn
    png = desk.client.get("/orang/1/jaringan.png")
    assert png.data.startswith(b"\x89PNG")
    assert desk.client.get("/orang/1/jaringan.png").data == png.data


def test_what_a_report_says_is_never_markup(desk: Desk, linked: LinkedReports) -> None:
    evil = {"name": '<img src=x>"&Wayan', "phone": "0812-0000-4321", "company": "PT <b>Maju</b> & Contoh"}
    first, second = (linked.told("<script>1</script>", recruiter=evil) for _ in range(2))
    desk.decide(first, second, "same", "<i>sama</i>")
    for path in ("/orang", "/orang/1", "/kaitan", f"/reports/{first}/serupa"):
        page = desk.read(path)
        assert not re.search("<(img|b|i|script)[ >]", page), path
    svg = desk.client.get("/orang/1/jaringan.svg").text
    ElementTree.fromstring(svg)
    assert "<img" not in svg
