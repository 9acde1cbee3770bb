"""A session on the facilitator's pages: plan, attendance, hands, screens, the end."""

from __future__ import annotations

import re

import pytest
from facilitator import Facilitator
from village import Region

from content.catalogue import Catalogue
from sync.wire.session_summary import CELLS
from village_node.web.slides import slides_of

PLAN = {"held_on": "25-11-2026", "part": "afternoon", "lessons": ["perekrut", "biaya"], "quiz": "tawaran"}


@pytest.fixture
def facilitator(region: Region) -> Facilitator:
    return Facilitator(region.node()).sign_in()


@pytest.fixture
def session(facilitator: Facilitator) -> str:
    """The address of a planned session."""
    response = facilitator.post("/sesi/baru", **PLAN)
    assert response.status_code == 303
    return response.headers["Location"]


def count(facilitator: Facilitator, session: str, *taps: str) -> None:
    for tap in taps:
        assert facilitator.post(f"{session}/hadir", hitung=tap).status_code == 303


def hands(facilitator: Facilitator, session: str, round_: str, right: int, wrong: int) -> None:
    for number, question in enumerate(Catalogue().quiz("tawaran").questions, start=1):
        counts = {letter: str(right if letter == question.answer else 0) for letter in "abc"}
        counts["abc"["abc".index(question.answer) - 1]] = str(wrong)
        assert facilitator.post(f"{session}/kuis/{round_}/{number}", **counts).status_code == 303


class TestPlan:
    def test_the_agenda_adds_up_and_leads_to_every_part(self, facilitator: Facilitator, session: str) -> None:
        page = facilitator.read(session)
        assert "Rabu, 25 November 2026" in page
        assert "Siang atau sore" in page
        assert "Acara (120 menit)" in page
        assert 'href="http://localhost:8080/latihan"' in page
        for address in re.findall(r"<li>.*?</li>", page):
            for link in re.findall(r'href="([^"]+)"', address):
                if link != "http://localhost:8080/latihan":
                    assert facilitator.get(link).status_code == 200, link

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"lessons": []}, "Pilih 1 sampai 4 pelajaran"),
            ({"held_on": "kemarin"}, "Tulis tanggal seperti 25-11-2026"),
            ({"held_on": "31-02-2026"}, "Tulis tanggal"),
            ({"held_on": "25-11-1926"}, "Tulis tanggal"),
            ({"part": ""}, "Pilih pagi"),
            ({"quiz": "x"}, "Pilih satu kuis"),
        ],
    )
    def test_a_mistake_is_said_and_what_was_chosen_stays(
        self, facilitator: Facilitator, change: dict[str, object], said: str
    ) -> None:
        page = facilitator.post("/sesi/baru", **{**PLAN, **change})
        assert page.status_code == 422
        assert said in page.text
        if "lessons" not in change:
            assert page.text.count('name="lessons"') - page.text.count("checked") < 9
        assert facilitator.node.sessions.all() == []

    def test_a_new_plan_suggests_what_was_not_taught_yet(
        self, facilitator: Facilitator, session: str
    ) -> None:
        assert re.search(r'value="perekrut" checked', facilitator.read("/sesi/baru"))
        count(facilitator, session, "0:5")
        facilitator.post(f"{session}/tutup")
        assert re.search(r'value="dokumen" checked', facilitator.read("/sesi/baru"))

    def test_editing_cancelling_deleting_and_all_of_it_undone(
        self, facilitator: Facilitator, session: str
    ) -> None:
        assert 'value="2026-11-25"' in facilitator.read(f"{session}/ubah")
        assert facilitator.post(f"{session}/ubah", **{**PLAN, "part": "evening"}).status_code == 303
        assert "Malam" in facilitator.read(session)
        facilitator.post(f"{session}/batal")
        assert "Dibatalkan" in facilitator.read(session)
        facilitator.post(f"{session}/jadi")
        assert facilitator.post(f"{session}/hapus").headers["Location"] == "/sesi"
        assert "Baru dihapus" in facilitator.read("/sesi")
        facilitator.post(f"{session}/kembalikan")
        assert "Baru dihapus" not in facilitator.read("/sesi")

    def test_a_session_that_is_not_there_is_said(self, facilitator: Facilitator) -> None:
        for path in ("/sesi/9", "/sesi/9/hadir", "/sesi/9/kuis", "/sesi/9/layar", "/sesi/9/ubah"):
            page = facilitator.get(path)
            assert page.status_code == 404
            assert "Sesi tidak ada" in page.text


