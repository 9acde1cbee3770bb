"""The page of the evaluation."""

from __future__ import annotations

import html

import pytest
from verified_reports import STRONG, WEAK, verified
from village import Region

from tests.hub.web.conftest import Browser, HubInMemory


@pytest.mark.parametrize("database_url", [None])
def test_a_supervisor_reads_shares_with_their_intervals_and_takes_them_along(region: Region) -> None:
    region.hub.store.accounts.add("budi", "supervisor", HubInMemory.PASSWORD)
    verified(region, ["confirmed", "confirmed", "refuted"], **STRONG)
    verified(region, [""], **WEAK)
    browser = Browser(region.hub.create_app())
    browser.sign_in("budi")
    page = html.unescape(browser.read("/belajar?kapasitas=1"))
    for words in (
        "67 % (21 % sampai 94 %; 2 dari 3)",
        "50 % (9 % sampai 91 %; 1 dari 2)",
        "kurang dari 11: terlalu sedikit untuk berkata apa-apa",
        "Tidak ada desa, kabupaten atau kelompok orang yang dinilai di sini.",
        "Selang yang bertindih tidak menunjukkan perbedaan.",
        'value="1"',
    ):
        assert words in page, words
    refused = html.unescape(browser.read("/belajar?kapasitas=0"))
    assert "Kapasitas seminggu adalah bilangan dari 1 sampai 1000." in refused
    file = browser.client.get("/belajar/belajar.csv?minggu=13&kapasitas=1")
    assert file.mimetype == "text/csv"
    assert "belajar-" in file.headers["Content-Disposition"]
    assert "recall,by rank,at 1 a week,1,2,0.0945,0.9055" in file.text.splitlines()
