"""axe-core on the hub's pages, as a screen of 320 pixels draws them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from browser import Browser, open_browser
from office import PASSWORD, Officer
from village import OTHER_VILLAGE, Region, quick_folder

from hub.account_services import account_key

_RUN = """
var done = arguments[0];
axe.run().then(function (found) {
  done(found.violations.map(function (v) { return v.id + " " + v.impact + ": " + v.nodes[0].html; }));
});
"""
PAGES = {
    "ketut": (
        # The list that refreshes itself has a link that stops it; axe would have none that does.
        *("/?still=1", "/desa", "/pengumuman", "/materi", "/akun-saya", "/akun-saya/kode"),
        *(
            "/akun",
            "/akun/baru",
            f"/akun/{account_key('sari')}",
            f"/akun/{account_key('ketut')}",
            "/tidak-ada",
        ),
    ),
    "auni": ("/catatan", "/catatan/keadaan", "/akun-saya", "/"),
}


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def drawn(region: Region) -> Iterator[tuple[str, str]]:
    """Yield a name and the HTML of each page."""
    region.file()
    region.settle()
    region.node(OTHER_VILLAGE)
    ketut, auni = Officer(region, "ketut", "administrator"), Officer(region, "auni", "auditor")
    sari = Officer(region, "sari", "analyst", "52.02")
    yield "sign-in", ketut.get("/sign-in").text
    yield "wrong", ketut.post("/sign-in", page="/sign-in", name="x", password="x").text
    ketut.sign_in()
    auni.sign_in()
    region.hub.store.audit.sign_head()
    for officer in (ketut, auni):
        for path in PAGES[officer.name]:
            yield f"{officer.name} {path}", officer.get(path).text
    yield "no account", ketut.post("/akun/baru", page="/akun/baru", name="", role="x").text
    yield "made", ketut.post("/akun/baru", page="/akun/baru", name="wayan", role="analyst").text
    yield "refused", ketut.post("/akun-saya/sandi", page="/akun-saya", old="x", new="y", again="z").text
    sari.sign_in()
    page = sari.read("/akun-saya/kode")
    secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    yield "not for role", sari.get("/akun").text
    yield "codes", sari.post("/akun-saya/kode", page="/akun-saya/kode", code=sari.code(secret)).text
    yield "own with factor", sari.get("/akun-saya").text
    sari.client.delete_cookie("kentongan_hub")
    sari.sign_in(PASSWORD)
    yield "code", sari.get("/sign-in/code").text
    yield "code wrong", sari.post("/sign-in/code", page="/sign-in/code", code="000000").text


def faults(screen: Browser, html: str, style: str) -> list[str]:
    # The page is written into an empty one: what it links to is put in.
    html = html.replace("</head>", f"<style>{style}</style></head>")
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    screen.open("about:blank")
    screen.driver.execute_script("document.open(); document.write(arguments[0]); document.close()", html)
    screen.driver.execute_script(axe)
    found: list[str] = screen.driver.execute_async_script(_RUN)
    return found


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_of_the_hub(region: Region, tmp_path: Path) -> None:
    style = (resources.files("hub") / "web" / "static" / "hub.css").read_text("utf-8")
    with open_browser(tmp_path / "screen", width=320, height=640, javascript=True) as screen:
        control = next(drawn(region))[1].replace("<h1>", "<h1 style='color:#ccc'>")
        assert [fault for fault in faults(screen, control, style) if "color-contrast" in fault], (
            "axe finds faults"
        )
        found = {}
        for name, html in drawn(region):
            if wrong := faults(screen, html, style):
                found[name] = wrong
    assert found == {}
