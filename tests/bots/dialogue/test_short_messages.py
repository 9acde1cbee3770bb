"""Over SMS: one message is a report, each reply is one message, and two machines fall silent."""

from __future__ import annotations

import pytest
from talking import CODE, VILLAGE, Person, a_room, material

from bots.dialogue import short_messages
from bots.dialogue.ages import age_in_words, wait_in_words
from bots.dialogue.contract import (
    Add,
    Answered,
    Ask,
    Channel,
    Done,
    KeptBy,
    LookUp,
    NotTaken,
    PassOn,
    Shown,
    Step,
    Submit,
    Subscribe,
    Withdraw,
)
from bots.dialogue.receipt import CARD_DAMAGED, REPORT_AGAIN, STEP_TEXTS
from bots.dialogue.shortening import MOST_SEPTETS, folded, septets
from bots.texts import BY_TAG, LANGUAGES, all_texts, say

TAGS = [language.tag for language in LANGUAGES]


def somebody(language: str = "id", **facts: object) -> Person:
    return Person(a_room(Channel.SMS, **facts), language)


# --- every text in one message ---


def own_texts() -> list[str]:
    known = set(all_texts())
    return [text for text in vars(short_messages).values() if isinstance(text, str) and text in known]


@pytest.mark.parametrize("language", TAGS)
def test_every_text_fits_with_its_longest_values(language: str) -> None:
    numbers = [line.number for line in material(language).emergency_lines]
    values = {
        "box": max((say(language, text) for text in ("kotak desa", "hub")), key=len),
        "code": "1234 5678 9012 3456",
        "phone": max(numbers, key=len),
        "wait": max((wait_in_words(language, s) for s in (60, 3599, 86_400 * 9)), key=len),
        "most": "1000",
        "n": 99,
        "of": 99,
        "next": 99,
        "codes": ", ".join(BY_TAG),
    }
    texts = own_texts()
    assert len(texts) > 25
    for text in texts:
        said = folded(say(language, text) % values if "%(" in text else say(language, text))
        assert "?" not in folded(say(language, text).replace("?", "")), said
        assert septets(said) <= MOST_SEPTETS, (septets(said), said)


@pytest.mark.parametrize("language", TAGS)
def test_every_step_of_the_ladder_fits_with_every_age(language: str) -> None:
    ages = [age_in_words(language, hours * 3600.0) for hours in (0, 23, 30, 24 * 59, 24 * 3000)]
    for step in STEP_TEXTS.values():
        for age in ages:
            line = f"{say(language, step)}, {age}. {say(language, short_messages.NO_ANSWER)}"
            assert septets(folded(line)) <= MOST_SEPTETS, line


@pytest.mark.parametrize("language", TAGS)
def test_a_long_answer_is_read_in_parts_and_whole(language: str) -> None:
    answer = " ".join(f"kata{n}" for n in range(150))
    shown = Shown((Step("read", True, 7200.0),), ((answer, False),))
    got, part = "", 1
    while True:
        person = somebody(language)
        person.says(f"CEK {CODE} {part}")
        person.tells(shown)
        (reply,) = person.replies
        assert septets(reply.text) <= MOST_SEPTETS
        got += reply.text.rpartition(" (")[0] + " "
        if reply.text.endswith(f"{part}/{part})"):
            break
        part += 1
        assert part < 30
    assert " ".join(f"kata{n}" for n in range(150)) in " ".join(got.split())


# --- reports ---


def test_free_text_is_a_report_with_the_village_of_the_bot() -> None:
    person = somebody()
    person.says("ada orang menawarkan kerja ke Kamboja lewat Facebook")
    assert person.submitted() == {
        "kind": "other",
        "narrative": "ada orang menawarkan kerja ke Kamboja lewat Facebook",
        "place": VILLAGE,
        "channel": "sms",
    }
    person.is_taken()
    (reply,) = person.replies
    assert "1234 5678 9012 3456" in reply.text
    assert "kotak desa" in reply.text
    assert reply.holds_code


@pytest.mark.parametrize("word", ["BAHAYA", "tolong", "Darurat:", "SOS"])
def test_a_word_of_danger_makes_it_urgent(word: str) -> None:
    person = somebody()
    person.says(f"{word} anak saya dikurung di Batam")
    assert person.submitted()["urgency"] == "now"
    person.is_taken()
    assert "110" in person.heard


def test_a_word_of_danger_alone_is_an_urgent_report() -> None:
    person = somebody()
    person.says("tolong")
    assert person.submitted()["urgency"] == "now"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("LAPOR 52.02.08.2002 ada calo", "52.02.08.2002"),
        ("LAPOR 5202082002 ada calo", "52.02.08.2002"),
        ("LAPOR ada calo di desa Sepakek sejak kemarin", "52.02.08.2002"),
        ("LAPOR ada calo datang", VILLAGE),
        ("LAPOR calo dengan HP 0812-0000-3141 dan 081200003141", VILLAGE),
    ],
)
def test_the_place_is_what_the_text_names_or_the_village_of_the_bot(text: str, place: str) -> None:
    person = somebody()
    person.says(text)
    assert person.submitted()["place"] == place


def test_a_village_that_is_not_in_the_list_is_kept_in_words() -> None:
    person = somebody()
    person.says("LAPOR ada calo di desa Antahberantah")
    assert person.submitted()["place_text"] == "Antahberantah"


