"""Fields model 1: in which order a report's fields are written, with which coding and how often they stand.

Everything here is frozen: a change of a weight changes every byte. Make a new model instead. The weights
are rounded from 200 fictional reports; presence depends on whether a report came by a terse channel (SMS
or none said), which gives little more than words, or by one that asks.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from sync.errors import MalformedWire
from sync.wire.codings import (
    AreaCode,
    Choice,
    Coding,
    Date,
    IndicatorSet,
    Money,
    Number,
    PositionPair,
    chance,
)
from sync.wire.copies import Copy, CopyCoding, NumberCopyCoding, find_number
from sync.wire.fields_model import Flat, Way, Words
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.phones import PhoneCoding

TERSE_CHANNELS = ("sms", None)

PRESENCE_OF = 64
PRESENCE: Mapping[str, tuple[int, int]] = {
    "language": (9, 31), "urgency": (9, 33), "observed_on": (8, 30), "place": (18, 44),
    "place_text": (12, 19), "position": (1, 1), "indicators": (11, 38), "recruiter": (14, 30),
    "recruiter.name": (44, 44), "recruiter.alias": (10, 10), "recruiter.phone": (20, 20),
    "recruiter.company": (8, 8), "recruiter.social": (5, 5), "recruiter.vehicle_plate": (3, 3),
    "recruiter.licence_shown": (3, 3), "offer": (9, 34), "offer.destination": (48, 48),
    "offer.job": (40, 40), "offer.wage_idr": (7, 7), "offer.fee_idr": (11, 11),
    "offer.departure_on": (4, 4), "offer.route": (13, 13), "people": (4, 24), "people.women": (48, 48),
    "people.men": (48, 48), "people.children": (40, 40), "reporter": (3, 36),
    "reporter.relation": (60, 60), "reporter.contact": (18, 18), "reporter.refer": (36, 36),
    "reporter.contact_safely": (3, 3), "official_involved": (2, 2),
}  # fmt: skip
"""How many times in 64 a field stands where its section does: by a terse channel, by any other.

