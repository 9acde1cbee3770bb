"""How strongly two reports speak of one recruiter, or tell one event: Fellegi-Sunter in bits, each piece
with its reason.

A weight is log2(m / u): m, how often two reports of one recruiter agree so; u, how often two others do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hub.linking.evidence import Evidence
from hub.linking.marks import handle_letters, same_company
from hub.linking.names import Name, NameFrequencies, compare_names, compare_titles
from hub.linking.phones import is_slip
from hub.linking.places import closest
from hub.linking.shares import Shares
from hub.linking.words import Rarity


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence: its kind, in words what agrees or not, and its weight in bits (below 0:
    against). `how` is a code of what `says` says, for other languages, and `about` what it speaks of.
    """

    kind: str
    says: str
    bits: float
    how: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What speaks for and against one recruiter (or one event) behind two reports."""

    pieces: tuple[Piece, ...]

    @property
    def bits(self) -> float:
        """The sum of the pieces."""
        return math.fsum(piece.bits for piece in self.pieces)

    @property
    def has_mark(self) -> bool:
        """True when a number, an account, a plate or a company agrees."""
        return any(piece.bits > 0 and piece.kind in MARK_KINDS for piece in self.pieces)

    @property
    def has_anchor(self) -> bool:
        """True when more than likeness of words, work and kind speaks for one event."""
        return math.fsum(p.bits for p in self.pieces if p.kind in ANCHOR_KINDS) >= LEAST_ANCHOR

    @property
    def rests_on_more_than_a_name(self) -> bool:
        """True when what is no name speaks for the link, taken together."""
        return math.fsum(p.bits for p in self.pieces if p.kind not in NAME_KINDS) >= LEAST_BESIDE_NAME


MARK_KINDS = frozenset({"phone", "account", "plate", "company"})
LEAST_BESIDE_NAME = 0.5
"""Bits that what is no name must bring together, so that a country of destination does not make up for two
provinces.
"""

ANCHOR_KINDS = frozenset({"place", "date", "recruiter", "names told", "sum", "people"})
LEAST_ANCHOR = 2.0
NAME_KINDS = frozenset({"name", "title", "narrative"})
"""Kinds that never link two reports by themselves; likeness of narratives is no independent evidence of a
person.
"""

PHONE, PHONE_SLIP, PHONE_TAIL = 22.0, 6.0, 6.0
PHONE_YEARS = 2
HANDLE, HANDLE_RENAMED, PLATE, COMPANY = 20.0, 9.0, 18.0, 9.0
PLACE_M = {2: 0.3, 5: 0.4, 8: 0.35, 13: 0.3}
"""How often two reports of one recruiter have this as the smallest area in common, by length of its code."""

OTHER_PROVINCE, MOST_PLACE, UNSURE = -2.5, 10.0, 0.4
DESTINATION_M, OTHER_DESTINATION = 0.7, -1.2


@dataclass(frozen=True, slots=True)
class Background:
    """What the hub knows of frequencies."""

    names: NameFrequencies
    words: Rarity
    shares: Shares


# --- one recruiter ---


def score_recruiter(one: Evidence, other: Evidence, known: Background) -> Link:
    """Return what speaks for and against one recruiter behind both reports."""
    pieces = [*_marks(one, other), *_names(one, other, known.names)]
    # Where two reports have no mark or name in common, place and work say nothing about a person.
    if any(p.bits > 0 for p in pieces):
        pieces += [*_place(one, other, known.shares), *_work(one, other, known.shares)]
    return Link(tuple(p for p in pieces if p.bits))


def _marks(one: Evidence, other: Evidence) -> list[Piece]:
    pieces = []
    phone = _phone(one, other)
    if phone is not None:
        pieces.append(phone)
    handle = _handle(one, other)
    if handle is not None:
        pieces.append(handle)
    if plates := one.plates & other.plates:
        pieces.append(
            Piece("plate", f"same number plate {min(plates)}", PLATE, "same", (min(plates),)),
        )
    pairs = [(same_company(a, b), a, b) for a in one.companies for b in other.companies]
    best, ours, theirs = max(pairs) if pairs else (0.0, (), ())
    if best > 0:
        says, how = ("same company", "same") if best == 1 else ("company under a like name", "like")
        about = tuple(dict.fromkeys((" ".join(ours), " ".join(theirs))))
        pieces.append(Piece("company", says, COMPANY * best, how, about))
    return pieces


def _phone(one: Evidence, other: Evidence) -> Piece | None:
    if not (one.phones or one.tails) or not (other.phones or other.tails):
        return None
    if shared := one.phones & other.phones:
        old = one.day is not None and other.day is not None and abs(one.day - other.day) > 365 * PHONE_YEARS
        # Numbers are given out again: years apart the same number tells less.
        bits, how = (PHONE / 2, "same long ago") if old else (PHONE, "same")
        return Piece("phone", f"same number {min(shared)}", bits, how, (min(shared),))
    tails = [
        (t, p) for a, b in ((one, other), (other, one)) for t in a.tails for p in b.phones if p.endswith(t)
    ]
    if tails:
        tail, number = min(tails)
        bits = PHONE_TAIL * min(1.0, len(tail) / 4)
        return Piece("phone", f"number ends in {tail}", bits, "tail", (tail, number))
    slips = [(min(a, b), max(a, b)) for a in one.phones for b in other.phones if is_slip(a, b)]
    if slips:
        says = f"number {min(slips)[0]} but for one slip of a digit"
        return Piece("phone", says, PHONE_SLIP, "slip", min(slips))
    return None


def _handle(one: Evidence, other: Evidence) -> Piece | None:
    if not one.handles or not other.handles:
        return None
    if shared := one.handles & other.handles:
        return Piece("account", f"same account {min(shared)}", HANDLE, "same", (min(shared),))
    ours, theirs = ({handle_letters(h) for h in e.handles} for e in (one, other))
    if like := {h for h in ours & theirs if len(h) >= 6}:
        says = f"account {min(like)} under another spelling"
        return Piece("account", says, HANDLE_RENAMED, "like", (min(like),))
    return None


def _in_handles(names: tuple[Name, ...], handles: frozenset[str]) -> str | None:
    for name in names:
        for word in name.full:
            if len(word) >= 4 and any(handle_letters(h).startswith(word) for h in handles):
                return word
    return None


def _names(one: Evidence, other: Evidence, frequencies: NameFrequencies) -> list[Piece]:
    scores = [(compare_names(a, b, frequencies), a, b) for a in one.names for b in other.names]
    if not scores:
        word = _in_handles(one.names, other.handles) or _in_handles(other.names, one.handles)
        if not word:
            return []
        bits = 0.7 * frequencies.bits(word)
        return [Piece("name", "the account bears the name", bits, "in account", (word,))]
    best, ours, theirs = scores[0]
    if len(scores) > 1:
        best, ours, theirs = max(scores, key=lambda s: (s[0], s[1].words, s[2].words))
    pieces = []
    if best:
        both = (" ".join(ours.words), " ".join(theirs.words))
        says = f"names agree: {' / '.join(both)}" if best > 0 else "names differ"
        pieces.append(Piece("name", says, best, "agree" if best > 0 else "differ", both))
    titles = 0.0
    if best > 0:
        titles = compare_titles(_titles_of(ours, one.names), _titles_of(theirs, other.names))
    if titles:
        says, how = ("same rare title", "same") if titles > 0 else ("a woman here, a man there", "differ")
        pieces.append(Piece("title", says, titles, how))
    return pieces


def _titles_of(name: Name, names: tuple[Name, ...]) -> frozenset[str]:
    """Return the titles of a name and of others in the report that share a word with it."""
    if len(names) == 1:
        return name.titles
    return frozenset().union(*(n.titles for n in names if n == name or set(n.full) & set(name.full)))


_LEVELS = {0: "other provinces", 2: "one province", 5: "one regency", 8: "one district", 13: "one village"}


def _place(one: Evidence, other: Evidence, shares: Shares) -> list[Piece]:
    area = closest(one.home, other.home)
    if area is None:
        return []
    if not area:
        # A name in a text may be of another place of that name; a field is not.
        sure = one.place is not None and other.place is not None
        return [Piece("place", _LEVELS[0], OTHER_PROVINCE if sure else OTHER_PROVINCE * UNSURE, "differ")]
    bits = math.log2(PLACE_M[len(area)] / shares.of_area(area))
    says = f"{_LEVELS[len(area)]} ({area})"
    return [Piece("place", says, max(-1.0, min(MOST_PLACE, bits)), "same", (area,))]


def _work(one: Evidence, other: Evidence, shares: Shares) -> list[Piece]:
    pieces = []
    ours, theirs = one.countries - {"ID"}, other.countries - {"ID"}
    if shared := one.countries & other.countries:
        bits = max(math.log2(DESTINATION_M / shares.of_country(c)) for c in shared)
        says = f"both to {', '.join(sorted(shared))}"
        pieces.append(Piece("destination", says, max(0.3, min(4.0, bits)), "same", tuple(sorted(shared))))
    elif ours and theirs:
        pieces.append(Piece("destination", "other countries", OTHER_DESTINATION, "differ"))
    if one.jobs and other.jobs:
        if jobs := one.jobs & other.jobs:
            says = f"both {', '.join(sorted(jobs))}"
            pieces.append(Piece("job", says, SAME_JOB, "same", tuple(sorted(jobs))))
        else:
            pieces.append(Piece("job", "other work", -0.7, "differ"))
    return pieces


# --- one event ---


DAYS_APART = ((1, 6.5), (4, 5.0), (15, 3.0), (45, 0.0), (120, -3.0))
FAR_APART = -8.0
SAME_SUM, SAME_COUNT, MOST_NAMES = 4.0, 3.0, 6.0
EVENT_PLACE = {0: -3.0, 2: -0.5, 5: 3.0, 8: 5.0, 13: 6.0}
"""Bits by length of the smallest area in common."""

SAME_RECRUITER, OTHER_RECRUITER, MOST_WORK = 4.0, -4.0, 2.0
COMMON_WORD, LEAST_WORDS, MOST_WORDS = 3.0, 0.5, 9.0
"""Words in more than an eighth of all reports tell nothing; a language that few write makes every word
rare.
"""


SAME_JOB = 1.2
MOST_OF_THE_REST = MOST_WORK + SAME_JOB + 1.5
"""What work and the kinds of two reports bring together at most."""


def score_event(
    one: Evidence, other: Evidence, known: Background, recruiter: Link, *, least: float = -math.inf
) -> Link:
    """Return what speaks for and against one event behind both reports; `recruiter` is `score_recruiter` of
    them. A pair that cannot reach `least` bits may come back with nothing.
    """
    if _event_at_most(one, other, known, recruiter) < least:
        return Link(())
    pieces = [*_day(one, other), *_event_place(one, other), *_told(one, other, known.words)]
    named = [p for p in recruiter.pieces if p.kind in MARK_KINDS | {"name", "title"}]
    bits = math.fsum(p.bits for p in named)
    if bits:
        if bits > 0:
            weight = min(SAME_RECRUITER, bits / 2)
            pieces.append(Piece("recruiter", "the recruiter may be one", weight, "same"))
        else:
            pieces.append(Piece("recruiter", "other recruiters", max(OTHER_RECRUITER, bits), "differ"))
    # Where to and which work is the recruiter's habit: it tells little of one event.
    work = [
        piece if piece.bits <= MOST_WORK else replace(piece, bits=MOST_WORK)
        for piece in _work(one, other, known.shares)
    ]
    pieces += [*work, *_kinds(one, other), *_numbers(one, other)]
    return Link(tuple(p for p in pieces if p.bits))


def _event_at_most(one: Evidence, other: Evidence, known: Background, recruiter: Link) -> float:
    """Return bits that `score_event` does not exceed, for the price of a look at what it mostly rests on."""
    bits = MOST_OF_THE_REST + min(MOST_WORDS, _words_bits(one, other, one.words & other.words, known.words))
    if one.people and not one.people.isdisjoint(other.people):
        bits += MOST_NAMES
    if one.sums and not one.sums.isdisjoint(other.sums):
        bits += SAME_SUM
    if one.counts and other.counts:
        bits += SAME_COUNT
    if recruiter.pieces:
        bits += SAME_RECRUITER
    if one.day is not None and other.day is not None:
        apart = abs(one.day - other.day)
        bits += next((bits for most, bits in DAYS_APART if apart <= most), FAR_APART)
    at_home = closest(one.home, other.home)
    if at_home is not None:
        # Places that the reports name besides count half.
        bits += max(EVENT_PLACE[len(at_home)], 0.5 * max(EVENT_PLACE.values()))
    return bits


def _day(one: Evidence, other: Evidence) -> list[Piece]:
    if one.day is None or other.day is None:
        return []
    apart = abs(one.day - other.day)
    for most, bits in DAYS_APART:
        if apart <= most:
            return [Piece("date", f"{apart} days apart", bits, "near", (str(apart),))]
    return [Piece("date", f"{apart} days apart", FAR_APART, "far", (str(apart),))]


def _event_place(one: Evidence, other: Evidence) -> list[Piece]:
    at_home = closest(one.home, other.home)
    area = closest(one.places, other.places)
    if area is None or at_home is None:
        return []
    bits = max(EVENT_PLACE[len(at_home)], 0.5 * EVENT_PLACE[len(area)])
    nearest = max(area, at_home, key=len)
    how = "same" if nearest else "differ"
    return [Piece("place", _LEVELS[len(nearest)], bits, how, (nearest,) if nearest else ())]


_SAME_KIND = {
    "departure": 1.5,
    "missing": 1.5,
    "victim": 0.5,
    "document": 0.0,
    "other": 0.5,
    "recruiter": -2.0,
}
"""Offers go on for months: two reports of one recruiter's offers are seldom one event."""


