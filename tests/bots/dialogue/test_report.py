"""A report from the first message to the receipt code."""

from __future__ import annotations

import pytest
from talking import CODE, Person, a_room

from bots.dialogue.contract import KeptBy, NotTaken, Pressed, SentFile, SharedPosition, Submit
from sync.records import TEXT_LIMITS


def a_told_report() -> Person:
    person = Person()
    person.says("/lapor")
    person.presses("v:recruiter", "v:soon")
    person.says("Ada orang menawarkan kerja ke Malaysia.")
    person.presses("place:52.02.08.2001", "v:yes")
    return person


def test_a_short_chain_leads_to_a_summary_and_to_the_report() -> None:
    person = a_told_report()
    for said in (
        "Ada orang menawarkan kerja ke Malaysia.",
        "Pringgarata",
        "Kira-kira dalam sebulan ini",
        "Ya",
    ):
        assert said in person.heard
    person.presses("send")
    assert person.submitted() == {
        "kind": "recruiter",
        "urgency": "soon",
        "narrative": "Ada orang menawarkan kerja ke Malaysia.",
        "place": "52.02.08.2001",
        "official_involved": True,
        "channel": "telegram",
    }
    person.is_taken()
    assert "1234 5678 9012 3456" in person.heard
    assert "kotak desa" in person.heard
    assert person.replies[0].holds_code
    assert person.state.held is None
    assert person.state.before == ()


def test_the_box_that_keeps_it_is_named() -> None:
    person = a_told_report()
    person.presses("send")
    person.is_taken(kept_by=KeptBy.HUB)
    assert "Yang menyimpan: hub." in person.heard


def test_all_that_may_be_told_comes_into_the_report() -> None:
    person = a_told_report()
    person.presses("part:recruiter.name")
    person.says("Pak Fulan", "0812-0000-3141", "PT Contoh Jaya")
    person.presses("part:offer.destination", "v:MY")
    person.says("1 Desember 2026")
    person.presses("part:observed_on", "v:2026-11-25")
    person.presses("part:reporter.contact")
    person.says("lewat fasilitator")
    person.tells(SentFile(7, "picture"))
    person.says("Dia datang dua kali.")
    person.presses("send")
    report = person.submitted()
    assert report["recruiter"] == {
        "name": "Pak Fulan",
        "phone": "0812-0000-3141",
        "company": "PT Contoh Jaya",
    }
    assert report["offer"] == {"destination": "MY", "departure_on": "2026-12-01"}
    assert report["observed_on"] == "2026-11-25"
    assert report["reporter"] == {"contact": "lewat fasilitator"}
    assert report["narrative"].endswith("\nDia datang dua kali.")
    (wish,) = person.wishes
    assert isinstance(wish, Submit)
    assert wish.files == (7,)


def test_it_can_be_sent_as_soon_as_there_is_a_story() -> None:
    person = Person()
    person.says("/lapor")
    assert "send" not in person.offered()
    person.says("kirim")
    assert "Tulis sedikit cerita" in person.heard
    person.says("Anak tetangga hilang kontak.")
    person.presses("send", "send")
    assert person.submitted() == {
        "kind": "other",
        "narrative": "Anak tetangga hilang kontak.",
        "channel": "telegram",
    }


def test_numbers_stand_above_the_next_question_when_it_is_urgent() -> None:
    person = Person()
    person.says("/lapor")
    person.presses("v:victim", "v:now")
    assert "110" in person.heard
    assert "Ceritakan" in person.heard


def test_a_picture_alone_is_a_report() -> None:
    person = Person()
    person.tells(SentFile(3, "picture"))
    person.presses("yes", "v:document", "v:", "send", "send")
    (wish,) = person.wishes
    assert isinstance(wish, Submit)
    assert wish.files == (3,)
    assert "tanpa tulisan" in person.submitted()["narrative"]


def test_a_ninth_file_is_not_taken() -> None:
    person = Person()
    person.says("/lapor")
    for handle in range(9):
        person.tells(SentFile(handle, "picture"))
    assert "Paling banyak 8" in person.heard
    person.says("kirim", "kirim")
    (wish,) = person.wishes
    assert isinstance(wish, Submit)
    assert wish.files == tuple(range(8))


def test_a_step_back_undoes_the_last_answer_alone() -> None:
    person = Person()
    person.says("/lapor")
    person.presses("v:recruiter", "v:now", "back")
    assert "Seberapa mendesak" in person.heard
    person.presses("v:info")
    person.says("Cerita.")
    person.presses("send", "send")
    assert person.submitted()["urgency"] == "info"
    assert person.submitted()["kind"] == "recruiter"


