"""A phone joins the village's Wi-Fi: every name leads to the box, which opens the site and takes a report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import open_browser
from processes import Scene, scene

SITE = "http://desa.local/"
NAMES = ("connectivitycheck.gstatic.com", "example.com", "desa.local")
PROBE = "http://connectivitycheck.gstatic.com/generate_204"


@pytest.mark.slow
def test_joining_the_wifi_opens_the_site_and_a_report_can_be_filed_there(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        names_at = dict.fromkeys(NAMES, _serve(village))
        with open_browser(
            tmp_path / "phone", width=320, height=480, javascript=False, phone=True, names_at=names_at
        ) as phone:
            phone.open(PROBE)
            assert phone.driver.current_url == SITE
            assert phone.driver.execute_script("return window.isSecureContext") is False
            assert phone.driver.execute_script("return typeof navigator.serviceWorker") == "undefined"
            phone.follow("Tetap di Wi-Fi ini")
            assert SITE in phone.text()
            phone.follow("Buka situs")
            assert "Tetap di Wi-Fi ini" not in phone.text()

            phone.open("http://example.com/a/page")  # any other page of the internet
            assert phone.driver.current_url == SITE
            phone.follow("Lapor")
            phone.go(phone.one("button[name=kind][value=recruiter]"))
            phone.go(phone.one("button[name=urgency][value=info]"))
            phone.type("narrative", "Orang itu datang lagi ke dusun, mengajak kerja di kapal.")
            phone.follow("Lanjut")
            phone.go(phone.one("button[name=official_involved][value=no]"))
            phone.follow("Kirim laporan")
            assert len(re.sub("[^0-9]", "", phone.text(".code"))) == 16
            assert phone.driver.get_cookies() == []


def _serve(village: Scene) -> str:
    node = village.start_node("--site-address", SITE)
    return str(node.ready["url"]).removeprefix("http://")
