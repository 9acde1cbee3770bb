"""Reports in memory that a new one is linked to: add, and ask what it may belong to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hub.linking.evidence import Evidence, extract
from hub.linking.index import CandidateIndex
from hub.linking.linking import DEFAULT, Settings, asked_more
from hub.linking.names import NameFrequencies
from hub.linking.scoring import Background, Link, score_event, score_recruiter
from hub.linking.shares import Shares
from hub.linking.words import Rarity
from sync.records import Report


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One stored report that may belong to the new one; a link that is too weak to suggest is None."""

    position: int
    recruiter: Link | None
    event: Link | None


class KnownReports:
    """Stored reports by position, from 0 in the order in which they were added."""

    def __init__(self) -> None:
        self._evidence: list[Evidence] = []
        self._known = Background(NameFrequencies(), Rarity(), Shares())
        self._index = CandidateIndex(self._known.words)

    def __len__(self) -> int:
        return len(self._evidence)

    def add(self, evidence: Evidence) -> int:
        """Keep what `extract` found in a report; return its position."""
        position = len(self._evidence)
        self._evidence.append(evidence)
        for name in evidence.names:
            self._known.names.add(name)
        self._known.words.add(evidence.words)
        self._known.shares.add(evidence.places, evidence.countries)
        self._index.add(position, evidence)
        return position

    def suggest(self, report: Report, settings: Settings = DEFAULT) -> list[Suggestion]:
        """Return stored reports that may have the report's recruiter or tell its event, the strongest
        first.
        """
        evidence = extract(report)
        more = asked_more(len(self))
        found = []
        for position in self._index.candidates(evidence):
            suggestion = self._suggestion(evidence, position, settings, more)
            if suggestion.recruiter is not None or suggestion.event is not None:
                found.append(suggestion)
        return sorted(found, key=lambda s: (-_strength(s), s.position))

    def _suggestion(self, evidence: Evidence, position: int, settings: Settings, more: float) -> Suggestion:
        other = self._evidence[position]
        recruiter = score_recruiter(evidence, other, self._known)
        wanted = (settings.recruiter_threshold + more, settings.event_threshold + more)
        event = score_event(evidence, other, self._known, recruiter)
        return Suggestion(
            position,
            recruiter if recruiter.rests_on_more_than_a_name and recruiter.bits >= wanted[0] else None,
            event if event.has_anchor and event.bits >= wanted[1] else None,
        )


def _strength(suggestion: Suggestion) -> float:
    links = (suggestion.recruiter, suggestion.event)
    return max((link.bits for link in links if link is not None), default=-math.inf)
