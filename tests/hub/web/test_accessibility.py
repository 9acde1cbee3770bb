"""axe-core on the pages of inbox, reports, cases and search in a real browser, and the keys of the inbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, open_browser
from flask import Flask
from inbox_arrivals import SARI, arrive
from selenium.webdriver.common.keys import Keys
from village import Region
from werkzeug.serving import make_server

from tests.hub.web.conftest import HubInMemory

_RUN = """
var done = arguments[0];
axe.run().then(function (found) {
  done(found.violations.map(function (v) { return v.id + " " + v.impact + ": " + v.nodes[0].html; }));
});
"""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def filled(region: Region) -> tuple[str, str]:
    """Fill a hub with reports in several states and a case; return a report and the case."""
    store = region.hub.store
    store.accounts.add("sari", "analyst", HubInMemory.PASSWORD)
    story = "Pak Contoh (0812-0000-4321) mengajak tiga anak ke Batam, berangkat malam."
    one, two, _ = arrive(region, story, "dua", "tiga", people={"children": 2})
    arrive(region, "mendesak", urgency="now", indicators=["confinement"])
    store.triage.step(one, "risk", "high", "anak ikut", seen=None, who=SARI)
    store.triage.assign(one, "sari", who=SARI)
    store.triage.comment(one, "Tanya BP3MI", who=SARI)
    store.triage.step(two, "signal", "discarded", "ganda", seen=None, who=SARI)
    case = store.cases.open("Tiga anak ke Batam", who=SARI)
    store.cases.add_reports(case, [one], who=SARI)
    store.cases.add_person(case, "Pak Contoh", "0812-0000-4321", "calo", who=SARI)
    store.cases.add_task(case, "Telepon BP3MI", store.inbox.today(), "sari", who=SARI)
    return one, case


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_the_keys_work(region: Region, tmp_path: Path, width: int) -> None:
    report, case = filled(region)
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    found: dict[str, list[str]] = {}
    with (
        served(region.hub.create_app()) as site,
        open_browser(tmp_path / "screen", width=width, height=800, javascript=True) as screen,
    ):

        def look(name: str) -> None:
            screen.driver.save_screenshot(str(tmp_path / f"{width}-{name}.png"))
            screen.driver.execute_script(axe)
            faults = screen.driver.execute_async_script(_RUN) + faults_of_page(screen)
            if faults:
                found[name] = faults

        screen.open(f"{site}/sign-in")
        screen.type("name", "sari")
        screen.type("password", HubInMemory.PASSWORD)
        screen.go(screen.one("main button"))
        for name, path in (
            ("inbox", "/?still=1"),
            ("filtered", "/?still=1&stage=discarded&area=52"),
            ("report", f"/reports/{report}"),
            ("cases", "/kasus"),
            ("case", f"/kasus/{case}"),
        ):
            screen.open(site + path)
            look(name)
        screen.open(f"{site}/cari")
        screen.type("text", "contoh 4321")
        screen.go(screen.one("main button"))
        look("search")
        assert len(screen.all("mark")) >= 2
        press_keys(screen, site)
    assert found == {}


def press_keys(screen: Browser, site: str) -> None:
    screen.open(f"{site}/?still=1")
    rows = screen.all(".reports h2 a")

    def press(keys: str) -> str:
        screen.driver.switch_to.active_element.send_keys(keys)
        return str(screen.driver.switch_to.active_element.get_attribute("href"))

    first, second = (str(row.get_attribute("href")) for row in rows[:2])
    assert [press("j"), press("j"), press("k")] == [first, second, first]
    press("x")
    assert screen.one(".reports input").is_selected()
    press("?")
    assert screen.one("#keys dl").is_displayed()
    screen.one("#text").send_keys("jk?" + Keys.TAB)
    assert screen.value("text") == "jk?", "keys typed into a field are text"
    rows[0].send_keys("")
    press("k")
    press("o")
    assert screen.driver.current_url == first
