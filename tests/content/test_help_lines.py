"""Numbers of help: what may stand on every page, and how old a number may be."""

from __future__ import annotations

import datetime

import pytest

from content.catalogue import Catalogue
from content.errors import ContentRefused
from content.help_lines import read_help_lines
from content.reading import Table

ROW = {
    "key": "a",
    "who": "Siapa",
    "kind": "police",
    "number": "0800-0000",
    "note": "catatan",
    "reached_from": "indonesia",
    "source": "koran",
    "dated": "2025-01",
    "verified": True,
}


def read(**changed: object) -> Table:
    return Table("help.toml", {"lines": [{**ROW, **changed}]})


def test_a_number_is_dialled_without_marks() -> None:
    line = read_help_lines(read(number="+62 21 0000-4800"))["a"]
    assert (line.number, line.dialled) == ("+62 21 0000-4800", "+622100004800")


@pytest.mark.parametrize("number", ["110 atau 112", "--", "abc", "+", "1" * 25])
def test_a_number_that_cannot_be_dialled_is_refused(number: str) -> None:
    with pytest.raises(ContentRefused, match="number must be digits"):
        read_help_lines(read(number=number))


@pytest.mark.parametrize("changed", [{"verified": False}, {"number": ""}])
def test_only_a_number_from_a_source_stands_on_every_page(changed: dict[str, object]) -> None:
    row = {key: value for key, value in {**ROW, "emergency": True, **changed}.items() if value != ""}
    with pytest.raises(ContentRefused, match="emergency must be false"):
        read_help_lines(Table("help.toml", {"lines": [row]}))


def test_a_number_that_somebody_rang_is_not_old() -> None:
    today = datetime.date(2026, 11, 25)
    assert read_help_lines(read())["a"].is_old(today)
    assert not read_help_lines(read(rung_on=datetime.date(2026, 10, 1)))["a"].is_old(today)
    assert read_help_lines(read(rung_on=datetime.date(2025, 10, 1)))["a"].is_old(today)


def test_the_shipped_numbers_are_those_that_were_seen_in_a_source(shipped: dict[str, bytes]) -> None:
    lines = Catalogue(shipped).help_lines
    short = {line.number for line in lines.values() if line.number and len(line.dialled) <= 4}
    assert short == {"110", "129", "148", "1708"}
    assert [line.key for line in lines.values() if not line.verified and (line.number or line.whatsapp)] == []


def test_the_number_for_reporting_foreigners_is_not_listed(shipped: dict[str, bytes]) -> None:
    assert not any(b"9967" in data for data in shipped.values())


def test_every_need_has_a_place_of_help(shipped: dict[str, bytes]) -> None:
    kinds = {line.kind for line in Catalogue(shipped).help_lines.values()}
    wanted = {"police", "women_children", "migrant", "abroad", "witness", "legal", "health", "psychological"}
    assert wanted <= kinds
