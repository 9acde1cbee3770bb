"""A report is written, refused with everything kept, or taken and receipted."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from sync.records import FIELDS, INDICATORS, JOBS, KINDS, RELATIONS, TEXT_LIMITS, URGENCIES
from village_node.services import NotTaken, StorageFailed, StorageFull
from village_node.web.questions import QUESTIONS
from village_node.web.steps import STEPS

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

Form = dict[str, str | list[str]]
URLENCODED = "application/x-www-form-urlencoded"


def test_every_field_of_the_contract_is_asked_but_the_position_and_the_channel() -> None:
    sections = {"recruiter", "offer", "people", "reporter"}
    asked = {field for field in FIELDS if not field.startswith("position")} - sections - {"channel"}
    assert set(QUESTIONS) == asked


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("kind", KINDS),
        ("urgency", URGENCIES),
        ("offer.job", JOBS),
        ("reporter.relation", RELATIONS),
        ("indicators", tuple(indicator.code for indicator in INDICATORS)),
    ],
)
def test_every_choice_of_the_contract_is_offered(
    client: FlaskClient, read: type[Page], name: str, values: tuple[str, ...]
) -> None:
    offered: list[str] = []
    for step in STEPS.values():
        if name in step.fields:
            page = read(client.post("/isi", data={"go": f"step:{step.name}"}).text)
            offered += [e["value"] for e in page.elements if e["name"] == name and e["type"] != "hidden"]
    assert sorted(value for value in offered if value) == sorted(values)


def test_a_full_report_is_taken_field_for_field(
    client: FlaskClient, services: MemoryServices, full_form: Form
) -> None:
    assert client.post("/isi", data=full_form).status_code == 200
    assert services.reports == [
        {
            "kind": "departure",
            "narrative": "Besok malam mereka berangkat.",
            "language": "sas",
            "channel": "web",
            "urgency": "now",
            "observed_on": "2026-11-20",
            "place": "52.02.08.2001",
            "place_text": "Dusun Timur",
            "indicators": ["child", "upfront_fee"],
            "recruiter": {
                "name": "Pak Contoh",
                "alias": "Mamiq",
                "phone": " 0812-0000-1234 ",
                "company": "PT Contoh",
                "social": "fb:contoh",
                "vehicle_plate": "DR 0000 XX",
                "licence_shown": False,
            },
            "offer": {
                "destination": "MY",
                "job": "plantation",
                "wage_idr": 5_000_000,
                "fee_idr": 500_000,
                "departure_on": "2026-11-21",
                "route": "Lombok, Batam",
            },
            "people": {"women": 2, "men": 0, "children": 1},
            "reporter": {
                "relation": "neighbour",
                "contact": "lewat Ibu Contoh",
                "refer": True,
                "contact_safely": "sesudah jam 8 malam",
            },
            "official_involved": True,
        }
    ]


def test_a_multipart_form_is_taken_too(
    client: FlaskClient, services: MemoryServices, full_form: Form
) -> None:
    assert client.post("/isi", data=full_form, content_type="multipart/form-data").status_code == 200
    assert services.reports[0]["place_text"] == "Dusun Timur"


def test_an_empty_input_is_an_absent_field(
    client: FlaskClient, services: MemoryServices, small_report: dict[str, str]
) -> None:
    empty = dict.fromkeys(QUESTIONS, "") | {"recruiter.name": "   "}
    client.post("/isi", data=empty | small_report)
    assert services.reports == [
        {"kind": "recruiter", "narrative": small_report["narrative"], "channel": "web"}
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("baris satu\r\nbaris dua", "baris satu\nbaris dua"),
        (
            "  dua spasi di depan, \t tab, dan di belakang  ",
            "  dua spasi di depan, \t tab, dan di belakang  ",
        ),
        ("\n\nbaris kosong dulu", "\n\nbaris kosong dulu"),
        ("<b>&amp; \"kutip\" 'satu' \u2028 \u202e", "<b>&amp; \"kutip\" 'satu' \u2028 \u202e"),
        ("e\u0301 tetap dua huruf", "e\u0301 tetap dua huruf"),
        ("ꦲꦏ꧀ꦱꦫ ᮞᮥᮔ᮪ᮓ ᬩᬮᬶ 🚢 العربية", "ꦲꦏ꧀ꦱꦫ ᮞᮥᮔ᮪ᮓ ᬩᬮᬶ 🚢 العربية"),
    ],
)
def test_the_story_is_kept_as_it_was_typed(
    client: FlaskClient, services: MemoryServices, small_report: dict[str, str], sent: str, kept: str
) -> None:
    client.post("/isi", data=small_report | {"narrative": sent})
    assert services.reports[0]["narrative"] == kept


@pytest.mark.parametrize("letter", ["a", "ꦲ", "🚢"])
@pytest.mark.parametrize("content_type", [URLENCODED, "multipart/form-data"])
def test_the_largest_report_of_any_script_is_taken(
    client: FlaskClient, services: MemoryServices, full_form: Form, letter: str, content_type: str
) -> None:
    longest = {
        name: letter * limit
        for name, limit in TEXT_LIMITS.items()
        if name in QUESTIONS and name not in ("place", "offer.destination")
    }
    every = {"indicators": [indicator.code for indicator in INDICATORS]}
    response = client.post("/isi", data=full_form | longest | every, content_type=content_type)
    assert response.status_code == 200
    assert services.reports[0]["narrative"] == letter * 4000


def test_4000_letters_with_line_breaks_are_counted_as_typed(
    client: FlaskClient, services: MemoryServices, small_report: dict[str, str]
) -> None:
    too_long = small_report | {"narrative": "a\r\n" * 2001}
    assert client.post("/isi", data=too_long).status_code == 422
    just_fits = small_report | {"narrative": "a\r\n" * 2000}
    assert client.post("/isi", data=just_fits).status_code == 200


@pytest.mark.parametrize(
    ("answer", "expected"), [({}, None), ({"reporter.refer": "no"}, False), ({"reporter.refer": "yes"}, True)]
)
def test_no_answer_is_not_a_no(
    client: FlaskClient,
    services: MemoryServices,
    small_report: dict[str, str],
    answer: dict[str, str],
    expected: bool | None,
) -> None:
    client.post("/isi", data=small_report | answer)
    reporter = services.reports[0].get("reporter")
    assert reporter == (None if expected is None else {"refer": expected})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"offer.destination": "", "offer.destination.other": "za"}, "ZA"),
        ({"offer.destination": "MY", "offer.destination.other": "Polandia"}, "PL"),
        ({"offer.destination": "ZW"}, "ZW"),
    ],
)
def test_any_country_can_be_given(
    client: FlaskClient,
    services: MemoryServices,
    small_report: dict[str, str],
    fields: dict[str, str],
    code: str,
) -> None:
    client.post("/isi", data=small_report | fields)
    assert services.reports[0]["offer"] == {"destination": code}


def test_unknown_form_fields_are_ignored(
    client: FlaskClient, services: MemoryServices, small_report: dict[str, str]
) -> None:
    strange = {"position": "1", "position.lat_e5": "1", "channel": "hub", "recruiter": "x", "submit": "Kirim"}
    assert client.post("/isi", data=small_report | strange).status_code == 200
    assert services.reports[0] == {
        "kind": "recruiter",
        "narrative": small_report["narrative"],
        "channel": "web",
    }


WRONG = {
    "kind": "gossip",
    "narrative": "a" * 4001,
    "urgency": "yesterday",
    "official_involved": "maybe",
    "observed_on": "31-02-2026",
    "place_text": "b" * 121,
    "place": "Lombok",
    "indicators": "magic",
    "recruiter.name": "c" * 81,
    "recruiter.phone": "0" * 25,
    "offer.destination": "Narnia",
    "offer.job": "king",
    "offer.wage_idr": "banyak",
    "offer.fee_idr": "2 000 000 000",
    "offer.departure_on": "besok",
    "people.women": "501",
    "people.men": "-1",
    "reporter.relation": "boss",
    "reporter.refer": "perhaps",
    "language": "d" * 36,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_explained_beside_it_and_in_the_summary(
    client: FlaskClient, services: MemoryServices, read: type[Page], small_report: dict[str, str], name: str
) -> None:
    response = client.post("/isi", data=small_report | {name: WRONG[name]})
    assert response.status_code == 422
    assert services.reports == []
    page = read(response.text)
    anchor = name.replace(".", "-")
    error = page.by_id(f"{anchor}-error")
    assert len(error.text) > 20
    links = [link for link in page.all("a") if link["href"] == f"#{anchor}"]
    assert len(links) == 1
    assert any(outer["role"] == "alert" for outer in links[0].inside)
    assert page.by_id(anchor)["name"] == name
    described = [e for e in page.elements if f"{anchor}-error" in e["aria-describedby"].split()]
    assert described, "the error is tied to its input"
    # Only the wrong one is marked.
    assert sum(e["id"].endswith("-error") for e in page.elements) == 1


def test_what_was_typed_is_kept_when_all_is_wrong(
    client: FlaskClient, read: type[Page], small_report: dict[str, str]
) -> None:
    page = read(client.post("/isi", data=small_report | WRONG).text)
    for name, typed in WRONG.items():
        if not QUESTIONS[name].tiles and name != "indicators":
            assert page.value(name) == typed, name
    assert page.value("form_token") == small_report["form_token"]


def test_a_full_form_with_one_error_can_be_sent_again_as_it_stands(
    client: FlaskClient, services: MemoryServices, read: type[Page], full_form: Form
) -> None:
    tricky = {
        "narrative": '\n\n  "kutip" <b>&amp;</b>\n',
        "offer.destination": "ZW",
        "reporter.contact": "a'b\"<c>",
        "observed_on": "20 November 2026",
    }
    page = read(client.post("/isi", data=full_form | tricky | {"people.men": "banyak"}).text)
    again: Form = {
        name: [e["value"] for e in page.elements if e["name"] == name and e.tag != "button"]
        for name in {e["name"] for e in page.elements if e["name"] and e.tag not in ("meta", "button")}
    }
    assert client.post("/isi", data=again | {"people.men": "0"}).status_code == 200
    [mended] = services.reports
    services.taken.clear()
    client.post("/isi", data=full_form | tricky)
    assert [mended] == services.reports


def test_a_date_that_is_none_is_not_given_to_a_date_picker(
    client: FlaskClient, read: type[Page], small_report: dict[str, str]
) -> None:
    wrong = read(client.post("/isi", data=small_report | {"observed_on": "kemarin"}).text)
    assert wrong.by_id("observed_on")["type"] == "text"
    fresh = read(client.post("/isi", data={"go": "step:day"}).text)
    assert fresh.by_id("observed_on")["type"] == "date"


def test_nothing_typed_is_cut_by_the_browser(client: FlaskClient, read: type[Page]) -> None:
    for step in STEPS:
        page = read(client.post("/isi", data={"go": f"step:{step}"}).text)
        assert not [e for e in page.elements if "maxlength" in e]


def test_a_report_without_kind_and_story_is_asked_for_both(
    client: FlaskClient, read: type[Page], services: MemoryServices
) -> None:
    page = read(client.post("/isi", data={"form_token": "t" * 20, "narrative": "  \r\n "}).text)
    assert "cerita" in page.by_id("narrative-error").text
    assert "Pilih" in page.by_id("kind-error").text
    assert services.reports == []


def test_each_form_has_a_token_of_its_own(client: FlaskClient, read: type[Page]) -> None:
    first, second = (read(client.get("/isi").text).value("form_token") for _ in range(2))
    assert first
    assert first != second


@pytest.mark.parametrize("token", [None, "", "short", "with space in the middle", "x" * 201, "ü" * 20])
def test_a_form_without_a_usable_token_comes_back_with_a_fresh_one(
    client: FlaskClient,
    services: MemoryServices,
    read: type[Page],
    small_report: dict[str, str],
    token: str | None,
) -> None:
    form = {name: value for name, value in small_report.items() if name != "form_token"}
    if token is not None:
        form["form_token"] = token
    response = client.post("/isi", data=form)
    page = read(response.text)
    assert response.status_code == 422
    assert services.reports == []
    assert "Tekan Kirim sekali lagi" in response.text
    assert page.value("form_token").startswith("fresh-form-token-")
    assert page.value("narrative") == small_report["narrative"]
    again = {**form, "form_token": page.value("form_token")}
    assert client.post("/isi", data=again).status_code == 200


def test_the_receipt_is_shown_at_once_and_the_code_is_in_no_address(
    client: FlaskClient, read: type[Page], small_report: dict[str, str]
) -> None:
    response = client.post("/isi", data=small_report)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not any(code in str(response.headers) for code in ("1234567890123456", "1234 5678"))
    page = read(response.text)
    [shown] = [e for e in page.elements if e["class"] == "code"]
    assert shown.text.split() == ["1234", "5678", "9012", "3456"]
    assert {form["method"] for form in page.all("form")} == {"post"}
    assert [form["action"] for form in page.all("form")] == ["/catat", "/kupon", "/bukti", "/catat"]
    assert page.value("code") == "1234567890123456"
    assert not [e for e in page.elements if "1234" in e["href"] + e["action"]]


def test_a_form_sent_again_makes_no_second_report_and_says_that_changes_were_not_sent(
    client: FlaskClient, services: MemoryServices, read: type[Page], small_report: dict[str, str]
) -> None:
    first = client.post("/isi", data=small_report)
    second = client.post("/isi", data={**small_report, "narrative": "Diubah sesudah dikirim."})
    assert read(first.text).value("code") == read(second.text).value("code")
    assert [report["narrative"] for report in services.reports] == [small_report["narrative"]]
    assert "belum terkirim" not in first.text
    assert "belum terkirim" in second.text
    assert "Diubah" not in second.text


def test_after_a_restart_the_page_says_already_saved_and_shows_no_code(
    client: FlaskClient, services: MemoryServices, read: type[Page], small_report: dict[str, str]
) -> None:
    services.has_restarted = True
    response = client.post("/isi", data=small_report)
    assert response.status_code == 200
    assert "sudah tersimpan" in read(response.text).all("h1")[0].text
    assert "belum terkirim" in response.text
    assert not [e for e in read(response.text).elements if e["class"] == "code"]


@pytest.mark.parametrize(
    ("failure", "status"), [(StorageFull(), 507), (StorageFailed(), 503), (NotTaken(), 503)]
)
def test_a_report_that_was_not_saved_is_said_so_and_stays_in_the_form(
    client: FlaskClient,
    services: MemoryServices,
    read: type[Page],
    full_form: Form,
    failure: Exception,
    status: int,
) -> None:
    services.failure = failure
    response = client.post("/isi", data=full_form)
    page = read(response.text)
    assert response.status_code == status
    [notice] = [e for e in page.elements if e["role"] == "alert"]
    assert "TIDAK tersimpan" in notice.text
    assert "110" in notice.text
    assert "1234" not in notice.text
    assert page.value("recruiter.name") == "Pak Contoh"
    assert [e["value"] for e in page.elements if e["name"] == "indicators"] == ["upfront_fee", "child"]
    services.failure = None
    assert page.value("form_token") == full_form["form_token"]
    assert client.post("/isi", data=full_form).status_code == 200


def test_a_fault_of_ours_loses_nothing_typed_and_tells_the_log_nothing_of_it(
    client: FlaskClient,
    services: MemoryServices,
    read: type[Page],
    full_form: Form,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    services.failure = ValueError(json.dumps(full_form))
    response = client.post("/isi?rahasia=1", data=full_form, environ_base={"REMOTE_ADDR": "10.42.0.77"})
    assert response.status_code == 500
    assert read(response.text).value("narrative") == full_form["narrative"]
    assert "tidak akan tersimpan dua kali" in response.text
    assert "ValueError at " in caplog.text
    assert "conftest.py:" in caplog.text
    for secret in ("Besok", "Contoh", "0812", "rahasia", "10.42.0.77", "token-of"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"kind=recruiter&narrative=%ED%A0%80&form_token=aaaaaaaaaaaaaaaaaaaa",
        b"kind=recruiter&narrative=%FF%FE&form_token=aaaaaaaaaaaaaaaaaaaa",
        b"kind=recruiter&narrative=\xff\xfe&form_token=aaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_text_that_is_no_text_is_refused_clearly(
    client: FlaskClient, services: MemoryServices, body: bytes
) -> None:
    response = client.post("/isi", data=body, content_type=URLENCODED)
    assert response.status_code == 400
    assert "Tulisan tidak terbaca" in response.text
    assert "UTF-8" in response.text
    assert services.reports == []


def test_a_body_above_the_limit_is_refused_with_the_limit(
    client: FlaskClient, services: MemoryServices, small_report: dict[str, str]
) -> None:
    fits = urlencode(small_report | {"pad": ""})
    fits += "x" * (262_144 - len(fits))
    assert client.post("/isi", data=fits, content_type=URLENCODED).status_code == 200
    services.taken.clear()
    response = client.post("/isi", data=fits + "x", content_type=URLENCODED)
    assert response.status_code == 413
    assert "256 kilobyte" in response.text
    assert services.reports == []


def test_the_first_page_is_drawn_once_and_every_visitor_gets_a_token_and_a_language_of_their_own(
    client: FlaskClient,
) -> None:
    pages = [client.get(path).text for path in ("/isi", "/isi", "/jv/isi", "/latihan", "/isi")]
    tokens = [re.findall(r'name="form_token" value="([^"]+)"', page) for page in pages]
    assert all(len(set(found)) == 1 for found in tokens)
    assert len({found[0] for found in tokens}) == len(pages)
    assert pages[0].replace(tokens[0][0], "") == pages[4].replace(tokens[4][0], "")
    assert '<html lang="jv">' in pages[2]
    assert "LATIHAN" in pages[3]
    assert "LATIHAN" not in pages[4]