def _kinds(one: Evidence, other: Evidence) -> list[Piece]:
    if one.kind == other.kind:
        bits = _SAME_KIND.get(one.kind, 0.0)
        return [Piece("kind", f"both {one.kind}", bits, "same", (one.kind,))]
    if "recruiter" in (one.kind, other.kind):
        says = f"{one.kind} and {other.kind}"
        return [Piece("kind", says, -3.0, "differ", (one.kind, other.kind))]
    return []


def _numbers(one: Evidence, other: Evidence) -> list[Piece]:
    pieces = []
    if shared := one.sums & other.sums:
        says = f"both tell of Rp {max(shared):,}"
        pieces.append(Piece("sum", says, SAME_SUM, "same", (str(max(shared)),)))
    if one.counts and other.counts:
        if same := {n for n in one.counts & other.counts if n >= 4}:
            says = f"both tell of {max(same)} people"
            pieces.append(Piece("people", says, SAME_COUNT, "same", (str(max(same)),)))
        elif one.counts & other.counts:
            pieces.append(Piece("people", "as many people", 1.0, "as many"))
        elif any(
            abs(a - b) <= max(1, 0.15 * max(a, b)) for a in one.counts for b in other.counts if min(a, b) >= 4
        ):
            pieces.append(Piece("people", "nearly as many people", 1.5, "nearly"))
    return pieces


