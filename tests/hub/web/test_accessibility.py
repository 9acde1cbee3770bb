"""axe-core on all pages of the hub, as a screen of 320 pixels draws them, and the keys of the inbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, open_browser
from filled_hub import OF_ADMINISTRATOR, OF_AUDITOR, OF_SUPERVISOR, as_account, of_analysts, of_imports
from flask import Flask
from headings import heading_faults
from office import PASSWORD, Officer
from referral_desk import AGENCY
from selenium.webdriver.common.keys import Keys
from village import Region, quick_folder
from werkzeug.serving import make_server

WIDTH = 320
HEAD = '<!doctype html>\n<html lang="id">\n'
_RUN = """
var done = arguments[0];
axe.run(document, {resultTypes: ["violations"]}).then(function (found) {
  done(found.violations.map(function (v) { return v.id + " " + v.impact + ": " + v.nodes[0].html; }));
});
"""

IN_INDONESIAN_ALONE = (
    *("/ekspor", "/token", "/token/panduan"),
    *("/hak", "/hak/1/pemberitahuan", "/koreksi", "/orang/1/koreksi"),
)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with quick_folder(tmp_path_factory.mktemp("hub")) as folder:
        region = Region(folder)
        yield region
        region.close()


def drawn(region: Region) -> Iterator[tuple[str, str]]:
    """Yield a name and the HTML of each page."""
    ketut, auni = Officer(region, "ketut", "administrator"), Officer(region, "auni", "auditor")
    sari = Officer(region, "sari", "analyst")
    yield "sign-in", ketut.get("/sign-in").text
    yield "wrong", ketut.post("/sign-in", page="/sign-in", name="x", password="x").text
    ketut.sign_in()
    auni.sign_in()
    region.hub.store.audit.sign_head()
    pages = {"ketut": (*of_analysts(region), *OF_ADMINISTRATOR, *IN_INDONESIAN_ALONE), "auni": OF_AUDITOR}
    for officer in (ketut, auni):
        for path in pages[officer.name]:
            response = officer.get(path)
            assert response.status_code == (404 if path == "/tidak-ada" else 200) or path == "/", path
            yield f"{officer.name} {path}", response.text
    yield from of_imports(region)
    Officer(region, "budi", "supervisor")
    for path in OF_SUPERVISOR:
        yield f"supervisor {path}", as_account(region, "budi", path)
    for path in ("/rujukan-saya", "/rujukan-saya/2027-0001.1", "/orang"):
        yield f"agency {path}", as_account(region, AGENCY.name, path)
    found = ketut.post("/cari", page="/cari", text="contoh 4321").text
    assert found.count("<mark>") >= 2
    yield "found", found
    yield "no account", ketut.post("/akun/baru", page="/akun/baru", name="", role="x").text
    yield "made", ketut.post("/akun/baru", page="/akun/baru", name="wayan", role="analyst").text
    yield "refused", ketut.post("/akun-saya/sandi", page="/akun-saya", old="x", new="y", again="z").text
    yield "sign-in in English", sari.get("/sign-in?bahasa=en").text
    region.hub.store.accounts.change_language("ketut", "en")
    for path in ("/?still=1", "/akun-saya", "/peta", "/lembaga/1", "/rujukan/2027-0001.1"):
        yield f"English {path}", ketut.get(path).text
    region.hub.store.accounts.change_language("ketut", "id")
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


def begin(screen: Browser) -> None:
    """Open an empty page with axe in it, into which the pages are put: reading axe takes longest."""
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    screen.open("about:blank")
    empty = f"{HEAD}<head><title>-</title></head><body></body></html>"
    screen.driver.execute_script("document.open(); document.write(arguments[0]); document.close()", empty)
    screen.driver.execute_script(axe)


def faults(screen: Browser, html: str, style: str) -> list[str]:
    head = html[: len(HEAD)]
    assert head in (HEAD, HEAD.replace('"id"', '"en"'))
    inner = html.removeprefix(head).replace("</head>", f"<style>{style}</style></head>")
    screen.driver.execute_script("document.documentElement.innerHTML = arguments[0]", inner)
    found: list[str] = screen.driver.execute_async_script(_RUN)
    width = screen.driver.execute_script("return document.documentElement.scrollWidth")
    found += [*faults_of_page(screen), *filter(None, [heading_faults(html)])]
    return found if width <= WIDTH else [*found, f"{width} pixels wide"]


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


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_of_the_hub_and_the_keys_work(region: Region, tmp_path: Path) -> None:
    style = (resources.files("hub") / "web" / "static" / "hub.css").read_text("utf-8")
    found = {}
    with open_browser(tmp_path / "screen", width=WIDTH, height=640, javascript=True, phone=True) as screen:
        begin(screen)
        for name, html in drawn(region):
            if name == "sign-in":
                control = html.replace("<h1>", "<h1 style='color:#ccc'>")
                wrong = faults(screen, control, style)
                assert [fault for fault in wrong if "color-contrast" in fault], "axe finds faults"
            if wrong := faults(screen, html, style):
                found[name] = wrong
        assert found == {}
        app = region.hub.create_app()
        with served(app) as site:
            screen.open(f"{site}/static/hub.css")
            client = app.test_client()
            with client.session_transaction() as session:
                session["id"] = region.hub.store.accounts.begin_session("ketut")
            cookie = client.get_cookie("kentongan_hub")
            assert cookie is not None
            screen.driver.add_cookie({"name": cookie.key, "value": cookie.value})
            press_keys(screen, site)


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
