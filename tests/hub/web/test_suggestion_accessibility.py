"""axe-core on the pages about suggestions and people, as a narrow screen draws them."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from browser import Browser, open_browser
from linked_reports import BUDI, SARI, WAYAN, LinkedReports
from office import AlwaysIn
from village import Region

from hub.web.app import create_hub_app

STYLES = Path(__file__).resolve().parents[3] / "hub" / "web" / "static" / "hub.css"
RUN = """
var done = arguments[0];
axe.run().then(function (found) {
  done(found.violations.map(function (v) { return v.id + " " + v.impact + ": " + v.nodes[0].html; }));
});
"""


def faults(screen: Browser, page: str) -> list[str]:
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    styled = page.replace("</head>", f"<style>{STYLES.read_text('utf-8')}</style></head>")
    screen.open("about:blank")
    screen.driver.execute_script("document.open(); document.write(arguments[0]); document.close()", styled)
    screen.driver.execute_script(axe)
    found: list[str] = screen.driver.execute_async_script(RUN)
    return found


@pytest.mark.slow
def test_axe_finds_nothing_and_no_page_is_wider_than_320(region: Region, tmp_path: Path) -> None:
    linked = LinkedReports(region)
    first, second, third = linked.three_villages()
    work, store = linked.work, region.hub.store
    work.decide("recruiter", first, second, same=True, reason="", who=SARI)
    fourth = linked.told(recruiter=WAYAN)
    work.decide("recruiter", fourth, third, same=False, reason="Lain.", who=SARI)
    app = create_hub_app(
        store.work,
        accounts=AlwaysIn(BUDI),
        links=store,  # type: ignore[arg-type]  # no page here asks it
        pins=store.pins,
        sessions=store.sessions,
        people=work,
        secret_key=bytes(32),
        secure_cookies=False,
        clock=region.clock,
    )
    client = app.test_client()
    token = re.findall(r'name="form_token" value="([^"]*)"', client.get("/sign-in").text)[0]
    client.post("/sign-in", data={"form_token": token, "name": "budi", "password": "-"})
    paths = ("/kaitan", f"/reports/{third}/serupa", "/orang", "/orang/1", "/kaitan/ukuran")
    with open_browser(tmp_path / "screen", width=320, height=480, javascript=True, phone=True) as screen:
        for path in (*paths, "/kaitan/keputusan/1/batal"):
            assert faults(screen, client.get(path).text) == [], path
            width = screen.driver.execute_script("return document.documentElement.scrollWidth")
            assert width <= 320, path
