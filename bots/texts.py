"""What bots say, read from gettext catalogues; Indonesian is the language in which it is written.

Texts that the village site says too are translated once, in its catalogues: `scripts/update-catalogues` lends
them to these.
"""

from __future__ import annotations

import ast
import functools
import gettext
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from content import report_choices

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "bots"


@dataclass(frozen=True)
class Language:
    """A language by its tag (BCP 47) and the name that its speakers give it."""

    tag: str
    name: str
    reviewed: bool = False
    """Whether a native speaker has read the texts. The dialogues say so in any other language."""


INDONESIAN = Language("id", "Bahasa Indonesia", reviewed=True)
LANGUAGES = (
    INDONESIAN,
    Language("en", "English"),
    Language("jv", "Basa Jawa"),
    Language("su", "Basa Sunda"),
    Language("sas", "Base Sasak"),
    Language("mad", "Bhâsa Madhurâ"),
)
BY_TAG = {language.tag: language for language in LANGUAGES}


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is said."""
    return text


@functools.cache
def _catalogue(tag: str) -> gettext.NullTranslations:
    if tag == INDONESIAN.tag or tag not in BY_TAG:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [tag])


def say(language: str, text: str, **values: object) -> str:
    """Return a text in a language, with `%(name)s` filled in where values are given."""
    said = _catalogue(language).gettext(text) if text else text
    return said % values if values else said


def all_texts() -> list[str]:
    """Return each text that bots say once, for the catalogues; nothing of this is needed while serving."""
    return list(dict.fromkeys(text for text in (*_of_code(), *_of_choices()) if text))


def _of_code() -> Iterator[str]:
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                said = node.args[0] if node.args else None
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value


def _of_choices() -> Iterator[str]:
    for choices in (
        report_choices.KIND_CHOICES,
        report_choices.URGENCY_CHOICES,
        report_choices.YES_NO_CHOICES,
        report_choices.DESTINATION_CHOICES,
    ):
        yield from (choice.label for choice in choices)
