"""An officer's day in a browser without JavaScript: sign in, triage, link, answer; the village sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, open_browser
from village import OTHER_VILLAGE, VILLAGE, Region, answers, quick_folder, reached
from werkzeug.serving import make_server

PASSWORD = "kentongan bertalu-talu"
MAN = {"name": "Wayan Contohe", "phone": "0812-0000-4321"}
AGAIN = {"name": "Pak Wayan Contoe", "phone": "+62 812 0000 4321"}
REPLY = "Terima kasih. Petugas datang hari Kamis."


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.fixture
def site(region: Region) -> Iterator[str]:
    """The address of the hub's real site."""
    region.hub.store.accounts.add("sari", "analyst", PASSWORD)
    server = make_server("127.0.0.1", 0, region.hub.create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def pick_step(screen: Browser, step: str, reason: str) -> None:
    screen.pick("step", step)
    screen.type("why", reason)
    screen.follow("Catat langkah")


@pytest.mark.slow
def test_from_signing_in_to_the_answer_in_the_village(region: Region, site: str, tmp_path: Path) -> None:
    mother = region.file("Orang itu mengajak anak saya ke Batam, Kamis.", recruiter=MAN, urgency="now")
    neighbour = region.file("Tetangga diajak juga, katanya ke Batam.", OTHER_VILLAGE, recruiter=AGAIN)
    for village in (VILLAGE, OTHER_VILLAGE):
        region.settle(village)
    while region.hub.store.people.linker.turn():
        pass
    with open_browser(tmp_path / "screen", width=1280, height=900, javascript=False) as screen:
        screen.open(f"{site}/sign-in")
        screen.type("name", "sari")
        screen.type("password", PASSWORD)
        screen.follow("Masuk")

        # The urgent one stands first, with its reasons in words.
        first = screen.one(".reports h2 a")
        assert str(first.get_attribute("href")).endswith(str(mother.envelope_id))
        assert faults_of_page(screen) == []
        screen.go(first)
        pick_step(screen, "signal=kept", "")
        pick_step(screen, "verification=confirmed", "Dua saksi menelepon.")
        assert "Dua saksi menelepon." in str(screen.one("body").get_attribute("textContent"))
        assert faults_of_page(screen) == []

        screen.open(f"{site}/kaitan")
        screen.go(screen.one(".reports h2 a"))
        assert "0812" in screen.text()
        assert faults_of_page(screen) == []
        screen.follow("Ya, perekrut yang sama")
        screen.open(f"{site}/orang/1")
        listed = {str(link.get_attribute("href")).rsplit("/", 1)[-1] for link in screen.all("main a")}
        assert {str(mother.envelope_id), str(neighbour.envelope_id)} <= listed

        screen.open(f"{site}/reports/{mother.envelope_id}")
        screen.type("text", REPLY)
        screen.go(screen.one("form[action*=answer] button"))
        assert REPLY in screen.text()
    region.settle()
    assert answers(region.node(), mother.code) == [REPLY]
    assert reached(region.node(), mother.code)[-1] == "read"
