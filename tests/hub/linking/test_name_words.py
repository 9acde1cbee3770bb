"""Lists of names and titles do not contradict each other."""

from __future__ import annotations

from hub.linking.name_words import ALWAYS_TITLES, COMMON, OFFICES, SHARES, TITLES


def test_each_class_of_names_has_its_share() -> None:
    assert len(COMMON) == len(SHARES)
    assert list(SHARES) == sorted(SHARES, reverse=True)


def test_no_name_stands_in_two_classes() -> None:
    names = [name for row in COMMON for name in row.split()]
    assert sorted(names) == sorted(set(names))


def test_titles_are_known_and_no_common_name_is_an_office() -> None:
    titles = {word for row in TITLES for word in row}
    assert ALWAYS_TITLES - titles == set()
    assert not OFFICES & {name for row in COMMON for name in row.split()}
