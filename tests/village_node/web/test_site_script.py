"""The one script in a real browser: Wi-Fi that drops, the phone's own Back, and leaving in a hurry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Browser, open_browser
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.support.ui import WebDriverWait

from tests.village_node.web.test_notice_pages import notice
from village_node.web.public_app import PublicSite, create_public_app

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices


@pytest.fixture
def site(services: MemoryServices) -> PublicSite:
    """With one notice, for which the box has a clip."""
    told = notice("Jangan serahkan KTP.")
    return create_public_app(
        services,
        village_name="Pringgarata",
        notices=lambda kind: [told] if kind is told.kind else [],
        sound_of=lambda _: Path("kabar.mp3"),
    )


def wait_for(phone: Browser, words: str) -> None:
    # A page may be replaced between being found and being read.
    waiting = WebDriverWait(phone.driver, 15, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _: words in phone.text("body"))


def tap(phone: Browser, words: str) -> None:
    phone.press(next(e for e in phone.all("main button") if words in e.text))


def cut_wifi(phone: Browser, cut: bool) -> None:
    phone.driver.execute_cdp_cmd("Network.enable", {})
    phone.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )


@pytest.mark.slow
def test_the_form_outlives_a_dropped_wifi_and_back_turns_its_pages(
    address: str, services: MemoryServices, tmp_path: Path
) -> None:
    with open_browser(tmp_path / "phone", width=320, height=480, javascript=True, phone=True) as phone:
        phone.open(f"{address}/isi")
        # The player of a script-less page becomes one large button.
        assert not [player for player in phone.all("audio") if player.is_displayed()]
        tap(phone, "Perekrut")
        wait_for(phone, "Seberapa mendesak?")
        tap(phone, "Belum ada tanggal")
        wait_for(phone, "Ceritakan")
        phone.type("narrative", "Cerita yang panjang.")

        cut_wifi(phone, True)
        tap(phone, "Lanjut")
        wait_for(phone, "Wi-Fi terputus")
        assert phone.value("narrative") == "Cerita yang panjang."
        cut_wifi(phone, False)
        tap(phone, "Lanjut")
        wait_for(phone, "perangkat desa")
        assert "Wi-Fi terputus" not in phone.text("body")

        phone.driver.back()
        wait_for(phone, "Ceritakan")
        assert phone.value("narrative") == "Cerita yang panjang."
        phone.driver.back()
        wait_for(phone, "Seberapa mendesak?")
        phone.driver.forward()
        wait_for(phone, "Ceritakan")
        tap(phone, "Lanjut")
        wait_for(phone, "perangkat desa")
        tap(phone, "Ya")
        wait_for(phone, "Kirim, atau tambah dulu?")

        cut_wifi(phone, True)
        tap(phone, "Kirim laporan")
        wait_for(phone, "Wi-Fi terputus")
        assert services.reports == []
        cut_wifi(phone, False)
        tap(phone, "Kirim laporan")
        wait_for(phone, "sudah tersimpan")
        shown = phone.text(".code")
        phone.driver.refresh()
        wait_for(phone, "sudah dikirim sebelumnya")
        assert phone.text(".code") == shown
        assert [report["narrative"] for report in services.reports] == ["Cerita yang panjang."]
        # Whoever closes this page without having noted the code is asked, but not on the way out.
        assert phone.driver.execute_script("return typeof onbeforeunload") == "function"

        for kept in ("localStorage", "sessionStorage"):
            assert phone.driver.execute_script(f"return {kept}.length") == 0
        assert phone.driver.get_cookies() == []

        # Leaving takes the page itself out of the history.
        entries = len(phone.visited())
        phone.press(phone.one(".leave"))
        wait_for(phone, "Cuci tangan")
        assert len(phone.visited()) == entries
        assert phone.visited()[-1].startswith(f"{address}/sehat ")


@pytest.mark.slow
def test_another_language_turns_all_of_the_page_and_keeps_what_was_typed(
    address: str, tmp_path: Path
) -> None:
    with open_browser(tmp_path / "phone", width=320, height=480, javascript=True, phone=True) as phone:
        phone.open(f"{address}/isi")
        tap(phone, "Perekrut")
        wait_for(phone, "Seberapa mendesak?")
        tap(phone, "Belum ada tanggal")
        wait_for(phone, "Ceritakan")
        phone.type("narrative", "Cerita yang panjang.")
        phone.press(phone.one(".tongue summary"))
        tap(phone, "Basa Jawa")
        wait_for(phone, "Critakna")
        assert phone.one("html").get_attribute("lang") == "jv"
        assert phone.value("narrative") == "Cerita yang panjang."
        # The large button is for a page's own clip: a notice keeps the player that has its name.
        phone.open(f"{address}/pengumuman")
        assert phone.one("article audio").is_displayed()
