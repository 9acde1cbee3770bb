"""Under a receipt code: its ladder, answers, additions and a withdrawal."""

from __future__ import annotations

import pytest
from talking import CODE, Person

from bots.dialogue.contract import Add, Done, LookUp, NotTaken, SentFile, Shown, Step, Withdraw
from bots.dialogue.receipt import CARD_DAMAGED, MAY_BE_LOST, NOT_HERE, REPORT_AGAIN, UNKNOWN
from bots.texts import LANGUAGES, say
from sync.wire.attachments import MAX_ATTACHMENTS

LADDER = (Step("saved", True, 100_000.0), Step("on_its_way", True, 7200.0), Step("received", False, None))


def one_who_looked(*answers: tuple[str, bool]) -> Person:
    person = Person()
    person.says("/cek", "1234-5678-9012-3456")
    (wish,) = person.wishes
    assert isinstance(wish, LookUp)
    assert wish.code == CODE
    person.tells(Shown(LADDER, answers))
    return person


def test_the_ladder_is_shown_with_ages_and_without_the_code() -> None:
    person = one_who_looked()
    assert "Tersimpan di kotak ini, kemarin" in person.heard
    assert "Dalam perjalanan ke petugas, 2 jam lalu" in person.heard
    assert "Sampai di kantor petugas: Belum" in person.heard
    assert "3456" not in person.heard


def test_a_question_of_the_hub_is_answered_with_an_addition() -> None:
    person = one_who_looked(("Terima kasih.", False), ("Siapa nama kapalnya?", True))
    assert "Pertanyaan dari petugas:\nSiapa nama kapalnya?" in person.heard
    person.presses("add")
    person.says("Namanya KM Contoh.")
    person.presses("v:yes")
    (wish,) = person.wishes
    assert isinstance(wish, Add)
    assert (wish.code, wish.text, wish.urgent) == (CODE, "Namanya KM Contoh.", True)
    assert "Tambahan Anda sudah tersimpan" in person.tells(Done()).replies[0].text


def test_photos_go_with_an_addition_with_words_or_without() -> None:
    person = one_who_looked()
    person.tells(SentFile(3, "picture"))
    assert "Belum dikirim" in person.heard
    person.tells(SentFile(4, "sound"))
    assert person.state.files == {3, 4}
    person.presses("send", "v:no")
    (wish,) = person.wishes
    assert isinstance(wish, Add)
    assert (wish.text, wish.files) == ("", (3, 4))
    person.tells(Done())
    assert not person.state.files
    person.presses("add")
    person.tells(SentFile(5, "picture"))
    person.says("Ini orangnya.")
    person.presses("v:no")
    (wish,) = person.wishes
    assert isinstance(wish, Add)
    assert (wish.text, wish.files) == ("Ini orangnya.", (5,))


def test_an_addition_holds_no_more_files_than_a_report() -> None:
    person = one_who_looked()
    for handle in range(MAX_ATTACHMENTS + 1):
        person.tells(SentFile(handle, "picture"))
    assert "Sudah cukup banyak" in person.heard
    assert len(person.state.files) == MAX_ATTACHMENTS


def test_an_addition_that_was_not_taken_is_told_again_with_its_token() -> None:
    person = one_who_looked()
    person.presses("add")
    person.says("Lagi.")
    person.presses("v:no")
    (first,) = person.wishes
    person.tells(NotTaken("away"))
    person.presses("retry")
    assert person.wishes[0] is first


def test_a_report_is_withdrawn_with_a_reason() -> None:
    person = one_who_looked()
    person.presses("withdraw", "why:2")
    (wish,) = person.wishes
    assert isinstance(wish, Withdraw)
    assert (wish.code, wish.reason) == (CODE, 2)
    assert "Penarikan Anda sudah tersimpan" in person.tells(Done()).replies[0].text


@pytest.mark.parametrize("typed", ["123", "12345678901234567", "kode saya"])
def test_what_is_no_code_spends_no_guess(typed: str) -> None:
    person = Person()
    person.says("/cek", typed)
    assert person.wishes == ()
    assert "16 angka" in person.heard


def test_an_unknown_code_and_too_many_guesses_are_said() -> None:
    person = Person()
    person.says("/cek", CODE)
    person.tells(NotTaken("unknown"))
    assert "Nomor tidak ditemukan" in person.heard
    person.says(CODE)
    person.tells(NotTaken("wait", 90))
    assert "Tunggu 2 menit" in person.heard


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_what_a_damaged_card_may_have_lost_is_not_called_unknown_nor_too_many(tag: str) -> None:
    person = Person(language=tag)
    person.says("/cek", CODE)
    person.tells(NotTaken("lost"))
    for text in (NOT_HERE, CARD_DAMAGED, MAY_BE_LOST, REPORT_AGAIN):
        assert say(tag, text) in person.heard
    assert say(tag, UNKNOWN) not in person.heard
