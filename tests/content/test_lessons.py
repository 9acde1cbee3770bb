"""Lessons: their form, and what one is made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content.catalogue import Catalogue
from content.errors import ContentRefused

Replace = Callable[[str, str, str], dict[str, bytes]]
PATH = "languages/id/lessons/biaya.toml"


def test_a_lesson_has_screens_a_story_points_and_hints(shipped: dict[str, bytes]) -> None:
    lesson = Catalogue(shipped).lesson("biaya")
    assert 5 <= len(lesson.screens) <= 9
    assert all(2 <= len(screen.lines) <= 4 for screen in lesson.screens)
    assert len(lesson.remember) == 3
    assert lesson.story.people
    assert lesson.hints
    assert 5 <= lesson.minutes <= 90


def test_its_sources_are_those_of_its_screens_each_once(shipped: dict[str, bytes]) -> None:
    lesson = Catalogue(shipped).lesson("biaya")
    assert lesson.facts[:3] == ("biaya_penempatan", "biaya_pribadi", "biaya_berubah")
    assert len(set(lesson.facts)) == len(lesson.facts)


def test_numbers_come_from_the_help_file(replace: Replace) -> None:
    changed = replace("languages/id/help.toml", 'number = "0800-1000"', 'number = "0800-0000"')
    lines = [line for screen in Catalogue(changed).lesson("biaya").screens for line in screen.lines]
    assert any("0800-0000" in line for line in lines)
    assert not any("0800-1000" in line for line in lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minutes = 35", "minutes = 300"),
        ('key = "biaya"', 'key = "lain"'),
        ("remember = [\n", 'remember = [\n    "Satu lagi.",\n'),
        ('icon = "check"', 'icon = "Check!"'),
        ("aim =", "tujuan ="),
    ],
)
def test_a_lesson_of_another_form_is_refused(replace: Replace, old: str, new: str) -> None:
    with pytest.raises(ContentRefused, match="biaya"):
        Catalogue(replace(PATH, old, new)).lesson("biaya")
