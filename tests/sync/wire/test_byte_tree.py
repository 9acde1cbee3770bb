from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.wire.byte_tree import ByteTree, code_lengths

weights = st.lists(st.integers(1, 10_000), min_size=256, max_size=256)


@given(weights)
def test_every_path_leads_to_its_byte(many: list[int]) -> None:
    tree = ByteTree(code_lengths(many))
    assert len(tree.next) == 255
    for byte in range(256):
        at = 0
        for node, bit in tree.paths[byte]:
            assert node == at
            at = tree.next[node][bit]
        assert at == -1 - byte


@given(weights)
def test_lengths_fill_the_tree_and_frequent_bytes_are_near(many: list[int]) -> None:
    lengths = code_lengths(many)
    assert sum(2.0**-length for length in lengths) == 1
    common, rare = many.index(max(many)), many.index(min(many))
    assert lengths[common] <= lengths[rare]
