"""Groups of reports out of scored pairs and of what people decided: pure, so that a merge can be taken back.

Groups are worked out anew from all pairs and decisions; nothing is remembered of a merge. To take back a
decision
gives the groups that were there without it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

Pair = tuple[int, int]


class Contradiction(ValueError):
    """The same two reports are to be together and apart."""


def pair_of(one: int, other: int) -> Pair:
    """Return two positions in order."""
    return (one, other) if one < other else (other, one)


class Groups:
    """Groups of positions that only grow; reports that must stay apart never meet."""

    def __init__(self, count: int, apart: Iterable[Pair]) -> None:
        self._of = list(range(count))
        self.members: dict[int, list[int]] = {n: [n] for n in range(count)}
        self._apart: dict[int, set[int]] = {n: set() for n in range(count)}
        for one, other in apart:
            if one == other:
                raise Contradiction("a report cannot be apart from itself")
            self._apart[one].add(other)
            self._apart[other].add(one)

    def group_of(self, position: int) -> int:
        """Return the group of a report."""
        return self._of[position]

    def may_join(self, one: int, other: int) -> bool:
        """Tell whether no two reports of the two groups must stay apart."""
        return not any(self._apart[m] & set(self.members[other]) for m in self.members[one])

    def join(self, one: int, other: int) -> None:
        """Make two groups one."""
        kept, gone = (one, other) if len(self.members[one]) >= len(self.members[other]) else (other, one)
        for member in self.members[gone]:
            self._of[member] = kept
        self.members[kept] += self.members.pop(gone)


def cluster(
    order: Sequence[str],
    pairs: dict[Pair, float],
    *,
    threshold: float,
    agree: Callable[[Pair, list[int], list[int], float], bool],
    must: Iterable[Pair] = (),
    cannot: Iterable[Pair] = (),
    score: Callable[[int, int], float] | None = None,
    most: int = 200,
) -> list[list[int]]:
    """Return groups of positions, each sorted, in order of their first.

    `order` holds a text for each position that does not depend on where it stands: with it, ties are broken
    alike in any order of the reports. `pairs` are bits of candidate pairs, the strongest joined first. Two
    groups join over a pair at or above `threshold` if `agree` says so (it gets the pair, both groups and the
    mean bits of all pairs between them; `score` gives the bits of pairs that are not in `pairs`, else they
    count 0), if no two reports must stay apart, and if the new group has at most `most` reports. `must` come
    first, whatever the bits. Raise `Contradiction` if `must` and `cannot` cannot both hold.
    """
    groups = Groups(len(order), cannot)
    for one, other in must:
        ours, theirs = groups.group_of(one), groups.group_of(other)
        if ours != theirs:
            if not groups.may_join(ours, theirs):
                raise Contradiction("two reports are both confirmed and rejected as one")
            groups.join(ours, theirs)
    ranked: list[tuple[float, str, str, int, int]] = sorted(
        (-bits, min(order[one], order[other]), max(order[one], order[other]), one, other)
        for (one, other), bits in pairs.items()
        if bits >= threshold
    )
    for _, _, _, one, other in ranked:
        ours, theirs = groups.group_of(one), groups.group_of(other)
        if ours == theirs or len(groups.members[ours]) + len(groups.members[theirs]) > most:
            continue
        if not groups.may_join(ours, theirs):
            continue
        mean = _mean(groups, ours, theirs, pairs, score)
        if agree((one, other), groups.members[ours], groups.members[theirs], mean):
            groups.join(ours, theirs)
    return sorted(sorted(members) for members in groups.members.values())


def _mean(
    groups: Groups,
    ours: int,
    theirs: int,
    pairs: dict[Pair, float],
    score: Callable[[int, int], float] | None,
) -> float:
    bits = []
    for one in groups.members[ours]:
        for other in groups.members[theirs]:
            pair = pair_of(one, other)
            found = pairs.get(pair)
            if found is None:
                found = score(*pair) if score is not None else 0.0
            bits.append(found)
    return math.fsum(bits) / len(bits)
