"""A new box begins with the material that its enrolment names, and with no other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from village import quick_folder

from sync.sealing.enrolment import MaterialName
from tests.village_node.test_content_store import packed, shown, store_in
from village_node.first_material import take_first_material

PACK = packed(5)
NAMED = MaterialName(5, hashlib.sha256(PACK).digest())


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with quick_folder(tmp_path) as quick:
        yield quick


def test_the_named_pack_beside_the_enrolment_is_used(folder: Path) -> None:
    store = store_in(folder / "box")
    (folder / "other.pack").write_bytes(packed(6))
    (folder / "materi.pack").write_bytes(PACK)
    (folder / "holiday.jpg").write_bytes(b"x")
    assert take_first_material(store, NAMED, folder) == {"version": 5, "next": None}
    assert shown(store) == "Versi 5"


@pytest.mark.parametrize("beside", [{}, {"materi.pack": PACK[:-1] + b"x"}, {"materi.pack": packed(6)}])
def test_any_other_pack_leaves_the_box_with_what_it_was_shipped_with(
    folder: Path, beside: dict[str, bytes]
) -> None:
    store = store_in(folder / "box")
    for name, data in beside.items():
        (folder / name).write_bytes(data)
    begun = take_first_material(store, NAMED, folder)
    assert (begun["version"], begun["named"]) == (0, 5)
    assert "courier" in begun["next"]
    assert shown(store) == "Bahasa Indonesia"


def test_a_pack_that_the_release_key_did_not_sign_is_not_used_whoever_names_it(folder: Path) -> None:
    store = store_in(folder / "box")
    forged = PACK[:200] + bytes([PACK[200] ^ 1]) + PACK[201:]
    (folder / "materi.pack").write_bytes(forged)
    begun = take_first_material(store, MaterialName(5, hashlib.sha256(forged).digest()), folder)
    assert begun["version"] == 0
    assert begun["problem"]


def test_without_a_named_pack_it_comes_with_the_first_contact(folder: Path) -> None:
    assert take_first_material(store_in(folder / "box"), None, folder)["next"] == "with the first contact"
