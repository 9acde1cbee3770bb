"""The guides for people: what they quote stands on pages, what they show can be taken, languages agree."""

from __future__ import annotations

import re
import struct

import pytest
from guide_list import HUB_STORIES, VILLAGE_STORIES, names_in_modules, names_of
from guide_sources import (
    CARD,
    GUIDES,
    LANGUAGES,
    Guide,
    catalogue,
    drawing,
    for_paper,
    guides,
    page_of,
    pages_of_chapters,
)
from shown_words import is_shown, pressable_words

from bots.dialogue.short_messages import KEYWORDS
from content.check import HIGHEST_GRADE, LONGEST_SENTENCE, MOST_WORDS_A_SENTENCE
from content.readability import reading_level

ALL = guides()
FOR_VILLAGES = ("villager", "facilitator")
PROGRAMS = {
    "villager": ("village",),
    "facilitator": ("village", "own"),
    "hub": ("hub",),
    "lawful": ("hub", "village"),
    "power": (),
    "technician": ("village", "own", "hub"),
}
"""Whose pages each reader has before them."""
BLAME = re.compile(
    r"\b(bodoh|salah sendiri|lalai|ceroboh|seharusnya tidak|korban harus|stupid|careless|naive|own fault)\b",
    re.IGNORECASE,
)


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 900)
"""The beginning of a phone's picture: its size is all that is looked at."""


def _name(guide: Guide) -> str:
    return f"{guide.language}/{guide.name}"


def test_each_guide_stands_in_each_language() -> None:
    names = [{guide.name for guide in guides(language)} for language in LANGUAGES]
    assert names[0] == names[1]
    assert set(FOR_VILLAGES) <= names[0]


@pytest.mark.parametrize("name", sorted({guide.name for guide in ALL}))
def test_both_languages_have_the_same_parts_and_pictures(name: str) -> None:
    one, other = (Guide(language, name) for language in LANGUAGES)
    assert [tag for tag, _ in one.headings()] == [tag for tag, _ in other.headings()]
    assert [src for src, _ in one.pictures()] == [src for src, _ in other.pictures()]
    assert one.layout == other.layout


@pytest.mark.parametrize("name", sorted({guide.name for guide in ALL}))
def test_both_languages_have_the_same_lists_rows_and_paragraphs(name: str) -> None:
    # A line that is forgotten in one language, or that runs into the item above it.
    one, other = (
        [token.type for token in Guide(language, name).tokens if token.type.endswith("_open")]
        for language in LANGUAGES
    )
    assert one == other


@pytest.mark.parametrize("guide", ALL, ids=_name)
def test_headings_go_down_one_step_at_a_time(guide: Guide) -> None:
    levels = [int(tag[1]) for tag, _ in guide.headings()]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("guide", ALL, ids=_name)
def test_each_picture_can_be_made_and_says_what_it_shows(guide: Guide) -> None:
    made = names_of((*VILLAGE_STORIES, *HUB_STORIES))
    assert [name for name in guide.screens() if name not in made] == []
    for src, alt in guide.pictures():
        assert alt.strip(), src
        assert src.startswith(("screen:", "drawing:")), src
        if src.startswith("drawing:"):
            assert drawing(src.removeprefix("drawing:")).startswith("<svg")


def test_each_picture_that_is_taken_is_shown() -> None:
    shown = {name for guide in ALL for name in guide.screens()}
    stories = [*VILLAGE_STORIES, *(HUB_STORIES if "hub" in {guide.name for guide in ALL} else ())]
    assert sorted(names_in_modules(stories) - shown) == []


def _spoken(guide: Guide) -> set[str]:
    # The facilitator's site speaks Indonesian, with the village site's form inside.
    return {guide.language, "id"} if guide.name in ("facilitator", "technician") else {guide.language}


@pytest.mark.parametrize("guide", ALL, ids=_name)
def test_words_in_bold_stand_on_a_page_of_those_who_read_it(guide: Guide) -> None:
    seen = frozenset(PROGRAMS[guide.name])
    assert [
        words for words in guide.bold() if not any(is_shown(words, tag, seen) for tag in _spoken(guide))
    ] == []


@pytest.mark.parametrize("guide", ALL, ids=_name)
def test_what_is_to_be_pressed_can_be_pressed(guide: Guide) -> None:
    told = re.findall(
        r"(?:[Tt]ekan|menekan|[Pp]ress|presses) ((?:(?:,? (?:lalu|then) )?\*\*[^*]+\*\*)+)", guide.source
    )
    pressed = [words for part in told for words in re.findall(r"\*\*([^*]+)\*\*", part)]
    assert pressed or guide.name in ("lawful", "power")
    assert [w for w in pressed if not any(w in pressable_words(tag) for tag in _spoken(guide))] == []


def test_words_that_no_page_shows_would_be_seen() -> None:
    assert is_shown("Kirim laporan", "id")
    assert is_shown("Send the report", "en")
    assert is_shown("Bantu warga melapor", "en"), "the facilitator's site speaks Indonesian"
    assert not is_shown("Kirim laporan sekarang juga", "id")
    assert not is_shown("Kirim laporan", "en")
    assert not is_shown("Masa simpan", "id", frozenset({"village"})), "that is a page of the hub"
    assert "Kirim laporan" in pressable_words("id")
    assert "Laporan Anda sudah tersimpan" not in pressable_words("id"), "a heading"


