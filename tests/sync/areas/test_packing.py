from __future__ import annotations

import pytest

from sync.areas.packing import Origin, pack_codes, pack_names, tree_of, unpack_codes, unpack_names

ORIGIN = Origin(7, "2025-04-25", "somewhere 1.0", "00")
CODES = ["53", "11", "53.18", "53.71", "53.18.01", "53.18.01.2003", "53.18.01.1001", "53.18.01.2001"]


def test_codes_come_back_in_order() -> None:
    origin, tree = unpack_codes(pack_codes(ORIGIN, tree_of(CODES)))
    assert (origin, tree) == (ORIGIN, tree_of(CODES))
    assert [list(level) for level in tree.numbers] == [[11, 53], [18, 71], [1], [1001, 2001, 2003]]
    assert [list(level) for level in tree.below] == [[0, 2], [0, 0, 2], [0, 1, 1], [0, 3]]


def test_names_come_back_as_they_were() -> None:
    packed = pack_names(ORIGIN, ["Kabupaten Satu", "Bu Nuapu’u"])
    assert unpack_names(packed) == (ORIGIN, "Kabupaten Satu\nBu Nuapu’u".encode())


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["53", "53.18.01"], "below none"),
        (["53", "53"], "twice"),
        (["5"], "digits"),
        (["5x"], "digits"),
        (["53", "53.1"], "digits"),
        (["53.18.01.2003.1"], "digits"),
    ],
)
def test_codes_that_make_no_tree_are_refused(codes: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tree_of(codes)


@pytest.mark.parametrize("name", ["", "two\nlines"])
def test_a_name_is_one_line(name: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        pack_names(ORIGIN, [name])
