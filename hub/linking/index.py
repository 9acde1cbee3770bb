"""Which stored reports a new one is compared with: an index in memory by what two linked reports share."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from hub.linking.evidence import Evidence
from hub.linking.marks import handle_letters
from hub.linking.words import Rarity

FULL = 300
"""A key that so many reports share tells too little to look them all up."""

MOST_CANDIDATES = 120
"""A new report is compared with at most so many, those that share the most telling keys."""

_RARE_BITS = 5.0
_RARE_WORDS = 12
_LAST_DIGITS = 4


def keys_of(evidence: Evidence, rarity: Rarity) -> dict[str, int]:
    """Return the keys under which a report is found, each with what it tells; two reports that may belong
    together share one.
    """
    keys: dict[str, int] = {}
    for key, weight in (*_mark_keys(evidence), *_name_keys(evidence), *_event_keys(evidence, rarity)):
        keys.setdefault(key, weight)
    return keys


def most_telling(found: dict[int, int]) -> list[int]:
    """Return, in order, the reports to compare out of those found, each with the weight of its keys."""
    if len(found) <= MOST_CANDIDATES:
        return sorted(found)
    least = sorted(found.values(), reverse=True)[MOST_CANDIDATES - 1]
    best = [position for position, weight in found.items() if weight > least]
    # Of those that tell as much as the last, the first that came.
    level = sorted(position for position, weight in found.items() if weight == least)
    return sorted(best + level[: MOST_CANDIDATES - len(best)])


class CandidateIndex:
    """Positions of reports by key. About 40 keys a report, 8 bytes for each and the key's own text once."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._at: dict[str, array[int]] = {}

    def add(self, position: int, evidence: Evidence) -> None:
        """Enter one report."""
        for key in keys_of(evidence, self._rarity):
            self._at.setdefault(key, array("I")).append(position)

    def candidates(self, evidence: Evidence) -> list[int]:
        """Return positions of reports worth comparing, in order."""
        found: dict[int, int] = {}
        for key, weight in keys_of(evidence, self._rarity).items():
            positions = self._at.get(key)
            if positions is not None and len(positions) <= FULL:
                for position in positions:
                    found[position] = found.get(position, 0) + weight
        return most_telling(found)


def _event_keys(evidence: Evidence, rarity: Rarity) -> Iterator[tuple[str, int]]:
    rare = sorted(((rarity.bits(w), w) for w in evidence.words), key=lambda item: (-item[0], item[1]))
    for bits, word in rare[:_RARE_WORDS]:
        if bits >= _RARE_BITS:
            yield f"w{word}", 2
    for word in evidence.people:
        yield f"p{word}", 2
    for code in _wider(evidence.places):
        yield f"a{code}", 1 + code.count(".")
        if evidence.day is not None:
            for week in (evidence.day // 7, evidence.day // 7 + 1):
                yield f"d{week}{code[:5]}", 4
    for amount in evidence.sums:
        for code in _wider(evidence.places):
            yield f"s{amount}{code[:2]}", 2


def _wider(places: frozenset[str]) -> set[str]:
    """Return regencies and districts of places."""
    return {code[:n] for code in places for n in (5, 8) if len(code) >= n}


def _mark_keys(evidence: Evidence) -> Iterator[tuple[str, int]]:
    for phone in evidence.phones:
        yield f"t{phone}", 20
        yield f"e{phone[-_LAST_DIGITS:]}", 4
        # One digit wrong or two swapped leave the others in their places, as a multiset.
        yield f"x{phone[:-_LAST_DIGITS]}", 2
    for tail in evidence.tails:
        yield f"e{tail[-_LAST_DIGITS:]}", 8
    for handle in evidence.handles:
        yield f"h{handle}", 20
        yield f"l{handle_letters(handle)}", 8
        yield f"n{handle_letters(handle)[:4]}", 1
    for plate in evidence.plates:
        yield f"k{plate}", 20
    for company in evidence.companies:
        for word in company:
            yield f"c{word}", 4
        yield f"c{''.join(w[0] for w in company)[:4]}", 3
        if len(company) == 1:
            yield f"c{company[0][:4]}", 3


def _name_keys(evidence: Evidence) -> Iterator[tuple[str, int]]:
    areas = {code[:n] for code in evidence.places for n in (2, 5)}
    for name in evidence.names:
        for word in name.full:
            for part in {word, word[:4], word[:3], word[-3:], word[-4:]}:
                yield f"n{part}", 3
                # A common name is looked up together with a place or a country.
                for area in areas:
                    yield f"n{part}@{area}", 3
                for country in evidence.countries:
                    yield f"n{part}>{country}", 2
        if not name.full:
            for title in name.titles:
                yield f"n:{title}", 3
