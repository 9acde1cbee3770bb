"""Tables of files: what is allowed, and that what is wrong is named with its place."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from content.errors import ContentRefused
from content.reading import Table, latest_day, named_once, parse_toml

Read = Callable[[Table], object]


def table(toml: str, words: dict[str, str] | None = None) -> Table:
    return Table("file.toml", parse_toml("file.toml", toml.encode()), words)


@pytest.mark.parametrize(
    ("toml", "read", "value"),
    [
        ('a = "kata"', lambda t: t.text("a"), "kata"),
        ("", lambda t: t.text("a", "lain"), "lain"),
        ('a = ["x", "y"]', lambda t: t.texts("a", 1, 2), ("x", "y")),
        ("", lambda t: t.texts("a", 0, 2), ()),
        ('a = "kunci_1"', lambda t: t.key("a"), "kunci_1"),
        ('a = ["b", "c"]', lambda t: t.keys("a"), ("b", "c")),
        ("a = true", lambda t: t.flag("a"), True),
        ("a = 7", lambda t: t.number("a", 1, 9), 7),
        ('a = "b"', lambda t: t.choice("a", ("b", "c")), "b"),
        ("a = 2026-11-25", lambda t: t.day("a"), datetime.date(2026, 11, 25)),
        ('a = "2025-04"', lambda t: t.dated("a"), "2025-04"),
        ('a = ""', lambda t: t.dated("a"), ""),
        ('a = "telepon {polisi}"', lambda t: t.text("a"), "telepon 110"),
    ],
)
def test_a_value_is_read_as_what_it_is(toml: str, read: Read, value: object) -> None:
    assert read(table(toml, {"polisi": "110"})) == value


@pytest.mark.parametrize(
    ("toml", "read"),
    [
        ("", lambda t: t.text("a")),
        ('a = ""', lambda t: t.text("a")),
        ('a = " kata"', lambda t: t.text("a")),
        ("a = 7", lambda t: t.text("a")),
        ('a = "{siapa}"', lambda t: t.text("a")),
        ('a = ["x"]', lambda t: t.texts("a", 2, 3)),
        ('a = ["x", ""]', lambda t: t.texts("a", 1, 3)),
        ('a = "Kunci"', lambda t: t.key("a")),
        ('a = ["b", "b"]', lambda t: t.keys("a")),
        ('a = "true"', lambda t: t.flag("a")),
        ("a = 10", lambda t: t.number("a", 1, 9)),
        ("a = true", lambda t: t.number("a", 0, 9)),
        ('a = "d"', lambda t: t.choice("a", ("b", "c"))),
        ('a = "2026-11-25"', lambda t: t.day("a")),
        ("a = 2026-11-25T10:00:00", lambda t: t.day("a")),
        ('a = "2025-13"', lambda t: t.dated("a")),
        ('a = "April 2025"', lambda t: t.dated("a")),
        ("", lambda t: t.tables("a", 1, 2)),
        ("a = [1]", lambda t: t.tables("a", 1, 2)),
        ("a = 1", lambda t: t.table("a")),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(toml: str, read: Read) -> None:
    with pytest.raises(ContentRefused, match=r"^file\.toml: a must be "):
        read(table(toml, {}))


def test_a_key_that_nobody_reads_is_refused() -> None:
    read = table('titel = "salah eja"\nkey = "a"')
    read.key("key")
    with pytest.raises(ContentRefused, match="unknown key titel"):
        read.end()


@pytest.mark.parametrize("data", [b"\xff", b"a = ", b"a = 1\na = 2", b"a=" + b"[" * 20000])
def test_bytes_that_are_not_toml_are_refused(data: bytes) -> None:
    with pytest.raises(ContentRefused, match=r"^x\.toml: "):
        parse_toml("x.toml", data)


@pytest.mark.parametrize(
    ("dated", "day"), [("2025", (2025, 12, 31)), ("2024-02", (2024, 2, 29)), ("2025-04-07", (2025, 4, 7))]
)
def test_a_date_as_well_as_it_is_known_means_its_last_day(dated: str, day: tuple[int, int, int]) -> None:
    assert latest_day(dated) == datetime.date(*day)


def test_a_key_that_stands_twice_is_refused() -> None:
    named_once("x", ["a", "b"])
    with pytest.raises(ContentRefused, match="x: a stands twice"):
        named_once("x", ["a", "b", "a"])


def test_inner_tables_are_named_by_their_key() -> None:
    data: dict[str, Any] = {"rows": [{"key": "satu", "n": "?"}]}
    row = Table("f", data).tables("rows", 1, 1)[0]
    with pytest.raises(ContentRefused, match="f: rows satu: n must be a whole number"):
        row.number("n", 0, 1)
