"""Missions abroad: which are in a country, which is nearest, and what the directory refuses."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from content.errors import ContentRefused
from content.files import shipped_files
from content.missions import NO_MISSIONS, read_missions
from content.reading import Table
from content.report_choices import DESTINATION_CHOICES

ROW = {
    "key": "contoh",
    "country": "KH",
    "name": "KBRI Contoh",
    "number": "+855 00 000 000",
    "lat": 11.5,
    "lon": 104.9,
    "page": "https://kemlu.go.id/contoh",
}
LOCAL = {"country": "KH", "number": "117", "source": "koran", "dated": "2025"}


def read(mission: dict[str, object] | None = None, local: dict[str, object] | None = None) -> Table:
    data = {"source": "daftar", "dated": "2025-01", "missions": [{**ROW, **(mission or {})}]}
    return Table("missions.toml", {**data, "local": [{**LOCAL, **(local or {})}]})


def test_the_nearest_is_the_nearest_on_the_globe() -> None:
    directory = Catalogue().missions
    near = {
        "KRI Tawau": (4.48, 118.61),
        "KJRI Johor Bahru": (1.85, 102.93),
        "KJRI Kuching": (2.30, 111.82),
        "KBRI Phnom Penh": (10.61, 103.52),
        "KBRI Yangon": (16.69, 98.51),
    }
    for name, (lat, lon) in near.items():
        country = next(one.country for one in directory.missions if one.name == name)
        found = directory.nearest(lat, lon, directory.of_country(country))
        assert found is not None
        assert found.name == name
    assert NO_MISSIONS.nearest(0, 0) is None


def test_distances_are_those_of_a_sphere() -> None:
    [one] = read_missions(read({"lat": 0.0, "lon": 179.0})).missions
    assert one.distance_km(0, -179) == pytest.approx(222.39, abs=0.01), "over the date line"
    assert one.distance_km(90, 0) == pytest.approx(10_007.5, abs=0.1)
    assert one.distance_km(0, 179) == 0


def test_each_destination_but_far_ones_has_a_mission_and_numbers_say_whence() -> None:
    directory = Catalogue().missions
    without = {one.value for one in DESTINATION_CHOICES if not directory.of_country(one.value)}
    assert without == {"EG", "LY", "TR", "AU", "NZ", "US", "CA", "ID"}
    assert directory.cited
    assert all(one.cited for one in directory.local)
    assert directory.of_country("MO") == directory.of_country("HK")


def test_a_pack_of_before_the_directory_has_none() -> None:
    files = {name: data for name, data in shipped_files().items() if "missions" not in name}
    assert Catalogue(files).missions is NO_MISSIONS
    assert Catalogue(language="en").missions == Catalogue().missions


@pytest.mark.parametrize(
    ("mission", "local", "words"),
    [
        ({"number": "021-000"}, {}, "number"),
        ({"country": "Kamboja"}, {}, "country"),
        ({"page": "https://lain.example"}, {}, "page"),
        ({"lat": 91}, {}, "lat"),
        ({"lat": True}, {}, "lat"),
        ({}, {"number": "sembilan"}, "number"),
    ],
)
def test_what_cannot_be_used_is_refused(
    mission: dict[str, object], local: dict[str, object], words: str
) -> None:
    with pytest.raises(ContentRefused, match=words):
        read_missions(read(mission, local))
