"""Why there is a signal, in words: made of counts alone, so that no name and no number of anybody stands in
them. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.languages import N_, counted, figures
from hub.signals.finding import Group, Sort

DEPARTS_WITHIN_DAYS: Final = 2
"""48 hours: today, tomorrow, the day after."""


@dataclass(frozen=True)
class Facts:
    """What the reports behind a signal have in common, as counts: how many name one same phone, one same
    company, belong to one person of interest, tell of minors; and the days of departure that they name, from
    1970-01-01."""

    reports: int = 0
    same_phone: int = 0
    same_company: int = 0
    same_recruiter: int = 0
    minors: int = 0
    departures: tuple[int, ...] = ()

    def departing(self, today: int) -> int:
        """Return how many departures lie within 48 hours of a day."""
        return sum(0 <= day - today <= DEPARTS_WITHIN_DAYS for day in self.departures)


@dataclass(frozen=True)
class Found:
    """What a rule found, as far as words need it: see `hub.signals.finding.Finding`."""

    sort: str
    group: str
    window_weeks: int
    count: float
    usual_low: float
    usual_high: float
    chance: float | None
    reporters: int = 0


def in_words(found: Found | None, facts: Facts, today: int) -> tuple[str, ...]:
    """Return the reasons, the count first; `found` is None for what a person raised."""
    return (*_counts(found, facts), *_shared(facts, today))


def _counts(found: Found | None, facts: Facts) -> Iterator[str]:
    if found is None:
        if facts.reports:
            yield counted("%(count)s laporan", facts.reports)
        return
    weeks = counted("%(count)s minggu", found.window_weeks)
    if found.sort == Sort.OFFLINE:
        yield N_("kotak desa tidak terdengar selama %(weeks)s", weeks=weeks)
        return
    usual = _usual(found)
    if found.sort == Sort.SILENCE:
        yield N_(
            "%(count)s dalam %(weeks)s, padahal biasanya %(usual)s",
            count=_what(found),
            weeks=weeks,
            usual=usual,
        )
        yield N_("kotak desanya terdengar")
        return
    yield N_("%(count)s dalam %(weeks)s, biasanya %(usual)s", count=_what(found), weeks=weeks, usual=usual)
    if found.reporters > 1:
        yield counted("dari paling sedikit %(count)s pelapor yang berbeda", found.reporters)


def _what(found: Found) -> str:
    if found.group == Group.OTHER:
        return N_("%(number)s dalam data lembaga lain", number=figure(found.count))
    if float(found.count).is_integer():
        return counted("%(count)s laporan", int(found.count))
    return N_("%(number)s laporan", number=figure(found.count))


def _usual(found: Found) -> str:
    low, high = figure(found.usual_low), figure(found.usual_high)
    return low if low == high else N_("%(low)s sampai %(high)s", low=low, high=high)


def _shared(facts: Facts, today: int) -> Iterator[str]:
    if facts.same_phone > 1:
        yield N_("%(number)s menyebut nomor telepon yang sama", number=figures(facts.same_phone))
    if facts.same_company > 1:
        yield N_("%(number)s menyebut perusahaan yang sama", number=figures(facts.same_company))
    if facts.same_recruiter > 1:
        yield N_("%(number)s tentang satu orang yang diperhatikan", number=figures(facts.same_recruiter))
    if facts.minors:
        yield counted("%(count)s menyebut anak di bawah 18", facts.minors)
    departing = facts.departing(today)
    if departing:
        yield counted("%(count)s keberangkatan dalam 48 jam", departing)


def chance_in_words(chance: float | None) -> str | None:
    """Return how often a usual week gives as much, or None where nothing tells."""
    if chance is None or not 0 < chance <= 1:
        return None
    if chance > 0.5:
        return N_("minggu biasa sering sebanyak ini")
    weeks = 1 / chance
    if weeks >= 1_000_000:
        return N_("dalam sejuta minggu biasa tidak sampai sekali sebanyak ini")
    digits = max(0, math.floor(math.log10(weeks)) - 1)
    rounded = round(weeks / 10**digits) * 10**digits
    return N_("dalam minggu biasa kira-kira sekali dalam %(weeks)s minggu", weeks=figures(int(rounded)))


def figure(number: float) -> str:
    """Return a count with at most one decimal."""
    return figures(int(number)) if float(number).is_integer() else figures(f"{number:,.1f}")
