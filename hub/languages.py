"""The languages of the hub's pages: texts that are translated where they are shown.

Indonesian is the language in which the texts are written; what is stored, compared or logged is that text.
A text marked with `N_` stays it as a string, and says itself in the language of who looks when a page draws
it (`__html__`), when it is put into another (`format`), or when `translate` asks. Catalogues are gettext's,
read with the standard library.
"""

from __future__ import annotations

import functools
import gettext
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

CATALOGUES: Final = Path(__file__).parent / "web" / "locale"
DOMAIN: Final = "hub"


@dataclass(frozen=True)
class Language:
    """A language by its tag (BCP 47) and its own name."""

    tag: str
    name: str


INDONESIAN: Final = Language("id", "Bahasa Indonesia")
ENGLISH: Final = Language("en", "English")
LANGUAGES: Final = (INDONESIAN, ENGLISH)
BY_TAG: Final = {language.tag: language for language in LANGUAGES}

_MARKS: Final = str.maketrans(",.", ".,")
_spoken: ContextVar[str] = ContextVar("spoken", default=INDONESIAN.tag)


class Said(str):
    """A text of the pages. As a string it is Indonesian, whoever looks; `values` fill its `%(name)s`."""

    text: str
    many: str | None
    values: dict[str, Any]
    small: bool

    def __new__(cls, text: str, many: str | None, values: dict[str, Any], small: bool = False) -> Said:
        """Keep the marked text, and be it in Indonesian, in small letters if they are asked for."""
        filled = text % _plain(values) if values else text
        said = super().__new__(cls, filled.lower() if small else filled)
        said.text, said.many, said.values, said.small = text, many, values, small
        return said

    def __str__(self) -> str:
        """Stay what it is: the text of an error is asked for this way."""
        return self

    def __html__(self) -> Markup:
        """Return it as a page shows it."""
        return escape(translate(self))

    def __format__(self, spec: str) -> str:
        """Return it as another text takes it in."""
        return format(translate(self), spec)

    def lower(self) -> str:
        """Return it in small letters, still to be translated."""
        return Said(self.text, self.many, self.values, small=True)

    def capitalize(self) -> str:
        """Return it in the language of who looks, with a large first letter."""
        return translate(self).capitalize()

    def __reduce__(self) -> tuple[type[Said], tuple[str, str | None, dict[str, Any], bool]]:
        """Go through a pickle or a copy whole."""
        return Said, (self.text, self.many, self.values, self.small)


def N_(text: str, **values: Any) -> str:
    """Mark a text for the catalogues, with what stands in its `%(name)s`; it is translated where shown."""
    return Said(text, None, values)


def counted(text: str, count: int, **values: Any) -> str:
    """Mark a text with a `%(count)s`: English has a form for one and another for many."""
    return Said(text, text, {"count": count, **values})


def current() -> str:
    """Return the tag of the language of who looks; Indonesian where nobody does."""
    return _spoken.get()


def speak(tag: str) -> None:
    """Speak a language from now on, in this thread; Indonesian for a tag that is none of `LANGUAGES`."""
    _spoken.set(tag if tag in BY_TAG else INDONESIAN.tag)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language for a while: what goes out of the office is Indonesian, whoever makes it."""
    before = _spoken.set(tag)
    try:
        yield
    finally:
        _spoken.reset(before)


@functools.cache
def _catalogue(tag: str) -> gettext.NullTranslations:
    if tag == INDONESIAN.tag:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [tag])


def look_up(text: str) -> str:
    """Return a text of a template in the language of who looks, its `%(name)s` still in it."""
    return _catalogue(_spoken.get()).gettext(text)


def look_up_counted(one: str, many: str, count: int) -> str:
    """Return the form of a text for that count in the language of who looks."""
    return _catalogue(_spoken.get()).ngettext(one, many, count)


def translate(text: str) -> str:
    """Return a marked text in the language of who looks, filled in; any other text as it is."""
    if not isinstance(text, Said):
        return text
    if _spoken.get() == INDONESIAN.tag and not text.values:
        return str.__str__(text)
    if text.many is None:
        found = look_up(text.text)
    else:
        found = look_up_counted(text.text, text.many, int(text.values["count"]))
    filled = found % _translated(text.values) if text.values else found
    return filled.lower() if text.small else filled


def joined(between: str, texts: Iterable[str]) -> str:
    """Return texts as one, each in the language of who looks."""
    return between.join(translate(text) for text in texts)


def figures(text: object) -> str:
    """Return a number as who looks writes it, from a number or an English form such as `1,234.5`."""
    english = f"{text:,}" if isinstance(text, int) else str(text)
    if _spoken.get() == ENGLISH.tag:
        return english
    return english.translate(_MARKS)


def first_large(text: str) -> str:
    """Return a text in the language of who looks, its first letter large and the others as they are."""
    said = translate(text)
    return said[:1].upper() + said[1:]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str.__str__(value) if isinstance(value, Said) else value for name, value in values.items()}


def _translated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: translate(value) if isinstance(value, Said) else value for name, value in values.items()}
