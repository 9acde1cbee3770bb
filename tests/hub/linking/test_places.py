"""Places in texts become area codes."""

from __future__ import annotations

from hub.linking.places import closest, common_area, find_places, find_villages, is_place_name


def test_a_district_is_found_by_its_name() -> None:
    assert find_places("warga Pringgarata semalam") == ("52.02.08",)
    assert find_places("malam itu ada orang") == ()


def test_of_places_with_one_name_the_nearest_is_meant() -> None:
    assert all(code.startswith("52.03") for code in find_places("orang Sukamulia", "52.03.06"))


def test_a_village_is_found_after_its_word_within_a_known_regency() -> None:
    assert find_villages("desa Sepakek", {"52.02.08"}) == find_villages("ds. sepakek", {"52.02"})
    assert find_villages("desa Sepakek", {"52.02.08"})[0].startswith("52.02.08.")


def test_a_place_is_no_name_of_a_person() -> None:
    assert is_place_name("pringgarata")
    assert not is_place_name("darmaji")


def test_the_smallest_area_in_common_is_told() -> None:
    assert common_area("52.02.08.2001", "52.02.08.2003") == "52.02.08"
    assert common_area("52.02", "33.01") == ""
    assert closest(frozenset({"52.02", "33.01.02"}), frozenset({"33.01.05"})) == "33.01"
    assert closest(frozenset(), frozenset({"33.01"})) is None
