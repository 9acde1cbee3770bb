"""A place picked by typing or by going down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from village_node.web.area_choice import choose

if TYPE_CHECKING:
    from tests.village_node.web.conftest import Page

VILLAGE = "52.02.08.2001"


def test_going_down_from_the_provinces_ends_at_a_village() -> None:
    here = ""
    for part in ("52", "52.02", "52.02.08"):
        offered = choose("", here=here).offered
        assert part in [area.code for area in offered]
        assert not any(area.is_village for area in offered)
        here = part
    villages = choose("", here=here).offered
    assert all(area.is_village for area in villages)
    found = next(area for area in villages if area.code == VILLAGE)
    assert (found.name, found.above) == (
        "Pringgarata",
        "Pringgarata, Kabupaten Lombok Tengah, Nusa Tenggara Barat",
    )


def test_a_name_or_a_code_finds_places_and_near_ones_come_first() -> None:
    assert choose("", words=" pringgaRATA ", near=VILLAGE).offered[0].code == VILLAGE
    assert [area.code for area in choose("", words=VILLAGE).offered] == [VILLAGE]
    assert choose("", words="pr").offered == ()
    assert choose("", words="tidakadadesabegini").offered == ()


def test_an_unknown_area_is_the_top() -> None:
    assert choose("", here="99.99").offered == choose("").offered
    assert choose("99").chosen is None


@pytest.mark.parametrize("words", ["", "x" * 5000, "\n\n\n", "<b>desa", "%", "52.99"])
def test_strange_words_find_nothing_and_are_shown_as_text(
    client: FlaskClient, read: type[Page], words: str
) -> None:
    page = client.post("/isi", data={"go": "area:find", "step": "place", "area_words": words})
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert len(page.data) < 30_000
    assert "tidak ada" in page.text


def test_every_list_of_places_is_a_small_page(client: FlaskClient) -> None:
    for here in ("", "12", "33", "94.03", "11.08.05"):
        assert len(client.post("/isi", data={"go": f"area:{here}"}).data) < 50_000


def test_enter_searches_and_a_tap_answers(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.post("/isi", data={"go": "step:place", "place": VILLAGE}).text)
    assert page.all("button")[0]["value"] == "area:find", "what Enter presses"
    found = read(client.post("/isi", data={"go": "area:find", "area_words": "Pringgarata"}).text)
    assert VILLAGE in [e["value"] for e in found.all("button") if e["name"] == "place"]
    after = client.post("/isi", data={"step": "place", "place": ["52", VILLAGE]})
    assert read(after.text).value("place") == VILLAGE, "the later of two counts"
    assert "Tempat kejadian" in after.text
