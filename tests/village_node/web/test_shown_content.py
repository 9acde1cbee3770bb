"""Material as the site shows it."""

from __future__ import annotations

import gc
import weakref

import pytest
from flask import g

from content.catalogue import Catalogue
from content.files import shipped_files
from content.offer_check import Verdict
from village_node.web.icons import ICONS
from village_node.web.languages import BY_TAG
from village_node.web.public_app import PublicSite
from village_node.web.shown_content import (
    VERDICT_SHAPES,
    VERDICT_WORDS,
    content_icon,
    day_in_digits,
    shipped_content,
    standing,
    written_on,
)


def test_languages_without_material_share_the_indonesian_catalogue() -> None:
    source = shipped_content()
    assert source("sas") is source("mad") is source("id")
    assert source("en") is source("en")
    assert source("en").language == "en"


def test_few_catalogues_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("village_node.web.shown_content.languages_of", lambda _: ("id", "en", "jv"))
    monkeypatch.setattr("village_node.web.shown_content.KEPT_CATALOGUES", 2)
    files = {f"languages/{tag}/language.toml": b"" for tag in ("id", "en", "jv")}
    monkeypatch.setattr("village_node.web.shown_content.shipped_files", lambda: files)
    source = shipped_content()
    first = weakref.ref(source("en"))
    source("id")
    source("jv")
    gc.collect()
    assert first() is None


def test_each_verdict_has_a_shape_and_a_word_of_its_own() -> None:
    assert set(VERDICT_SHAPES) == set(VERDICT_WORDS) == set(Verdict)
    assert len(set(VERDICT_SHAPES.values())) == len(set(VERDICT_WORDS.values())) == 3
    assert set(VERDICT_SHAPES.values()) <= set(ICONS)


def test_a_part_stands_in_the_page_s_language_or_says_that_it_does_not(site: PublicSite) -> None:
    english = Catalogue(language="en")
    assert english.offer_rules
    assert english.lesson("biaya")
    with site.test_request_context():
        g.language = BY_TAG["en"]
        rules = standing(english, "offer_check")
        assert (rules.tag, rules.is_own, rules.awaits_review) == ("en", True, True)
        lesson = standing(english, "lessons/biaya")
        assert (lesson.tag, lesson.is_own, lesson.is_partly) == ("id", False, False)
        english.missing["offer_check"] = ("notice",)
        assert standing(english, "offer_check").is_partly
        reviewed = dict(shipped_files())
        reviewed["languages/id/language.toml"] += b'reviewed_by = "Contoh"\n'
        assert not standing(Catalogue(reviewed), "offer_check").awaits_review


def test_the_day_of_the_rules_is_that_of_the_indonesian_files() -> None:
    files = dict(shipped_files())
    files["languages/en/language.toml"] = files["languages/en/language.toml"].replace(
        b"2026-11-25", b"2030-01-01"
    )
    assert written_on(Catalogue(files, "en")) == "2026-11-25"
    assert day_in_digits("2026-11-25") == "25-11-2026"
    assert day_in_digits("2025-04") == "04-2025"


def test_a_picture_is_drawn_hidden_from_screen_readers_and_a_bad_one_is_left_out() -> None:
    drawn = content_icon(Catalogue(), "passport")
    assert drawn.startswith('<svg class="icon" aria-hidden="true" ')
    evil = dict(shipped_files()) | {"icons/passport.svg": b"<svg><script>alert(1)</script></svg>"}
    assert content_icon(Catalogue(evil), "passport") == ""
    assert content_icon(Catalogue(), "nothing") == ""
