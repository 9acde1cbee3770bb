"""The pages as a whole: small, self-contained, and usable by eye, ear and keyboard."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from sync.records import INDICATORS, TEXT_LIMITS
from village_node.services import Answer, LadderStep, ReceiptView, StorageFull
from village_node.web.emergency_numbers import EMERGENCY_NUMBERS
from village_node.web.public_app import PublicSite, create_public_app
from village_node.web.questions import QUESTIONS
from village_node.web.spoken import PAGES as SPOKEN
from village_node.web.spoken import Clips
from village_node.web.spoken_content import material_texts
from village_node.web.steps import STEPS

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

NAMES = {*SPOKEN, *material_texts(Catalogue())}
OFFER = {"a.destination": "no_agreement", "a.age": "child", "a.fee": "personal", "a.departure": "weeks"}
TOKEN = "token-of-a-form-0001"
CODE = "1234567890123456"
PAGES = (
    "home", "form_errors", "form_full", "taken", "already_saved",
    "ask", "ask_wrong", "ask_unknown", "status", "not_found",
    "ask_back", "ask_back_wrong", "noted_again", "noted", "coupon", "proof", "pictures",
    "panic", "called", "away", "list", "practice", "practice_taken",
    "offer", "offer_result", "offer_slip", "agency", "help", "learn", "lesson",
    "quiz", "quiz_why", "quiz_result",
    *(f"step:{name}" for name in STEPS),
)  # fmt: skip


@pytest.fixture
def all_clips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every clip that is made, as if it were there."""
    monkeypatch.setattr(Clips, "file", lambda _, tag, name: Path("clip.mp3") if name in NAMES else None)


@pytest.fixture(params=PAGES)
def html(
    request: pytest.FixtureRequest, client: FlaskClient, services: MemoryServices, all_clips: None
) -> str:
    """Each page once."""
    small = {"form_token": TOKEN, "kind": "other", "narrative": "cerita"}
    services.views[CODE] = ReceiptView(
        (LadderStep("saved", True, 5), LadderStep("read", False, None)), (Answer("Siapa?", True, 5),)
    )
    page = request.param
    if page == "form_full":
        services.failure = StorageFull()
    if page == "already_saved":
        services.has_restarted = True
    wrong = dict.fromkeys(QUESTIONS, "?" * 5000)
    if page.startswith("step:") or page == "list":
        return client.post("/isi", data=small | {"go": page, "urgency": "now"}).text
    response = {
        "home": lambda: client.get("/"),
        "panic": lambda: client.get("/telepon"),
        "called": lambda: client.post("/telepon", data={"form_token": TOKEN}),
        "ask_back": lambda: client.post("/catat", data={"code": CODE}),
        "ask_back_wrong": lambda: client.post("/catat", data={"code": CODE, "typed": "1"}),
        "noted_again": lambda: client.post("/catat", data={"code": CODE, "go": "again"}),
        "noted": lambda: client.post("/catat", data={"code": CODE, "typed": CODE}),
        "coupon": lambda: client.post("/kupon", data={"code": CODE, "pictures": "1,2,3,4"}),
        "proof": lambda: client.post("/bukti", data={"proof": "0011223344556677.0.1"}),
        "pictures": lambda: client.post("/gambar", data={"picked": ["1"]}),
        "away": lambda: client.get("/sehat"),
        "practice": lambda: client.get("/latihan"),
        "practice_taken": lambda: client.post("/latihan", data=small),
        "form_errors": lambda: client.post("/isi", data=wrong),
        "form_full": lambda: client.post("/isi", data=small),
        "taken": lambda: client.post("/isi", data=small),
        "already_saved": lambda: client.post("/isi", data=small),
        "ask": lambda: client.get("/nomor"),
        "ask_wrong": lambda: client.post("/nomor", data={"code": "1"}),
        "ask_unknown": lambda: client.post("/nomor", data={"code": "0" * 16}),
        "status": lambda: client.post("/nomor", data={"code": CODE}),
        "offer": lambda: client.post("/cek", data=OFFER | {"go": "ask:licence"}),
        "offer_result": lambda: client.post("/cek", data=OFFER | {"go": "result"}),
        "offer_slip": lambda: client.post("/cek", data=OFFER | {"go": "slip"}),
        "agency": lambda: client.post("/agen", data=OFFER | {"firm": "contoh karya"}),
        "help": lambda: client.get("/bantuan"),
        "learn": lambda: client.get("/belajar"),
        "lesson": lambda: client.get("/belajar/perekrut"),
        "quiz": lambda: client.get("/kuis/tawaran"),
        "quiz_why": lambda: client.post("/kuis/tawaran", data={"step": "visa", "a.visa": "a"}),
        "quiz_result": lambda: client.post(
            "/kuis/tawaran", data={"step": "teman", "a.teman": "b", "go": "next"}
        ),
        "not_found": lambda: client.get("/tidak-ada"),
    }[page]()
    return response.text


