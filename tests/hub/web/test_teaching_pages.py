"""The pages about teaching and reporting."""

from __future__ import annotations

import html

import pytest
from taught_villages import count, teach
from village import VILLAGE, Region

from tests.hub.web.conftest import Browser, HubInMemory


@pytest.mark.parametrize("database_url", [None])
def test_the_answer_stands_beside_the_line_with_its_warning(region: Region) -> None:
    region.node(VILLAGE)
    region.hub.store.accounts.add("budi", "supervisor", HubInMemory.PASSWORD)
    teach(region, 1, 20)
    teach(region, 1, 60, right=1, answered=10)
    count(region, VILLAGE, {24: 12, 17: 30}, range(1, 60))
    browser = Browser(region.hub.create_app())
    browser.sign_in("budi")
    page = html.unescape(browser.read("/desa/1/penyuluhan?minggu=104"))
    for words in (
        "12 laporan dalam 8 minggu (15,0 per 10 minggu)",
        "30 laporan dalam 16 minggu (18,8 per 10 minggu)",
        "Ini bukan bukti.",
        "Sesudah dibagi sebelum",
        "2 sesi penyuluhan dan 42 laporan",
        "Soal 1",
        "<svg",
    ):
        assert words in page, words
    assert page.count("Soal 1") == 1, "of ten answers nothing is told"
    svg = browser.client.get("/desa/1/penyuluhan.svg?minggu=26")
    png = browser.client.get("/desa/1/penyuluhan.png?minggu=26")
    assert (svg.mimetype, png.mimetype, png.data[:4]) == ("image/svg+xml", "image/png", b"\x89PNG")
    assert browser.client.get("/desa/1/penyuluhan?minggu=27").status_code == 404
    area = html.unescape(browser.read("/belajar/penyuluhan"))
    assert "30 laporan dalam 16 minggu" in area
    assert "Tidak ada desa yang dinilai atau diurutkan." in area
    assert "terlalu sedikit untuk berkata apa-apa" in area, "nobody waits"
    assert browser.client.get("/belajar/penyuluhan?wilayah=99").status_code == 404
    assert "/belajar/penyuluhan" in browser.read("/belajar")
    assert "/desa/1/penyuluhan" in browser.read("/desa/1")


@pytest.mark.parametrize("database_url", [None])
def test_too_few_reports_are_nowhere_on_the_page(region: Region) -> None:
    region.node(VILLAGE)
    region.hub.store.accounts.add("budi", "supervisor", HubInMemory.PASSWORD)
    teach(region, 1, 20)
    count(region, VILLAGE, {24: 3, 17: 7}, range(1, 60))
    browser = Browser(region.hub.create_app())
    browser.sign_in("budi")
    page = html.unescape(browser.read("/desa/1/penyuluhan"))
    assert "laporan kurang dari 11 dan tidak ditampilkan" in page
    assert "Di sekitar sesi ada kurang dari 11 laporan" in page
    assert ">7<" not in page
    assert "7 laporan" not in page
