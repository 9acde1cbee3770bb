"""Bytes as paths of yes and no through a tree in which frequent bytes stand near the root."""

from __future__ import annotations

from collections.abc import Sequence


class ByteTree:
    """The canonical prefix code of given code lengths: shorter codes first, then smaller bytes."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths = bytes(lengths)
        self.paths: list[tuple[tuple[int, int], ...]] = [()] * 256
        """For each byte the (node, bit) pairs from the root on."""
        self.next: list[list[int]] = []
        """For each node what follows a no and a yes: a node, or -1 - byte."""
        self._grow()
        self.bits: list[dict[int, int]] = [dict(path) for path in self.paths]
        """The same paths, to look a node up."""
        self.sides = [
            bytes(path[depth][1] if depth < len(path) else 0 for path in self.paths)
            for depth in range(max(self.lengths))
        ]
        """For each depth the bit of each byte there; 0 for those whose path has ended."""

    def _grow(self) -> None:
        code, length = 0, 0
        nodes = {(0, 0): self._node()}
        for byte in sorted(range(256), key=lambda byte: (self.lengths[byte], byte)):
            code <<= self.lengths[byte] - length
            length = self.lengths[byte]
            path = []
            for depth in range(length):
                node = nodes[depth, code >> (length - depth)]
                bit = code >> (length - depth - 1) & 1
                path.append((node, bit))
                below = depth + 1, code >> (length - depth - 1)
                if depth + 1 == length:
                    self.next[node][bit] = -1 - byte
                elif below not in nodes:
                    nodes[below] = self.next[node][bit] = self._node()
            self.paths[byte] = tuple(path)
            code += 1

    def _node(self) -> int:
        self.next.append([-1, -1])
        return len(self.next) - 1


def code_lengths(weights: Sequence[int]) -> list[int]:
    """Return Huffman's code lengths for bytes of these weights; ties go to the smaller byte."""
    groups: list[tuple[int, int, tuple[int, ...]]] = [
        (weight, byte, (byte,)) for byte, weight in enumerate(weights)
    ]
    lengths = [0] * len(weights)
    while len(groups) > 1:
        groups.sort()
        (first, tie, left), (second, _, right) = groups[:2]
        for byte in left + right:
            lengths[byte] += 1
        groups[:2] = [(first + second, tie, left + right)]
    return lengths