def test_each_page_says_its_language_and_has_one_heading_and_one_main(html: str, read: type[Page]) -> None:
    page = read(html)
    assert [e["lang"] for e in page.all("html")] == ["id"]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.all("main")[0] in page.all("h1")[0].inside
    assert [e["content"] for e in page.all("meta") if e["name"] == "viewport"]
    levels = [int(e.tag[1]) for e in page.elements if re.fullmatch("h[1-6]", e.tag)]
    assert all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:], strict=False))


def test_no_page_loads_anything_or_needs_a_script(html: str, read: type[Page], site: PublicSite) -> None:
    page = read(html)
    assert not [e for e in page.elements if e.tag in ("img", "iframe", "object", "embed", "video")]
    # The one script makes forms outlive a dropped Wi-Fi; all buttons are real ones without it.
    assert {e.text for e in page.all("script")} <= {str(site.script)}
    assert not [e for e in page.all("script") if e["src"]]
    assert not [e for e in page.all("button") if e["type"] != "submit"]
    assert not [
        name for e in page.elements for name in e.attributes if name.startswith("on") or name == "style"
    ]
    assert [(e["rel"], e["href"]) for e in page.all("link")] == [("icon", "data:,")]
    for element in page.elements:
        for address in (element["href"], element["src"], element["action"], element["formaction"]):
            assert re.fullmatch(
                r"(/[a-z-]*|(/[a-z]{2,3})?/(cek|agen|bantuan|isi|latihan|nomor|(belajar|kuis)(/[a-z_]+)?)|/suara/[a-z]+/[a-z0-9_-]+\.mp3|#[a-z_-]+"
                r"|(tel|sms):\+?[0-9]+|data:,)?",
                address,
            )
    assert all(e["preload"] == "none" for e in page.all("audio"))
    assert "url(" not in html
    assert "@import" not in html


def test_ids_are_unique_and_all_that_points_to_them_finds_them(html: str, read: type[Page]) -> None:
    page = read(html)
    ids = [e["id"] for e in page.elements if e["id"]]
    assert len(ids) == len(set(ids))
    for element in page.elements:
        pointed = element["aria-describedby"].split() + [element["for"]] * (
            element.tag == "label" and "for" in element
        )
        pointed += [element["href"][1:]] * element["href"].startswith("#")
        assert set(pointed) <= set(ids)


def test_every_input_has_a_label_and_every_group_a_legend(html: str, read: type[Page]) -> None:
    page = read(html)
    labelled = {e["for"] for e in page.all("label")}
    for element in page.elements:
        if element.tag in ("input", "select", "textarea") and element["type"] != "hidden":
            in_label = any(outer.tag == "label" for outer in element.inside)
            assert in_label or element["id"] in labelled, element
        if element["type"] in ("radio", "checkbox"):
            assert any(outer.tag == "fieldset" for outer in element.inside)
    assert len(page.all("fieldset")) == len(page.all("legend"))


def test_no_field_asks_the_browser_to_remember(html: str, read: type[Page]) -> None:
    assert all(form["autocomplete"] == "off" for form in read(html).all("form"))


def test_titles_tell_a_later_user_of_the_phone_nothing(html: str, read: type[Page]) -> None:
    title = read(html).all("title")[0].text
    assert title.endswith("Informasi Desa")
    assert not re.search("lapor|imigrasi|perdagangan|polisi|darurat|tolong", title, re.IGNORECASE)


