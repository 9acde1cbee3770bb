"""Texts of 160 places: folding, counting, cutting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.dialogue.shortening import MOST_SEPTETS, cut, folded, pieces, septets


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bhâsa Madhurâ", "Bhasa Madhura"),
        ("désa è Ñ ü", "désa è Ñ ü"),
        ("a – b … “c”", 'a - b ... "c"'),
        ("ℌ 字 \u200b", "H ? "),
    ],
)
def test_accents_that_the_alphabet_lacks_are_left_out(text: str, said: str) -> None:
    assert folded(text) == said


def test_signs_of_the_extension_count_twice() -> None:
    assert septets("a[b]") == 6


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_what_is_cut_fits_and_pieces_lose_nothing(text: str) -> None:
    assert septets(cut(text)) <= MOST_SEPTETS
    found = pieces(text, 40)
    assert all(septets(piece) <= 40 for piece in found)
    assert "".join("".join(found).split()) == "".join(folded(" ".join(text.split())).split())
