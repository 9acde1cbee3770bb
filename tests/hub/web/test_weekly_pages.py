"""The pages of weekly reports."""

from __future__ import annotations

import html

import pytest
from flask.testing import FlaskClient
from office import AlwaysIn
from village import Region

from hub.referrals.paper_process import PaperFailed
from hub.services import SignedIn
from hub.weekly.paper_content import KeptPapers
from hub.weekly.reports import PATIENCE_S
from hub.weekly.services import name_of
from sync.link_quality import DAY_S


def client_of(region: Region, who: SignedIn) -> FlaskClient:
    region.hub.store.accounts.session = AlwaysIn(who).session  # type: ignore[method-assign]
    region.hub.store.accounts.note_activity = AlwaysIn(who).note_activity  # type: ignore[method-assign]
    client = region.hub.create_app().test_client()
    with client.session_transaction() as session:
        session["id"] = who.name
    return client


def broken(*_: object) -> bytes:
    raise PaperFailed


@pytest.mark.parametrize("database_url", [None])
def test_a_week_is_a_page_with_its_neighbours_versions_and_papers(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    region.node()
    reports = region.hub.store.weekly.reports
    weeks: list[int] = []
    for _ in range(2):
        region.clock.advance(7 * DAY_S + (0 if weeks else PATIENCE_S))
        weeks += reports.weeks_due()
        reports.catch_up()
    reports.make(weeks[0], again=True)
    older, newer = map(name_of, weeks)
    client = client_of(region, SignedIn("budi", "supervisor"))
    listed = client.get("/laporan-mingguan").text
    assert listed.index(newer) < listed.index(older) < listed.index("dikoreksi")
    page = html.unescape(client.get(f"/laporan-mingguan/{older}").text)
    for words in (
        f'/laporan-mingguan/{newer}" rel="next"',
        "Koreksi: versi 2. Versi 1 tetap disimpan.",
        f'/laporan-mingguan/{older}?versi=1"',
        "Minggu ini dalam tiga kalimat",
        "Apa menunggu siapa",
        f'/laporan-mingguan/{older}/umum"',
    ):
        assert words in page, words
    assert "Ada koreksi: versi 2." in html.unescape(client.get(f"/laporan-mingguan/{older}?versi=1").text)
    assert "angka kecil tidak ditunjukkan" in client.get(f"/laporan-mingguan/{older}/umum").text
    paper = client.get(f"/laporan-mingguan/{older}/umum/en.pdf")
    assert (paper.mimetype, paper.data[:4]) == ("application/pdf", b"%PDF")
    assert f"laporan-mingguan-{older}-umum-en.pdf" in paper.headers["Content-Disposition"]
    monkeypatch.setattr(KeptPapers, "pdf_of", broken)
    failed = client.get(f"/laporan-mingguan/{older}/en.pdf")
    assert (failed.status_code, "PDF tidak dapat dibuat sekarang" in failed.text) == (503, True)
    for path in ("2026-W54", "2020-W01", f"{older}?versi=9", f"{older}?versi=x", f"{older}/de.pdf"):
        assert client.get(f"/laporan-mingguan/{path}").status_code == 404, path
    other = client_of(region, SignedIn("desa", "supervisor", ("53",)))
    assert "Belum ada laporan mingguan untuk wilayah Anda" in other.get("/laporan-mingguan").text
    assert other.get(f"/laporan-mingguan/{older}").status_code == 404
    assert other.get(f"/laporan-mingguan/{older}/umum").status_code == 404
