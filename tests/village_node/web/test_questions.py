from __future__ import annotations

from sync.records import INDICATORS
from village_node.web.questions import INDICATOR_GROUPS, QUESTIONS


def test_every_indicator_stands_in_one_group_with_its_indonesian_text() -> None:
    shown = [(choice.value, choice.label) for group in INDICATOR_GROUPS for choice in group.choices]
    assert sorted(shown) == sorted((indicator.code, indicator.id) for indicator in INDICATORS)


def test_large_buttons_are_for_questions_with_few_answers() -> None:
    assert QUESTIONS["kind"].tiles
    assert [choice.value for choice in QUESTIONS["official_involved"].tiles] == ["yes", "no", ""]
    assert not QUESTIONS["offer.destination"].tiles
    assert not QUESTIONS["narrative"].tiles
