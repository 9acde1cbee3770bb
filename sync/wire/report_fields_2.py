"""Fields model 2: places from the dated area table, and no absent field costs more than a bit.

Everything here is frozen: a change of a weight changes every byte. Make a new model instead. Weights are
counts in the fictional reports of content/priming, parts a and b, in round numbers. A section has no sign of
its own: it stands where a member does, and one more choice, nearly free, tells an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sync.wire.area_index import AreaIndex
from sync.wire.codings import Choice, Coding, Date, Money, Number, PositionPair, chance
from sync.wire.copies import NumberCopyCoding, find_number
from sync.wire.fields_model import SECTIONS, Flat, Way, Words
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.led_copies import FirmCopy, LedCopy, LedCopyCoding, NameCopy
from sync.wire.phones import PhoneCoding
from sync.wire.report_fields import TERSE_CHANNELS, Country, DepartureDate

PRESENCE_OF = 64
PRESENCE: Mapping[str, tuple[int, ...]] = MappingProxyType({
    "language": (10, 32), "urgency": (17, 32), "observed_on": (5, 29), "place": (20, 32),
    "place_text": (13, 18), "position": (1, 1), "indicators": (9, 32),
    "recruiter.name": (13, 21), "recruiter.alias": (5, 3, 3), "recruiter.phone": (3, 8, 8),
    "recruiter.company": (4, 3, 3), "recruiter.social": (2, 1, 1), "recruiter.vehicle_plate": (1, 1, 5),
    "recruiter.licence_shown": (1, 1, 1),
    "offer.destination": (10, 30), "offer.job": (4, 32, 32), "offer.wage_idr": (1, 2, 6),
    "offer.fee_idr": (2, 10, 6), "offer.departure_on": (1, 2, 2), "offer.route": (1, 4, 7),
    "people.women": (2, 19), "people.men": (8, 32, 32), "people.children": (4, 6, 32),
    "reporter.relation": (5, 32), "reporter.contact": (1, 14, 14), "reporter.refer": (1, 32, 32),
    "reporter.contact_safely": (1, 2, 8), "official_involved": (1, 2),
})  # fmt: skip
"""How many times in 64 a field stands, at most 32, so that an absent one costs one bit at most.

Two numbers: by a terse channel (SMS or none said), by any other. Three, for a member of a section that is
not its first: where none, one, or more of those before it stand. The order is the order on the wire.
"""

EMPTY_SECTION = chance(1, 256)
"""Whether a section of which no member stands is there all the same; written after its last member."""

_MEMBERS: Mapping[str, tuple[str, ...]] = {
    section: tuple(path for path in PRESENCE if path.startswith(f"{section}.")) for section in SECTIONS
}

KINDS = ("victim", "recruiter", "departure", "missing", "document", "other")
INDICATORS: Mapping[str, tuple[int, ...]] = MappingProxyType({
    "no_contract": (1, 1, 1, 1, 1, 1), "no_licence": (1, 3, 3, 1, 1, 2), "wrong_visa": (6, 6, 3, 1, 3, 4),
    "fake_documents": (3, 5, 8, 5, 36, 9), "child": (5, 9, 16, 10, 15, 10),
    "fast_departure": (1, 4, 1, 1, 1, 1), "night_transport": (1, 3, 18, 2, 1, 5),
    "sea_route": (3, 2, 5, 1, 1, 3), "group_transport": (1, 2, 32, 2, 2, 8),
    "online_recruitment": (2, 13, 5, 11, 2, 6), "marriage_offer": (1, 1, 1, 1, 2, 1),
    "impersonates_official": (1, 6, 1, 1, 1, 2), "secrecy": (1, 1, 3, 1, 1, 1),
    "upfront_fee": (5, 22, 2, 2, 4, 7), "debt_bondage": (11, 3, 2, 2, 4, 6),
    "cash_to_family": (2, 9, 8, 4, 6, 6), "documents_held": (9, 3, 3, 2, 12, 6),
    "deception": (19, 5, 4, 8, 3, 10), "threats": (8, 3, 1, 4, 1, 4), "violence": (12, 1, 1, 2, 1, 5),
    "confinement": (16, 1, 2, 2, 2, 7), "isolation": (6, 1, 3, 6, 1, 4),
    "contact_lost": (1, 1, 1, 38, 1, 5), "wages_withheld": (18, 1, 1, 2, 2, 8),
    "excessive_overtime": (5, 1, 1, 1, 1, 2), "abusive_conditions": (20, 1, 1, 3, 2, 9),
    "sexual_exploitation": (5, 1, 1, 1, 1, 2), "scam_compound": (5, 1, 1, 1, 1, 2),
    "organ_removal": (1, 1, 1, 1, 1, 1), "child_adoption": (1, 1, 1, 1, 1, 1),
})  # fmt: skip
"""How many times in 64 an indicator is ticked, by the kind of report; the order is that of the contract."""


class IndicatorSetOf:
    """A yes or no for each indicator, as likely as it is in reports of one kind."""

    def __init__(self, kind: str) -> None:
        at = KINDS.index(kind)
        self._ticks = {code: chance(weights[at], 64) for code, weights in INDICATORS.items()}

    def put(self, out: IntervalWriter, value: list[str]) -> None:
        """Write codes of the contract's list; raise `ValueError` for one that this model does not know."""
        if not self._ticks.keys() >= set(value):
            raise ValueError("an indicator that fields model 2 does not know")
        for code, tick in self._ticks.items():
            tick.put(out, code in value)

    def take(self, source: IntervalReader) -> list[str]:
        """Read them again, in the order of the contract."""
        return [code for code, tick in self._ticks.items() if tick.take(source)]