def _words_bits(one: Evidence, other: Evidence, shared: frozenset[str], rarity: Rarity) -> float:
    bits = math.fsum(rare - COMMON_WORD for word in shared if (rare := rarity.bits(word)) > COMMON_WORD)
    # Long texts share more words by chance.
    return bits * min(1.0, 2.6 / math.log2(2 + math.sqrt(len(one.words) * len(other.words))))


def _told(one: Evidence, other: Evidence, rarity: Rarity) -> list[Piece]:
    """Weigh what both narratives tell: words that few reports hold, and names of others."""
    shared = one.words & other.words
    bits = _words_bits(one, other, shared, rarity)
    pieces = []
    if bits > LEAST_WORDS:
        ranked = sorted(((rarity.bits(word), word) for word in shared), key=lambda r: (-r[0], r[1]))
        told = tuple(word.lstrip("~") for _, word in ranked[:4])
        says = f"both tell of {', '.join(told)}"
        pieces.append(Piece("narrative", says, min(MOST_WORDS, bits), "same", told))
    if people := one.people & other.people:
        named = tuple(sorted(people)[:3])
        says = f"both name {', '.join(named)}"
        pieces.append(Piece("names told", says, min(MOST_NAMES, 2.5 * len(people)), "same", named))
    return pieces
