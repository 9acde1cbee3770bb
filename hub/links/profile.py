"""What confirmed reports say of one person of interest, or of one event, put together. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.linking.evidence import Evidence
from hub.linking.names import parse_name
from sync.records import Offer, Recruiter, Report


@dataclass(frozen=True, slots=True)
class Told:
    """One report of a group: from which village, when it came, what it says."""

    id: str
    village: str
    village_name: str
    received_at: float
    report: Report
    evidence: Evidence


Counted = tuple[tuple[str, int], ...]
"""Something that reports say, and how many say it; the most frequent first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is told, each with the number of reports. Names are as written where a form holds them; numbers
    are E.164, places and destinations codes."""

    names: Counted
    phones: Counted
    companies: Counted
    accounts: Counted
    plates: Counted
    villages: Counted
    destinations: Counted
    routes: Counted
    jobs: Counted


def profile_of(reports: Sequence[Told]) -> Profile:
    """Put together what reports say."""
    return Profile(
        names=_longest_first(_count(names_of(one) for one in reports)),
        phones=_count(one.evidence.phones for one in reports),
        companies=_count(_companies(one) for one in reports),
        accounts=_count(one.evidence.handles for one in reports),
        plates=_count(one.evidence.plates for one in reports),
        villages=_count({village_of(one)} for one in reports),
        destinations=_count(one.evidence.countries - {"ID"} for one in reports),
        routes=_count(_route(one) for one in reports),
        jobs=_count(one.evidence.jobs for one in reports),
    )


def names_of(one: Told) -> set[str]:
    """Return the names that a report gives the recruiter: as the form has them, else as the story does."""
    recruiter = one.report.recruiter or Recruiter()
    written = {" ".join(text.split()) for text in (recruiter.name, recruiter.alias) if text and text.strip()}
    known = {parsed for text in written if (parsed := parse_name(text)) is not None}
    words = {word for name in known for word in name.words}
    for name in one.evidence.names:
        if name not in known and not set(name.words) <= words:
            titles = " ".join(sorted(name.titles)) if not name.full else ""
            told = " ".join(word.capitalize() for word in name.words) or titles
            written |= {told} if told else set()
    return written


def village_of(one: Told) -> str:
    """Return the village with its code: several villages bear one name."""
    return f"{one.village_name} ({one.village})" if one.village_name else one.village


def _longest_first(names: Counted) -> Counted:
    """Return names told by as many reports with the fullest first: it is what the person is called here."""
    return tuple(sorted(names, key=lambda item: (-item[1], -len(item[0]), item[0])))


def _companies(one: Told) -> set[str]:
    written = (one.report.recruiter or Recruiter()).company
    if written and written.strip():
        return {" ".join(written.split())}
    return {" ".join(word.upper() if len(word) <= 4 else word.capitalize() for word in company)
            for company in one.evidence.companies}  # fmt: skip


def _route(one: Told) -> set[str]:
    route = (one.report.offer or Offer()).route
    return {" ".join(route.split())} if route and route.strip() else set()


def _count(said: Iterable[Iterable[str]]) -> Counted:
    """Count by a spelling without case; shown is the one that comes most often."""
    reports: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for texts in said:
        once = {text.casefold(): text for text in sorted(texts)}
        reports.update(once.keys())
        for folded, text in once.items():
            spellings.setdefault(folded, Counter())[text] += 1
    shown = {
        folded: min(found.items(), key=lambda item: (-item[1], item[0]))[0]
        for folded, found in spellings.items()
    }
    ordered = sorted(reports.items(), key=lambda item: (-item[1], item[0]))
    return tuple((shown[folded], count) for folded, count in ordered)
