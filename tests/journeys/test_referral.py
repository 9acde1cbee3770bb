"""A report's way to an agency and the answer's way back, in a browser without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, open_browser
from referral_desk import AGENCY, SECRETS, ReferralDesk
from village import Region, quick_folder
from werkzeug.serving import make_server

OFFICER, PASSWORD = "sari", "kentongan bertalu-talu"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ReferralDesk]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield ReferralDesk(region)
        region.close()


@pytest.fixture
def site(desk: ReferralDesk) -> Iterator[str]:
    """The address of the hub's real site."""
    desk.region.hub.store.accounts.add(OFFICER, "analyst", PASSWORD)
    server = make_server("127.0.0.1", 0, desk.region.hub.create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def sign_in(screen: Browser, site: str, name: str) -> None:
    screen.open(f"{site}/sign-in")
    screen.type("name", name)
    screen.type("password", PASSWORD)
    screen.follow("Masuk")


@pytest.mark.slow
def test_an_officer_refers_the_agency_answers_and_the_officer_sees_it(
    desk: ReferralDesk, site: str, tmp_path: Path
) -> None:
    report = desk.arrive()
    with open_browser(tmp_path / "screen", width=1280, height=900, javascript=False) as screen:
        sign_in(screen, site, OFFICER)
        screen.open(f"{site}/reports/{report}")
        screen.follow("Rujuk ke lembaga")
        screen.pick("untuk", str(desk.police))
        screen.follow("Lanjut")
        screen.type("purpose", "Periksa dermaga")
        screen.type("more", "Wayan\nBatam\n0812-0000-4321\nSekar")
        screen.follow("Lihat pratinjau")
        assert faults_of_page(screen) == []
        shown = screen.text("section[aria-labelledby=preview]").casefold()
        assert [secret for secret in SECRETS if secret in shown] == []
        screen.follow("Kirim")
        assert "Terkirim" in screen.text()
        [name] = [row.name for row in desk.region.hub.store.sharing.agency_desk.agency_rows(who=AGENCY)]
        screen.follow("Keluar")

        sign_in(screen, site, AGENCY.name)
        assert screen.driver.current_url == f"{site}/rujukan-saya"
        screen.follow(f"Rujukan {name}")
        assert faults_of_page(screen) == []
        assert "RAHASIA" in screen.text()
        screen.open(f"{site}/reports/{report}")
        assert "tidak ditemukan" in screen.text("h1")
        screen.open(f"{site}/rujukan-saya/{name}")
        screen.pick("what", "answered")
        screen.type("text", "Tiga orang dijemput di dermaga.")
        screen.follow("Kirim jawaban")
        screen.follow("Keluar")

        sign_in(screen, site, OFFICER)
        screen.open(f"{site}/reports/{report}")
        assert "Dijawab lembaga" in screen.text()
        screen.follow(f"Rujukan {name}")
        assert "Tiga orang dijemput di dermaga." in screen.text()
        assert "Dibuka lembaga" in screen.text()
