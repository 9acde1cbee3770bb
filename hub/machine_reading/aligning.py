"""Learns which phrase stands for which from sentences side by side.

Word alignment after IBM's model 2 with a diagonal prior (Dyer, Chahuneau, Smith 2013), both ways; what both
say is kept, grown along neighbours (Och, Ney 2003). Then every pair of phrases that the links of a sentence
close in. Pure and without chance: the same sentences give the same table.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 8
TENSION: Final = 4.0
"""How strongly a word is taken to stand where it stands in the other sentence; 4 is usual for like word
orders."""
LONGEST: Final = 4
"""Words of a phrase, on the regional side."""
LONGEST_OTHER: Final = 5
_NULL: Final = ""
_NULL_SHARE: Final = 0.08
Sentence = tuple[str, ...]
Pair = tuple[Sentence, Sentence]
Links = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Learned:
    """A phrase, what it stands for, in how many sentences it did, and in which share of its own sentences."""

    phrase: Sentence
    stands_for: Sentence
    count: int
    share: float


def learn(pairs: Sequence[Pair]) -> list[Learned]:
    """Return the phrases of (regional, Indonesian) sentences, each with what it stands for most often."""
    there = _align(pairs)
    back = _align([(right, left) for left, right in pairs])
    counts: dict[Sentence, Counter[Sentence]] = defaultdict(Counter)
    for (left, right), forth, reverse in zip(pairs, there, back, strict=True):
        links = _grown(forth, frozenset((i, j) for j, i in reverse))
        for phrase, other in _phrases(left, right, links):
            counts[phrase][other] += 1
    found = []
    for phrase in sorted(counts):
        total = counts[phrase].total()
        stands_for, count = min(counts[phrase].items(), key=lambda item: (-item[1], len(item[0]), item[0]))
        found.append(Learned(phrase, stands_for, count, count / total))
    return found


def _align(pairs: Sequence[Pair]) -> list[Links]:
    """Return for each pair which left word each right word comes from."""
    chances: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for _ in range(ROUNDS):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        totals: dict[str, float] = defaultdict(float)
        for left, right in pairs:
            for j, other in enumerate(right):
                weights = _weights(left, other, j, len(right), chances)
                whole = sum(weights)
                for i, weight in enumerate(weights):
                    word = _NULL if i == len(left) else left[i]
                    counts[word, other] += weight / whole
                    totals[word] += weight / whole
        chances = defaultdict(lambda: 1e-9, {key: n / totals[key[0]] for key, n in counts.items()})
    return [_best(left, right, chances) for left, right in pairs]


def _weights(
    left: Sentence, other: str, j: int, length: int, chances: dict[tuple[str, str], float]
) -> list[float]:
    near = [math.exp(-TENSION * abs(i / len(left) - j / length)) for i in range(len(left))]
    whole = sum(near)
    weights = [
        (1 - _NULL_SHARE) * one / whole * chances[word, other] for word, one in zip(left, near, strict=True)
    ]
    return [*weights, _NULL_SHARE * chances[_NULL, other]]


def _best(left: Sentence, right: Sentence, chances: dict[tuple[str, str], float]) -> Links:
    links = []
    for j, other in enumerate(right):
        weights = _weights(left, other, j, len(right), chances)
        i = max(range(len(weights)), key=lambda at: (weights[at], -at))
        if i < len(left):
            links.append((i, j))
    return frozenset(links)


def _grown(forth: Links, reverse: Links) -> Links:
    links, either = set(forth & reverse), forth | reverse
    grew = True
    while grew:
        grew = False
        for i, j in sorted(links):
            for near in ((i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1)):
                alone = all(near[0] != x for x, _ in links) or all(near[1] != y for _, y in links)
                if near in either and near not in links and alone:
                    links.add(near)
                    grew = True
    return frozenset(links)


def _phrases(left: Sentence, right: Sentence, links: Links) -> Iterable[tuple[Sentence, Sentence]]:
    for start in range(len(left)):
        for end in range(start + 1, min(start + LONGEST, len(left)) + 1):
            reached = [j for i, j in links if start <= i < end]
            if not reached:
                continue
            low, high = min(reached), max(reached) + 1
            closed = all(start <= i < end for i, j in links if low <= j < high)
            if closed and high - low <= LONGEST_OTHER:
                yield left[start:end], right[low:high]
