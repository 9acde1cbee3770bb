"""The names of recruiters are found in running text; families and offices are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linking.mentions import find_names, find_people


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kemarin Pak Darmaji datang", "darmaji"),
        ("tadi bu kusmiyati minta ktp", "kusmiyati"),
        ("dibawa H. Achmad ke kota", "amat"),
        ("seorang bernama Wagimin", "wagimin"),
        ("Sulastri (0812-0000-3141) cari orang", "sulastri"),
        ("hubungi mas tarno 0812 0000 3141", "tarno"),
        ("Darmaji nawari kerja", "darmaji"),
        ("yang mengajak Wagimin tetangga saya", "wagimin"),
        ("kerja dapat dari Rina", "rina"),
        ("a.n. Bapak Wagimin", "wagimin"),
        ("Mamiq Darmaji keliling", "darmaji"),
    ],
)
def test_a_recruiter_is_named_after_many_words(text: str, name: str) -> None:
    assert name in {word for found in find_names(text) for word in found.full}


@pytest.mark.parametrize(
    "text",
    [
        "pak kades sudah tahu",
        "ibu saya sakit",
        "bapak polisi tolong",
        "istri saya belum pulang",
        "berangkat dari Pringgarata",
        "mobil ke pelabuhan",
    ],
)
def test_families_offices_and_places_are_no_recruiters(text: str) -> None:
    assert find_names(text) == []


def test_a_place_after_the_name_is_no_part_of_it() -> None:
    assert [name.words for name in find_names("ikut Bu Sri Pringgarata ke sana")] == [("sri",)]


def test_others_are_remembered_without_the_recruiter() -> None:
    found = find_people("Tadi Wagimin dan Sulastri dibawa ke Malaysia hari Senin", frozenset({"wagimin"}))
    assert found == {"sulastri"}


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    find_names(text)
    find_people(text, frozenset())
