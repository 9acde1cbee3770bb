"""The score on the pages: its breakdown, changing the band, the filter; and that nobody adds scores up."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from inbox_arrivals import arrive
from village import Region
from werkzeug.test import TestResponse

import hub
from hub.risk.models import TriageOverride, TriageScore
from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields

HUB = Path(hub.__file__).parent
MAY_READ_SCORES = {
    "risk/scores.py": "keeps them, and counts overrides by version of the weights",
    "cases/overriding.py": "one report at a time",
    "learning/challenging.py": "two tables side by side, on new reports: how many stand in another band",
    "learning/labels.py": "a row a report; of areas and reporters only outcomes are counted, by no score",
}


class Desk:
    """Somebody with one report open."""

    def __init__(self, region: Region) -> None:
        region.hub.store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
        [self.report] = arrive(
            region, "satu", indicators=["documents_held", "no_contract"], offer={"fee_idr": 5_000_000}
        )
        self.browser = Browser(region.hub.create_app())
        self.browser.sign_in("sari")

    def read(self, path: str = "") -> str:
        return html.unescape(self.browser.read(path or f"/reports/{self.report}"))

    def send(self, form: str, **typed: str) -> TestResponse:
        whole = self.browser.read(f"/reports/{self.report}")
        found = re.search(rf'<form method="post" action="[^"]+/{form}#.*?</form>', whole, re.DOTALL)
        assert found is not None, form
        data = {**hidden_fields(found[0]), **typed}
        return self.browser.client.post(f"/reports/{self.report}/{form}", data=data)


@pytest.fixture
def desk(region: Region) -> Desk:
    return Desk(region)


@pytest.mark.parametrize("database_url", [None])
def test_the_page_shows_points_reasons_elements_and_what_is_not_known(desk: Desk) -> None:
    page = desk.read()
    for words in (
        "<strong>Tingkat: sedang</strong>",
        "(5 poin)",
        "Dokumen ditahan orang lain: orang tidak dapat pergi",
        "(uang yang diminta: Rp 5.000.000)",
        "retention of identity documents",
        '<th scope="row">Tujuan (eksploitasi)</th><td>belum diketahui</td>',
        "Apakah ada anak di bawah 18 tahun",
        "Tidak disebut bukan berarti tidak ada.",
        "Kaitan: belum ada laporan lain",
        "Sinyal: tidak ada hitungan luar biasa",
        "Tabel bobot 2026-11.",
    ):
        assert words in page, words
    assert "<strong>Triase: sedang</strong> (5 poin): dokumen ditahan orang lain" in desk.read("/")


@pytest.mark.parametrize("database_url", [None])
def test_the_band_is_changed_with_a_reason_and_back_again(desk: Desk) -> None:
    refused = desk.send("triase", band="high", why="")
    assert refused.status_code == 422
    assert "Tulis alasannya." in refused.text
    assert desk.send("triase", band="high", why="perekrut dikenal").status_code == 303
    page = desk.read()
    assert "Tingkat: tinggi" in page
    assert "menurut skor: sedang, 5 poin" in page
    assert "perekrut dikenal" in page
    assert "(diganti petugas)" in desk.read("/?band=high")
    assert "Tidak ada laporan dengan saringan ini." in desk.read("/?band=medium")
    assert desk.send("triase/batal", why="keliru").status_code == 303
    assert "Tingkat: sedang" in desk.read()
    assert "<strong>Triase: sedang" in desk.read("/?band=medium")
    assert "<strong>Triase: sedang" in desk.read("/?band=terburuk")  # no filter of ours: the whole list


def test_no_module_but_two_reads_scores_and_none_reads_them_by_area_sex_or_age() -> None:
    for model in (TriageScore, TriageOverride):
        for name in model._meta.fields:
            assert name in {
                *("id", "report", "points", "band", "version", "rules", "day", "staff_band"),
                *("at", "by", "computed", "was", "becomes", "reason", "undoes"),
            }
    readers = set()
    for path in HUB.rglob("*.py"):
        where = path.relative_to(HUB).as_posix()
        if where.startswith("migrations/") or where == "risk/models.py":
            continue
        text = path.read_text("utf-8")
        names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        tables = {"TriageScore", "TriageOverride"} & names
        if tables or re.search(r"(FROM|JOIN|UPDATE|INTO) \"?triage_(score|override)", text):
            readers.add(where)
        elif where not in ("cases/choosing.py", "cases/inbox.py"):
            assert "Triage.band" not in text, where
    assert readers == MAY_READ_SCORES.keys()
    # The one sum there is has no place to add up by: it groups by the version of the weights.
    told = (HUB / "risk/scores.py").read_text("utf-8")
    assert re.findall(r"group_by\(([^)]*)\)", told) == ["score.version"]
    for where in ("cases/overriding.py", "cases/choosing.py"):
        assert not re.search(r"fn\.(SUM|COUNT|AVG|MAX)|group_by", (HUB / where).read_text("utf-8")), where


def test_no_export_api_or_public_number_holds_a_score() -> None:
    for folder in ("exports", "referrals", "forwarding", "weekly", "bulletins"):
        for path in (HUB / folder).glob("*.py"):
            text = path.read_text("utf-8")
            assert "hub.risk" not in text, path
            assert "score_reasons" not in text, path
            assert not re.search(r"\.score\b|triage_score|\"points\"", text), path