class Destination(Country):
    """A destination country, with the weights of this model."""

    _usual = Choice({
        "MY": 40, "SA": 14, "ID": 8, "TW": 8, "HK": 6, "JP": 6, "KR": 5, "AE": 5, "KH": 4, "SG": 4, "BN": 3,
        "CN": 3, "MM": 3, "TH": 2, "PH": 2, "MO": 2, "OM": 2, "TR": 2, "PL": 2, "IQ": 2, "LA": 1, "KW": 1,
        "QA": 1, "JO": 1, "SY": 1, "EG": 1, "BH": 1, "IT": 1, "DE": 1, "AU": 1, "NZ": 1, "PG": 1, "TL": 1,
        "VN": 1, Country.ELSE: 4,
    })  # fmt: skip


class MobileCoding(PhoneCoding):
    """Phones, most of them mobile: 08 and then one of the digits that operators have."""

    grouping = Choice({(" ", 4): 8, ("-", 4): 5, (" ", 0): 6, ("-", 3): 1, (" ", 3): 1, ("", 0): 1})
    count = Number((8, 10, 10), (5, 9, 9), (4, 11, 11), (2, 7, 8), (1, 5, 13), (1, 0, 80))
    operator = Choice({1: 8, 2: 6, 5: 6, 7: 3, 8: 3, 9: 3, 3: 3, 0: 1, 4: 1, 6: 1})


_LANGUAGES = Choice({
    "id": 40, "jv": 9, "mkn": 8, "su": 8, "sas": 8, "mad": 8, "ms": 1, "en": 1, "ban": 1, "bug": 1, "min": 1,
    "ace": 1, "bjn": 1, "btk": 1, "mak": 1, "tet": 1,
})  # fmt: skip
_MOBILE = MobileCoding()


def _listed(text: str, _narrative: str) -> str | None:
    return text if text in _LANGUAGES else None


def _phone(text: str, _narrative: str) -> str | None:
    return text if text in _MOBILE else None


def _number(weight: int) -> Way:
    return Way(weight, find_number, NumberCopyCoding())


def _name(weight: int) -> Way:
    rank = Number((10, 0, 0), (6, 1, 3), (4, 4, 15), (2, 16, 63), (1, 64, 1023))
    return Way(
        weight, NameCopy.find, LedCopyCoding(NameCopy, rank, Number((3, 1, 1), (14, 2, 2), (2, 3, 16)))
    )


def _firm(weight: int) -> Way:
    rank = Number((10, 0, 0), (6, 1, 3), (4, 4, 15), (2, 16, 63), (1, 64, 1023))
    return Way(
        weight, FirmCopy.find, LedCopyCoding(FirmCopy, rank, Number((2, 1, 2), (10, 3, 5), (1, 6, 16)))
    )


def _copy(weight: int) -> Way:
    rank = Number((4, 0, 3), (4, 4, 15), (2, 16, 63), (1, 64, 1023))
    return Way(weight, LedCopy.find, LedCopyCoding(LedCopy, rank, Number((8, 1, 2), (4, 3, 5), (1, 6, 16))))


