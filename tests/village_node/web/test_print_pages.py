"""Pages for printing: settings, the list, the PDF."""

from __future__ import annotations

import pytest
from facilitator import Facilitator
from village import Region

from content.catalogue import Catalogue


@pytest.fixture
def facilitator(region: Region) -> Facilitator:
    return Facilitator(region.node()).sign_in()


def test_every_sheet_is_in_the_list_and_comes_as_a_file(facilitator: Facilitator) -> None:
    page = facilitator.read("/cetak")
    titles = [poster.title for poster in Catalogue().posters()]
    titles += [card.title for card in Catalogue().cards()]
    assert all(title in page for title in titles)
    response = facilitator.get(f"/cetak/poster/{Catalogue().posters()[0].key}/A5.pdf")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.data.startswith(b"%PDF-")


def test_settings_are_kept_and_the_quiz_uses_the_address(facilitator: Facilitator) -> None:
    typed = {"address": "http://kentongan.lan", "wifi_name": "Desa Contoh", "wifi_password": "kentongan-desa"}
    assert facilitator.post("/cetak", **typed).status_code == 303
    page = facilitator.read("/cetak")
    assert all(f'value="{value}"' in page for value in typed.values())
    facilitator.post("/sesi/baru", lessons=["perekrut"], part="morning", quiz="tawaran")
    facilitator.post("/sesi/1/kuis/awal/hp")
    assert "http://kentongan.lan/kuis/" in facilitator.read("/sesi/1/layar")


def test_the_address_that_the_box_was_told_stands_where_none_was_typed(region: Region) -> None:
    told = Facilitator(region.node(site_address="http://10.42.0.1/")).sign_in()
    assert "Kosong: http://10.42.0.1/" in told.read("/cetak")


def test_a_mistake_is_said_and_what_was_typed_stays(facilitator: Facilitator) -> None:
    page = facilitator.post("/cetak", address="", wifi_name="Desa", wifi_password="pendek")
    assert page.status_code == 422
    assert "8 sampai 63" in page.text
    assert 'value="pendek"' in page.text
    assert facilitator.node.printing.settings().wifi_name == ""


@pytest.mark.parametrize("path", ["poster/x/A4", "card/x/A6", "poster/periksa_dulu/A3", "x/periksa_dulu/A4"])
def test_no_other_sheet_is_there(facilitator: Facilitator, path: str) -> None:
    assert facilitator.get(f"/cetak/{path}.pdf").status_code == 404
