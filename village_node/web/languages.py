"""The languages of the village site, read from gettext catalogues with the standard library.

Indonesian is the language in which the pages are written, so it needs no catalogue. A language is chosen by
the first part of the address (`/jv/isi`): no cookie remembers it and no form holds it.
"""

from __future__ import annotations

import functools
import gettext
from dataclasses import dataclass
from pathlib import Path

from flask import g, has_request_context

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "site"


@dataclass(frozen=True)
class Language:
    """A language by its tag (BCP 47) and the name that its speakers give it."""

    tag: str
    name: str
    reviewed: bool = False
    """Whether a native speaker has read the texts. A page in any other language says so."""


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
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


@functools.cache
def _catalogue(tag: str) -> gettext.NullTranslations:
    if tag == INDONESIAN.tag:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [tag])


def current() -> Language:
    """Return the language of the page that is being drawn; Indonesian outside of one."""
    language: Language = getattr(g, "language", INDONESIAN) if has_request_context() else INDONESIAN
    return language


def translate(text: str, **values: object) -> str:
    """Return a text in the page's language, with `%(name)s` filled in where values are given."""
    language = current()
    # Texts are written in Indonesian: there is nothing to look up, thirty times a page.
    said = text if language is INDONESIAN or not text else _catalogue(language.tag).gettext(text)
    return said % values if values else said


def translate_into(tag: str, text: str) -> str:
    """Return a text in a language of the site, whatever the page speaks."""
    return _catalogue(tag).gettext(text)


def to(path: str) -> str:
    """Return the address of a page in the page's own language."""
    tag = current().tag
    return path if tag == INDONESIAN.tag else f"/{tag}{path}".rstrip("/") or "/"
