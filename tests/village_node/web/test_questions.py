from __future__ import annotations

from sync.records import INDICATORS
from village_node.web.questions import INDICATOR_GROUPS, QUESTIONS, SECTIONS


def test_each_field_is_asked_once() -> None:
    assert sum(len(section.questions) for section in SECTIONS) == len(QUESTIONS)


def test_every_indicator_stands_in_one_group_with_its_indonesian_text() -> None:
    shown = [(choice.value, choice.label) for group in INDICATOR_GROUPS for choice in group.choices]
    assert sorted(shown) == sorted((indicator.code, indicator.id) for indicator in INDICATORS)


def test_the_first_section_is_open() -> None:
    assert [section.optional for section in SECTIONS] == [False] + [True] * (len(SECTIONS) - 1)
