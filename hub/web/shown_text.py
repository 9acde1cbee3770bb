"""Text from outside, shown exactly and without letting it dress up the page.

The text stays in a box of its own direction, nothing in it becomes a link, and every character that
would be invisible or would turn the text round is replaced by its visible name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

from hub.languages import INDONESIAN, Said, current, translate

_LINE_BREAK_OR_TAB: Final = "\n\t"
_ZERO_WIDTH_JOINER: Final = "\u200d"
_UNSEEN_CATEGORIES: Final = ("Cc", "Cf", "Zl", "Zp", "Cs")
_UNSEEN_LETTERS: Final = "\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u2800"
"""Letters, marks and symbols by category, but drawn as nothing."""


def show_text(text: str) -> Markup:
    """Return `text` as HTML inside an isolating ``<bdi>``; line breaks stay, for CSS to keep."""
    ours = isinstance(text, Said)
    text = translate(text)
    if _is_plain(text):
        shown = escape(text)
    else:
        shown = Markup("").join(
            _show_character(text, index) for index in range(len(text)) if not _is_half_of_crlf(text, index)
        )
    # What people wrote is not translated: on a page in another language a screen reader must know.
    lang = "" if ours or current() == INDONESIAN.tag else Markup(' lang="id"')
    return Markup('<bdi class="exact"{}>{}</bdi>').format(lang, shown)


def show_line(text: str) -> Markup:
    """Return `text` as `show_text` does, with line breaks and tabs as spaces; for excerpts."""
    return show_text(text if isinstance(text, Said) else " ".join(text.split()))


def plain_line(text: str) -> str:
    """Return `text` on one line as text, each unseen character by its name in brackets.

    For choices of a list and attributes, where no element may stand.
    """
    folded = " ".join(text.split())
    if _is_plain(folded):
        return folded
    return "".join(f"[U+{ord(one):04X}]" if _is_unseen(one) else one for one in folded)


def language_tag(text: str | None) -> str:
    """Return a language tag as a report has it, or nothing for what is none."""
    return text if text and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", text) else ""


def _is_plain(text: str) -> bool:
    """Nearly every text is: looking at each of its characters made a list of 50 reports slow."""
    seen = text.replace("\n", "").replace("\t", "")
    return seen.isprintable() and not any(letter in seen for letter in _UNSEEN_LETTERS)


def _show_character(text: str, index: int) -> str | Markup:
    character = text[index]
    if character in _LINE_BREAK_OR_TAB or not _is_unseen(character):
        return escape(character)
    if character == _ZERO_WIDTH_JOINER and _joins_emoji(text, index):
        return character
    name = unicodedata.name(character, "CONTROL CHARACTER")
    return Markup('<span class="unseen" title="{}">U+{}</span>').format(name, f"{ord(character):04X}")


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN_CATEGORIES or character in _UNSEEN_LETTERS


def _joins_emoji(text: str, index: int) -> bool:
    """Families and professions are several emoji joined into one picture."""
    before = text[:index].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[-1:]
    after = text[index + 1 : index + 2]
    return all(one != "" and unicodedata.category(one) == "So" for one in (before, after))


def _is_half_of_crlf(text: str, index: int) -> bool:
    return text[index] == "\r" and text[index + 1 : index + 2] == "\n"
