"""Which passphrases are refused, and why."""

from __future__ import annotations

import pytest

from hub.accounts.passphrases import COMMON, problem_of


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", "short"),
        ("x" * 1025, "long"),
        ("password1234", "common"),
        ("Kata Sandi 1234", "common"),
        ("Indonesia Raya", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abababababab", "common"),
        ("1212 1212 1212", "common"),
        ("sari bintang 2026", "common"),
        ("saribintangsaribintang", "common"),
        ("kentongan bertalu-talu", None),
        ("tiga kerbau menari", None),
        ("sari bintang di langit malam", None),
        ("\u6f22" * 3 + "kuda laut biru", None),
    ],
)
def test_long_ones_that_nobody_guesses_first_are_taken(password: str, problem: str | None) -> None:
    assert problem_of(password, "Sari Bintang") == problem


def test_the_list_holds_none_that_length_alone_refuses() -> None:
    assert [one for one in COMMON if len(one) < 12] == []
    assert [one for one in COMMON if one != one.casefold()] == []