@pytest.mark.parametrize("guide", [one for one in ALL if one.name in FOR_VILLAGES], ids=_name)
def test_guides_for_villages_read_as_easily_as_lessons_and_blame_nobody(guide: Guide) -> None:
    level = reading_level(guide.sentences())
    assert level.longest_sentence <= LONGEST_SENTENCE
    assert level.words_a_sentence <= MOST_WORDS_A_SENTENCE
    assert guide.language != "id" or level.grade <= HIGHEST_GRADE
    assert BLAME.findall(re.sub("tidak bodoh|not stupid", "", guide.source)) == []


@pytest.mark.parametrize("guide", [one for one in ALL if one.name in FOR_VILLAGES], ids=_name)
def test_words_to_send_by_sms_are_understood(guide: Guide) -> None:
    assert [word for word in re.findall(r"`([A-Z]+)`", guide.source) if word.lower() not in KEYWORDS] == []


@pytest.mark.parametrize("guide", ALL, ids=_name)
def test_numbers_of_help_come_from_the_register(guide: Guide) -> None:
    # Keys of the register in braces, never digits: a number that changes changes in one place.
    lines = catalogue("id").help_lines
    for key in re.findall(r"\{([a-z_]+)\}", guide.source):
        assert key == "emergency" or lines[key].number, key
    digits = {line.number for line in lines.values() if line.number}
    assert [
        number for number in digits if re.search(rf"(?<![0-9]){re.escape(number)}(?![0-9])", guide.source)
    ] == []


@pytest.mark.parametrize("guide", ALL, ids=_name)
def test_the_page_loads_nothing_and_is_read_aloud_in_its_language(guide: Guide) -> None:
    page = page_of(guide, lambda name: PNG)
    assert f'<html lang="{guide.language}">' in page
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page) + re.findall(r"url\(([^)]*)\)", page)
    loaded = [one for one in addresses if not one.startswith(("data:", "#", "https:"))]
    assert all(re.fullmatch(r"[a-z]+\.html(#.*)?", one) for one in loaded)
    assert '<a href="' not in for_paper(page).replace('<a href="#', "").replace('<a href="https:', "")
    assert not re.search(r'src="https?:|@import|<script', page)
    assert all(re.search(r'alt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", page))
    assert (page.count('class="panel ') == 4) == (guide.layout == CARD)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_a_table_can_stand_alone_as_on_a_phone(language: str) -> None:
    page = page_of(Guide(language, "power"), lambda name: PNG)
    rows = [row for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL) if "<td" in row]
    assert len(rows) > 20
    for row in rows:
        first, *others = re.findall(r"<td([^>]*)>", row)
        assert "data-label" not in first, "what the row is about"
        assert all(re.search(r'data-label="[^"]+"', cell) for cell in others)
        assert all('role="cell"' in cell for cell in (first, *others))
    assert re.search(
        r'<td role="cell" data-label="[^"]+" class="number">2,25 W<|class="number">2.25 W<', page
    )


def test_contents_on_paper_name_the_page_of_each_chapter() -> None:
    guide = Guide("id", "power")
    chapters = [words for tag, words in guide.headings() if tag == "h2"]
    front = "\n".join(f"{at}. {words}" for at, words in enumerate(chapters, 1))
    halves = chapters[1].split(" ", 1)
    sheets = [f"{front}\n{chapters[0]}\n", f"text\n{halves[0]}\n{halves[1]}\n", "", "\n".join(chapters[2:])]
    pages = pages_of_chapters(guide, sheets)
    assert pages == dict(zip(chapters, (1, 2, 4, 4, 4), strict=True))
    assert f'</a><span class="page">{pages[chapters[1]]}</span></li>' in page_of(
        guide, lambda name: PNG, pages
    )
    assert 'class="page"' not in page_of(guide, lambda name: PNG)


def test_what_is_made_is_not_kept() -> None:
    assert [path for path in GUIDES.rglob("*") if path.is_file() and path.suffix not in (".md", ".css")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_has_a_page_of_its_own_and_options_stay_on_one_line(language: str) -> None:
    page = page_of(Guide(language, "technician"), lambda name: PNG)
    pocket = page.index(' class="pocket"')
    assert page.count("<h2 ", pocket) == 0, "the list of a visit is the last chapter"
    assert page.count('class="tick"', pocket) > 10
    assert '<span class="word">--dry-run</span>' in page
    assert not re.search(r"<code>[^<]*(?<=[ >])--", page)


MARKS = {"id": ("dibaca", "belum diperiksa"), "en": ("read", "not verified")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_statement_on_law_has_a_source_and_says_whether_it_was_read(language: str) -> None:
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", Guide(language, "lawful").source, re.MULTILINE)
    statements = [row for row in rows if row[2] not in ("Tanda", "Mark")]
    read, unverified = MARKS[language]
    assert len(statements) > 40
    assert [row for row in statements if not row[2].startswith((read, unverified))] == []
    nowhere = ("tidak ada", "none")
    assert [
        row for row in statements if row[1].startswith(nowhere) and not row[2].startswith(unverified)
    ] == []


def test_both_languages_mark_the_same_statements() -> None:
    marks = []
    for language in LANGUAGES:
        rows = re.findall(r"^\| .+ \| .+ \| (.+) \|$", Guide(language, "lawful").source, re.MULTILINE)[1:]
        marks.append([MARKS[language][1] in mark for mark in rows if mark not in ("Tanda", "Mark")])
    assert marks[0] == marks[1]
