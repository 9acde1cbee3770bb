"""The search page keeps what is typed out of addresses, and shows hits as they are written."""

from __future__ import annotations

import pytest
from inbox_arrivals import arrive
from village import Region

from hub.web.search_pages import FOUND_PER_PAGE
from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields


@pytest.fixture
def at_hub(region: Region) -> Browser:
    region.hub.store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
    browser = Browser(region.hub.create_app())
    browser.sign_in("sari")
    return browser


def test_a_hit_is_marked_and_leads_to_its_report(region: Region, at_hub: Browser) -> None:
    [one] = arrive(region, "Pak <b>Contoh</b> menunggu di 0812-0000-4321")
    answer = at_hub.post("/cari", page="/cari", text="contoh 4321")
    assert answer.status_code == 200
    assert f'<a href="/reports/{one}">' in answer.text
    assert '<mark><bdi class="exact">Contoh</bdi></mark>' in answer.text
    assert '<mark><bdi class="exact">0812-0000-4321</bdi></mark>' in answer.text
    assert "&lt;b&gt;" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_typed_never_stands_in_an_address(at_hub: Browser) -> None:
    assert 'method="post"' in at_hub.read("/cari")
    assert "rahasia" not in at_hub.read("/cari?text=rahasia")


def test_pages_follow_by_a_form(region: Region, at_hub: Browser) -> None:
    arrive(region, *(f"cerita {n}" for n in range(FOUND_PER_PAGE + 2)))
    first = at_hub.post("/cari", page="/cari", text="cerita")
    assert first.text.count('<li class="found') == FOUND_PER_PAGE
    fields = hidden_fields(first.text)
    assert fields["text"] == "cerita"
    second = at_hub.client.post("/cari", data=fields)
    assert second.text.count('<li class="found') == 2
    assert "Yang lebih lama" not in second.text


def test_nothing_found_is_said(at_hub: Browser) -> None:
    for typed in ("tidak ada", "", "%", "x" * 900):
        answer = at_hub.post("/cari", page="/cari", text=typed, before="9" * 30)
        assert "Tidak ada yang cocok." in answer.text