def test_a_keyword_that_only_begins_a_story_loses_nothing() -> None:
    person = somebody()
    person.says("Info ada orang mau berangkat ke Malaysia")
    assert person.submitted()["narrative"] == "Info ada orang mau berangkat ke Malaysia"


def test_more_text_is_added_to_the_report_of_this_conversation() -> None:
    person = somebody()
    person.says("ada calo datang ke desa")
    person.is_taken()
    person.says("dia bilang besok berangkat naik kapal")
    (wish,) = person.wishes
    assert isinstance(wish, Add)
    assert wish.code == CODE
    person.tells(Done())
    assert "Tambahan" in person.heard


def test_a_report_that_is_sent_again_gets_its_number_again_and_is_not_made_twice() -> None:
    person = somebody()
    person.says("LAPOR ada calo datang")
    person.is_taken()
    person.says("LAPOR ada calo datang")
    assert person.wishes == ()
    assert "1234 5678 9012 3456" in person.heard


# --- loops ---


def test_an_unknown_word_is_answered_once() -> None:
    person = somebody()
    person.says("halo")
    assert "LAPOR" in person.heard
    assert person.says("halo").replies == ()
    assert person.says("ok").replies == ()


def test_a_machine_that_repeats_itself_is_not_answered() -> None:
    machine = "Saya sedang tidak bisa menjawab, nanti saya balas"
    person = somebody()
    person.says("LAPOR ada calo datang")
    person.is_taken()
    person.says(machine)
    person.tells(Done())
    turn = person.says(machine)
    assert (turn.replies, turn.wishes) == ((), ())


# --- codes, questions, bulletins ---


def test_cek_shows_the_step_reached_last() -> None:
    person = somebody()
    person.says("cek 1234 5678 9012 3456")
    assert isinstance(person.wishes[0], LookUp)
    person.tells(
        Shown((Step("saved", True, 90_000.0), Step("read", True, 7200.0), Step("acted_on", False, None)), ())
    )
    assert person.heard == "Dibaca petugas, 2 jam lalu. Belum ada jawaban."


def test_tambah_and_tarik_go_to_the_report_of_the_code() -> None:
    person = somebody()
    person.says(f"TAMBAH {CODE} dia naik mobil hitam")
    (added,) = person.wishes
    assert isinstance(added, Add)
    assert (added.code, added.text) == (CODE, "dia naik mobil hitam")
    person.says(f"TARIK {CODE}")
    (withdrawn,) = person.wishes
    assert isinstance(withdrawn, Withdraw)
    person.says("TAMBAH")
    assert person.wishes == ()
    assert "16 angka" in person.heard


def test_an_answer_carries_its_source_in_one_message() -> None:
    person = somebody()
    person.says("TANYA berapa biaya paspor?")
    (wish,) = person.wishes
    assert isinstance(wish, Ask)
    person.tells(
        Answered(
            "Paspor", "Biaya paspor biasa. " * 30, "Direktorat Jenderal Imigrasi, situs resmi, biaya", "2025"
        )
    )
    assert septets(person.heard) <= MOST_SEPTETS
    assert "Direktorat Jenderal" in person.heard


def test_what_is_not_known_is_passed_on_only_when_wanted() -> None:
    person = somebody()
    person.says("TANYA warna kucing?")
    person.tells(Answered(None))
    assert "YA" in person.heard
    person.says("ya")
    (wish,) = person.wishes
    assert isinstance(wish, PassOn)
    assert wish.question == "warna kucing?"
    person.tells(Done())
    assert "diteruskan" in person.heard
    person.says("ya")
    assert person.wishes == ()


def test_bulletins_are_kept_by_a_hub_alone() -> None:
    person = somebody(subscribes=True)
    person.says("MULAI")
    assert person.wishes == (Subscribe(True, "52.02.08.2001", "id", "t1"),)
    person.tells(Done())
    person.says("STOP")
    assert person.wishes == (Subscribe(False, "", "id", "t2"),)
    village = somebody()
    village.says("STOP")
    assert village.wishes == ()
    assert "tidak mengirim pengumuman" in village.heard


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("refused", "TIDAK tersimpan"),
        ("full", "penuh"),
        ("away", "BELUM tersimpan"),
    ],
)
def test_a_report_that_was_not_taken_is_said_so(why: str, words: str) -> None:
    person = somebody()
    person.says("LAPOR ada calo datang")
    person.tells(NotTaken(why))
    assert words in person.heard


@pytest.mark.parametrize("language", TAGS)
@pytest.mark.parametrize("typed", [f"CEK {CODE}", f"TAMBAH {CODE} mobilnya merah"])
def test_what_a_damaged_card_may_have_lost_is_told_in_one_message(typed: str, language: str) -> None:
    person = somebody(language)
    person.says(typed)
    person.tells(NotTaken("lost"))
    assert folded(say(language, REPORT_AGAIN)) in person.heard
    assert folded(say(language, CARD_DAMAGED)) in person.heard
    assert septets(person.heard) <= MOST_SEPTETS


def test_an_english_keyword_is_answered_in_english() -> None:
    person = somebody(kept_by=KeptBy.HUB)
    person.says("REPORT a man offers work in Cambodia")
    (wish,) = person.wishes
    assert isinstance(wish, Submit)
    person.is_taken(kept_by=KeptBy.HUB)
    assert "Saved at the hub" in person.heard
