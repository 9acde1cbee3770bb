"""The catalogues are whole, their values survive, and what the village site says too is said the same."""

from __future__ import annotations

import gettext
import re

import pytest

from bots.texts import CATALOGUES, DOMAIN, INDONESIAN, LANGUAGES, all_texts, say
from village_node.web import languages

OTHERS = [language.tag for language in LANGUAGES if language is not INDONESIAN]


def test_the_languages_are_those_of_the_village_site() -> None:
    assert [(one.tag, one.name) for one in LANGUAGES] == [(one.tag, one.name) for one in languages.LANGUAGES]


@pytest.mark.parametrize("tag", OTHERS)
def test_every_text_has_a_translation_with_the_same_values(tag: str) -> None:
    catalogue = gettext.translation(DOMAIN, CATALOGUES, [tag])
    site = gettext.translation(languages.DOMAIN, languages.CATALOGUES, [tag])
    for text in all_texts():
        said = catalogue.gettext(text)
        assert said
        assert sorted(re.findall(r"%\(\w+\)s", said)) == sorted(re.findall(r"%\(\w+\)s", text))
        if site.gettext(text) != text:
            assert said == site.gettext(text)


def test_an_unknown_language_speaks_indonesian() -> None:
    assert say("xx", "Kirim") == "Kirim"
