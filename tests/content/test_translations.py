"""Texts laid over: words may change, structure may not."""

from __future__ import annotations

from typing import Any

import pytest

from content.errors import ContentRefused
from content.translations import lay_over

BASE: dict[str, Any] = {
    "title": "Judul",
    "minutes": 5,
    "questions": [
        {"key": "a", "text": "Satu?", "choices": ["x", "y"], "answer": "a"},
        {"key": "b", "text": "Dua?", "choices": ["x", "y"], "answer": "b"},
    ],
    "blocks": [{"icon": "boat", "lines": ["kapal"]}],
    "words": {"ya": "Ya", "tidak": "Tidak"},
}


def test_texts_change_and_the_rest_stays() -> None:
    other = {
        "title": "Title",
        "questions": [{"key": "b", "text": "Two?", "choices": ["p", "q"]}],
        "blocks": [{"lines": ["ship"]}],
        "words": {"ya": "Yes"},
    }
    found = lay_over("en", BASE, other)
    assert found.data["title"] == "Title"
    assert found.data["questions"][1] == {"key": "b", "text": "Two?", "choices": ["p", "q"], "answer": "b"}
    assert found.data["blocks"] == [{"icon": "boat", "lines": ["ship"]}]
    assert found.data["words"] == {"ya": "Yes", "tidak": "Tidak"}
    assert found.missing == ("questions.a.text", "questions.a.choices", "words.tidak")


def test_nothing_laid_over_is_the_base_and_everything_is_missing() -> None:
    found = lay_over("en", BASE, {})
    assert found.data == BASE
    assert len(found.missing) == 8


@pytest.mark.parametrize(
    "other",
    [
        {"titel": "Title"},
        {"minutes": 6},
        {"questions": [{"key": "a", "answer": "b"}]},
        {"questions": [{"key": "c", "text": "Three?"}]},
        {"questions": [{"key": "a"}, {"key": "a"}]},
        {"questions": [{"key": "a", "choices": ["only one"]}]},
        {"questions": {"key": "a"}},
        {"questions": ["a"]},
        {"title": ["Title"]},
        {"blocks": [{"lines": ["a"]}, {"lines": ["b"]}]},
        {"words": "Yes"},
    ],
)
def test_a_translation_that_changes_more_than_texts_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(ContentRefused, match="^en: "):
        lay_over("en", BASE, other)
