"""Sums and counts are read from figures and from words."""

from __future__ import annotations

import pytest

from hub.linking.numbers import find_counts, find_sums


@pytest.mark.parametrize("text", ["bayar 17 juta", "hutang 17jt", "Rp 17.000.000", "17 yuta"])
def test_a_sum_is_one_in_every_spelling(text: str) -> None:
    assert find_sums(text) == {17_000_000}


def test_a_part_of_a_million() -> None:
    assert find_sums("2,5jt dan 350 ribu") == {2_500_000, 350_000}


@pytest.mark.parametrize("text", ["13 org", "tiga belas warga", "13 laki2"])
def test_a_count_is_one_in_every_spelling(text: str) -> None:
    assert find_counts(text) == {13}


def test_one_person_tells_nothing() -> None:
    assert find_counts("satu orang") == frozenset()