WORDS: Mapping[str, Words] = MappingProxyType({
    "language": Words(1, Way(31, _listed, _LANGUAGES)),
    "place_text": Words(14, _copy(2)),
    "recruiter.name": Words(1, _name(15)),
    "recruiter.alias": Words(2, _name(14)),
    "recruiter.phone": Words(1, _number(20), Way(5, _phone, _MOBILE)),
    "recruiter.company": Words(2, _firm(14)),
    "recruiter.social": Words(14, _copy(2)),
    "recruiter.vehicle_plate": Words(4, _copy(12)),
    "offer.route": Words(12, _copy(4)),
    "reporter.contact": Words(10, _number(1), _copy(2), Way(12, _phone, _MOBILE)),
    "reporter.contact_safely": Words(15, _copy(1)),
})  # fmt: skip
"""The text fields other than the narrative, in the order of their texts."""

CHANNEL: Choice[str | None] = Choice(
    {"telegram": 18, "web": 10, "sms": 9, "facilitator": 5, "hub": 5, "paper": 2, None: 4}
)

URGENCY: Mapping[str, Choice[str]] = {
    kind: Choice(dict(zip(("now", "soon", "info"), weights, strict=True)))
    for kind, weights in {
        "victim": (10, 5, 2), "recruiter": (1, 10, 2), "departure": (10, 2, 1), "missing": (6, 4, 2),
        "document": (3, 6, 3), "other": (4, 4, 4),
    }.items()
}  # fmt: skip

RELATION: Mapping[str, Choice[str]] = {
    kind: Choice(
        dict(zip(("self", "family", "neighbour", "official", "facilitator", "other"), weights, strict=True))
    )
    for kind, weights in {
        "victim": (12, 10, 3, 3, 2, 3), "recruiter": (4, 4, 8, 3, 2, 4), "departure": (1, 6, 4, 6, 3, 3),
        "missing": (1, 12, 2, 2, 1, 1), "document": (5, 3, 1, 8, 2, 2), "other": (3, 5, 2, 2, 1, 2),
    }.items()
}  # fmt: skip

_INDICATOR_SETS = {kind: IndicatorSetOf(kind) for kind in KINDS}


def _amount(none: int, one: int) -> Number:
    return Number((none, 0, 0), (one, 1, 1), (5, 2, 9), (1, 10, 40), (1, 0, 500))


CODINGS: Mapping[str, Coding[Any]] = MappingProxyType({
    "kind": Choice({"victim": 16, "recruiter": 14, "departure": 10, "missing": 5, "document": 4, "other": 3}),
    "observed_on": Date(),
    "place": AreaIndex(),
    "position": PositionPair(),
    "recruiter.licence_shown": chance(1, 3),
    "offer.destination": Destination(),
    "offer.job": Choice({
        "domestic": 12, "plantation": 8, "fishing": 8, "factory": 4, "online": 4, "hospitality": 3,
        "caregiver": 3, "construction": 3, "entertainment": 2, "marriage": 2, "driver": 2, "other": 2,
    }),
    "offer.wage_idr": Money(),
    "offer.fee_idr": Money(),
    "offer.departure_on": Date(),
    "people.women": _amount(4, 7),
    "people.men": _amount(5, 4),
    "people.children": _amount(8, 4),
    "reporter.refer": chance(12, 13),
    "official_involved": chance(4, 5),
})  # fmt: skip


class FieldsTwo:
    """Fields model 2."""

    number = 2
    channel = CHANNEL
    words = WORDS

    def paths(self, flat: Flat) -> Iterator[str]:
        """Yield every field, and behind its members a section of which none stands."""
        for path in PRESENCE:
            yield path
            section = path.partition(".")[0]
            members = _MEMBERS.get(section, ())
            if path in members[-1:] and not any(member in flat for member in members):
                yield section

    def presence(self, path: str, flat: Flat) -> Choice[bool]:
        """Return the coding of whether a field stands."""
        if path in SECTIONS:
            return EMPTY_SECTION
        weights = PRESENCE[path]
        if len(weights) == 2:
            return chance(weights[flat.get("channel") not in TERSE_CHANNELS], PRESENCE_OF)
        section = path.partition(".")[0]
        before = _MEMBERS[section][: _MEMBERS[section].index(path)]
        return chance(weights[min(2, sum(member in flat for member in before))], PRESENCE_OF)

    def coding(self, path: str, flat: Flat) -> Coding[Any]:
        """Return the coding of a field that is no text."""
        kind = str(flat.get("kind"))
        if path == "urgency":
            return URGENCY[kind]
        if path == "reporter.relation":
            return RELATION[kind]
        if path == "indicators":
            return _INDICATOR_SETS[kind]
        observed_on = flat.get("observed_on")
        if path == "offer.departure_on" and isinstance(observed_on, str):
            return DepartureDate(observed_on)
        return CODINGS[path]
