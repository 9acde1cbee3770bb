"""What one report says that may link it to others: fields and narrative together."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from hub.linking import marks
from hub.linking.mentions import find_names, find_people
from hub.linking.names import Name, fold_name, is_known_name, name_in_handle, parse_name
from hub.linking.numbers import find_counts, find_sums
from hub.linking.phones import as_e164, find_phones, find_tails
from hub.linking.places import find_places, find_villages
from hub.linking.trades import find_countries, find_jobs, words_in_handle, words_of
from hub.linking.words import concept, concepts
from sync.records import Offer, Recruiter, Report, Reporter


@dataclass(frozen=True, slots=True)
class Evidence:
    """What links a report. Phones are E.164, places area codes, sums rupiah; all sets may be empty."""

    kind: str
    day: int | None
    """Day of what is reported, as a proleptic ordinal."""
    names: tuple[Name, ...]
    phones: frozenset[str]
    tails: frozenset[str]
    companies: tuple[tuple[str, ...], ...]
    handles: frozenset[str]
    plates: frozenset[str]
    place: str | None
    """The code in the report's own field."""
    places: frozenset[str]
    """That code, and those that place_text, route and narrative name."""
    home: frozenset[str]
    """Of those, the ones in the province of `place`; all where the report has no such field."""
    countries: frozenset[str]
    jobs: frozenset[str]
    people: frozenset[str]
    """Words that look like names of others, folded."""
    counts: frozenset[int]
    sums: frozenset[int]
    words: frozenset[str]
    """Concepts of narrative and place text."""

    @property
    def marks_recruiter(self) -> bool:
        """True when something in the report tells who recruits."""
        return bool(self.names or self.phones or self.companies or self.handles or self.plates or self.tails)


def _names(recruiter: Recruiter, narrative: str) -> tuple[Name, ...]:
    parsed = (parse_name(text) for text in (recruiter.name, recruiter.alias) if text)
    given = [name for name in parsed if name is not None]
    told = find_names(narrative)
    if given:
        # The form says who it is: of the narrative's names only those count that may be the same person's.
        known = {word for name in given for word in name.full}
        told = [n for n in told if known & set(n.full) or _is_part(known, n)]
    return tuple(dict.fromkeys([*given, *told]))


def _without_companies(names: tuple[Name, ...], companies: list[tuple[str, ...]]) -> tuple[Name, ...]:
    """Return names without the words that are a company's ("Haji Ahmad Nurul Safar")."""
    firm = {fold_name(word) for company in companies for word in company if not is_known_name(word)}
    kept = (Name(tuple(w for w in name.words if w not in firm), name.titles) for name in names)
    return tuple(dict.fromkeys(name for name in kept if name.full or name.titles & {"kapten"}))


def _is_part(known: set[str], name: Name) -> bool:
    return any(
        a != b and len(min(a, b, key=len)) >= 3 and (a in b or b in a) for a in known for b in name.full
    )


def _phones(recruiter: Recruiter, reporter: Reporter, narrative: str) -> frozenset[str]:
    found = set(find_phones(narrative))
    if recruiter.phone:
        number = as_e164(recruiter.phone)
        found |= {number} if number else set(find_phones(recruiter.phone))
    return frozenset(found - set(find_phones(reporter.contact or "")))


def _told_names(names: tuple[Name, ...], narrative: str) -> set[str]:
    """Return the concepts of a narrative that are the recruiter's names: they are weighed as names, not as
    words.
    """
    own = {word for name in names for word in name.full}
    return {concept(w) for w in words_of(narrative) if fold_name(w) in own}


def _deepest(places: set[str]) -> frozenset[str]:
    """Return places without those that others lie in."""
    return frozenset(p for p in places if not any(o != p and o.startswith(f"{p}.") for o in places))


def extract(report: Report) -> Evidence:
    """Return what links a report; the reporter's own contact never does."""
    recruiter = report.recruiter or Recruiter()
    offer = report.offer or Offer()
    narrative = report.narrative
    words = words_of(f"{narrative} {offer.route or ''}")
    companies = [marks.company_words(recruiter.company)] if recruiter.company else []
    companies += marks.find_companies(narrative)
    names = _without_companies(_names(recruiter, narrative), companies)
    handles = set(marks.find_handles(narrative))
    if recruiter.social and (handle := marks.handle_of(recruiter.social)):
        handles.add(handle)
    # "Rahman Travel" is Rahman's.
    named = [Name((fold_name(c[0]),)) for c in companies if len(c) == 1 and is_known_name(c[0])]
    names = tuple(dict.fromkeys([*names, *named, *(n for h in sorted(handles) if (n := name_in_handle(h)))]))
    words |= frozenset(part for h in handles for part in words_in_handle(h))
    plates = set(marks.find_plates(narrative))
    if recruiter.vehicle_plate and (plate := marks.plate_of(recruiter.vehicle_plate)):
        plates.add(plate)
    texts = f"{report.place_text or ''}. {narrative}. {offer.route or ''}"
    # A place beside a name in the form ("Dewi Batam") tells where that person is.
    texts += f". {recruiter.name or ''}. {recruiter.alias or ''}"
    places = {report.place} if report.place else set()
    places.update(find_places(texts, report.place))
    places.update(find_villages(narrative, places))
    places.update(find_villages(report.place_text or "", places, all_words=True))
    own = {word for name in names for word in name.full} | {fold_name(w) for c in companies for w in c}
    accounts = {w for handle in handles for w in re.findall("[a-z]+", handle)}
    identity = {concept(w) for w in (*accounts, *(w for c in companies for w in c))} | _told_names(
        names, narrative
    )
    counts = set(find_counts(narrative))
    if report.people is not None:
        total = sum(n or 0 for n in (report.people.women, report.people.men, report.people.children))
        counts |= {total} if total > 1 else set()
    return Evidence(
        kind=report.kind,
        day=datetime.date.fromisoformat(report.observed_on).toordinal() if report.observed_on else None,
        names=names,
        phones=_phones(recruiter, report.reporter or Reporter(), narrative),
        tails=frozenset(find_tails(narrative)),
        companies=tuple(dict.fromkeys(c for c in companies if c)),
        handles=frozenset(handles),
        plates=frozenset(plates),
        place=report.place,
        places=_deepest(places),
        home=_deepest({p for p in places if report.place is None or p[:2] == report.place[:2]}),
        countries=find_countries(words) | ({offer.destination} if offer.destination else frozenset()),
        jobs=find_jobs(words) | ({offer.job} if offer.job else frozenset()),
        people=find_people(narrative, frozenset(own)),
        counts=frozenset(counts),
        sums=find_sums(narrative) | frozenset(n for n in (offer.fee_idr, offer.wage_idr) if n),
        words=concepts(f"{narrative} {report.place_text or ''}") - identity,
    )
