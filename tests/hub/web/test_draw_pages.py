"""The random share on the pages: mark and filter of the inbox, reason and form of a report."""

from __future__ import annotations

import html
import re

import pytest
from inbox_arrivals import arrive
from village import Region

from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields


@pytest.mark.parametrize("database_url", [None])
def test_who_opens_a_drawn_report_reads_why_and_takes_it_out_with_a_reason(region: Region) -> None:
    region.random_share = 1.0
    region.hub.store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
    [report] = arrive(region, "satu")
    browser = Browser(region.hub.create_app())
    browser.sign_in("sari")
    inbox = html.unescape(browser.read("/"))
    assert "Verifikasi acak (1)" in inbox
    assert "Terpilih acak: verifikasi" in inbox
    path = f"/reports/{report}"
    assert path in browser.read("/?drawn=1")
    page = browser.read(path)
    assert "100 % dipilih dengan undian, bukan oleh orang" in html.unescape(page)
    found = re.search(r'<form method="post" action="[^"]+/undian#draw".*?</form>', page, re.DOTALL)
    assert found is not None
    data = hidden_fields(found[0])
    refused = browser.client.post(f"{path}/undian", data={**data, "why": " "})
    assert refused.status_code == 422
    assert "Tulis alasannya." in refused.get_data(as_text=True)
    done = browser.client.post(f"{path}/undian", data={**data, "why": "pelapor takut"})
    assert done.status_code == 303
    page = browser.read(path)
    assert "Dikeluarkan dari undian." in page
    assert "pelapor takut" in page
    assert "Verifikasi acak" not in browser.read("/")
