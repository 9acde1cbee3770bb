"""What machines read on the page of a report: below the original, marked, corrected by name."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from village import Region

from hub.machine_reading.services import Piece, Reading
from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields

STORY = "Adhiku diajak wong menyang Batam, saiki durung bali. Dhuwite dijupuk xyzzy."
MADE = Reading((Piece("adik saya "), Piece("xyzzy", False)), 0.7, "jv", "id", "kecil", "2026-11")


@pytest.mark.parametrize("database_url", [None])
def test_an_officer_asks_reads_and_corrects(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    store = region.hub.store
    store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
    report = region.file(STORY).envelope_id
    region.exchange()
    monkeypatch.setattr("hub.machine_reading.readings.missing_library", lambda kind: None)
    (region.path / "source").mkdir()
    (region.path / "source/model.bin").write_bytes(b"weights")
    told = {
        "name": "kecil",
        "kind": "translation",
        "from": "jv",
        "to": "id",
        "licence": "MIT",
        "dated": "2026",
    }
    store.machine.shelf.add(region.path / "source", told)
    monkeypatch.setattr(store.machine, "_run", lambda model, given: MADE)
    waiting: list[Callable[[], None]] = []
    store.machine.beside = waiting.append
    browser = Browser(region.hub.create_app())
    browser.sign_in("sari")

    def send(to: str, page: str, **typed: str) -> int:
        found = re.search(rf'<form method="post" action="[^"]+/{to}#machine".*?</form>', page, re.DOTALL)
        assert found is not None, to
        data = {**hidden_fields(found[0]), **typed}
        return browser.client.post(f"/reports/{report}/{to}", data=data).status_code

    page = browser.read(f"/reports/{report}")
    original, machine = page.index(STORY.split(".")[0]), page.index("Dibaca mesin (belum diperiksa)")
    assert original < machine
    assert "belum pulang" in re.sub("<[^>]+>", "", page[machine:])
    assert re.search("<mark><bdi[^>]*>xyzzy</bdi></mark>", page[machine:])
    assert "Jawa" in page[machine:]

    assert send("mesin", page) == 303
    page = browser.read(f"/reports/{report}")
    assert "Sedang dikerjakan" in page
    waiting.pop()()
    page = html.unescape(browser.read(f"/reports/{report}"))
    assert re.search(r"Model kecil, 2026-11; keyakinan sedang \(70.?% menurut mesin sendiri\)", page)
    assert send("mesin/1", page, text=" ") == 422
    assert send("mesin/1", page, text="adik saya hilang") == 303
    page = html.unescape(browser.read(f"/reports/{report}"))
    assert "adik saya hilang" in page
    assert "Dikoreksi oleh <bdi>sari</bdi>" in page
