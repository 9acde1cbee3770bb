"""Every word of a name, in every spelling; no titles and no ordinary words."""

from __future__ import annotations

import pytest

from hub.referrals.name_hiding import words_of_names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Pak Wayan Contoe", ("Wayan", "Contoe")),
        ("Bu Ani", ("Ani",)),
        ("H. Moh. Adi S.", ("Moh", "Adi")),
        ("Mu'min", ("Mumin",)),
        ("Bos Orang Besar", ()),
        ("", ()),
    ],
)
def test_words_stand_alone_without_titles(name: str, words: tuple[str, ...]) -> None:
    assert words_of_names([name], []) == words


def test_a_text_s_own_spelling_is_hidden_too() -> None:
    assert words_of_names(["Sujono"], ["Kata pak SOEJONO, Sudjono dan Joko."]) == (
        "Sujono",
        "SOEJONO",
        "Sudjono",
    )
