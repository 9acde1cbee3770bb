"""Posters and cards as text."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from content.errors import ContentRefused


def test_posters_and_cards_say_where_qr_and_wifi_go(shipped: dict[str, bytes]) -> None:
    catalogue = Catalogue(shipped)
    assert len(catalogue.posters()) == 2
    places = [(poster.qr, poster.wifi) for poster in catalogue.posters()]
    places += [(card.qr, card.wifi) for card in catalogue.cards()]
    assert not any("none" in place for place in places)


def test_a_card_belongs_to_a_lesson(shipped: dict[str, bytes]) -> None:
    catalogue = Catalogue(shipped)
    assert {card.lesson for card in catalogue.cards()} <= set(catalogue.lesson_keys)


def test_a_place_that_does_not_exist_is_refused(files: dict[str, bytes]) -> None:
    for path in ("languages/id/posters.toml", "languages/id/cards.toml"):
        files[path] = files[path].replace(b'qr = "bottom"', b'qr = "corner"', 1)
    with pytest.raises(ContentRefused, match="qr must be one of none, top, bottom, left, right"):
        Catalogue(files).posters()
    with pytest.raises(ContentRefused, match="qr must be one of"):
        Catalogue(files).cards()