class TestAttendance:
    def test_every_cell_has_its_three_buttons_and_a_tap_counts(
        self, facilitator: Facilitator, session: str
    ) -> None:
        page = facilitator.read(f"{session}/hadir")
        assert len(set(re.findall(r'value="(\d+:-?\d)"', page))) == 3 * CELLS
        count(facilitator, session, "0:5", "0:1", "5:5", "5:-1", "11:1")
        assert "Hadir: 11 orang" in facilitator.read(f"{session}/hadir")
        count(facilitator, session, "urung", "urung")
        assert "Hadir: 11 orang" in facilitator.read(f"{session}/hadir")

    def test_forty_people_are_counted_in_eight_taps(self, facilitator: Facilitator, session: str) -> None:
        count(facilitator, session, *(f"{cell}:5" for cell in (0, 1, 1, 2, 5, 5, 6, 7)))
        assert "Hadir: 40 orang" in facilitator.read(f"{session}/hadir")

    @pytest.mark.parametrize("tap", ["", "0:2", "x", "0:5:5"])
    def test_no_other_tap_is_understood(self, facilitator: Facilitator, session: str, tap: str) -> None:
        assert facilitator.post(f"{session}/hadir", hitung=tap).status_code == 400

    def test_no_other_cell_is_counted(self, facilitator: Facilitator, session: str) -> None:
        assert facilitator.post(f"{session}/hadir", hitung="12:1").status_code == 404


class TestQuiz:
    def test_hands_are_counted_question_by_question(self, facilitator: Facilitator, session: str) -> None:
        first = facilitator.post(f"{session}/kuis/awal/1", a="3", b="20", c="")
        assert first.headers["Location"] == f"{session}/kuis/awal/2"
        assert 'value="20"' in facilitator.read(f"{session}/kuis/awal/1")
        last = facilitator.post(f"{session}/kuis/awal/8", a="1")
        assert last.headers["Location"] == f"{session}/kuis"
        for wrong in ("-1", "1,5", "501", "banyak"):
            page = facilitator.post(f"{session}/kuis/awal/1", a=wrong)
            assert page.status_code == 422
        assert 'value="20"' in facilitator.read(f"{session}/kuis/awal/1")
        assert facilitator.get(f"{session}/kuis/awal/9").status_code == 404
        assert facilitator.get(f"{session}/kuis/tengah/1").status_code == 404

    def test_a_round_on_phones_shows_the_short_address_and_how_many_answered(
        self, facilitator: Facilitator, session: str
    ) -> None:
        facilitator.post(f"{session}/kuis/awal/hp")
        number = facilitator.node.sessions.get(1).number
        page = facilitator.read(f"{session}/kuis")
        assert f"http://localhost:8080/kuis/{number}" in page
        facilitator.node.sessions.answer(number, "before", "token", {"janji": "a"})
        assert "1 HP sudah menjawab" in facilitator.read(f"{session}/layar")
        facilitator.post(f"{session}/kuis/tutup/hp")
        assert "HP sudah menjawab" not in facilitator.read(f"{session}/layar")

    def test_results_stay_hidden_until_five_have_answered(
        self, facilitator: Facilitator, session: str
    ) -> None:
        hands(facilitator, session, "awal", right=1, wrong=3)
        for path in ("", "/kuis", "/layar", "/layar/1"):
            page = facilitator.read(session + path)
            assert "paling sedikit 5 orang" in page
            assert not re.search(r"25 (persen|%)|: 3 orang", page)
        hands(facilitator, session, "awal", right=1, wrong=4)
        assert "awal 20 persen benar" in facilitator.read(f"{session}/layar")

    def test_the_screen_refreshes_itself_and_tells_what_is_right_only_afterwards(
        self, facilitator: Facilitator, session: str
    ) -> None:
        hands(facilitator, session, "awal", right=5, wrong=5)
        page = facilitator.read(f"{session}/layar")
        assert re.search(r'http-equiv="refresh" content="5;url=[^"]+otomatis=1"', page)
        assert "(benar)" not in facilitator.read(f"{session}/layar/1")
        hands(facilitator, session, "akhir", right=9, wrong=1)
        assert "(benar)" in facilitator.read(f"{session}/layar/1")
        assert page.count("<svg") == 8
        assert "akhir 90 persen benar" in facilitator.read(f"{session}/layar")

    def test_gain_and_what_to_teach_again(self, facilitator: Facilitator, session: str) -> None:
        hands(facilitator, session, "awal", right=4, wrong=6)
        page = facilitator.read(session)
        assert "Ajarkan lagi" in page
        assert "60 % jawaban belum benar" in page
        hands(facilitator, session, "akhir", right=9, wrong=1)
        page = facilitator.read(session)
        assert "90 % (+50)" in page
        assert "Semua soal sudah dipahami" in page


