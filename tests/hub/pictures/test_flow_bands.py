"""The picture of routes: its table, its bands, and what the public is not shown."""

from __future__ import annotations

import re

from hub.picture_services import Flow
from hub.pictures.drawing import Box, Land, Picture, Words, as_svg
from hub.pictures.flow_bands import MOST_IN_COLUMN, draw_flows, step_of
from hub.pictures.png import as_png

FLOWS = [Flow("53", "batam", "MY", 240), Flow("52", "", "KH", 12), Flow("52", "sea", "", 7)]


def drawn(flows: list[Flow], *, public: bool = False) -> Picture:
    return draw_flows(
        flows,
        origins={"53": "NTT", "52": "NTB"}.get,  # type: ignore[arg-type]
        throughs={"batam": "Batam", "sea": "laut"},
        countries={"MY": "Malaysia", "KH": "Kamboja"},
        what="Semua jenis",
        dated="2026",
        public=public,
    )


def test_the_table_holds_every_way_with_its_number() -> None:
    picture = drawn(FLOWS)
    assert picture.table.rows == (
        ("NTT", "Batam", "Malaysia", "240"),
        ("NTB", "tidak disebut", "Kamboja", "12"),
        ("NTB", "laut", "tidak disebut", "7"),
    )
    assert "dari NTT, lewat Batam, ke Malaysia (240 laporan)" in picture.summary
    assert sum(isinstance(shape, Land) for shape in picture.shapes) == 6
    assert as_png(picture).startswith(b"\x89PNG")


def test_no_column_has_more_than_there_is_room_for_and_none_leaves_the_picture() -> None:
    many = [Flow("53", f"p{n}", f"C{m}", 1 + n) for n in range(30) for m in range(25)]
    picture = drawn(many)
    boxes = [shape for shape in picture.shapes if isinstance(shape, Box)]
    assert len(boxes) == 1 + 2 * MOST_IN_COLUMN
    assert all(box.y + box.height <= picture.height for box in boxes)
    assert len(picture.table.rows) == 750
    words = [shape.text for shape in picture.shapes if isinstance(shape, Words)]
    assert any(text.startswith("lainnya") for text in words)


def test_the_public_sees_no_small_number_and_none_exactly() -> None:
    public = drawn(FLOWS, public=True)
    assert public.table.rows == (
        ("NTT", "Batam", "Malaysia", "101\u2013500"),
        ("NTB", "tidak disebut", "Kamboja", "11\u201320"),
    )
    for text in (as_svg(public), *public.notes):
        assert not re.search(r"\b(240|12|7|259|252|19)\b laporan|>[^<]*\b(240|259|252|19)\b", text)
    # Whatever a number is within its step, the picture is the same, byte for byte.
    other = [Flow("53", "batam", "MY", 101), Flow("52", "", "KH", 20), Flow("52", "sea", "", 1)]
    assert as_svg(drawn(other, public=True)) == as_svg(public)


def test_steps_begin_where_numbers_are_shown() -> None:
    assert [step_of(n) for n in (10, 11, 20, 21, 501)] == [None, (11, 20), (11, 20), (21, 50), (501, None)]


def test_nothing_is_said_in_words() -> None:
    assert "Tidak ada laporan yang dapat ditunjukkan." in drawn([]).summary
    assert drawn([Flow("53", "batam", "MY", 3)], public=True).table.rows == ()
