"""Places of help: all of them, grouped, dated, and marked where nobody checked."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from content.help_lines import KINDS
from village_node.web.help_pages import GROUPS, grouped
from village_node.web.icons import ICONS

if TYPE_CHECKING:
    from tests.village_node.web.conftest import Page

LINES = Catalogue().help_lines


def test_every_kind_of_help_has_one_group_with_a_drawing() -> None:
    kinds = [kind for _, _, kinds in GROUPS for kind in kinds]
    assert sorted(kinds) == sorted(KINDS)
    assert {icon for _, icon, _ in GROUPS} <= set(ICONS)


def test_every_place_stands_once_on_the_page_with_its_source(client: FlaskClient, read: type[Page]) -> None:
    text = " ".join(read(client.get("/bantuan").text).all("main")[0].text.split())
    for line in LINES.values():
        assert text.count(f"{line.who} ") >= 1, line.key
        assert line.note in text
        assert line.cited in text


def test_a_source_is_read_aloud_in_the_language_that_it_is_written_in(
    client: FlaskClient, read: type[Page]
) -> None:
    for path in ("/bantuan", "/en/bantuan"):
        page = read(client.get(path).text)
        sources = [e for e in page.all("span") if "tanggal tidak tercatat" in e.text]
        assert {e["lang"] for e in sources} == {"id"}


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_said_of_an_old_number_is_said_to_whoever_dials_it(language: str) -> None:
    """Who puts the box up reads docs/content.md, not this page."""
    texts = [line.old for line in Catalogue(language=language).help_lines.values()]
    assert not [text for text in texts if "kotak" in text or "box" in text]


def test_numbers_can_be_tapped_and_the_one_for_messages_writes(client: FlaskClient, read: type[Page]) -> None:
    links = {e["href"] for e in read(client.get("/bantuan").text).all("a")}
    assert {"tel:110", "tel:129", "tel:08001000", "tel:148", "tel:+622129244800", "sms:1708"} <= links


def test_what_nobody_checked_is_marked_so(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.get("/bantuan").text)
    marks = sum("Belum kami periksa" in e.text for e in page.all("strong"))
    assert marks == sum(not line.verified for line in LINES.values()) > 0


def test_the_mark_of_an_old_source_stands_where_the_day_makes_it_old_or_is_not_known() -> None:
    def marked(today: datetime.date | None) -> set[str]:
        return {s.line.key for group in grouped(LINES.values(), today) for s in group.lines if s.is_old}

    everyone = {line.key for line in LINES.values() if line.old}
    assert marked(None) == everyone
    assert marked(datetime.date(2099, 1, 1)) == everyone
    assert "kp2mi" not in marked(datetime.date(2025, 6, 1))
    assert "polisi" in marked(datetime.date(2025, 6, 1)), "no date is known"


def test_a_group_without_places_is_left_out() -> None:
    assert [group.heading for group in grouped([LINES["jiwa"]], None)] == ["Takut, sedih, sulit tidur"]