def test_help_in_between_loses_nothing() -> None:
    person = a_told_report()
    person.says("/bantuan")
    assert "110" in person.heard
    person.presses("back", "send")
    assert person.submitted()["kind"] == "recruiter"


def test_cancelling_forgets_what_was_told() -> None:
    person = a_told_report()
    person.says("/batal")
    assert person.state.held is None
    assert person.state.before == ()
    assert "dilupakan" in person.heard


def test_text_that_is_too_long_is_refused_and_nothing_is_cut() -> None:
    person = Person()
    person.says("/lapor")
    person.presses("v:other", "v:")
    person.says("x" * (TEXT_LIMITS["narrative"] + 1))
    assert "Terlalu panjang" in person.heard
    assert "send" not in person.offered()


@pytest.mark.parametrize("typed", ["31-02-2026", "besok lusa", "20261120", "99"])
def test_a_day_that_does_not_exist_is_asked_again(typed: str) -> None:
    person = a_told_report()
    person.presses("part:observed_on")
    person.says(typed)
    assert "contoh: 20-11-2026" in person.heard


def test_a_box_that_is_away_is_asked_again_with_the_same_token() -> None:
    person = a_told_report()
    person.presses("send")
    (first,) = person.wishes
    person.tells(NotTaken("away"))
    assert "BELUM tersimpan" in person.heard
    person.presses("retry")
    (second,) = person.wishes
    assert isinstance(first, Submit)
    assert isinstance(second, Submit)
    assert first.token == second.token
    assert first.report == second.report


def test_what_was_refused_can_be_changed_and_is_another_try() -> None:
    person = a_told_report()
    person.presses("send")
    (first,) = person.wishes
    person.tells(NotTaken("refused"))
    person.presses("send")
    (second,) = person.wishes
    assert isinstance(first, Submit)
    assert isinstance(second, Submit)
    assert first.token != second.token


def test_a_receipt_that_comes_late_is_shown_where_the_conversation_is_by_now() -> None:
    person = a_told_report()
    person.presses("send")
    person.says("/tanya")
    person.is_taken()
    assert "1234 5678 9012 3456" in person.heard
    assert person.state.dialogue == "ask"


def test_a_report_taken_before_a_restart_has_no_code_to_show() -> None:
    person = a_told_report()
    person.presses("send")
    person.is_taken(receipt=None)
    assert "Jangan kirim laporan itu lagi" in person.heard
    assert CODE not in person.heard


def test_a_position_comes_along_only_where_it_is_urgent() -> None:
    person = a_told_report()
    person.tells(SharedPosition(-850000, 11610000))
    person.presses("send")
    assert "position" not in person.submitted()
    person = Person()
    person.says("/lapor")
    person.presses("v:victim", "v:now")
    person.tells(SharedPosition(-850000, 11610000))
    person.says("Tolong.", "kirim", "kirim")
    assert person.submitted()["position"] == {"lat_e5": -850000, "lon_e5": 11610000}


def test_the_name_of_a_place_on_a_map_is_looked_for_in_the_list_of_areas() -> None:
    person = Person()
    person.says("/lapor")
    person.presses("v:other", "v:")
    person.says("Cerita.")
    person.tells(SharedPosition(-850000, 11610000))
    assert "place" not in person.state.held.answers
    person.tells(SharedPosition(-850000, 11610000, "11.01.01.2001"))
    person.presses("place:11.01.01.2001", "v:", "send")
    report = person.submitted()
    assert report["place"] == "11.01.01.2001"
    assert "position" not in report
    assert "place_text" not in report


def test_a_bot_of_several_villages_asks_for_the_place_from_the_provinces() -> None:
    person = Person(a_room(village=""))
    person.says("/lapor")
    person.presses("v:other", "v:")
    person.says("Cerita.")
    assert not any(value.startswith("place:") for value in person.offered())
    person.presses(
        "in:", "page:+", "page:-", "in:11", "in:11.01", "in:11.01.01", "place:11.01.01.2001", "v:", "send"
    )
    assert person.submitted()["place"] == "11.01.01.2001"


def test_what_was_sent_is_not_taken_back_by_a_step() -> None:
    person = a_told_report()
    person.presses("send")
    assert person.state.before == ()
    person.tells(Pressed("back"))
    assert person.state.held.step == "sending"
