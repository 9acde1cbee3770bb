"""One report, answering and marking."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from hub.services import AdditionView, AnswerRow, AskedBack, AttachmentView, WithdrawalView
from hub.web.local_time import local_time
from sync.clock import ManualClock
from sync.records import INDICATORS
from sync.wire.numbers import WithdrawalReason
from tests.hub.web.conftest import FIRST, UNKNOWN, Browser, HubInMemory, hidden_fields

FIRST_AT = 1_790_000_000.0


def report_id(number: int) -> str:
    return f"{number:016x}.0.{number}"


def listed(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/reports/([^"]+)">', page)


# --- one report ---


def test_opening_a_report_marks_it_read_by_whoever_opens_it(sari: Browser, services: HubInMemory) -> None:
    sari.read("/")
    assert services.views[FIRST].read_at is None
    sari.read(f"/reports/{FIRST}")
    assert services.called("show_report") == [("show_report", FIRST, "sari")]


def test_a_report_shows_its_way_to_the_hub(sari: Browser, services: HubInMemory, clock: ManualClock) -> None:
    page = sari.read(f"/reports/{FIRST}")
    received = clock.wall_s()
    assert "radio LoRa" in page
    assert FIRST in page
    assert "Tepat sampai beberapa menit." in page
    assert (
        page.count(f'datetime="{local_time("Asia/Makassar").machine_time(received)}"') == 2
    )  # received, read
    assert "<strong>Ditindaklanjuti</strong>\nbelum" in page
    services.change(FIRST, via="courier", taken_at=None, taken_between=(received - 86400, received))
    page = sari.read(f"/reports/{FIRST}")
    assert "kurir (ponsel atau USB)" in page
    assert "Jam kotak desa tidak dapat dipercaya; rentangnya 24 jam." in page


def test_every_text_is_shown_exactly(sari: Browser, services: HubInMemory) -> None:
    narrative = (
        "  Baris satu\n\n<script>alert(1)</script>\tTab & \"kutip\" 'tunggal' {{ 7*7 }} https://contoh.id"
    )
    services.add(FIRST, narrative=narrative, recruiter={"name": "<i>Jaya</i>", "social": "http://x.id"})
    page = sari.read(f"/reports/{FIRST}")
    shown = re.search(r'<div class="said"><bdi class="exact">(.*?)</bdi></div>', page, re.DOTALL)
    assert shown is not None
    assert html.unescape(shown[1]) == narrative
    assert "&lt;i&gt;Jaya&lt;/i&gt;" in page
    assert "<script" not in page
    assert re.findall(r'href="http[^"]*"', page) == []


def test_text_that_turns_round_stays_in_its_box(sari: Browser, services: HubInMemory) -> None:
    services.add(FIRST, narrative="Nomor \u202e1280 \u2067x", reporter={"contact": "a\u200bb"})
    page = sari.read(f"/reports/{FIRST}")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", page)
    for label in ("U+202E", "U+2067", "U+200B"):
        assert f">{label}</span>" in page


def test_ticked_signs_are_shown_by_group_with_their_texts(sari: Browser, services: HubInMemory) -> None:
    services.add(FIRST, indicators=[indicator.code for indicator in INDICATORS])
    page = html.unescape(sari.read(f"/reports/{FIRST}"))
    for indicator in INDICATORS:
        assert f"<li>{indicator.id}</li>" in page
    for title in ("Perbuatan", "Cara", "Tujuan (eksploitasi)"):
        assert f"<h3>{title}</h3>" in page
    services.add(FIRST)
    assert "Tidak ada tanda yang dipilih." in sari.read(f"/reports/{FIRST}")


def test_a_report_against_officials_warns_the_reader(sari: Browser, services: HubInMemory) -> None:
    assert "Menyebut perangkat desa." not in sari.read(f"/reports/{FIRST}")
    services.add(FIRST, official_involved=True)
    assert "Menyebut perangkat desa." in sari.read(f"/reports/{FIRST}")


def test_the_language_of_the_story_is_marked_for_those_who_listen(
    sari: Browser, services: HubInMemory
) -> None:
    services.add(FIRST, language="sas")
    assert '<div class="said" lang="sas">' in sari.read(f"/reports/{FIRST}")


def test_what_is_no_language_marks_nothing(sari: Browser, services: HubInMemory) -> None:
    services.add(FIRST, language='sas" onx="')
    assert '<div class="said">' in sari.read(f"/reports/{FIRST}")


def test_an_empty_story_is_said_to_be_empty(sari: Browser, services: HubInMemory) -> None:
    services.add(FIRST, narrative="")
    assert "(dikirim kosong)" in sari.read(f"/reports/{FIRST}")


@pytest.mark.parametrize("wrong", [UNKNOWN, "x", "0123456789ABCDEF.0.1", "0123456789abcdef.2.1", FIRST + "x"])
def test_an_unknown_report_is_404_on_every_route(sari: Browser, services: HubInMemory, wrong: str) -> None:
    token = hidden_fields(sari.read("/"))["form_token"]
    form = {"form_token": token, "text": "halo", "kind": "answer"}
    for response in (
        sari.get(f"/reports/{wrong}"),
        sari.client.post(f"/reports/{wrong}/answer", data=form),
        sari.client.post(f"/reports/{wrong}/acted-on", data=form),
    ):
        assert response.status_code == 404
        assert "Halaman tidak ditemukan" in response.text
        assert "sari" in response.text, "and one is still signed in"


# --- answering ---


def test_an_answer_is_sent_once_and_shown_after_a_redirect(sari: Browser, services: HubInMemory) -> None:
    response = sari.answer("Terima kasih.\r\nKami periksa.")
    assert (response.status_code, response.location) == (303, f"/reports/{FIRST}?done=answered")
    assert services.called("answer") == [("answer", FIRST, "Terima kasih.\nKami periksa.", False, "sari")]
    page = sari.read(response.location)
    assert '<p class="done" role="status">Jawaban sudah disimpan dan akan dikirim ke desa.</p>' in page
    assert "Terima kasih.\nKami periksa." in page
    assert "Menunggu dikirim ke desa" in page
    assert "</textarea>" in page
    assert re.search(r"<textarea[^>]*>\n</textarea>", page), "the form is empty again"


def test_a_question_is_told_apart_from_an_answer(sari: Browser, services: HubInMemory) -> None:
    response = sari.answer("Kapan berangkat?", kind="question")
    assert response.location == f"/reports/{FIRST}?done=asked"
    assert services.called("answer")[0][3] is True
    page = sari.read(response.location)
    assert "Pertanyaan sudah disimpan" in page
    assert re.search(r"Pertanyaan dari <bdi>sari</bdi>", page)


def test_an_answer_says_whether_the_village_has_it(sari: Browser, services: HubInMemory) -> None:
    services.change(FIRST, answers=(AnswerRow("Sudah", False, services.clock.wall_s(), "budi", True),))
    page = sari.read(f"/reports/{FIRST}")
    assert "Sudah sampai di kotak desa" in page
    assert "Menunggu dikirim" not in page


def test_pressing_twice_sends_one_answer(sari: Browser, services: HubInMemory) -> None:
    form = {**hidden_fields(sari.read(f"/reports/{FIRST}")), "text": "Halo", "kind": "answer"}
    for _ in range(2):
        response = sari.client.post(f"/reports/{FIRST}/answer", data=form)
        assert (response.status_code, response.location) == (303, f"/reports/{FIRST}?done=answered")
    assert len(services.called("answer")) == 1
    sari.answer("Halo")
    assert len(services.called("answer")) == 2, "the same words in a new form are a new answer"


def test_a_refused_answer_is_explained_beside_the_field_and_kept(
    sari: Browser, services: HubInMemory
) -> None:
    text = "panjang & lebar " * 80
    response = sari.answer(text, kind="question")
    assert response.status_code == 422
    page = html.unescape(response.text)
    assert "Jawaban paling banyak 1.000 huruf. (Sekarang 1.280 huruf.)" in page
    assert 'aria-invalid="true"' in page
    assert f">\n{text}</textarea>" in page
    assert 'value="question" checked' in page
    # The same form, shortened, goes through.
    form = {**hidden_fields(response.text), "text": "pendek", "kind": "question"}
    assert sari.client.post(f"/reports/{FIRST}/answer", data=form).status_code == 303
    assert services.views[FIRST].answers[0].text == "pendek"


def test_an_empty_answer_is_refused_beside_the_field(sari: Browser, services: HubInMemory) -> None:
    response = sari.answer("")
    assert response.status_code == 422
    assert '<p class="problem" id="text-problem">Tulis jawaban dulu.' in response.text
    assert services.views[FIRST].answers == ()


@pytest.mark.parametrize("kind", ["", "perintah"])
def test_an_answer_of_no_known_kind_is_refused_beside_the_choice(
    sari: Browser, services: HubInMemory, kind: str
) -> None:
    response = sari.answer("Halo tetangga", kind=kind)
    assert response.status_code == 422
    assert 'id="kind-problem">Pilih: jawaban atau pertanyaan.' in response.text
    assert "Halo tetangga</textarea>" in response.text
    assert services.called("answer") == []


def test_a_text_that_starts_with_a_line_break_keeps_it(sari: Browser) -> None:
    # HTML drops the first line break inside a textarea.
    assert ">\n\nHalo</textarea>" in sari.answer("\nHalo", kind="").text


def test_the_form_says_how_long_an_answer_may_be(sari: Browser) -> None:
    assert "Paling banyak 1.000 huruf." in sari.read(f"/reports/{FIRST}")


# --- acted on ---


def test_a_report_is_marked_acted_on_once(sari: Browser, services: HubInMemory) -> None:
    assert "Tandai sudah ditindaklanjuti" in sari.read(f"/reports/{FIRST}")
    response = sari.post(f"/reports/{FIRST}/acted-on", page=f"/reports/{FIRST}")
    assert (response.status_code, response.location) == (303, f"/reports/{FIRST}?done=acted-on")
    assert services.called("mark_acted_on") == [("mark_acted_on", FIRST, "sari")]
    page = sari.read(response.location)
    assert "Laporan ditandai sudah ditindaklanjuti." in page
    assert "Tandai sudah ditindaklanjuti" not in page


def test_a_link_can_neither_answer_nor_mark(sari: Browser, services: HubInMemory) -> None:
    assert sari.get(f"/reports/{FIRST}/acted-on").status_code == 405
    assert sari.get(f"/reports/{FIRST}/answer?text=x").status_code == 405
    assert services.called("mark_acted_on") == services.called("answer") == []


def test_only_known_words_can_be_put_on_the_page_by_its_address(sari: Browser) -> None:
    page = sari.read(f"/reports/{FIRST}?done=Semua+beres")
    assert "Semua" not in page
    assert 'role="status"' not in page


# --- what reporters send with and after a report ---

PHOTO = AttachmentView(0, "image/jpeg", 3, 1, 1)
ADDITION = "0123456789abcdef.0.7"


def with_follow_ups(services: HubInMemory) -> None:
    now = services.clock.wall_s()
    services.views[FIRST] = replace(
        services.views[FIRST],
        answers=(AnswerRow("Jam berapa?", True, 1_790_000_000.0, "sari", True),),
        additions=(
            AdditionView(ADDITION, "Jam <b>sepuluh</b>.", True, 1_790_000_000, now, now, "http"),
            AdditionView("0123456789abcdef.0.8", "", False, None, None, now, "courier", from_shut_out=True),
        ),
        withdrawal=WithdrawalView(WithdrawalReason.FEAR, now, now, now + 72 * 3600),
    )
    services.attached = {
        FIRST: [(PHOTO, b"\xff\xd8\xff"), (AttachmentView(1, "audio/amr", 9, 1, 1), b"#!AMR\n...")],
        ADDITION: [(AttachmentView(0, "audio/mp4", 5, 2, 3), b"")],
    }


def test_additions_stand_with_what_they_answer_and_a_withdrawal_with_what_it_demands(
    sari: Browser, services: HubInMemory
) -> None:
    with_follow_ups(services)
    page = sari.read(f"/reports/{FIRST}")
    assert "Jam &lt;b&gt;sepuluh&lt;/b&gt;." in page
    assert re.search(r"Menjawab: <q>.*Jam berapa\?.*</q>", page)
    assert "(tanpa tulisan)" in page
    assert page.count("Dari kotak yang dicabut") == 1, "of what came late, and of nothing else"
    assert "Pelapor menarik laporan ini" in page
    assert "pelapor takut atau diancam" in page
    assert "3 × 24 jam" in page
    assert "tidak menghentikan apa pun dengan sendirinya" in page
    until = page.partition("paling lambat")[2].partition("</time>")[0]
    assert re.search(r"\d\d\.\d\d WITA", until)


def test_a_withdrawal_by_letter_stands_on_the_report(sari: Browser, services: HubInMemory) -> None:
    now = services.clock.wall_s()
    assert "di luar aplikasi" not in sari.read(f"/reports/{FIRST}")
    services.views[FIRST] = replace(services.views[FIRST], asked_back=AskedBack(now, now + 72 * 3600))
    page = sari.read(f"/reports/{FIRST}")
    assert "di luar aplikasi, misalnya lewat surat atau telepon" in page
    assert '<span class="mark">Ditarik pelapor</span>' in page
    assert re.search(r"\d\d\.\d\d WITA", page.partition("paling lambat")[2].partition("</time>")[0])


def test_pictures_are_shown_and_sounds_can_be_played_as_far_as_they_came(
    sari: Browser, services: HubInMemory
) -> None:
    with_follow_ups(services)
    page = sari.read(f"/reports/{FIRST}")
    assert f'<img src="/reports/{FIRST}/attachments/0" alt="Foto 1 dari pelapor">' in page
    assert f'<audio controls preload="none" src="/reports/{FIRST}/attachments/1">' in page
    assert "Unduh suara 2" in page
    assert "baru 2 dari 3 bagian" in page


def test_an_attachment_is_only_shown_never_run_or_guessed(sari: Browser, services: HubInMemory) -> None:
    with_follow_ups(services)
    response = sari.get(f"/reports/{FIRST}/attachments/0")
    assert response.data == b"\xff\xd8\xff"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Disposition"] == 'inline; filename="lampiran-1.jpg"'
    assert response.headers["Cache-Control"] == "no-store"
    assert ("show_attachment", FIRST, 0, "sari") in services.calls


@pytest.mark.parametrize(
    "path", [f"{FIRST}/attachments/5", f"{ADDITION}/attachments/0", f"{UNKNOWN}/attachments/0"]
)
def test_what_is_not_there_or_not_whole_is_not_found(sari: Browser, services: HubInMemory, path: str) -> None:
    with_follow_ups(services)
    assert sari.get(f"/reports/{path}").status_code == 404


def test_the_list_marks_news_and_withdrawals(sari: Browser, services: HubInMemory) -> None:
    sari.get(f"/reports/{FIRST}")
    assert "Ada kabar baru" not in sari.read("/")
    services.news = {FIRST}
    services.withdrawn = {FIRST}
    page = sari.read("/")
    assert ">Ada kabar baru dari pelapor</span>" in page
    assert ">Ditarik pelapor</span>" in page