The order is the order on the wire, a section before its members.
"""


class DepartureDate:
    """A date that mostly comes soon after another; plain where it does not."""

    _plain = Date()
    _near = chance(3, 4)
    _after = Number((6, 0, 7), (3, 0, 31), (1, -31, 180))

    def __init__(self, observed_on: str) -> None:
        self._observed = datetime.date.fromisoformat(observed_on).toordinal()

    def put(self, out: IntervalWriter, value: str) -> None:
        """Write an existing date."""
        days = datetime.date.fromisoformat(value).toordinal() - self._observed
        near = -31 <= days <= 180
        self._near.put(out, near)
        if near:
            self._after.put(out, days)
        else:
            self._plain.put(out, value)

    def take(self, source: IntervalReader) -> str:
        """Read it again."""
        if not self._near.take(source):
            return self._plain.take(source)
        try:
            return datetime.date.fromordinal(self._observed + self._after.take(source)).isoformat()
        except (ValueError, OverflowError):
            raise MalformedWire("a date outside the calendar") from None


class Country:
    """A destination: the usual ones cheap, then any two letters."""

    ELSE = "else"
    _usual = Choice({
        "MY": 40, "SA": 14, "ID": 12, "TW": 10, "HK": 8, "SG": 7, "KR": 6, "KH": 6, "BN": 4, "AE": 4, "JP": 4,
        "MM": 3, "TH": 3, "CN": 3, "LA": 2, "PH": 2, "MO": 2, "KW": 2, "QA": 2, "OM": 2, "JO": 2, "TR": 2,
        "PL": 2, "IQ": 1, "SY": 1, "EG": 1, "DE": 1, "AU": 1, "TL": 1, "VN": 1, "BH": 1, ELSE: 5,
    })  # fmt: skip
    _letters = Number((1, 0, 26 * 26 - 1))

    def put(self, out: IntervalWriter, value: str) -> None:
        """Write two capital letters."""
        if value in self._usual:
            self._usual.put(out, value)
            return
        self._usual.put(out, self.ELSE)
        self._letters.put(out, (ord(value[0]) - 65) * 26 + ord(value[1]) - 65)

    def take(self, source: IntervalReader) -> str:
        """Read it again."""
        usual = self._usual.take(source)
        if usual != self.ELSE:
            return usual
        first, second = divmod(self._letters.take(source), 26)
        return chr(65 + first) + chr(65 + second)


_LANGUAGES = Choice({
    "id": 40, "jv": 9, "mkn": 6, "su": 6, "mad": 4, "sas": 4, "ms": 2, "en": 2, "ban": 1, "bug": 1, "min": 1,
    "ace": 1, "bjn": 1, "btk": 1, "mak": 1, "tet": 1,
})  # fmt: skip
_PHONE = PhoneCoding()


def _listed(text: str, _narrative: str) -> str | None:
    return text if text in _LANGUAGES else None


def _phone(text: str, _narrative: str) -> str | None:
    return text if text in _PHONE else None


def _copy(weight: int) -> Way:
    return Way(weight, Copy.find, CopyCoding())


def _amount() -> Number:
    return Number((6, 0, 0), (5, 1, 1), (5, 2, 9), (1, 10, 40), (1, 0, 500))


WORDS: Mapping[str, Words] = {
    "language": Words(1, Way(31, _listed, _LANGUAGES)),
    "place_text": Words(14, _copy(2)),
    "recruiter.name": Words(2, _copy(14)),
    "recruiter.alias": Words(3, _copy(13)),
    "recruiter.phone": Words(1, Way(18, find_number, NumberCopyCoding()), Way(6, _phone, _PHONE)),
    "recruiter.company": Words(3, _copy(13)),
    "recruiter.social": Words(12, _copy(4)),
    "recruiter.vehicle_plate": Words(8, _copy(8)),
    "offer.route": Words(9, _copy(7)),
    "reporter.contact": Words(18, Way(1, find_number, NumberCopyCoding()), _copy(2), Way(10, _phone, _PHONE)),
    "reporter.contact_safely": Words(15, _copy(1)),
}
"""The text fields other than the narrative, in the order of their texts."""

CHANNEL = Choice(
    {"telegram": 18, "web": 14, "sms": 11, "facilitator": 8, "hub": 5, "paper": 3, None: 5}
)  # fmt: skip

CODINGS: Mapping[str, Coding[Any]] = {
    "kind": Choice({"victim": 20, "recruiter": 18, "departure": 12, "missing": 6, "document": 5, "other": 4}),
    "urgency": Choice({"now": 8, "soon": 5, "info": 3}),
    "observed_on": Date(),
    "place": AreaCode(),
    "position": PositionPair(),
    "indicators": IndicatorSet(),
    "recruiter.licence_shown": chance(1, 3),
    "offer.destination": Country(),
    "offer.job": Choice({
        "domestic": 10, "plantation": 10, "fishing": 6, "hospitality": 5, "online": 5, "caregiver": 5,
        "factory": 4, "construction": 4, "entertainment": 2, "driver": 2, "marriage": 2, "other": 2,
    }),
    "offer.wage_idr": Money(),
    "offer.fee_idr": Money(),
    "offer.departure_on": Date(),
    "people.women": _amount(),
    "people.men": _amount(),
    "people.children": _amount(),
    "reporter.relation": Choice(
        {"family": 10, "self": 9, "official": 7, "neighbour": 6, "other": 6, "facilitator": 2}
    ),
    "reporter.refer": chance(7, 8),
    "official_involved": chance(3, 4),
}  # fmt: skip


def coding_of(path: str, known: Mapping[str, object]) -> Coding[Any]:
    """Return the coding of a field that is no text, given the fields written before it."""
    observed_on = known.get("observed_on")
    if path == "offer.departure_on" and isinstance(observed_on, str):
        return DepartureDate(observed_on)
    return CODINGS[path]


def presence_of(path: str, channel: object) -> Choice[bool]:
    """Return the coding of whether a field stands."""
    terse, full = PRESENCE[path]
    return chance(terse if channel in TERSE_CHANNELS else full, PRESENCE_OF)


class FieldsOne:
    """Fields model 1. A section says whether it stands before its members do."""

    number = 1
    channel = CHANNEL
    words = WORDS

    def paths(self, flat: Flat) -> Iterator[str]:
        """Yield the paths at the top, and those of sections that stand."""
        for path in PRESENCE:
            section = path.rpartition(".")[0]
            if not section or section in flat:
                yield path

    def presence(self, path: str, flat: Flat) -> Choice[bool]:
        """Return the coding of whether a field stands."""
        return presence_of(path, flat.get("channel"))

    def coding(self, path: str, flat: Flat) -> Coding[Any]:
        """Return the coding of a field that is no text."""
        return coding_of(path, flat)
