"""The pages with pictures, their files, and the wall of a duty room."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import browser as chromium
import pytest
from flask import Flask

from hub.accounts.sessions import IDLE_LIMIT_S
from hub.picture_services import Flow, WallNumbers
from hub.services import READING_ROLES
from hub.web.headers import CONTENT_SECURITY_POLICY
from sync.clock import ManualClock
from tests.hub.web.conftest import FIRST, STORY, Browser, HubInMemory

PATHS = ("/peta", "/mingguan", "/tujuan", "/alur", "/dinding")
FILES = (
    *("/peta.svg", "/peta.png", "/mingguan.svg"),
    *("/mingguan.png", "/tujuan.svg", "/tujuan.png"),
    *("/alur.svg", "/alur.png"),
)


@pytest.fixture
def filled(services: HubInMemory) -> HubInMemory:
    services.pictures.weeks = {"recruiter": 12, "victim": 3}
    services.pictures.villages = {"52.02.08.2001": 12, "53.18.01.2003": 3, "52.72.01.1001": 1}
    services.pictures.destinations = {"KH": 9, "MY": 4, None: 3}
    now = services.clock.wall_s()
    services.pictures.numbers = WallNumbers(2, now - 20 * 60, 41, 7, 3, 120)
    return services


@pytest.mark.parametrize("path", [*PATHS, *FILES])
def test_only_those_who_may_read_reports_see_pictures(app: Flask, services: HubInMemory, path: str) -> None:
    for name, account in services.accounts.items():
        browser = Browser(app)
        browser.sign_in(name)
        refused = 404 if account.role == "agency" else 403
        assert browser.get(path).status_code == (200 if account.role in READING_ROLES else refused)
    assert Browser(app).get(path).status_code == 303


def test_the_map_has_a_title_a_summary_a_table_and_both_files(sari: Browser, filled: HubInMemory) -> None:
    page = sari.read("/peta")
    for words in (
        "<h1>Laporan per provinsi: Indonesia</h1>",
        "16 laporan dari 2 provinsi",
        '<th scope="row">Nusa Tenggara Barat</th><td>52</td><td>13</td>',
        'href="/peta.svg?minggu=12"',
        'href="/peta.png?minggu=12"',
    ):
        assert words in page
    assert filled.pictures.asked == [("by_area", 12, None, "sari")]


def test_countries_of_destination_have_a_table_and_both_files(sari: Browser, filled: HubInMemory) -> None:
    page = sari.read("/tujuan?jenis=victim&minggu=4")
    for words in (
        "<h1>Laporan per negara tujuan</h1>",
        "13 laporan menyebut 2 negara tujuan, terbanyak Kamboja (9). Tanpa negara tujuan: 3 laporan.",
        '<th scope="row">Malaysia</th><td>MY</td><td>4</td>',
        'href="/tujuan.svg?jenis=victim&amp;minggu=4"',
        'href="/tujuan.png?jenis=victim&amp;minggu=4"',
    ):
        assert words in page
    assert filled.pictures.asked == [("by_destination", 4, "victim", "sari")]


def test_routes_have_a_table_for_staff_and_steps_for_the_public(sari: Browser, filled: HubInMemory) -> None:
    filled.pictures.ways = [Flow("53", "batam", "MY", 240), Flow("52", "", "KH", 3)]
    page = sari.read("/alur?jenis=victim&minggu=4&provinsi=53")
    for words in (
        "<h1>Alur: dari mana, lewat mana, ke mana</h1>",
        '<th scope="row">Nusa Tenggara Timur</th><td>Batam</td><td>Malaysia</td><td>240</td>',
        '<th scope="row">Nusa Tenggara Barat</th><td>tidak disebut</td><td>Kamboja</td><td>3</td>',
        'href="/alur.svg?jenis=victim&amp;minggu=4&amp;provinsi=53"',
        'href="/alur?umum=1"',
    ):
        assert words in page
    public = sari.read("/alur?umum=1&jenis=victim&minggu=4&provinsi=53")
    assert "<td>101\u2013500</td>" in public
    assert "Kamboja" not in public
    assert 'href="/alur.png?umum=1"' in public
    assert filled.pictures.asked == [("flows", 4, "victim", "53", "sari"), ("flows", 26, None, None, "sari")]


def test_the_address_chooses_kind_weeks_and_province(sari: Browser, filled: HubInMemory) -> None:
    page = sari.read("/peta?jenis=victim&minggu=4&provinsi=52")
    assert filled.pictures.asked == [("by_area", 4, "victim", "sari")]
    assert "Laporan per kabupaten dan kota: Nusa Tenggara Barat" in page
    assert "Kota Bima" in page
    assert "53.18" not in page
    assert 'href="/peta.png?jenis=victim&amp;minggu=4&amp;provinsi=52"' in page


@pytest.mark.parametrize(
    "query", ["jenis=x", "minggu=5", "minggu=", "provinsi=99", "provinsi=52.02", "provinsi=5%202"]
)
@pytest.mark.parametrize("path", ["/peta", "/peta.svg", "/mingguan"])
def test_what_no_form_sends_is_no_page(sari: Browser, services: HubInMemory, path: str, query: str) -> None:
    assert sari.get(f"{path}?{query}").status_code == 404
    assert services.pictures.asked == []


def test_one_kind_by_week_counts_no_other(sari: Browser, filled: HubInMemory) -> None:
    assert "Minggu ini, yang belum penuh: 15 laporan." in sari.read("/mingguan")
    page = sari.read("/mingguan?jenis=victim")
    assert "Minggu ini, yang belum penuh: 3 laporan." in page
    assert "Perekrut" not in page.split("<table>")[1]


def test_files_are_saved_and_run_nothing(sari: Browser, filled: HubInMemory) -> None:
    svg = sari.get("/peta.svg?provinsi=52")
    assert svg.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert svg.headers["Content-Disposition"] == 'attachment; filename="peta.svg"'
    assert svg.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    png = sari.get("/mingguan.png")
    assert (png.data[:8], png.mimetype) == (b"\x89PNG\r\n\x1a\n", "image/png")


def test_pictures_on_pages_obey_the_policy(sari: Browser, filled: HubInMemory) -> None:
    for path in PATHS:
        response = sari.get(path)
        assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert not re.search(r"<style|style=|<script|https?://(?!www\.w3\.org)", response.text)


class TestWall:
    def test_it_says_the_numbers_and_how_long_the_oldest_waits(
        self, sari: Browser, filled: HubInMemory
    ) -> None:
        page = " ".join(sari.read("/dinding").split())
        assert '<div class="alarm"><dt>Mendesak, belum dibaca</dt><dd>2</dd>' in page
        assert "paling lama 20 menit" in page
        for words in ("<dd>41</dd>", "<dd>7</dd>", "<dd>3</dd>", "dari 120 kotak", "<dd>15</dd>"):
            assert words in page
        assert "(2 mendesak)" in page

    def test_it_holds_no_name_and_no_story(self, sari: Browser, filled: HubInMemory) -> None:
        page = sari.read("/dinding")
        assert "sari" not in page
        assert FIRST not in page
        assert not any(word in page for word in STORY.split() if len(word) > 4)
        assert filled.called("show_report") == filled.called("page") == []

    def test_it_refreshes_itself_and_so_keeps_no_session_alive(
        self, sari: Browser, clock: ManualClock
    ) -> None:
        page = sari.read("/dinding")
        assert '<meta http-equiv="refresh" content="30; url=/dinding?auto=1">' in page
        for _ in range(int(IDLE_LIMIT_S // 600) - 1):
            clock.advance(600)
            assert sari.get("/dinding?auto=1").status_code == 200
        clock.advance(600)
        assert sari.get("/dinding?auto=1").headers["Location"].startswith("/sign-in")

    def test_nothing_urgent_is_no_alarm(self, sari: Browser) -> None:
        assert 'class="alarm"' not in sari.read("/dinding")


_AXE = """
var done = arguments[0];
axe.run().then(function (found) {
  done(found.violations.map(function (v) { return v.id + " " + v.impact + ": " + v.nodes[0].html; }));
});
"""


@pytest.mark.slow
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(
    tmp_path: Path, sari: Browser, filled: HubInMemory
) -> None:
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    css = "".join(sari.read(f"/static/{name}") for name in ("hub.css", "wall.css"))
    found = {}
    with chromium.open_browser(
        tmp_path / "phone", width=320, height=480, javascript=True, phone=True
    ) as phone:
        for path in (*PATHS, "/peta?provinsi=52", f"/reports/{FIRST}/garis-waktu"):
            html = sari.read(path).replace("</head>", f"<style>{css}</style></head>")
            html = re.sub(r'<meta http-equiv="refresh"[^>]*>', "", html)
            phone.open("about:blank")
            phone.driver.execute_script(
                "document.open(); document.write(arguments[0]); document.close()", html
            )
            phone.driver.execute_script(axe)
            wrong = phone.driver.execute_async_script(_AXE)
            if phone.driver.execute_script("return document.documentElement.scrollWidth") > 320:
                wrong.append("wider than the screen")
            if wrong:
                found[path] = wrong
    assert found == {}
