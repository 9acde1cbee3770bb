"""Replies as messages: pieces that fit, and buttons as Telegram carries them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.dialogue.contract import Button, Reply
from bots.telegram.saying import DELETE_CODE, MOST_UNITS, keyboard, pieces, pressed_text, units


@given(st.text(max_size=400), st.integers(2, 50))
def test_pieces_fit_and_lose_nothing_but_spaces(text: str, most: int) -> None:
    found = pieces(text, most)
    assert all(0 < units(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_long_text_is_cut_between_paragraphs() -> None:
    first, second = "a" * 3000, "b" * 3000
    assert pieces(f"{first}\n\n{second}") == [first, second]


def test_signs_beyond_the_first_plane_count_twice() -> None:
    assert [units(piece) for piece in pieces("\N{DRUM WITH DRUMSTICKS}" * 3000)] == [MOST_UNITS, 1904]


def test_a_code_gets_a_button_to_delete_it() -> None:
    made = keyboard(Reply("x", ((Button("a", "A"),),), holds_code=True), "Hapus")
    assert made is not None
    assert [[b.callback_data for b in row] for row in made.inline_keyboard] == [["a"], [DELETE_CODE]]
    assert keyboard(Reply("x"), "Hapus") is None


def test_more_buttons_than_telegram_takes_are_left_out() -> None:
    rows = tuple((Button(str(n), "x"), Button(str(n), "y")) for n in range(80))
    made = keyboard(Reply("x", rows), "Hapus")
    assert made is not None
    assert sum(len(row) for row in made.inline_keyboard) == 100


@pytest.mark.parametrize(("text", "shown"), [("Apa?", "Apa?\n\n» Ya"), ("x" * MOST_UNITS, "x" * MOST_UNITS)])
def test_a_choice_stands_below_its_question(text: str, shown: str) -> None:
    assert pressed_text(text, "Ya") == shown
