"""The glossary is usable as it stands."""

from __future__ import annotations

from hub.linking.glossary import CONCEPTS, ENDINGS


def test_every_row_says_something() -> None:
    assert [row for row in CONCEPTS if len(row) < 2] == []


def test_longer_endings_come_before_their_own_ends() -> None:
    for number, ending in enumerate(ENDINGS):
        assert not any(ending != shorter and ending.endswith(shorter) for shorter in ENDINGS[:number])
