from __future__ import annotations

import hashlib
from importlib import resources

from hub.pictures.outlines import outlines
from sync.areas.table import area_table

DATA = resources.files("hub.pictures")


def test_the_outlines_are_those_that_the_script_made() -> None:
    # scripts/make-map-outlines makes the file anew from its packages; it needs the network.
    data = DATA.joinpath("outlines-1.json").read_bytes()
    assert (
        hashlib.sha256(data).hexdigest() == "4eb18a61ac2788ff8def338b41fd6cd15f22b102b75d4aaca154df56d2d13c0d"
    )
    assert len(data) < 300_000


def test_every_province_has_a_point_and_an_outline_around_it() -> None:
    land = outlines()
    for province in area_table().children_of():
        assert province in land.spots
        assert land.rings_of(province)


def test_points_are_of_areas_that_exist_and_lie_in_the_country() -> None:
    for code, spot in outlines().spots.items():
        assert code in area_table()
        assert 94.5 < spot.east < 141.6
        assert -11.4 < spot.north < 6.4
        assert spot.places >= 1


def test_most_regencies_have_a_point() -> None:
    assert sum("." in code for code in outlines().spots) == 426


def test_the_notice_names_both_sources_and_their_licences() -> None:
    notice = DATA.joinpath("NOTICE.md").read_text()
    for word in ("Natural Earth", "public domain", "GeoNames", "Creative Commons Attribution 4.0", "ODbL"):
        assert word in notice
