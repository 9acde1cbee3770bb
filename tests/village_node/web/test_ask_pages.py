"""A question on the village site: a passage with its source, or a plain "I do not know"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from village_node.passing_on import QuestionTooLong, TooManyQuestions
from village_node.services import NotTaken
from village_node.web.ask_pages import firm_in
from village_node.web.public_app import create_public_app
from village_node.web.spoken import Examples

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

ASKED = "bu paspor saya dipegang majikan gmn ya"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """One site for all: its index is built once."""
    return create_public_app(Examples(), village_name="Contoh").test_client()


def text_of(page: Page) -> str:
    return " ".join(page.all("main")[0].text.split())


def test_an_answer_stands_word_for_word_with_source_and_date(client: FlaskClient, read: type[Page]) -> None:
    response = client.post("/tanya", data={"q": ASKED})
    text = text_of(read(response.text))
    passage = next(one for one in Catalogue().passages() if one.key == "paspor_ditahan")
    assert response.status_code == 200
    assert all(line in text for line in (passage.title, *passage.lines))
    assert "ILO, Indicators of Forced Labour, 2012" in text
    assert "Daftar tahun 2012. Masih dipakai." in text
    assert [e["href"] for e in read(response.text).all("a") if "belajar" in e["href"]] == [
        "/belajar/di_luar_negeri"
    ]


def test_what_nobody_checked_is_marked(client: FlaskClient, read: type[Page]) -> None:
    text = text_of(read(client.post("/tanya", data={"q": "magang ke jepang aman tidak"}).text))
    assert "Belum kami periksa" in text


def test_what_is_not_known_is_said_and_where_to_ask(client: FlaskClient, read: type[Page]) -> None:
    response = client.post("/tanya", data={"q": "harga cabe di pasar"})
    text = text_of(read(response.text))
    assert response.status_code == 200
    assert "Saya tidak tahu" in text
    assert "Sumber:" not in text
    assert "tel:08001000" in [e["href"] for e in read(response.text).all("a")]


def test_an_empty_question_is_asked_for(client: FlaskClient, read: type[Page]) -> None:
    response = client.post("/tanya", data={"q": "  "})
    assert response.status_code == 422
    assert "Tulis pertanyaan dulu." in text_of(read(response.text))


def test_what_was_typed_stands_in_the_box_again_and_nowhere_else(client: FlaskClient) -> None:
    typed = "<b>harga</b> cabe & bawang"
    response = client.post("/tanya", data={"q": typed})
    assert "<b>harga" not in response.text
    assert "&lt;b&gt;harga&lt;/b&gt; cabe &amp; bawang</textarea>" in response.text
    assert "Location" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_a_long_question_is_cut(client: FlaskClient) -> None:
    response = client.post("/tanya", data={"q": "x" * 5000})
    assert response.status_code == 200
    assert "x" * 300 in response.text
    assert "x" * 301 not in response.text


def test_english_answers_in_english_and_javanese_in_indonesian(client: FlaskClient) -> None:
    english = client.post("/en/tanya", data={"q": "my boss took my passport"}).text
    assert "Your passport is held or asked for" in english
    javanese = client.post("/jv/tanya", data={"q": ASKED}).text
    assert '<h2 lang="id">Paspor ditahan atau diminta orang lain</h2>' in javanese


def test_older_material_answers_from_its_lessons_or_not(services: MemoryServices) -> None:
    files = {
        path: data
        for path, data in Catalogue().files.items()
        if not path.endswith(("passages.toml", "search_words.toml"))
    }
    site = create_public_app(services, village_name="Contoh", content=lambda tag: Catalogue(files))
    asked = site.test_client()
    for question in (ASKED, "harga cabe"):
        assert asked.post("/tanya", data={"q": question}).status_code == 200


@pytest.mark.parametrize(
    ("question", "firm"),
    [
        ("apakah PT Contoh Bahari Makmur resmi?", "Contoh Bahari Makmur"),
        ("PT. CONTOH KARYA itu legal ga", "CONTOH KARYA"),
        ("pt contoh karya", "contoh karya"),
        ("cara cek perusahaan resmi", ""),
        ("optik", ""),
    ],
)
def test_a_firm_that_is_named_is_found(question: str, firm: str) -> None:
    assert firm_in(question) == firm


def test_a_firm_that_is_named_can_be_looked_up(client: FlaskClient) -> None:
    page = client.post("/tanya", data={"q": "PT Contoh <Bahari resmi?"}).text
    assert '<input type="hidden" name="firm" value="Contoh">' in page
    assert 'name="firm"' not in client.post("/tanya", data={"q": "cara cek perusahaan resmi"}).text


def test_the_first_page_leads_here(client: FlaskClient, read: type[Page]) -> None:
    assert "/tanya" in [e["href"] for e in read(client.get("/").text).all("a")]


class Passed:
    """Keeps what was passed on, or refuses."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.refuses, self.kept = refuses, list[tuple[str, str]]()

    def send(self, text: str, language: str, *, token: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.kept.append((text, language))


def site_of(passed: Passed) -> FlaskClient:
    return create_public_app(
        Examples(),
        village_name="Contoh",
        questions=passed,  # type: ignore[arg-type]
    ).test_client()


UNKNOWN = "harga cabe di pasar"
TOKEN = "a" * 22


def test_what_is_not_known_can_be_sent_and_no_answer_is_promised(read: type[Page]) -> None:
    passed = Passed()
    site = site_of(passed)
    page = site.post("/jv/tanya", data={"q": UNKNOWN}).text
    [form] = [one for one in read(page).all("form") if one["action"] == "/jv/tanya/kirim"]
    assert form
    sent = site.post("/jv/tanya/kirim", data={"q": UNKNOWN, "form_token": TOKEN})
    assert sent.status_code == 200
    assert passed.kept == [(UNKNOWN, "jv")]
    said = text_of(read(site.post("/tanya/kirim", data={"q": UNKNOWN, "form_token": TOKEN}).text))
    assert "Tidak ada jawaban untuk Anda sendiri." in said
    before = text_of(read(site.post("/tanya", data={"q": UNKNOWN}).text))
    assert "Jangan di sini: buat laporan." in before
    assert "tidak disimpan dan tidak dikirim" not in before
    assert "tanya/kirim" not in site.post("/tanya", data={"q": ASKED}).text


@pytest.mark.parametrize(
    ("refuses", "status", "said"),
    [
        (TooManyQuestions(), 429, "Coba lagi besok."),
        (QuestionTooLong(), 422, "Tulis lebih pendek."),
        (NotTaken(), 503, "TIDAK tersimpan"),
    ],
)
def test_what_was_not_taken_is_said_and_the_words_stay(refuses: Exception, status: int, said: str) -> None:
    response = site_of(Passed(refuses)).post("/tanya/kirim", data={"q": UNKNOWN, "form_token": TOKEN})
    assert response.status_code == status
    assert said in response.text
    assert UNKNOWN in response.text


def test_without_a_token_or_words_nothing_is_sent(client: FlaskClient) -> None:
    passed = Passed()
    for data in ({"q": UNKNOWN}, {"form_token": TOKEN}, {"q": UNKNOWN, "form_token": "<"}):
        assert site_of(passed).post("/tanya/kirim", data=data).status_code == 422
    assert passed.kept == []
    assert client.post("/tanya/kirim", data={"q": UNKNOWN, "form_token": TOKEN}).status_code == 422
    assert "tanya/kirim" not in client.post("/tanya", data={"q": UNKNOWN}).text
