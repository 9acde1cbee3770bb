"""A receipt code shows its holder the way of the report, and a wrong one shows nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from village_node.services import STEP_NAMES, Answer, LadderStep, ReceiptView, TooManyGuesses
from village_node.web.receipt_pages import STEP_TEXTS, in_time_order

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

CODE = "1234567890123456"
DAY_S = 86_400


def ladder(*ages: int | None) -> tuple[LadderStep, ...]:
    """A ladder on which the first steps are reached, with these ages."""
    return tuple(
        LadderStep(name, i < len(ages), ages[i] if i < len(ages) else None)
        for i, name in enumerate(STEP_NAMES)
    )


def test_the_code_is_asked_by_post(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.get("/nomor?code=1234567890123456").text)
    form, _ = page.all("form")
    assert (form["method"], form["action"]) == ("post", "/nomor")
    assert page.value("code") == ""


@pytest.mark.parametrize(
    "typed", [CODE, "1234 5678 9012 3456", " 1234-5678-9012-3456\t", "1234.5678.9012.3456"]
)
def test_the_code_may_be_written_as_people_write_it(
    client: FlaskClient, services: MemoryServices, typed: str
) -> None:
    services.views[CODE] = ReceiptView(ladder(60), ())
    assert client.post("/nomor", data={"code": typed}).status_code == 200


def test_each_step_is_shown_with_a_word_a_mark_and_its_age(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    services.views[CODE] = ReceiptView(ladder(3 * DAY_S, DAY_S, None), ())
    page = read(client.post("/nomor", data={"code": CODE}).text)
    lines = [" ".join(e.text.split()) for e in page.all("li") if e.inside[-1]["class"] == "ladder"]
    assert lines == [
        "✓ Tersimpan di kotak ini: Sudah, 3 hari lalu",
        "✓ Dalam perjalanan ke petugas: Sudah, kemarin",
        "✓ Sampai di kantor petugas: Sudah",
        "– Dibaca petugas: Belum",
        "– Ditindaklanjuti petugas: Belum",
    ]
    assert set(STEP_TEXTS) == set(STEP_NAMES)


def test_answers_and_questions_are_shown_newest_last_with_their_lines(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    services.views[CODE] = ReceiptView(
        ladder(60),
        (Answer("Siapa <namanya>?\nDi mana?", True, 7300), Answer("Terima kasih.", False, 2 * DAY_S)),
    )
    page = read(client.post("/nomor", data={"code": CODE}).text)
    first, second = [e for e in page.elements if e["class"] == "answer"]
    assert "Jawaban dari petugas (2 hari lalu)" in first.text
    assert "Terima kasih." in first.text
    assert "Pertanyaan dari petugas (2 jam lalu)" in second.text
    assert "Siapa <namanya>?" in second.text
    assert [e for e in page.all("br") if second in e.inside]


def test_answers_of_unknown_age_keep_the_order_they_came_in() -> None:
    answers = (Answer("a", False, 5), Answer("b", False, None), Answer("c", False, 9))
    assert [answer.text for answer in in_time_order(answers)] == ["a", "b", "c"]


def test_the_status_page_shows_no_code_and_no_report(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    services.views[CODE] = ReceiptView(ladder(60), ())
    page = read(client.post("/nomor", data={"code": CODE}).text)
    assert "1234" not in page.all("main")[0].text
    # It travels to the pages behind in hidden fields of a POST, and stands nowhere else.
    holding = [element for element in page.elements if "1234" in repr(element.attributes)]
    assert holding
    assert {(e.tag, e["type"], e["name"]) for e in holding} == {("input", "hidden", "code")}
    assert {form["method"] for form in page.all("form")} == {"post"}


@pytest.mark.parametrize(
    "typed", ["", "1234", CODE + "7", "abcd efgh ijkl mnop", "１２３４５６７８９０１２３４５６"]
)
def test_what_is_no_code_is_refused_with_what_is_allowed(
    client: FlaskClient, read: type[Page], typed: str
) -> None:
    response = client.post("/nomor", data={"code": typed})
    page = read(response.text)
    assert response.status_code == 422
    assert "16 angka" in page.by_id("code-error").text
    assert page.value("code") == typed
    assert "code-error" in page.by_id("code")["aria-describedby"]


def test_an_unknown_code_is_said_with_hints_and_shown_in_groups_to_compare(
    client: FlaskClient, read: type[Page]
) -> None:
    response = client.post("/nomor", data={"code": "0000000000000001"})
    page = read(response.text)
    assert response.status_code == 404
    assert "salah ketik" in page.by_id("code-error").text
    assert "desa lain" in page.by_id("code-error").text
    assert page.value("code") == "0000 0000 0000 0001"


def test_too_many_guesses_are_told_how_long_to_wait(client: FlaskClient, services: MemoryServices) -> None:
    services.failure = TooManyGuesses(290)
    response = client.post("/nomor", data={"code": CODE})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "290"
    assert "Tunggu 5 menit" in response.text


@pytest.mark.parametrize("language", ["", "/en", "/jv", "/su", "/sas", "/mad"])
def test_who_lost_the_code_is_told_what_to_do_in_the_language_of_the_page(
    client: FlaskClient, read: type[Page], language: str
) -> None:
    page = read(client.get(f"{language}/nomor").text)
    [head] = [e for e in page.all("h2") if e["id"] == "lost-code"]
    [told] = [e for e in page.all("ul") if e.inside[-1].tag == "main"]
    if not language:
        assert head.text == "Nomor hilang, atau belum dicatat?"
        for words in ("tetap dibaca", "Tidak ada yang bisa mencari", "empat gambar", "sudah pernah lapor"):
            assert words in told.text
        assert "fasilitator di pos desa" in told.text
    assert len([e for e in page.all("li") if told in e.inside]) == 5


def test_the_receipt_says_beforehand_what_a_lost_code_costs(
    client: FlaskClient, small_report: dict[str, str]
) -> None:
    assert "Nomor hilang nanti? Laporan tetap dibaca petugas." in client.post("/isi", data=small_report).text
