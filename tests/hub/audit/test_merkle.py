"""Roots and proofs: vectors of certificate transparency, and every tree up to forty leaves."""

from __future__ import annotations

import pytest

from hub.audit import merkle

LEAVES = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


class Tree:
    """A tree in memory, grown leaf by leaf."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for size, leaf in enumerate(leaves):
            for level, index, found in merkle.new_nodes(self.read, size, merkle.leaf_hash(leaf)):
                self.nodes[level, index] = found

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


def recursive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word by word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


def test_the_published_roots() -> None:
    tree = Tree(LEAVES)
    assert [merkle.root_of(tree.read, size).hex() for size in range(9)] == ROOTS


def test_the_published_proofs() -> None:
    tree = Tree(LEAVES)
    for (number, size), path in INCLUSION.items():
        assert [step.hex() for step in merkle.inclusion_path(tree.read, number, size)] == path
    for (older, newer), path in CONSISTENCY.items():
        assert [step.hex() for step in merkle.consistency_path(tree.read, older, newer)] == path


def test_every_small_tree_proves_itself_and_no_other() -> None:
    leaves = [bytes([number]) for number in range(40)]
    tree = Tree(leaves)
    roots = [recursive_root(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        assert merkle.root_of(tree.read, size) == roots[size]
        for number in range(size):
            path = merkle.inclusion_path(tree.read, number, size)
            leaf = merkle.leaf_hash(leaves[number])
            assert merkle.root_from_inclusion(leaf, number, size, path) == roots[size]
            assert merkle.root_from_inclusion(merkle.leaf_hash(b"x"), number, size, path) != roots[size]
            assert merkle.root_from_inclusion(leaf, number, size, [*path, leaf]) is None
        for older in range(size + 1):
            path = merkle.consistency_path(tree.read, older, size)
            assert merkle.is_consistent(older, size, roots[older], roots[size], path)
            if older not in (0, size):
                assert not merkle.is_consistent(older, size, bytes(32), roots[size], path)
                assert not merkle.is_consistent(older, size, roots[older], bytes(32), path)
                assert not merkle.is_consistent(older, size, roots[older], roots[size], [*path, path[-1]])
                assert not merkle.is_consistent(older, size, roots[older], roots[size], path[:-1])


def test_what_is_not_there_is_refused() -> None:
    tree = Tree(LEAVES)
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_path(tree.read, 8, 8)
    with pytest.raises(ValueError, match="smaller"):
        merkle.consistency_path(tree.read, 9, 8)
    assert merkle.root_from_inclusion(merkle.leaf_hash(b""), 8, 8, []) is None
    assert not merkle.is_consistent(9, 8, bytes(32), bytes(32), [])


def test_a_cover_holds_each_leaf_once_with_few_subtrees() -> None:
    for start in range(20):
        for end in range(start, 40):
            pieces = list(merkle.cover(start, end))
            held = [leaf for level, index in pieces for leaf in range(index << level, (index + 1) << level)]
            assert held == list(range(start, end))
            assert len(pieces) <= 2 * 6


def test_a_tree_of_a_file_knows_what_follows_from_it() -> None:
    tree = Tree(LEAVES)
    known = merkle.KnownTree({place: tree.read(*place) for place in [*merkle.cover(0, 4), (0, 4), (0, 5)]})
    assert merkle.root_of(known.read, 6).hex() == ROOTS[6]
    with pytest.raises(KeyError):
        merkle.root_of(known.read, 7)
