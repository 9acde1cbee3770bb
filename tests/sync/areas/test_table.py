from __future__ import annotations

import functools
import hashlib
import itertools
import runpy
import sys
import zlib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from sync.areas.packing import Origin, pack_codes, pack_names, tree_of
from sync.areas.table import TABLE, AreaNames, AreaTable, area_names, area_table

ROOT = Path(__file__).resolve().parents[3]
DATA = resources.files("sync.areas")


@functools.cache
def making() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts/make-area-table"))


@functools.cache
def rows() -> list[tuple[str, str]]:
    """Every code and its name, read back out of the shipped files."""
    names = area_names()
    return [(code, names.name_of(code) or "") for code in area_table().codes()]


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("codes-1.bin", "b2f76152a1bd0b848c70e3319e90f087b8b4e827f470d4ca4ef6e2e39e60893c"),
        ("names-1.bin", "b7f87b10e8752d7de585314d5daf3726fd10c091450c12823c030680fef2c8aa"),
    ],
)
def test_the_tables_are_the_shipped_ones(name: str, digest: str) -> None:
    # Shipped: with another code in it, the hub would read other places in reports that are under way.
    assert hashlib.sha256(zlib.decompress(DATA.joinpath(name).read_bytes())).hexdigest() == digest


def test_the_tables_are_what_the_script_makes_of_what_it_read() -> None:
    """Without the network: the rows are read back, and must have the hash of those that the script took."""
    script = making()
    assert script["inputs_hash"](rows()) == script["INPUTS"] == area_table().origin.inputs
    for name, data in script["make"](rows()).items():
        assert zlib.decompress(data) == zlib.decompress(DATA.joinpath(name).read_bytes())


def test_the_table_says_where_it_comes_from() -> None:
    script = making()
    assert area_table().origin == (TABLE, script["DATE"], script["SOURCE"], script["INPUTS"])
    assert area_table().date == "2025-04-25"
    notice = DATA.joinpath("NOTICE.md").read_text(encoding="utf-8")
    for said in (script["SOURCE"], script["DATE"], script["INPUTS"], "ODbL", "300.2.2-2138", "MIT"):
        assert said in notice


def test_the_counts_are_those_of_the_package() -> None:
    assert [area_table().count(level) for level in (1, 2, 3, 4)] == [38, 514, 7285, 83762]
    assert len(area_names()) == 38 + 514 + 7285 + 83762


def test_every_code_has_its_index_and_back() -> None:
    table = area_table()
    for level in (1, 2, 3, 4):
        step = max(1, table.count(level) // 1000)
        for index in [*range(0, table.count(level), step), table.count(level) - 1]:
            code = table.code_of(level, index)
            assert table.place_of(code) == (level, index)
            assert code in table
            steps = table.steps_of(code)
            assert steps is not None
            assert table.code_at(steps) == code
    codes = [table.code_of(2, index) for index in range(514)]
    assert codes == sorted(set(codes))


def test_every_area_but_a_village_holds_others() -> None:
    table = area_table()
    found: list[str] = table.children_of()
    for _ in range(3):
        below = [table.children_of(code) for code in found]
        assert all(below)
        found = [code for children in below for code in children]
    assert found == [table.code_of(4, index) for index in range(table.count(4))]
    assert table.children_of(found[0]) == []


def test_children_and_names_of_a_place() -> None:
    table, names = area_table(), area_names()
    assert table.children_of()[:3] == ["11", "12", "13"]
    assert "52.02" in table.children_of("52")
    assert table.children_of("52.02.08")[0] == "52.02.08.2001"
    spoken = [names.name_of(code) for code in ("52", "52.02", "52.02.08", "52.02.08.2001")]
    assert spoken == ["Nusa Tenggara Barat", "Kabupaten Lombok Tengah", "Pringgarata", "Pringgarata"]
    assert table.count_below([0]) == len(table.children_of("11"))
    assert table.count_below([0, 0, 0, 0]) == 0


@pytest.mark.parametrize(
    "code",
    ["", "00", "99", "5", "053", "52.2", "52.99", "52.02.99", "52.02.08.9999", "52.02.08.2001.1", "52.", "xx",
     "٥٢", "52.02.08.٢٠٠١", "-1", "52,02"],
)  # fmt: skip
def test_unknown_codes_are_no_areas(code: str) -> None:
    assert area_table().place_of(code) is None
    assert code not in area_table()
    assert area_names().name_of(code) is None
    if code:
        with pytest.raises(KeyError, match="no such area"):
            area_table().children_of(code)


@pytest.mark.parametrize(("level", "index"), [(0, 0), (5, 0), (1, 38), (1, -1), (4, 83762)])
def test_places_outside_the_table_are_refused(level: int, index: int) -> None:
    with pytest.raises(IndexError, match="no such area"):
        area_table().code_of(level, index)


def test_names_of_another_table_are_refused() -> None:
    origin = Origin(2, "2030-01-01", "x", "y")
    with pytest.raises(ValueError, match="another table"):
        AreaNames(area_table(), pack_names(origin, ["x"]))
    assert AreaTable(pack_codes(origin, tree_of(["53"]))).date == "2030-01-01"


def test_the_tables_stay_small() -> None:
    assert len(DATA.joinpath("codes-1.bin").read_bytes()) < 40_000
    assert len(DATA.joinpath("names-1.bin").read_bytes()) < 500_000
    tree = area_table()._tree
    assert sum(map(sys.getsizeof, (*tree.numbers, *tree.below))) < 300_000


def test_names_are_found_whole_first_then_beginnings_then_parts_and_near_ones_before_far_ones() -> None:
    names = area_names()
    found = names.search("pringga", near="52.02.08.2001", most=50)
    said = [names.name_of(code) or "" for code in found]
    assert all("pringga" in name.lower() for name in said)
    assert found[0].startswith("52.02.08")
    assert names.search("Aceh")[0] == "11"
    assert names.search("mataram", near="52")[0].startswith("52")
    assert len(names.search("desa", most=7)) <= 7
    for nothing in ("", "ab", "   ", "\n\n\n", "zzzzzz"):
        assert names.search(nothing) == []


def test_all_names_stand_in_the_order_of_the_codes() -> None:
    names = area_names()
    pairs = zip(area_table().codes(), names.all_names(), strict=True)
    assert [code for code, name in itertools.islice(pairs, 0, None, 997) if names.name_of(code) != name] == []
