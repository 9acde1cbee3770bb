"""The draw: a share that is kept, that follows the key and nothing else."""

from __future__ import annotations

import pytest

from hub.risk.random_share import Draw, is_drawn

IDS = [f"{number:016x}.1.{number}" for number in range(20_000)]


def test_it_takes_the_share_it_is_told_and_follows_the_key() -> None:
    drawn = {one for one in IDS if is_drawn(one, b"k" * 32, 0.05)}
    assert 0.045 < len(drawn) / len(IDS) < 0.055
    assert drawn == {one for one in IDS if is_drawn(one, b"k" * 32, 0.05)}
    other = {one for one in IDS if is_drawn(one, b"l" * 32, 0.05)}
    # Two keys agree no more often than chance does: 20,000 x 0.05 x 0.05.
    assert 25 < len(drawn & other) < 85
    # A larger share takes what the smaller one took, and more.
    assert drawn < {one for one in IDS if is_drawn(one, b"k" * 32, 0.1)}


def test_none_and_all_are_shares_and_others_are_not() -> None:
    assert not any(is_drawn(one, b"k", 0) for one in IDS[:50])
    assert all(is_drawn(one, b"k", 1) for one in IDS[:50])
    with pytest.raises(ValueError, match="between 0 and 1"):
        is_drawn("a", b"k", 5)


def test_a_draw_stands_until_somebody_takes_it_out() -> None:
    assert Draw(0.05, True).stands
    assert not Draw(0.05, False).stands
    assert not Draw(0.05, True, excused=True).stands
