"""Text from outside cannot dress up the page."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.shown_text import language_tag, plain_line, show_line, show_text


def inside(shown: str) -> str:
    match = re.fullmatch(r'<bdi class="exact">(.*)</bdi>', shown, re.DOTALL)
    assert match is not None
    return match[1]


def test_ordinary_text_is_shown_as_it_is_in_a_box_of_its_own_direction() -> None:
    assert show_text("Pak Jaya, 0812 34\n  baris dua") == (
        '<bdi class="exact">Pak Jaya, 0812 34\n  baris dua</bdi>'
    )


def test_markup_is_escaped_and_addresses_do_not_become_links() -> None:
    shown = show_text('<a href="x">&amp;</a> https://contoh.id')
    assert inside(shown) == "&lt;a href=&#34;x&#34;&gt;&amp;amp;&lt;/a&gt; https://contoh.id"


@pytest.mark.parametrize(
    ("character", "label"),
    [
        ("\u202e", "U+202E"),  # turns the text round
        ("\u2066", "U+2066"),
        ("\u200b", "U+200B"),
        ("\u200d", "U+200D"),
        ("\ufeff", "U+FEFF"),
        ("\u00ad", "U+00AD"),
        ("\u2028", "U+2028"),
        ("\u3164", "U+3164"),
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("\x85", "U+0085"),
        ("\r", "U+000D"),
        ("\U000e0041", "U+E0041"),
    ],
)
def test_what_cannot_be_seen_is_named(character: str, label: str) -> None:
    shown = show_text(f"Siti{character}Rahma")
    assert character not in shown
    assert f">{label}</span>Rahma" in shown


def test_the_name_of_the_character_can_be_pointed_at() -> None:
    assert 'title="RIGHT-TO-LEFT OVERRIDE"' in show_text("\u202e")


def test_line_ends_of_browsers_are_line_ends() -> None:
    assert inside(show_text("satu\r\ndua\ttiga")) == "satu\ndua\ttiga"


def test_emoji_of_several_parts_stay_one_picture() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    doctor = "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"
    assert inside(show_text(family)) == family
    assert inside(show_text(doctor)) == doctor
    assert "U+200D" in show_text("\u200d\U0001f467")
    assert "U+200D" in show_text("\U0001f467\u200d")


def test_an_excerpt_stays_on_one_line() -> None:
    assert inside(show_line(" satu\r\n\n dua\ttiga ")) == "satu dua tiga"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=200))
def test_everything_comes_back_exactly_once_the_names_are_read_as_characters(text: str) -> None:
    shown = inside(show_text(text))
    named = re.compile(r'<span class="unseen" title="[^"]*">U\+([0-9A-F]+)</span>')
    assert html.unescape(named.sub(lambda match: f"&#x{match[1]};", shown)) == text
    assert "<" not in named.sub("", shown)
    hidden = [c for c in named.sub("", shown) if unicodedata.category(c) in ("Cf", "Zl", "Zp")]
    assert set(hidden) <= {"\u200d"}


def test_in_a_list_of_choices_the_name_stands_in_brackets() -> None:
    assert plain_line("Siti\u202e\n Rahma") == "Siti[U+202E] Rahma"
    assert plain_line("Siti Rahma") == "Siti Rahma"


def test_a_language_is_a_tag_or_none() -> None:
    assert [language_tag(tag) for tag in ("id", "mad", "zh-Hant-TW")] == ["id", "mad", "zh-Hant-TW"]
    assert {language_tag(tag) for tag in (None, "", "i", 'id" x', "id\u202e", "id-", "bahasa jawa")} == {""}
