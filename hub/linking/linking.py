"""All reports at once: which have one recruiter, which tell one event."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hub.linking.clustering import Pair, cluster, pair_of
from hub.linking.evidence import Evidence, extract
from hub.linking.index import CandidateIndex
from hub.linking.names import NameFrequencies
from hub.linking.scoring import Background, Link, score_event, score_recruiter
from hub.linking.shares import Shares
from hub.linking.words import Rarity
from sync.records import Report


@dataclass(frozen=True, slots=True)
class Settings:
    """When two reports are linked, in bits. The odds that two reports belong together fall with the number
    of reports.
    """

    recruiter_threshold: float = 7.0
    recruiter_mean: float = -1.0
    """Least mean over two groups that a number, an account, a plate, a company or one event joins."""
    recruiter_name_mean: float = 1.0
    """The same where only a name and a place or work join them."""
    event_threshold: float = 10.0
    event_mean: float = 4.0


DEFAULT = Settings()
_FEW = 200
"""Up to so many reports the thresholds are as given."""

EACH_DOUBLING = 0.7
"""Bits more for each doubling: one for twice the strangers, less for each recruiter has more reports too."""


def asked_more(reports: int) -> float:
    """Return how many bits a collection of so many reports asks above the thresholds."""
    return max(0.0, EACH_DOUBLING * math.log2(max(1, reports) / _FEW))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided about pairs of positions: one recruiter or event, or not. They hold for good."""

    one_recruiter: frozenset[Pair] = frozenset()
    other_recruiters: frozenset[Pair] = frozenset()
    one_event: frozenset[Pair] = frozenset()
    other_events: frozenset[Pair] = frozenset()


UNDECIDED = Decisions()


@dataclass(frozen=True, slots=True)
class Clusters:
    """A label for each report, or None: nobody is told of, or no event."""

    recruiters: tuple[str | None, ...]
    events: tuple[str | None, ...]


@dataclass
class Linked:
    """Reports with their evidence and scored pairs; clusters come out of it at any settings and decisions."""

    keys: list[str]
    evidence: list[Evidence]
    known: Background
    recruiter_links: dict[Pair, Link] = field(default_factory=dict)
    event_links: dict[Pair, Link] = field(default_factory=dict)


def background_of(evidence: Iterable[Evidence]) -> Background:
    """Count names and words of reports."""
    names, words, shares = NameFrequencies(), Rarity(), Shares()
    for one in evidence:
        for name in one.names:
            names.add(name)
        words.add(one.words)
        shares.add(one.places, one.countries)
    return Background(names, words, shares)


def compare_all(reports: Sequence[Report]) -> Linked:
    """Extract, find candidates and score them."""
    evidence = [extract(report) for report in reports]
    keys = [json.dumps(report.to_json(), sort_keys=True, ensure_ascii=False) for report in reports]
    return compare(keys, evidence, background_of(evidence))


def compare(keys: list[str], evidence: list[Evidence], known: Background) -> Linked:
    """Find candidates among evidence and score them; `keys` are as in `clustering.cluster`, `known` may be
    of more reports than these.
    """
    linked = Linked(keys, evidence, known)
    index = CandidateIndex(linked.known.words)
    for position, one in enumerate(evidence):
        index.add(position, one)
    for position, one in enumerate(evidence):
        for other in index.candidates(one):
            if other > position:
                _score(linked, (position, other))
    return linked


def _score(linked: Linked, pair: Pair) -> None:
    one, other = linked.evidence[pair[0]], linked.evidence[pair[1]]
    recruiter = score_recruiter(one, other, linked.known)
    linked.recruiter_links[pair] = recruiter
    linked.event_links[pair] = score_event(one, other, linked.known, recruiter)


def cluster_reports(
    linked: Linked,
    settings: Settings = DEFAULT,
    decisions: Decisions = UNDECIDED,
    *,
    reports: int | None = None,
) -> Clusters:
    """Return recruiters and events of all reports; `reports` is how many there are, if these are but some.

    Events come first: reports of one event have one recruiter, unless they name different people. Raise
    `clustering.Contradiction` if the decisions contradict each other.
    """
    more = asked_more(len(linked.keys) if reports is None else reports)
    events = cluster(
        linked.keys,
        {pair: link.bits for pair, link in linked.event_links.items() if link.has_anchor},
        threshold=settings.event_threshold + more,
        agree=lambda _pair, _ours, _theirs, mean: mean >= settings.event_mean,
        must=sorted(decisions.one_event),
        cannot=sorted(decisions.other_events),
        score=lambda a, b: linked.event_links[a, b].bits if (a, b) in linked.event_links else -3.0,
    )
    bits = {
        pair: link.bits
        for pair, link in linked.recruiter_links.items()
        if link.rests_on_more_than_a_name and link.bits
    }
    # Groups joined over a name and a place must agree as a whole: chains of common names would run through
    # a country.
    firm = {pair for pair, link in linked.recruiter_links.items() if link.has_mark}
    for group in events:
        for one in group:
            for other in group:
                if one < other:
                    firm.add((one, other))
                    _share_event(linked, bits, pair_of(one, other), settings.recruiter_threshold + more)
    recruiters = cluster(
        linked.keys,
        bits,
        threshold=settings.recruiter_threshold + more,
        agree=lambda pair, ours, theirs, mean: (
            mean >= settings.recruiter_mean
            if pair in firm
            else mean >= settings.recruiter_name_mean and _may_be_one(linked, pair, ours, theirs)
        ),
        must=sorted(decisions.one_recruiter),
        cannot=sorted(decisions.other_recruiters),
        score=lambda a, b: _disagreement(linked, (a, b)),
    )
    told = [one.marks_recruiter for one in linked.evidence]
    return Clusters(
        _labels("R", [g for g in recruiters if any(told[m] for m in g)], len(told)),
        _labels("I", events, len(told)),
    )


RARE_NAME = 8.0
"""Bits from which a name that agrees is looked for in another province."""


def _may_be_one(linked: Linked, pair: Pair, ours: list[int], theirs: list[int]) -> bool:
    """Tell whether two groups that only a name joins may be one: a common name in another province is
    another person.
    """
    link = linked.recruiter_links[pair]
    if any(piece.kind == "name" and piece.bits >= RARE_NAME for piece in link.pieces):
        return True
    here, there = (
        {place[:2] for n in group if (place := linked.evidence[n].place) is not None}
        for group in (ours, theirs)
    )
    return not here or not there or bool(here & there)


SAME_EVENT = 8.0
"""Bits that one event adds for one recruiter."""


def _share_event(linked: Linked, bits: dict[Pair, float], pair: Pair, threshold: float) -> None:
    link = linked.recruiter_links.get(pair)
    own = link.bits if link is not None else 0.0
    one, other = (linked.evidence[n] for n in pair)
    if one.marks_recruiter and other.marks_recruiter:
        bits[pair] = own + SAME_EVENT
    elif one.marks_recruiter or other.marks_recruiter:
        # One of them says nothing of who it was: it is the other's.
        bits[pair] = max(own + SAME_EVENT, threshold)


def _disagreement(linked: Linked, pair: Pair) -> float:
    """Return the bits of a pair that no index key brought together: at most 0."""
    one, other = (linked.evidence[n] for n in pair)
    link = linked.recruiter_links.get(pair) or score_recruiter(one, other, linked.known)
    return min(0.0, link.bits)


def _labels(letter: str, groups: list[list[int]], count: int) -> tuple[str | None, ...]:
    labels: list[str | None] = [None] * count
    for number, group in enumerate(groups, start=1):
        for member in group:
            labels[member] = f"{letter}{number}"
    return tuple(labels)
