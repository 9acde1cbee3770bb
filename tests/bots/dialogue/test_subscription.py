"""Bulletins to a chat: what stands, an area from the list, what is kept told before, the end at once."""

from __future__ import annotations

from typing import Any

import pytest
from talking import VILLAGE, Person, a_room

from bots.dialogue.contract import AskSubscription, Done, Input, NotTaken, Subscribe, Subscribed


def somebody(**facts: Any) -> Person:
    return Person(a_room(subscribes=True, **facts))


def asked(stands: Input, **facts: Any) -> Person:
    person = somebody(**facts)
    person.says("/langganan")
    assert person.wishes == (AskSubscription(),)
    person.tells(stands)
    return person


def test_a_village_a_language_and_what_is_kept_before_it_is() -> None:
    person = asked(Subscribed(None))
    assert "belum menerima pengumuman" in person.heard
    around = [value for value in person.offered() if value.startswith("area:")]
    assert around == [f"area:{VILLAGE}", "area:52.02.08", "area:52.02", "area:52"]
    person.presses("area:52.02.08", "in:en")
    assert person.wishes == ()
    assert "di hub saja" in person.heard
    assert "/berhenti" in person.heard
    [wish] = person.presses("yes").wishes
    assert wish == Subscribe(True, "52.02.08", "en", "t1")
    person.tells(Done())
    assert "Tersimpan" in person.heard
    assert person.state.dialogue == "menu"


def test_an_area_from_the_list_page_by_page() -> None:
    person = asked(Subscribed(None), village="")
    person.presses("parts:", "page:+", "page:-", "parts:11")
    assert "area:11" in person.offered()
    person.presses("area:11", "in:id", "yes")
    assert person.wishes[0] == Subscribe(True, "11", "id", "t1")


def test_what_stands_is_shown_and_can_be_changed_or_ended() -> None:
    person = asked(Subscribed("52", "en"))
    assert "menerima pengumuman untuk" in person.heard
    person.presses("change")
    assert f"area:{VILLAGE}" in person.offered()
    person = asked(Subscribed("", "id"))
    assert "Semua wilayah" in person.heard
    person.presses("stop")
    assert isinstance(person.wishes[0], Subscribe)
    assert not person.wishes[0].wanted


@pytest.mark.parametrize("typed", ["/berhenti", "BERHENTI", "/stop", "stop"])
def test_to_stop_is_one_word_wherever_the_conversation_stands(typed: str) -> None:
    person = somebody()
    wishes = person.says("/lapor", typed).wishes
    assert len(wishes) == 1
    wish = wishes[0]
    assert isinstance(wish, Subscribe)
    assert (wish.wanted, wish.area) == (False, "")
    person.tells(Done())
    assert "sudah dihapus di hub" in person.heard


def test_a_hub_that_is_away_is_said_and_asked_again() -> None:
    person = somebody()
    person.says("/berhenti")
    person.tells(NotTaken("away"))
    assert "Belum ada yang berubah" in person.heard
    person.presses("retry")
    assert isinstance(person.wishes[0], Subscribe)
    person = asked(NotTaken("away"))
    person.presses("retry")
    assert person.wishes == (AskSubscription(),)


def test_an_area_that_the_hub_does_not_take_is_picked_again() -> None:
    person = asked(Subscribed(None))
    person.presses("area:52", "in:id", "yes")
    person.tells(NotTaken("refused"))
    assert f"area:{VILLAGE}" in person.offered()


@pytest.mark.parametrize("typed", ["/langganan", "/berhenti"])
def test_other_bots_say_who_sends_them(typed: str) -> None:
    person = Person(a_room(hub_bot="@KentonganNTBBot"))
    person.says(typed)
    assert person.wishes == ()
    assert "@KentonganNTBBot" in person.heard
    person = Person(a_room())
    person.says(typed)
    assert "situs kotak desa" in person.heard
    person.says("/menu")
    assert "go:subscribe" not in person.offered()


def test_it_stands_in_the_menu_and_in_what_is_said_of_privacy() -> None:
    person = somebody()
    person.says("/menu")
    assert "go:subscribe" in person.offered()
    person.says("/privasi")
    assert "alamat percakapan ini disimpan di hub" in person.heard
