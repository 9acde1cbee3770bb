"""Check an offer as people go through it: by page, by random taps, and in a real browser into a report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Browser, faults_of_page, open_browser
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.support.ui import WebDriverWait

from content.catalogue import Catalogue
from village_node.web.offer_steps import SKIPPED
from village_node.web.public_app import create_public_app
from village_node.web.spoken import Examples

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

RULES = Catalogue().offer_rules
CHOICES = {question.key: [choice.key for choice in question.choices] for question in RULES.questions}
RED = {"a.destination": "no_agreement", "a.age": "child", "a.visa": "other", "a.fee": "personal"}
GREEN = {f"a.{question.key}": question.choices[0].key for question in RULES.questions} | {
    "a.destination": "asia"
}


def heading(page: Page) -> str:
    return " ".join(page.all("h1")[0].text.split())


def test_one_question_a_page_and_a_tap_leads_to_the_next(client: FlaskClient, read: type[Page]) -> None:
    first = read(client.get("/cek").text)
    assert heading(first) == RULES.questions[0].title
    assert {e["value"] for e in first.all("button") if e["name"] == "a.destination"} == set(
        CHOICES["destination"]
    )
    second = read(client.post("/cek", data={"step": "destination", "a.destination": "asia"}).text)
    assert heading(second) == RULES.questions[1].title
    assert second.value("a.destination") == "asia"
    assert "2 dari 13" in second.all("main")[0].text
    assert "Tidak tahu" in [" ".join(e.text.split()) for e in second.all("button")]
    back = read(client.post("/cek", data={"step": "age", "a.destination": "asia", "go": "back"}).text)
    assert heading(back) == RULES.questions[0].title
    assert [e["value"] for e in back.all("button") if "picked" in e["class"]] == ["asia"]


def test_the_answers_travel_in_bodies_only(client: FlaskClient, read: type[Page]) -> None:
    for form in ({}, RED | {"go": "result"}, RED | {"go": "slip"}, RED | {"go": "agencies"}):
        page = read(client.post("/cek", data=form).text)
        assert {e["action"] for e in page.all("form")} <= {"/cek", "/agen", "/isi"}
        assert all(e["method"] == "post" for e in page.all("form"))
        assert not [e for e in page.all("a") if "?" in e["href"]]


def test_a_red_result_says_so_in_shape_word_and_colour_worst_first(
    client: FlaskClient, read: type[Page]
) -> None:
    html = client.post("/cek", data=RED | {"go": "result"}).text
    page = read(html)
    overall = next(e for e in page.elements if e["class"].startswith("overall"))
    assert overall["class"] == "overall red"
    assert "Merah: bahaya" in overall.text
    assert RULES.conclusions[max(RULES.conclusions)].title in overall.text
    assert 'd="M8 2h8l6 6v8l-6 6H8l-6-6V8z' in html.split("</h1>")[0], "an octagon"
    colours = [e["class"].removeprefix("point ") for e in page.all("section")]
    assert colours == ["red", "red", "red", "green"]
    words = {"red": "Merah: bahaya", "green": "Hijau: sesuai"}
    assert all(words[e["class"].removeprefix("point ")] in e.text for e in page.all("section"))
    assert "Visa ini bukan untuk kerja" in page.all("main")[0].text, "the reason"
    assert "Jangan berangkat kerja dengan visa ini" in page.all("main")[0].text, "the advice"
    assert RULES.notice in page.all("main")[0].text
    assert "25-11-2026" in page.all("main")[0].text, "the date of the rules"
    assert "menunggu pemeriksaan penutur asli" in page.all("main")[0].text


def test_all_answers_in_order_are_green_and_one_unknown_is_yellow(
    client: FlaskClient, read: type[Page]
) -> None:
    for answers, colour in (
        (GREEN, "green"),
        (GREEN | {"a.age": SKIPPED}, "yellow"),
        (GREEN | {"a.visa": "unknown"}, "yellow"),
        ({}, "yellow"),
    ):
        page = read(client.post("/cek", data=answers | {"go": "result"}).text)
        assert [e for e in page.elements if e["class"] == f"overall {colour}"], answers
    left = read(client.post("/cek", data=GREEN | {"a.age": SKIPPED, "go": "result"}).text)
    assert "Belum dijawab" in left.all("main")[0].text


def test_the_last_answer_leads_to_the_result_and_a_changed_one_straight_back(
    client: FlaskClient, read: type[Page]
) -> None:
    last = RULES.questions[-1].key
    assert "overall green" in client.post("/cek", data=GREEN | {"step": last}).text
    changing = read(client.post("/cek", data=GREEN | {"step": "", "go": "ask:visa"}).text)
    assert heading(changing) == "Visanya apa?"
    form = next(e for e in changing.all("form") if e["class"] == "keep")
    sent = {e["name"]: e["value"] for e in changing.all("input") if form in e.inside}
    assert "overall red" in client.post("/cek", data=sent | {"a.visa": "other"}).text


@pytest.mark.parametrize("fee", CHOICES["fee"])
def test_no_result_says_that_every_payment_is_a_crime(client: FlaskClient, fee: str) -> None:
    said = client.post("/cek", data=GREEN | {"a.fee": fee, "go": "result"}).text
    assert "overall red" not in said, "what was asked to pay alone is never red"
    blame = r"(semua|setiap) (biaya|pembayaran)|membayar (itu|adalah) (kejahatan|pidana)"
    assert not re.search(blame, said, re.IGNORECASE)


def test_the_slip_has_the_date_of_the_rules_and_no_secret(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/cek", data=RED | {"go": "slip"}).text)
    slip = next(e for e in page.elements if e["class"].startswith("slip"))
    assert "Merah: bahaya" in slip.text
    assert "Tanggal aturan: 25-11-2026" in " ".join(slip.text.split())
    assert not re.search("kentongan|perdagangan orang|petugas|lapor|[0-9]{16}", slip.text, re.IGNORECASE)
    assert page.value("a.visa") == "other", "the way back keeps the answers"


def test_nothing_of_a_check_is_stored_or_sent(client: FlaskClient, services: MemoryServices) -> None:
    for form in (RED, RED | {"go": "result"}, RED | {"go": "slip"}):
        assert "Set-Cookie" not in client.post("/cek", data=form).headers
    assert services.reports == []
    assert services.tokens == 0


def test_one_tap_fills_a_report_that_the_reporter_sees_and_can_change(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    result = read(client.post("/cek", data=RED | {"go": "result"}).text)
    form = next(e for e in result.all("form") if e["action"] == "/isi")
    sent: dict[str, list[str]] = {}
    for field in (e for e in result.elements if form in e.inside and e["name"]):
        sent.setdefault(field["name"], []).append(field["value"])
    assert sent == {"kind": ["recruiter"], "indicators": ["child", "wrong_visa"], "go": ["list"]}
    page = read(client.post("/isi", data=sent).text)
    assert "Ada anak di bawah 18 tahun yang direkrut" in page.all("main")[0].text
    kept = {e["name"]: e["value"] for e in page.all("input")}
    assert kept["kind"] == "recruiter"
    token = kept["form_token"]
    refused = client.post("/isi", data=sent | {"form_token": token, "go": "send"})
    assert refused.status_code == 422, "a story in one's own words is still needed"
    assert services.reports == []
    # The reporter takes one sign out again.
    sent["indicators"].remove("child")
    client.post("/isi", data=sent | {"form_token": token, "narrative": "Cerita.", "go": "send"})
    assert services.reports == [
        {"kind": "recruiter", "narrative": "Cerita.", "indicators": ["wrong_visa"], "channel": "web"}
    ]


def test_answers_to_questions_that_are_not_asked_fill_in_nothing(
    client: FlaskClient, read: type[Page]
) -> None:
    inside = {"a.destination": "indonesia", "a.visa": "other", "a.age": "child", "go": "result"}
    page = read(client.post("/cek", data=inside).text)
    assert [e["value"] for e in page.all("input") if e["name"] == "indicators"] == ["child"]


def test_a_language_without_material_says_that_it_is_indonesian(
    client: FlaskClient, read: type[Page]
) -> None:
    page = read(client.get("/sas/cek").text)
    assert page.all("fieldset")[0]["lang"] == "id"
    assert "masih leq Bahasa Indonesia" in page.all("main")[0].text
    english = read(client.get("/en/cek").text)
    assert "lang" not in english.all("fieldset")[0]
    assert heading(english) == Catalogue(language="en").offer_rules.questions[0].title


WAYS = [
    "back",
    "result",
    "slip",
    "agencies",
    "next",
    "",
    "x:y",
    "ask:",
    "show:visa",
    *(f"ask:{key}" for key in CHOICES),
]
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 9)),
        st.tuples(st.sampled_from(WAYS), st.just(0)),
        st.tuples(st.just("garbage"), st.integers(0, 5)),
    ),
    max_size=10,
)
GARBAGE: list[dict[str, str | list[str]]] = [
    {"step": "nothing", "a.age": ["%", "-x"], "go": "ask:nothing"},
    {"a.": "x", "a.visa": "💥", "step": "🙈", "go": "💥"},
    {"step": "destination", "mends": "1", "a.nothing": "yes"},
    {"step": "passport", "go": "back"},
    {"a.destination": "", "a.route": "x" * 3000},
    {"step": "", "go": "next", "unasked": "1"},
]


@given(ACTIONS)
@settings(max_examples=60)
def test_no_sequence_of_taps_and_garbage_fails_or_loses_an_answer(actions: list[tuple[str, int]]) -> None:
    client = SHARED.test_client()
    given_so_far: dict[str, str] = {}
    html = client.get("/cek").text
    for name, number in actions:
        sent: dict[str, str | list[str]] = dict(hidden(html))
        step = str(sent.get("step", ""))
        if name == "answer":
            taps = re.findall(r'name="a\.([a-z_]+)" value="([^"]*)">', html.split("<fieldset")[-1])
            taps = [tap for tap in taps if tap[0] == step]
            if not taps:
                continue
            key, value = taps[number % len(taps)]
            sent[f"a.{key}"] = [*([str(sent[f"a.{key}"])] if f"a.{key}" in sent else []), value]
            given_so_far[key] = value
        elif name == "garbage":
            for field, value in GARBAGE[number].items():
                earlier = [str(sent[field])] if field in sent and field.startswith("a.") else []
                sent[field] = [*earlier, *([value] if isinstance(value, str) else value)]
        else:
            sent["go"] = name
        response = client.post("/cek", data=sent)
        assert response.status_code == 200
        html = response.text
        kept = {key[2:]: value for key, value in hidden(html) if key.startswith("a.")}
        assert kept == given_so_far


SHARED = create_public_app(Examples(), village_name="Contoh")


def hidden(html: str) -> list[tuple[str, str]]:
    """What the forms of the check send along; those into a report and to other languages are left out."""
    own = html.split('class="tongues"')[0].split('action="/isi"')
    rest = own[0] + (own[1].split("</form>", 1)[1] if len(own) > 1 else "")
    return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', rest)


def tap(phone: Browser, name: str, value: str) -> None:
    phone.go(phone.one(f"button[name='a.{name}'][value='{value}']"))
    assert faults_of_page(phone) == []


@pytest.mark.slow
def test_an_offer_is_checked_found_red_and_reported_without_a_script(
    address: str, services: MemoryServices, tmp_path: Path
) -> None:
    answers = {
        "destination": "no_agreement", "age": "adult", "job": "online", "licence": "person",
        "passport": "taken", "visa": "other", "documents": "not_needed", "family": "secret",
        "contract": "spoken", "fee": "nothing", "advance": "bound", "departure": "days", "route": "hidden",
    }  # fmt: skip
    with open_browser(tmp_path / "phone", width=320, height=480, javascript=False, phone=True) as phone:
        phone.open(address)
        phone.follow("Cek tawaran kerja")
        for name, value in answers.items():
            if name == "licence":
                phone.follow("Cari nama perusahaan")
                phone.type("firm", "contoh jaya abadi")
                phone.follow("Cari")
                assert "sudah dicabut" in phone.text()
                assert faults_of_page(phone) == []
                phone.follow("Kembali ke cek tawaran")
            tap(phone, name, value)
        assert "Merah: bahaya" in phone.text("h1")
        phone.follow("Lapor ke petugas")
        assert "Seberapa mendesak?" in phone.text("h1")
        assert faults_of_page(phone) == []
        phone.go(phone.one("button[name='urgency'][value='now']"))
        phone.follow("Lanjut")
        phone.type("narrative", "Ada yang mengajak saya.")
        phone.follow("Lanjut")
        phone.go(phone.one("button[name='official_involved'][value='no']"))
        assert "Disuruh merahasiakan" in phone.text(".notice")
        phone.follow("Kirim laporan")
        assert "sudah tersimpan" in phone.text("h1")
        assert len(re.sub("[^0-9]", "", phone.text(".code"))) == 16
        assert phone.driver.get_cookies() == []
        assert not [place for place in phone.visited() if "a." in place or "?" in place]
    [report] = services.reports
    assert report["urgency"] == "now"
    assert report["offer"] == {"job": "online"}
    assert set(report["indicators"]) == {  # type: ignore[call-overload]
        *("wrong_visa", "secrecy", "no_contract", "cash_to_family", "sea_route", "fast_departure")
    }


@pytest.mark.slow
def test_with_a_script_the_phone_s_back_turns_the_pages_of_the_check(address: str, tmp_path: Path) -> None:
    def wait_for(words: str) -> None:
        waiting = WebDriverWait(phone.driver, 15, ignored_exceptions=[StaleElementReferenceException])
        waiting.until(lambda _: words in phone.text("body"))

    with open_browser(tmp_path / "phone", width=320, height=480, javascript=True, phone=True) as phone:
        phone.open(f"{address}/cek")
        phone.press(phone.one("button[value='asia']"))
        wait_for("Berapa umur")
        phone.press(phone.one("button[value='child']"))
        wait_for("Bagaimana kerja yang dijanjikan?")
        phone.driver.back()
        wait_for("Berapa umur")
        phone.press(phone.one(f"button[value='{SKIPPED}']"))
        wait_for("Bagaimana kerja yang dijanjikan?")
        assert phone.value("a.age") == SKIPPED
        assert phone.value("a.destination") == "asia"
