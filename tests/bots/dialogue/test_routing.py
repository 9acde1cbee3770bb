"""Whatever people do, the dialogues answer, stay small, keep words out of `repr`, and build good reports."""

from __future__ import annotations

import random
import sys
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from talking import CODE, Person, a_room

from bots.dialogue.contract import (
    Answered,
    Channel,
    Done,
    FileNotTaken,
    Input,
    KeptBy,
    NotTaken,
    Pressed,
    Said,
    SentFile,
    SharedPosition,
    Shown,
    Step,
    Submit,
    Taken,
)
from bots.dialogue.menu import DIALOGUES
from bots.texts import LANGUAGES
from sync.records import check_report

SECRET = "Fulanah-rahasia"
TEXTS = (
    SECRET,
    "",
    " ",
    "1",
    "2",
    "3",
    "99",
    "/batal",
    "/start",
    "/lapor",
    "/bahaya",
    "/cek",
    "/x",
    "kirim",
    "Ya",
    "MY",
    "20-11-2026",
    "31-02-2026",
    "pringgarata",
    "52.02.08.2001",
    CODE,
    f"cek {CODE}",
    f"TAMBAH {CODE} {SECRET}",
    f"LAPOR {SECRET} di desa Pringgarata ada calo",
    "BAHAYA",
    "TANYA berapa biaya paspor?",
    "STOP",
    "MULAI",
    "x" * 4001,
    "y" * 9000,
    "\ud800 rusak",
    "a\x00b\u202ec",
    "é" * 81,
    "𝒳" * 200,
)


def an_input(chance: random.Random, person: Person) -> Input:
    offered = person.offered()
    if offered and chance.random() < 0.55:
        return Pressed(chance.choice(offered))
    return chance.choice(
        (
            Said(chance.choice(TEXTS)),
            Said(chance.choice(TEXTS)),
            Pressed(
                chance.choice(
                    ("", "v:", "v:now", "back", "place:99", "go:x", "page:+", "in:11", "\ud800", "lang:mad")
                )
            ),
            SentFile(chance.randrange(5), "picture"),
            FileNotTaken(chance.choice(("size", "kind", "damaged", "count", "network", "new"))),
            SharedPosition(chance.choice((-850000, 99999999)), 11610000),
            Taken(chance.choice((CODE, None)), chance.choice(tuple(KeptBy))),
            NotTaken(chance.choice(("refused", "full", "away", "unknown", "wait", "new")), 90),
            Shown(
                (Step("saved", True, 5.0), Step("new", True, None), Step("read", False, None)),
                ((SECRET, True),),
            ),
            Done(),
            Answered(chance.choice((None, "Judul")), "Isi " * 60, "Sumber", "2025"),
        )
    )


def size_of(value: Any) -> int:
    """Return about how many bytes something holds; what is shared counts each time."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(size_of(k) + size_of(v) for k, v in value.items())
    if isinstance(value, tuple | list):
        return sum(size_of(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return sum(size_of(getattr(value, field.name)) for field in fields(value))
    return sys.getsizeof(value)


def words_in_repr(value: Any) -> bool:
    """Whether `repr` of this, or of any dataclass inside it, tells what somebody wrote."""
    if isinstance(value, dict):
        return any(words_in_repr(one) for one in value.values())
    if isinstance(value, tuple | list):
        return any(words_in_repr(one) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return False
    return SECRET in repr(value) or any(words_in_repr(getattr(value, f.name)) for f in fields(value))


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("seed", range(3))
def test_random_talk_never_breaks_anything(channel: Channel, seed: int) -> None:
    chance = random.Random(seed)
    room = a_room(
        channel, village=chance.choice(("52.02.08.2001", "")), abroad=seed % 2 == 1, subscribes=seed % 3 == 0
    )
    reports = 0
    for _ in range(5):
        person = Person(room, chance.choice([language.tag for language in LANGUAGES]))
        for number in range(50):
            turn = person.tells(an_input(chance, person))
            assert size_of(turn.state) < 120_000
            assert sum(len(reply.text) for reply in turn.replies) < 30_000
            assert number % 5 or not words_in_repr(turn)
            for reply in turn.replies:
                for row in reply.buttons:
                    assert all(len(b.value.encode()) <= 64 and b.label for b in row)
            for wish in turn.wishes:
                if isinstance(wish, Submit):
                    check_report(dict(wish.report))
                    reports += 1
    assert reports > 0


def test_every_dialogue_is_reached_from_the_menu_and_left_again() -> None:
    person = Person(a_room(subscribes=True))
    person.says("/start")
    offered = [value.removeprefix("go:") for value in person.offered()]
    assert set(offered) == set(DIALOGUES) - {"menu", "unsubscribe"}
    for name in offered:
        person.presses(f"go:{name}")
        assert person.state.dialogue == name
        person.tells(Pressed("drop"))
        assert person.state.dialogue == "menu"


def test_the_warning_comes_once_and_first() -> None:
    person = Person()
    person.says("Ada orang mau diberangkatkan besok")
    assert "Telegram bisa melihat" in person.replies[0].text
    assert "Jadikan ini laporan?" in person.replies[1].text
    person.presses("yes")
    assert "Telegram" not in person.heard


def test_free_text_becomes_the_story_and_is_not_asked_for_again() -> None:
    person = Person()
    person.says("Ada orang mau diberangkatkan besok")
    person.presses("yes", "v:departure", "v:now")
    assert "Di mana kejadiannya?" in person.heard


def test_a_number_or_a_label_chooses_where_there_are_no_buttons() -> None:
    person = Person()
    person.says("/lapor", "3", "tidak tahu", "Cerita saya.", "kirim", "1")
    assert person.submitted()["kind"] == "victim"


def test_another_language_goes_on_where_the_conversation_was() -> None:
    person = Person()
    person.says("/lapor")
    person.presses("v:victim")
    person.says("/bahasa")
    person.presses("lang:en")
    assert "How urgent" in person.heard
    assert "No native speaker" in person.heard


def test_an_outcome_of_something_that_was_left_says_nothing() -> None:
    person = Person()
    person.says("/start")
    for outcome in (NotTaken("away"), Done(), Shown((), ()), Answered(None)):
        assert person.tells(outcome).replies == ()
