"""axe-core on every kind of page of both sites, as a phone of 320 pixels draws it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest
from browser import Browser, open_browser
from facilitator import Facilitator
from flask.testing import FlaskClient
from headings import heading_faults
from village import Region

from village_node.web.public_app import create_public_app
from village_node.web.spoken import PAGES, Examples

KINDS = (
    *("home", "pictures", "list", "taken", "status-3-answer", "quiz", "quiz-number"),
    *("files", "add", "added", "withdraw", "withdrawn", "ask-back-pictures"),
    *("step-kind", "step-story", "step-signs-1", "step-destination"),
)
"""One page of each kind; the others are drawn by the same templates."""
_FORM = {"code": "1234567890123456", "form_token": "token-for-an-example", "go": "send"}
OTHER_PAGES: Mapping[str, tuple[str, Mapping[str, str] | None]] = {
    "areas": ("/isi", {"go": "area:52"}),
    "to mend": ("/isi", {"form_token": "t" * 20, "people.men": "x", "offer.destination": "?"}),
    "offer": ("/cek", {"go": "ask:licence", "a.destination": "asia", "a.licence": "person"}),
    "offer result": ("/cek", {"go": "result", "a.age": "child", "a.fee": "unknown", "a.advance": "no"}),
    "offer slip": ("/cek", {"go": "slip", "a.age": "child", "a.fee": "unknown"}),
    "agency": ("/agen", {"firm": "contoh karya"}),
    "help": ("/bantuan", None),
    "answer": ("/tanya", {"q": "paspor saya dipegang majikan"}),
    "no answer": ("/tanya", {"q": "harga cabe"}),
    "no question": ("/tanya", {"q": ""}),
    "lesson": ("/belajar/biaya", None),
    "quiz why": ("/kuis/tawaran", {"step": "visa", "a.visa": "a"}),
    "files refused": ("/isi", _FORM | {"kind": "other", "narrative": "-", "held": "photo"}),
    "addition too long": ("/lanjut", _FORM | {"text": "a" * 4001, "question": "1"}),
    "addition with a bad file": ("/lanjut", _FORM | {"text": "a", "held": "photo"}),
    "coupon": ("/kupon", {"code": "1234567890123456", "pictures": "1,2,3,4"}),
}
_RUN = """
var done = arguments[0];
axe.run().then(function (found) {
  done(found.violations.map(function (v) { return v.id + " " + v.impact + ": " + v.nodes[0].html; }));
});
"""


def faults(phone: Browser, html: str) -> list[str]:
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    phone.open("about:blank")
    phone.driver.execute_script("document.open(); document.write(arguments[0]); document.close()", html)
    phone.driver.execute_script(axe)
    found: list[str] = phone.driver.execute_async_script(_RUN)
    return found


def html_of(client: FlaskClient, path: str, form: Mapping[str, str] | None) -> str:
    return (client.get(path) if form is None else client.post(path, data=dict(form))).text


@pytest.mark.slow
def test_axe_finds_nothing_on_any_kind_of_page(tmp_path: Path) -> None:
    client = create_public_app(
        Examples(), quizzes=Examples(), village_name="Contoh", village_code="52.02.08.2001"
    ).test_client()
    with open_browser(tmp_path / "phone", width=320, height=480, javascript=True, phone=True) as phone:
        control = html_of(client, "/", None).replace("<h1>", "<h1 style='color:#ccc'>")
        assert [fault for fault in faults(phone, control) if "color-contrast" in fault], "axe finds faults"
        found = {}
        for name, (path, form) in {**{name: PAGES[name] for name in KINDS}, **OTHER_PAGES}.items():
            if wrong := faults(phone, html_of(client, path, form)):
                found[name] = wrong
    assert found == {}


def facilitator_pages(region: Region) -> Mapping[str, str]:
    """A session in progress, each page of it, and what stands around it."""
    facilitator = Facilitator(region.node())
    pages = {"set the PIN": facilitator.client.get("/masuk").text}
    facilitator.sign_in()
    pages["a wrong PIN"] = facilitator.client.post("/masuk", data={"pin": "1"}).text
    pages["no session"] = facilitator.client.get("/sesi/9").text
    plan = {"held_on": "2026-11-25", "part": "morning", "lessons": ["perekrut"], "quiz": "tawaran"}
    pages["a plan to mend"] = facilitator.post("/sesi/baru", **{**plan, "lessons": []}).text
    assert facilitator.post("/sesi/baru", **plan).status_code == 303
    facilitator.post("/sesi/1/hadir", hitung="0:5")
    facilitator.post("/sesi/1/kuis/awal/hp")
    for question in range(1, 9):
        facilitator.post(f"/sesi/1/kuis/awal/{question}", a="3", b="3", c="3")
    for path in (
        *("/", "/keadaan", "/pin", "/sesi", "/sesi/baru", "/sesi/1", "/sesi/1/hadir", "/sesi/1/kuis"),
        *("/sesi/1/kuis/awal/1", "/sesi/1/layar", "/sesi/1/layar/1", "/materi", "/materi/perekrut/2"),
        *("/materi/perekrut/2/petunjuk", "/cetak"),
    ):
        pages[path] = facilitator.client.get(path).text.replace('http-equiv="refresh"', "")
    return pages


@pytest.mark.parametrize("shut_out", [False, True])
def test_headings_begin_with_the_one_of_the_page(shut_out: bool) -> None:
    client = create_public_app(
        Examples(),
        quizzes=Examples(),
        village_name="Contoh",
        village_code="52.02.08.2001",
        is_shut_out=lambda: shut_out,
        can_save=lambda: not shut_out,
    ).test_client()
    drawn = {name: html_of(client, *asked) for name, asked in {**PAGES, **OTHER_PAGES}.items()}
    assert ('role="alert"' in drawn["home"]) is shut_out
    assert {name: wrong for name, html in drawn.items() if (wrong := heading_faults(html))} == {}


def test_headings_of_the_facilitator_begin_with_the_one_of_the_page(region: Region) -> None:
    drawn = facilitator_pages(region)
    assert {name: wrong for name, html in drawn.items() if (wrong := heading_faults(html))} == {}


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_of_the_facilitator(region: Region, tmp_path: Path) -> None:
    with open_browser(tmp_path / "phone", width=320, height=480, javascript=True, phone=True) as phone:
        found = {}
        for name, html in facilitator_pages(region).items():
            assert len(html) < 50_000
            if wrong := faults(phone, html):
                found[name] = wrong
            wide = phone.driver.execute_script("return document.documentElement.scrollWidth")
            assert wide <= 320, f"{name} must be pushed sideways"
    assert found == {}
