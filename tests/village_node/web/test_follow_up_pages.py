"""More under a code, from the status page: by POST alone, once, and with nothing lost."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from small_media import HEIC

from sync.wire.followups import ADDITION_MAX_CHARACTERS
from sync.wire.numbers import WithdrawalReason
from village_node.services import (
    STEP_NAMES,
    Answer,
    FilesState,
    FollowUpView,
    LadderStep,
    ReceiptView,
    StorageFailed,
    StorageFull,
    TooManyFollowUps,
    TooManyGuesses,
)
from village_node.web.follow_up_pages import REASONS

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

CODE = "1234567890123456"
TOKEN = "token-of-a-form-0001"
FORM = {"code": CODE, "form_token": TOKEN, "text": "Mobilnya hitam.", "go": "send"}


def view(*, answers: tuple[Answer, ...] = (), files: FilesState = "none", reached: int = 3) -> ReceiptView:
    ladder = tuple(LadderStep(name, n < reached, 60) for n, name in enumerate(STEP_NAMES))
    follow_ups = (
        FollowUpView(False, ladder[:3], "waiting"),
        FollowUpView(True, (ladder[0], LadderStep("on_its_way", False, None))),
    )
    return ReceiptView(ladder, answers, follow_ups if files != "none" else (), files)


@pytest.fixture(autouse=True)
def _report(services: MemoryServices) -> None:
    services.views[CODE] = view()


def test_the_status_page_leads_on_with_the_code_in_the_body(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/nomor", data={"code": CODE}).text)
    actions = [form["action"] for form in page.all("form")]
    assert actions == ["/lanjut", "/batal"]
    assert not [e for e in page.elements if CODE in e["href"] + e["action"]]


def test_a_question_can_be_answered(client: FlaskClient, services: MemoryServices, read: type[Page]) -> None:
    services.views[CODE] = view(answers=(Answer("Jam berapa?", True, 60, 1_790_000_000),))
    page = read(client.post("/nomor", data={"code": CODE}).text)
    assert page.value("question") == "1790000000"
    answering = client.post("/lanjut", data={"code": CODE, "question": "1790000000"}).text
    assert "Ini menjawab pertanyaan petugas" in answering
    assert read(answering).value("question") == "1790000000"
    client.post("/lanjut", data=FORM | {"question": "1790000000"})
    assert services.added[TOKEN][3] == 1_790_000_000


@pytest.mark.parametrize("how", ["cut", "busy"])
def test_a_body_that_was_cut_before_its_button_says_why_and_keeps_what_was_typed(
    how: str, services: MemoryServices, client: FlaskClient
) -> None:
    typed = {key: value for key, value in FORM.items() if key != "go"} | {"text": "tadi malam"}
    response = client.post("/lanjut", data=typed, environ_overrides={"HTTP_KENTONGAN_BODY": how})
    assert response.status_code == 422
    assert ("terlalu besar" if how == "cut" else "sedang menerima foto lain") in response.text
    assert "tadi malam</textarea>" in response.text
    assert services.added == {}


@pytest.mark.parametrize("path", ["/lanjut", "/batal"])
def test_who_changes_their_mind_gets_back_without_the_digits(
    client: FlaskClient, read: type[Page], path: str
) -> None:
    page = read(client.post(path, data={"code": CODE}).text)
    back = [e for e in page.all("input") if any(form["action"] == "/nomor" for form in e.inside)]
    assert [(e["name"], e["value"]) for e in back] == [("code", CODE)]


@pytest.mark.parametrize("question", ["", "x", "-1", "0", "4294967296", "1" * 50, "١٢"])
def test_nonsense_is_no_question(client: FlaskClient, services: MemoryServices, question: str) -> None:
    client.post("/lanjut", data=FORM | {"question": question})
    assert services.added[TOKEN][3] is None


def test_by_pictures_nothing_can_be_added(client: FlaskClient, services: MemoryServices) -> None:
    page = client.post("/gambar", data={"picked": ["3", "0", "15", "9"]}).text
    assert "/lanjut" not in page
    assert "/batal" not in page


def test_what_is_written_is_taken_once(client: FlaskClient, services: MemoryServices) -> None:
    for _ in range(2):
        response = client.post("/lanjut", data=FORM | {"urgent": "yes", "text": "satu\r\ndua"})
        assert response.status_code == 200
        assert "Tambahan Anda sudah tersimpan" in response.text
    assert services.added == {TOKEN: (CODE, "satu\ndua", True, None, 0)}


def test_an_urgent_one_names_the_emergency_numbers(client: FlaskClient) -> None:
    assert "tel:110" in client.post("/lanjut", data=FORM | {"urgent": "yes"}).text
    assert "tel:110" not in client.post("/lanjut", data=FORM).text


def test_a_form_without_its_token_is_not_taken_but_kept(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    response = client.post("/lanjut", data={**FORM, "form_token": ""})
    assert response.status_code == 422
    page = read(response.text)
    assert page.value("text") == "Mobilnya hitam."
    assert page.value("form_token").startswith("fresh-form-token")
    assert services.added == {}


def test_nothing_written_and_nothing_chosen_is_said(client: FlaskClient, services: MemoryServices) -> None:
    response = client.post("/lanjut", data=FORM | {"text": " \r\n "})
    assert response.status_code == 422
    assert "Tulis sesuatu dulu" in response.text
    assert services.added == {}


def test_a_text_that_is_too_long_is_said_and_kept(client: FlaskClient, read: type[Page]) -> None:
    text = "a" * (ADDITION_MAX_CHARACTERS + 1)
    response = client.post("/lanjut", data=FORM | {"text": text})
    assert response.status_code == 422
    page = read(response.text)
    assert page.by_id("text")["aria-describedby"] == "text-error"
    assert "4.001" in page.by_id("text-error").text
    assert page.value("text") == text


def test_a_bad_file_is_said_and_the_text_kept(client: FlaskClient, read: type[Page]) -> None:
    data = {**FORM, "photo": (io.BytesIO(HEIC), "a.heic")}
    response = client.post("/lanjut", data=data, content_type="multipart/form-data")
    assert response.status_code == 422
    page = read(response.text)
    assert "HEIC" in page.by_id("photo-error").text
    assert page.value("text") == "Mobilnya hitam."


@pytest.mark.parametrize("path", ["/lanjut", "/batal"])
@pytest.mark.parametrize(
    ("failure", "status"),
    [(StorageFull(), 507), (StorageFailed(), 503), (TooManyGuesses(40), 429)],
)
def test_what_was_not_taken_is_said(
    client: FlaskClient, services: MemoryServices, path: str, failure: Exception, status: int
) -> None:
    services.failure = failure
    response = client.post(path, data=FORM)
    assert response.status_code == status
    assert "sudah tersimpan" not in response.text
    assert ("Retry-After" in response.headers) == (status == 429)


def test_too_many_are_told_to_file_another(client: FlaskClient, services: MemoryServices) -> None:
    services.failure = TooManyFollowUps()
    assert "Buat laporan baru" in client.post("/lanjut", data=FORM).text


def test_a_fault_of_ours_keeps_what_was_typed(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    services.failure = KeyError("x")
    response = client.post("/lanjut", data=FORM)
    assert response.status_code == 500
    assert read(response.text).value("text") == "Mobilnya hitam."


@pytest.mark.parametrize("path", ["/lanjut", "/batal"])
def test_an_unknown_or_broken_code_leads_back_to_the_question(client: FlaskClient, path: str) -> None:
    assert "Nomor tidak ditemukan" in client.post(path, data=FORM | {"code": "9" * 16}).text
    assert "Cek laporan saya" in client.post(path, data=FORM | {"code": "12"}).text


@pytest.mark.parametrize("path", ["/lanjut", "/batal"])
def test_no_address_opens_these_pages(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405
    assert client.get(f"{path}?code={CODE}").status_code == 405


@pytest.mark.parametrize("path", ["/lanjut", "/batal"])
def test_their_titles_tell_nothing(client: FlaskClient, read: type[Page], path: str) -> None:
    for data in (FORM, {"code": CODE}):
        [title] = read(client.post(path, data=data).text).all("title")
        assert title.text in ("Catatan – Informasi Desa", "Periksa lagi: Catatan – Informasi Desa")


def test_a_withdrawal_is_asked_for_and_taken_once(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    page = read(client.post("/batal", data={"code": CODE}).text)
    assert "3 kali 24 jam" in page.all("main")[0].text
    assert [e["value"] for e in page.all("input") if e["name"] == "reason"] == ["0", "1", "2", "3", "4"]
    assert page.checked("reason") == ["0"]
    assert services.withdrawn == {}
    for _ in range(2):
        assert "Penarikan Anda sudah tersimpan" in client.post("/batal", data=FORM | {"reason": "2"}).text
    assert services.withdrawn == {TOKEN: (CODE, WithdrawalReason.FEAR)}


@pytest.mark.parametrize("reason", ["", "9", "x"])
def test_an_unknown_reason_is_none(client: FlaskClient, services: MemoryServices, reason: str) -> None:
    client.post("/batal", data=FORM | {"reason": reason})
    assert services.withdrawn[TOKEN][1] is WithdrawalReason.NOT_SAID
    assert {r for r, _ in REASONS} == set(WithdrawalReason)


def test_the_status_page_shows_what_came_after(
    client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    services.views[CODE] = view(files="waiting")
    page = read(client.post("/nomor", data={"code": CODE}).text)
    text = " ".join(page.all("main")[0].text.split())
    assert "Foto atau suara: menunggu internet atau kurir" in text
    assert "Laporan ini Anda tarik: Tersimpan di kotak ini" in text
    assert (
        "Tambahan ke-1: Sampai di kantor petugas, 1 menit yang lalu" in text
        or "Tambahan ke-1: Sampai" in text
    )
    assert "/batal" not in [form["action"] for form in page.all("form")]
    services.views[CODE] = view(files="received")
    text = client.post("/nomor", data={"code": CODE}).text
    assert "sudah sampai di kantor petugas" in text
