"""Facts: age, and the words that say that something is not sure."""

from __future__ import annotations

import datetime
import re

import pytest

from content.catalogue import Catalogue
from content.errors import ContentRefused
from content.facts import Fact, cited, is_hedged, read_facts
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


@pytest.mark.parametrize(
    ("source", "dated", "shown"),
    [
        ("ILO, Indicators of Forced Labour, 2012", "2012", "ILO, Indicators of Forced Labour, 2012"),
        ("UU 18/2017 Pasal 5", "2017", "UU 18/2017 Pasal 5"),
        ("Keterangan pejabat, 2024-2025", "2025", "Keterangan pejabat, 2024-2025"),
        ("Wakil Menteri P2MI, April 2025", "2025-04", "Wakil Menteri P2MI, April 2025"),
        ("bp2mi.go.id, 1 Oktober 2024", "2024-10-01", "bp2mi.go.id, 1 Oktober 2024"),
        ("bp2mi.go.id, 21 Oktober 2024", "2024-10-01", "bp2mi.go.id, 21 Oktober 2024, 01-10-2024"),
        ("DPR RI, perubahan UU 18/2017", "2025-03-20", "DPR RI, perubahan UU 18/2017, 20-03-2025"),
        ("Dua sumber berita", "2025", "Dua sumber berita, 2025"),
        ("Belum ada sumber", "", "Belum ada sumber"),
    ],
)
def test_a_source_that_tells_its_date_does_not_tell_it_twice(source: str, dated: str, shown: str) -> None:
    assert cited(source, dated) == shown


def test_no_shipped_source_tells_a_date_twice() -> None:
    catalogue = Catalogue()
    shown = [(fact.cited, fact.dated) for fact in catalogue.facts.values()]
    shown += [(line.cited, line.dated) for line in catalogue.help_lines.values()]
    for said, dated in shown:
        years = re.findall(r"(?<![0-9])20[0-9]{2}(?![0-9])", re.sub(r"\b[0-9]+/20[0-9]{2}", "", said))
        assert len(years) == len(set(years)), said
        assert not dated or dated[:4] in said, said