class TestEnd:
    def test_closing_says_what_was_sent_and_can_be_corrected(
        self, facilitator: Facilitator, session: str
    ) -> None:
        page = facilitator.post(f"{session}/tutup")
        assert page.status_code == 422
        assert "Belum ada peserta" in page.text
        count(facilitator, session, "0:5")
        assert facilitator.post(f"{session}/tutup").status_code == 303
        assert "hanya jumlah, tanpa nama" in facilitator.read(session)
        late = facilitator.post(f"{session}/hadir", hitung="0:5")
        assert late.status_code == 422
        assert "Buka lagi dulu" in late.text
        facilitator.post(f"{session}/buka")
        count(facilitator, session, "0:1")
        facilitator.post(f"{session}/tutup")
        assert facilitator.node.log.pending_count() == 2

    def test_a_full_box_says_that_nothing_was_sent(self, region: Region) -> None:
        facilitator = Facilitator(region.node(free_space=lambda: 0)).sign_in()
        facilitator.post("/sesi/baru", **PLAN)
        count(facilitator, "/sesi/1", "0:5")
        page = facilitator.post("/sesi/1/tutup")
        assert page.status_code == 503
        assert "belum ada yang dikirim" in page.text

    def test_it_goes_on_after_a_power_cut(
        self, region: Region, facilitator: Facilitator, session: str
    ) -> None:
        count(facilitator, session, "0:5", "1:5")
        hands(facilitator, session, "awal", right=5, wrong=5)
        again = Facilitator(region.restart_node()).sign_in()
        assert "Hadir: 10 orang" in again.read(f"{session}/hadir")
        assert "50 %" in again.read(session)


class TestSlides:
    @pytest.mark.parametrize("key", Catalogue().lesson_keys)
    def test_one_screen_a_page_from_the_agenda_and_back(
        self, facilitator: Facilitator, session: str, key: str
    ) -> None:
        path, seen = f"/materi/{key}/1?sesi=1", []
        while path != session:
            page = facilitator.read(path)
            assert len(re.findall(r"<p>", page)) <= 4
            seen.append(page)
            [path] = re.findall(r'rel="next" href="([^"]+)"', page)
        lesson = Catalogue().lesson(key)
        assert len(seen) == len(slides_of(lesson))
        shown = "".join(seen)
        assert all(hint not in shown for hint in lesson.hints)

    def test_hints_stand_on_the_second_view_with_what_comes_next(self, facilitator: Facilitator) -> None:
        lesson = Catalogue().lesson("perekrut")
        page = facilitator.read("/materi/perekrut/1/petunjuk")
        assert lesson.hints[1] in page
        assert f"Maju: {lesson.screens[0].title}" in page
        assert "Dari mana kita tahu" in facilitator.read("/materi/perekrut/2/petunjuk")

    @pytest.mark.parametrize("path", ["/materi/x/1", "/materi/perekrut/0", "/materi/perekrut/99"])
    def test_no_other_slide_is_there(self, facilitator: Facilitator, path: str) -> None:
        assert facilitator.get(path).status_code == 404
        assert facilitator.get(f"{path}/petunjuk").status_code == 404
