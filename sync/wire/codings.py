"""How single values become choices of known weight: enumerations, numbers, dates, money, places.

A coding writes to an `IntervalWriter` and reads from an `IntervalReader`; a choice of weight w among W
costs log2(W / w) bits. Weights follow what reports of this domain look like, in round numbers; every
legal value has a way through, if a dearer one. Where a value has two ways, writers take the first, and
the report codec refuses the other on reading. All numbers here are part of fields model 1 and stay as
they are; they are not taken from the contract, whose limits may grow.
"""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping
from typing import Generic, Protocol, TypeVar

from sync.errors import MalformedWire
from sync.wire.intervals import IntervalReader, IntervalWriter

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Coding(Protocol[T]):
    """One kind of value, both ways."""

    def put(self, out: IntervalWriter, value: T) -> None:
        """Write a legal value; raise `ValueError` for any other."""

    def take(self, source: IntervalReader) -> T:
        """Read it again; raise `MalformedWire` where no value is meant."""


class Choice(Generic[K]):
    """One of a few values, each with its weight."""

    def __init__(self, weights: Mapping[K, int]) -> None:
        if not weights or min(weights.values()) < 1:
            raise ValueError("every choice needs a weight above 0")
        self._spans: dict[K, tuple[int, int]] = {}
        self._total = 0
        for value, weight in weights.items():
            self._spans[value] = (self._total, weight)
            self._total += weight

    def __contains__(self, value: object) -> bool:
        return value in self._spans

    def put(self, out: IntervalWriter, value: K) -> None:
        """Write one of the values."""
        if value not in self._spans:
            raise ValueError("not one of the choices")
        out.put(*self._spans[value], self._total)

    def take(self, source: IntervalReader) -> K:
        """Read it again."""
        part = source.part(self._total)
        for value, (start, size) in self._spans.items():
            if start <= part < start + size:
                source.take(start, size, self._total)
                return value
        raise MalformedWire("no such choice")


def chance(weight: int, of: int) -> Choice[bool]:
    """Return the coding of a yes or no that is true `weight` times in `of`."""
    return Choice({False: of - weight, True: weight})


class Number:
    """An integer in tiers (weight, least, greatest), even within a tier; the first that holds it is used."""

    def __init__(self, *tiers: tuple[int, int, int]) -> None:
        self._tiers = tiers
        self._tier = Choice({index: weight for index, (weight, _, _) in enumerate(tiers)})

    def put(self, out: IntervalWriter, value: int) -> None:
        """Write a number that lies in some tier."""
        for index, (_, least, greatest) in enumerate(self._tiers):
            if least <= value <= greatest:
                self._tier.put(out, index)
                out.put(value - least, 1, greatest - least + 1)
                return
        raise ValueError("number out of range")

    def take(self, source: IntervalReader) -> int:
        """Read it again."""
        _, least, greatest = self._tiers[self._tier.take(source)]
        total = greatest - least + 1
        part = source.part(total)
        source.take(part, 1, total)
        return least + part


def _days(first: str, last: str) -> tuple[int, int]:
    return datetime.date.fromisoformat(first).toordinal(), datetime.date.fromisoformat(last).toordinal()


class Date:
    """An ISO date. Near the years the kit is in use it takes 10 to 12 bits, any other 26."""

    _number = Number(
        (20, *_days("2025-01-01", "2026-12-31")),
        (8, *_days("2027-01-01", "2030-12-31")),
        (3, *_days("2020-01-01", "2035-12-31")),
        (1, *_days("0001-01-01", "9999-12-31")),
    )

    def put(self, out: IntervalWriter, value: str) -> None:
        """Write an existing date."""
        self._number.put(out, datetime.date.fromisoformat(value).toordinal())

    def take(self, source: IntervalReader) -> str:
        """Read it again."""
        return datetime.date.fromordinal(self._number.take(source)).isoformat()


class Money:
    """Rupiah as mantissa times a power of ten, for people speak of millions."""

    _zeros = Choice({6: 10, 5: 8, 4: 2, 3: 2, 0: 2, 7: 3, 8: 1, 1: 1, 2: 1, 9: 1})
    _mantissa = Number((20, 1, 99), (3, 1, 999), (1, 0, 1_000_000_000))

    def put(self, out: IntervalWriter, value: int) -> None:
        """Write a sum of the contract's range."""
        zeros = 0
        while value and value % 10 == 0:
            value //= 10
            zeros += 1
        self._zeros.put(out, zeros)
        self._mantissa.put(out, value)

    def take(self, source: IntervalReader) -> int:
        """Read it again."""
        zeros = self._zeros.take(source)
        return int(self._mantissa.take(source) * 10**zeros)


