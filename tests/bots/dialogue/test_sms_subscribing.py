"""LANGGANAN and BERHENTI over SMS: the area, the words, one short message in each language."""

from __future__ import annotations

import pytest
from talking import VILLAGE, Person, a_room

from bots.dialogue import sms_subscribing
from bots.dialogue.contract import Channel, Done, KeptBy, NotTaken, Subscribe
from bots.dialogue.shortening import MOST_SEPTETS, folded, septets
from bots.dialogue.sms_subscribing import wanted_area
from bots.texts import LANGUAGES, say


def somebody(**facts: object) -> Person:
    return Person(a_room(Channel.SMS, subscribes=True, **facts))


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("LANGGANAN", VILLAGE),
        ("langganan desa", VILLAGE),
        ("Langganan Kecamatan", "52.02.08"),
        ("LANGGANAN kabupaten.", "52.02"),
        ("LANGGANAN provinsi", "52"),
        ("LANGGANAN 53.18", "53.18"),
        ("MULAI 5318012003", "53.18.01.2003"),
        ("SUBSCRIBE district", "52.02"),
    ],
)
def test_an_area_is_a_level_around_the_village_or_a_code(typed: str, area: str) -> None:
    person = somebody()
    person.says(typed)
    [wish] = person.wishes
    assert isinstance(wish, Subscribe)
    assert (wish.wanted, wish.area, wish.token) == (True, area, "t1")


def test_what_is_no_area_is_answered_with_how_and_a_bot_of_no_village_asks_for_one() -> None:
    person = somebody()
    person.says("LANGGANAN entah")
    assert person.wishes == ()
    assert "KECAMATAN" in person.heard
    assert wanted_area(a_room(Channel.SMS, village=""), "") is None
    assert wanted_area(a_room(Channel.SMS, village=""), "52") == "52"


def test_a_story_that_begins_with_the_word_is_a_report() -> None:
    person = somebody()
    person.says("langganan koran kami dibawa orang ke Malaysia")
    assert not isinstance(person.wishes[0], Subscribe)


@pytest.mark.parametrize("word", ["BERHENTI", "stop", "Unsubscribe"])
def test_to_stop_is_one_word_at_any_time(word: str) -> None:
    person = somebody(kept_by=KeptBy.HUB)
    person.says("LANGGANAN", word)
    [wish] = person.wishes
    assert isinstance(wish, Subscribe)
    assert not wish.wanted
    assert wish.area == ""
    person.tells(Done())
    assert ("dihapus di hub" if word != "Unsubscribe" else "deleted at the hub") in person.heard


def test_a_village_says_that_it_is_on_its_way() -> None:
    person = somebody(kept_by=KeptBy.VILLAGE)
    person.says("LANGGANAN")
    person.tells(Done())
    assert "Diteruskan ke hub" in person.heard
    assert "Hanya hub menyimpan nomor" in person.heard
    person.says("BERHENTI")
    person.tells(Done())
    assert "dalam perjalanan" in person.heard
    person.says("BERHENTI ")
    person.tells(NotTaken("away"))
    assert "BELUM" in person.heard


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_every_text_is_one_message_with_the_longest_area(language: str) -> None:
    texts = [text for name, text in vars(sms_subscribing).items() if name.isupper() and isinstance(text, str)]
    assert len(texts) == 5
    for text in texts:
        said = say(language, text)
        longest = said % {"area": "W" * sms_subscribing.AREA_PLACES} if "%(" in said else said
        assert "?" not in folded(longest)
        assert septets(folded(longest)) <= MOST_SEPTETS, longest
