from __future__ import annotations

import hashlib
import itertools
import math

import pytest

from hub.pictures.area_map import Counted, counted_by_area, draw_map
from hub.pictures.drawing import Land, Mark, Picture, Words, as_svg
from hub.pictures.outlines import outlines
from sync.areas.table import area_names

BY_VILLAGE = {
    "52.02.08.2001": 16,
    "52.02.08.2002": 4,
    "52.71.01.1001": 5,
    "52.72.01.1001": 2,
    "53.18.01.2003": 1,
    "99.01.01.2001": 3,
}


def counted(province: str | None = None) -> Counted:
    return counted_by_area(BY_VILLAGE, province, outlines(), area_names())


def draw(province: str | None = None, *, small: bool = False) -> Picture:
    return draw_map(
        counted(province),
        province,
        outlines(),
        area_names(),
        what="Semua jenis",
        dated="4 minggu",
        small=small,
    )


def circles(picture: Picture, ground: float) -> list[Mark]:
    marks = [shape for shape in picture.shapes if isinstance(shape, Mark) and shape.form == "circle"]
    return [mark for mark in marks if mark.y < ground]


def said(picture: Picture) -> list[str]:
    return [shape.text for shape in picture.shapes if isinstance(shape, Words)]


def test_villages_are_added_up_by_province_and_nothing_is_lost() -> None:
    areas = [(area.code, area.name, area.count) for area in counted().areas]
    assert areas == [("52", "Nusa Tenggara Barat", 27), ("53", "Nusa Tenggara Timur", 1)]
    assert (counted().elsewhere, counted().total) == (3, sum(BY_VILLAGE.values()))


def test_a_province_is_added_up_by_regency() -> None:
    assert [(area.code, area.count, area.spot is not None) for area in counted("52").areas] == [
        ("52.02", 20, True),
        ("52.71", 5, True),
        ("52.72", 2, False),
    ]
    assert counted("52").total == 27


def test_a_circle_is_as_large_as_its_count() -> None:
    first, second = circles(draw("52", small=True), math.inf)
    assert first.size**2 / second.size**2 == pytest.approx(4)


def test_no_circle_hides_another() -> None:
    by_village = {f"{code}.01.2001": 50 for code in outlines().spots if code[:2] == "32" and "." in code}
    all_of = counted_by_area(by_village, "32", outlines(), area_names())
    picture = draw_map(all_of, "32", outlines(), area_names(), what="", dated="", small=True)
    marks = circles(picture, math.inf)
    assert len(marks) == len(by_village)
    for one, other in itertools.combinations(marks, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) > one.size + other.size - 1


def test_each_number_and_name_stands_on_the_map_of_a_province() -> None:
    words = said(draw("52"))
    assert {"20", "5", "2", "Lombok Tengah", "Kota Mataram", "1 tanpa titik"} <= set(words)


def test_an_area_without_a_point_is_a_square_and_the_table_says_so() -> None:
    picture = draw("52")
    squares = [shape for shape in picture.shapes if isinstance(shape, Mark) and shape.form == "square"]
    assert len(squares) == 2  # the map's and the legend's
    assert picture.table.rows[-1] == ("Kota Bima", "52.72", "2", "tanpa titik")


def test_the_map_says_how_exact_a_point_is_and_whose_data_it_shows() -> None:
    for province in (None, "52"):
        words = " ".join(said(draw(province)))
        assert "bukan di desa" in words
        assert "Natural Earth (domain publik)" in words
        assert "GeoNames (CC BY 4.0)" in words


def test_an_unknown_code_is_counted_and_not_drawn() -> None:
    picture = draw()
    assert picture.table.rows[-1] == ("kode tidak dikenal", "", "3", "tanpa titik")
    assert any("3 laporan dari kode wilayah yang tidak dikenal" in note for note in picture.notes)


def test_a_province_younger_than_the_outlines_says_so() -> None:
    assert "provinsi induknya" in draw("65").notes[0]


def test_an_unknown_province_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("99")


@pytest.mark.parametrize("province", [None, "31", "52", "65", "96"])
def test_everything_stays_inside_the_frame(province: str | None) -> None:
    picture = draw(province)
    points = [p for s in picture.shapes if isinstance(s, Land) for ring in s.rings for p in ring]
    assert points
    assert all(-0.1 <= x <= picture.width + 0.1 and 0 <= y <= picture.height for x, y in points)


def test_a_map_is_drawn_the_same_way_each_time() -> None:
    digest = hashlib.sha256(as_svg(draw("52")).encode()).hexdigest()
    assert digest == "d2e5f1c1c76617597ef91953f7e9545717b2ecc52f336163bceb193cb1807e2b"
    assert draw("52").summary == (
        "Semua jenis: 27 laporan dari 3 kabupaten dan kota; terbanyak Kabupaten Lombok Tengah 20, "
        "Kota Mataram 5, Kota Bima 2."
    )


def test_a_map_of_the_country_is_light() -> None:
    assert len(as_svg(draw())) < 110_000