class AreaCode:
    """A Kemendagri code of one to four levels, each level a number of its own likelihood.

    The mode leaves room for an index into an area table in a later model.
    """

    _mode = Choice({"levels": 63, "reserved": 1})
    _depth = Choice({4: 8, 3: 6, 2: 3, 1: 1})
    # Sending provinces first (East and West Nusa Tenggara, Java), then all that exist, then any number.
    _province = Choice(
        dict.fromkeys(range(100), 1)
        | dict.fromkeys((*range(11, 22), *range(61, 66), *range(71, 77)), 8)
        | dict.fromkeys((31, 34, 51, 81, 82, *range(91, 97)), 4)
        | {12: 20, 18: 20, 32: 60, 33: 60, 35: 80, 36: 16, 52: 60, 53: 60}
    )
    _regency = Number((8, 1, 10), (6, 1, 29), (2, 71, 79), (1, 0, 99))
    _district = Number((8, 1, 12), (4, 1, 24), (1, 0, 99))
    _village = Number((8, 2001, 2005), (4, 2001, 2016), (2, 1001, 1012), (1, 2001, 2099), (1, 0, 9999))

    def put(self, out: IntervalWriter, value: str) -> None:
        """Write a code of the contract's pattern."""
        levels = [int(level) for level in value.split(".")]
        self._mode.put(out, "levels")
        self._depth.put(out, len(levels))
        self._province.put(out, levels[0])
        for coding, level in zip((self._regency, self._district, self._village), levels[1:], strict=False):
            coding.put(out, level)

    def take(self, source: IntervalReader) -> str:
        """Read it again."""
        if self._mode.take(source) != "levels":
            raise MalformedWire("area code in a mode of a later model")
        depth = self._depth.take(source)
        levels = [f"{self._province.take(source):02}"]
        for coding, digits in ((self._regency, 2), (self._district, 2), (self._village, 4))[: depth - 1]:
            levels.append(f"{coding.take(source):0{digits}}")
        return ".".join(levels)


class IndicatorSet:
    """A yes or no for each indicator; the common ones weigh more. Shorter than a count and a combination."""

    _ticks: Mapping[str, Choice[bool]] = {
        code: chance(weight, 64)
        for code, weight in {
            "no_contract": 5, "no_licence": 3, "wrong_visa": 5, "fake_documents": 8, "child": 10,
            "fast_departure": 2, "night_transport": 5, "sea_route": 5, "group_transport": 7,
            "online_recruitment": 8, "marriage_offer": 2, "impersonates_official": 5, "secrecy": 3,
            "upfront_fee": 7, "debt_bondage": 7, "cash_to_family": 5, "documents_held": 7, "deception": 14,
            "threats": 5, "violence": 5, "confinement": 7, "isolation": 3, "contact_lost": 5,
            "wages_withheld": 7, "excessive_overtime": 5, "abusive_conditions": 7, "sexual_exploitation": 2,
            "scam_compound": 3, "organ_removal": 1, "child_adoption": 2,
        }.items()
    }  # fmt: skip

    def put(self, out: IntervalWriter, value: list[str]) -> None:
        """Write codes of the contract's list."""
        for code, tick in self._ticks.items():
            tick.put(out, code in value)

    def take(self, source: IntervalReader) -> list[str]:
        """Read them again, in the order of the contract."""
        return [code for code, tick in self._ticks.items() if tick.take(source)]


class PositionPair:
    """Latitude and longitude: 43 bits in and around Indonesia, 50 anywhere."""

    _inside = chance(7, 8)
    _box = (Number((1, -1_150_000, 620_000)), Number((1, 9_400_000, 14_150_000)))
    _globe = (Number((1, -9_000_000, 9_000_000)), Number((1, -18_000_000, 18_000_000)))

    def put(self, out: IntervalWriter, value: dict[str, int]) -> None:
        """Write a position of the contract."""
        lat, lon = value["lat_e5"], value["lon_e5"]
        inside = -1_150_000 <= lat <= 620_000 and 9_400_000 <= lon <= 14_150_000
        self._inside.put(out, inside)
        for coding, number in zip(self._box if inside else self._globe, (lat, lon), strict=True):
            coding.put(out, number)

    def take(self, source: IntervalReader) -> dict[str, int]:
        """Read it again."""
        lat, lon = self._box if self._inside.take(source) else self._globe
        return {"lat_e5": lat.take(source), "lon_e5": lon.take(source)}
