"""Facts: age, and the words that say that something is not sure."""

from __future__ import annotations

import datetime

import pytest

from content.errors import ContentRefused
from content.facts import Fact, is_hedged, read_facts
from content.reading import Table

TODAY = datetime.date(2026, 11, 25)
ROW = {"key": "a", "text": "Teks.", "source": "UU", "dated": "2017", "verified": True}


@pytest.mark.parametrize(
    ("dated", "is_old"),
    [
        ("2026-11", False),
        ("2025-11-25", False),
        ("2025-11-24", True),
        ("2025", False),
        ("2024", True),
        ("", True),
    ],
)
def test_a_fact_is_old_after_a_year_and_where_its_date_is_not_known(dated: str, is_old: bool) -> None:
    assert Fact("a", "Teks.", "UU", dated, True, "", "").is_old(TODAY) is is_old


def test_a_fact_without_a_source_or_a_mark_of_verification_is_refused() -> None:
    for missing in ("source", "verified", "dated", "text"):
        row = {key: value for key, value in ROW.items() if key != missing}
        with pytest.raises(ContentRefused, match=f"register a: {missing} must be"):
            read_facts(Table("facts.toml", {"register": [row]}))


def test_a_fact_stands_once() -> None:
    with pytest.raises(ContentRefused, match="a stands twice"):
        read_facts(Table("facts.toml", {"register": [ROW, ROW]}))


def test_words_of_doubt_are_seen_in_any_of_the_texts() -> None:
    assert is_hedged(("Ini benar.", "Ini belum kami periksa."))
    assert is_hedged(("Setahu kami begitu.",))
    assert not is_hedged(("Ini benar.", "Pasti."))