@pytest.mark.parametrize("tag", ["style", "script"])
def test_style_and_script_match_the_hashes_in_the_policy(client: FlaskClient, tag: str) -> None:
    response = client.get("/")
    [text] = re.findall(f"<{tag}>(.*?)</{tag}>", response.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert re.search(
        f"{tag}-src [^;]*'sha256-{re.escape(digest)}'", response.headers["Content-Security-Policy"]
    )


def test_every_page_leads_out_and_all_but_the_page_outside_lead_to_help(html: str, read: type[Page]) -> None:
    page = read(html)
    if "Cuci tangan" in html:
        assert {e["href"] for e in page.all("a")} == {"/"}
        assert not re.search("lapor|darurat|petugas", page.all("main")[0].text, re.IGNORECASE)
        return
    first = page.all("a")[0]
    assert (first["class"], first["href"]) == ("leave", "/sehat"), "the way out comes first, also by keyboard"
    assert page.all("a")[1]["href"] == "/telepon" or page.by_id("narrative")


def test_every_page_speaks_but_those_that_refuse_or_lead_away(html: str, read: type[Page]) -> None:
    silent = (
        "Cuci tangan",
        "Halaman tidak ada",
        "perlu diperbaiki",
        "dari formulir ini sudah tersimpan",
        "Kupon",
        "Catatan tawaran kerja",
    )
    heading = read(html).all("h1")[0].text
    players = [e for e in read(html).all("audio") if any(o["class"] == "listen" for o in e.inside)]
    assert len(players) == (not any(words in heading for words in silent))


def test_no_text_is_smaller_than_18_pixels(client: FlaskClient) -> None:
    style = client.get("/").text.split("<style>")[1].split("</style>")[0]
    assert "body{margin:0;background:#fff;color:#1c1c1c;font:1.125rem/" in style
    sizes = re.findall(r"font(?:-size)?:(?:bold )?([0-9.]+)(rem|px|em)", style)
    assert sizes
    assert all(unit == "rem" and float(size) >= 1.125 for size, unit in sizes)


def test_the_first_page_is_small_with_all_it_loads(client: FlaskClient) -> None:
    sent = client.get("/", headers={"Accept-Encoding": "gzip, deflate"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert len(sent.data) <= 9_000, "14 kB is the promise"
    assert len(client.get("/").data) <= 20_000, "for the few that take nothing compressed"


def test_every_page_is_small(html: str) -> None:
    typed = html.count("?") if html.count("?") > 5000 else 0
    assert len(html.encode()) - typed < 50_000


def test_even_the_largest_form_shown_again_is_bounded(client: FlaskClient) -> None:
    full = {name: "🚢" * limit for name, limit in TEXT_LIMITS.items()}
    every = {"indicators": [indicator.code for indicator in INDICATORS]}
    assert len(client.post("/isi", data=full | every).data) < 100_000


def test_the_home_page_says_what_a_reporter_must_know(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.get("/").text)
    text = " ".join(page.all("main")[0].text.split())
    for said in ("Wi-Fi ini bisa disadap", "HP pinjaman", "tutup halaman ini", "Opera Mini", "Mode Ekstrem"):
        assert said in text
    assert {"/isi", "/nomor", "/cek", "/agen", "/bantuan", "/belajar"} <= {
        e["href"] for e in page.all("a") if "button" in e["class"]
    }
    numbers = [e["href"] for e in page.all("a") if e["href"].startswith("tel:")]
    assert numbers == [f"tel:{number.dialled}" for number in EMERGENCY_NUMBERS]
    assert "tel:110" in numbers


def test_every_emergency_number_names_its_source() -> None:
    assert all(number.source for number in EMERGENCY_NUMBERS)


def test_the_name_of_the_village_is_shown_as_text(services: MemoryServices) -> None:
    client = create_public_app(services, village_name="<b>Ujung & Pandan").test_client()
    assert "&lt;b&gt;Ujung &amp; Pandan" in client.get("/").text
    assert "<b>" not in client.get("/isi").text


def test_the_limit_of_a_body_can_be_set(services: MemoryServices) -> None:
    client = create_public_app(services, village_name="Contoh", max_body_bytes=2048).test_client()
    response = client.post("/isi", data={"narrative": "a" * 2048})
    assert response.status_code == 413
    assert "2 kilobyte" in response.text


def test_the_style_of_the_material_stands_on_its_pages_alone_and_in_the_policy(client: FlaskClient) -> None:
    response = client.get("/belajar")
    own = re.findall("<style>(.*?)</style>", response.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert own not in client.get("/").text


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    full = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_and_edge_stands_out_on_white(client: FlaskClient) -> None:
    style = re.findall("<style>(.*?)</style>", client.get("/").text, re.DOTALL)[0]
    for name, colour in re.findall(r"([a-z-]+):[^;{}]*?(#[0-9a-f]{3,6})", style):
        if colour == "#fff":
            continue
        least = 4.5 if name == "color" or name == "background" else 3.0
        assert 1.05 / (luminance(colour) + 0.05) >= least, (name, colour)


def test_no_address_or_title_tells_what_the_page_is_for(site: PublicSite, html: str) -> None:
    """Both stay in a phone's history, which somebody else may read."""
    telling = re.compile(
        r"lapor|darurat|tanda-terima|korban|imigrasi|polisi|kentongan|rahasia", re.IGNORECASE
    )
    assert [rule.rule for rule in site.url_map.iter_rules() if telling.search(rule.rule)] == []
    title = re.search(r"<title>(.*?)</title>", html)
    assert title is not None
    assert not telling.search(title[1])
