"""Routes become keys of one list, and nothing else that somebody wrote."""

from __future__ import annotations

import pytest

from hub.flows.transit import KEYS, NOT_SAID, OTHER, SEA, transit_of
from hub.web.through_words import THROUGH_WORDS


@pytest.mark.parametrize(
    ("route", "destination", "through"),
    [
        ("Batam", "MY", "batam"),
        ("Kupang - Batam - Johor", "MY", "batam"),
        ("Lembar - Surabaya - Batam", None, "batam"),
        ("lewat Tanjung-Pinang", "SG", "tanjung_pinang"),
        ("TENAU", "MY", "kupang"),
        ("Mae Sot", "MM", "thailand"),
        ("Johor", "MY", OTHER),
        ("Kuala Lumpur lalu Bangkok", "KH", "malaysia"),
        ("naik mobil Pak Contoh 0812-0000-4321", "MY", OTHER),
        ("Batamania", "MY", OTHER),
        ("", "MY", NOT_SAID),
        (None, None, NOT_SAID),
    ],
)
def test_the_last_place_in_indonesia_is_taken(
    route: str | None, destination: str | None, through: str
) -> None:
    assert transit_of(route, destination) == through


def test_a_boat_without_a_place_is_by_sea() -> None:
    assert transit_of(None, "MY", by_sea=True) == SEA
    assert transit_of("Batam", "MY", by_sea=True) == "batam"


def test_every_key_has_its_words() -> None:
    assert set(THROUGH_WORDS) == KEYS
