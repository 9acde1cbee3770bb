"""The score of one report: points with their reasons, act, means and purpose, rules, a band, and what is not
known. Pure.

Only what the reporter said counts, and only about this report: no place, sex, language, country or name of
anybody changes it. A sign that is not ticked is not known, never a no. The story itself is not read: a person
reads it. What linking or counting finds stands beside the score, never in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.languages import N_, counted, figures
from hub.risk.weights import ACT, CHAMPION, ELEMENTS, MEANS, PURPOSE, Weights
from sync.records import INDICATORS, URGENT_DAYS, Report

LOW, MEDIUM, HIGH, URGENT = "low", "medium", "high", "urgent"
BANDS: Final = (LOW, MEDIUM, HIGH, URGENT)
"""From the one that can wait longest to the one that cannot."""

CHILD, DEPARTURE, CONFINEMENT, VIOLENCE, SAID_URGENT = (
    "child",
    "departure",
    "confinement",
    "violence",
    "said_urgent",
)
MOST_POINTS: Final = 99
_ORDERED: Final = 100


@dataclass(frozen=True)
class Judged:
    """What is judged: a report, and whether the reporter added something urgent later."""

    report: Report
    added_urgent: bool = False


@dataclass(frozen=True)
class Line:
    """Points of one sign: `why` in words, `source` where the weight comes from; `field` tells that the sign
    was not ticked but follows from another answer, in words."""

    sign: str
    points: int
    why: str
    source: str
    field: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule that holds whatever the points are, and why it does here."""

    code: str
    why: str


@dataclass(frozen=True)
class Element:
    """Act, means or purpose: what ticks it off. Without any it is not known; `needed` is false for the means
    where a child is concerned."""

    name: str
    ticked_by: tuple[str, ...]
    needed: bool = True


@dataclass(frozen=True)
class Assessment:
    """The score of one report with all its reasons. `unknown` holds what nobody said, as things to ask."""

    version: str
    points: int
    band: str
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    elements: tuple[Element, ...]
    unknown: tuple[str, ...]


def assess(judged: Judged, today: datetime.date, weights: Weights = CHAMPION) -> Assessment:
    """Return the score of a report as it stands on a day, by one table of weights."""
    lines = tuple(_lines(judged.report, weights))
    rules = tuple(_rules(judged, today))
    elements = tuple(_elements(judged.report, lines, weights, any(rule.code == CHILD for rule in rules)))
    points = min(sum(line.points for line in lines), MOST_POINTS)
    band, reasons = _band(points, rules, elements, lines, weights)
    unknown = tuple(_unknown(judged.report, elements))
    return Assessment(weights.version, points, band, reasons, lines, rules, elements, unknown)


def rank(band: str, points: int) -> int:
    """Return the place among equals, 0 the first: the band, then the points. 399 is the last."""
    return (len(BANDS) - 1 - BANDS.index(band)) * _ORDERED + MOST_POINTS - min(max(points, 0), MOST_POINTS)


LAST_RANK: Final = rank(LOW, 0)


def _signs(report: Report) -> dict[str, str]:
    """Return the signs that were said, ticked or by another answer, and that answer in words."""
    found = {one.code: "" for one in INDICATORS if one.code in (report.indicators or ())}
    offer, recruiter = report.offer, report.recruiter
    if offer is not None and offer.fee_idr:
        found.setdefault("upfront_fee", N_("uang yang diminta: Rp %(sum)s", sum=figures(offer.fee_idr)))
    if recruiter is not None and recruiter.licence_shown is False:
        found.setdefault("no_licence", N_("jawaban: izin tidak ditunjukkan"))
    if offer is not None and offer.job == "marriage":
        found.setdefault("marriage_offer", N_("pekerjaan yang ditawarkan: pernikahan"))
    if report.kind == "missing":
        found.setdefault("contact_lost", N_("jenis laporan: orang hilang kontak"))
    return found


def _lines(report: Report, weights: Weights) -> Iterator[Line]:
    found = [(sign, field) for sign, field in _signs(report).items() if sign in weights.signs]
    for sign, field in sorted(found, key=lambda one: -weights.signs[one[0]].points):
        weight = weights.signs[sign]
        yield Line(sign, weight.points, weight.why, weight.source, field)


def _rules(judged: Judged, today: datetime.date) -> Iterator[Rule]:
    report = judged.report
    signs = report.indicators or frozenset()
    children = None if report.people is None else report.people.children
    if children:
        yield Rule(CHILD, counted("ada %(count)s anak: aturan anak, cara tidak perlu dibuktikan", children))
    elif "child" in signs or "child_adoption" in signs:
        yield Rule(CHILD, N_("ada anak di bawah 18 tahun: aturan anak, cara tidak perlu dibuktikan"))
    left = _days_left(report, today)
    if left is not None and 0 <= left <= URGENT_DAYS:
        yield Rule(DEPARTURE, N_("berangkat dalam 48 jam: sesudah itu sulit dicegah"))
    if "confinement" in signs:
        yield Rule(CONFINEMENT, N_("ada orang yang dikurung atau dijaga"))
    if "violence" in signs:
        yield Rule(VIOLENCE, N_("ada kekerasan"))
    if report.urgency == "now":
        yield Rule(SAID_URGENT, N_("pelapor berkata: bahaya sekarang atau berangkat dalam 48 jam"))
    elif judged.added_urgent:
        yield Rule(SAID_URGENT, N_("pelapor menambahkan kabar mendesak"))


def _days_left(report: Report, today: datetime.date) -> int | None:
    if report.offer is None or report.offer.departure_on is None:
        return None
    return (datetime.date.fromisoformat(report.offer.departure_on) - today).days


def _elements(report: Report, lines: tuple[Line, ...], weights: Weights, is_child: bool) -> Iterator[Element]:
    ticked: dict[str, list[str]] = {name: [] for name in ELEMENTS}
    if report.kind == "recruiter":
        ticked[ACT].append(N_("laporan tentang perekrut"))
    if report.kind == "departure":
        ticked[ACT].append(N_("laporan tentang keberangkatan"))
    for line in lines:
        element = weights.signs[line.sign].element
        if element is not None:
            ticked[element].append(line.why)
    for name in ELEMENTS:
        yield Element(name, tuple(ticked[name]), needed=not (name == MEANS and is_child))


def _band(
    points: int,
    rules: tuple[Rule, ...],
    elements: tuple[Element, ...],
    lines: tuple[Line, ...],
    weights: Weights,
) -> tuple[str, tuple[str, ...]]:
    strongest = tuple(line.why for line in lines if line.points)
    if rules:
        return URGENT, (*(rule.why for rule in rules), *strongest)
    if all(element.ticked_by for element in elements):
        return HIGH, (N_("perbuatan, cara dan tujuan semuanya disebut"), *strongest)
    if points >= weights.high_from:
        return HIGH, strongest
    if points >= weights.medium_from:
        return MEDIUM, strongest
    if strongest:
        return LOW, strongest
    return LOW, (N_("belum ada tanda yang disebut; yang tidak disebut belum tentu tidak ada"),)


def _unknown(report: Report, elements: tuple[Element, ...]) -> Iterator[str]:
    """Yield what was not said and would change the score, as things to ask."""
    signs = _signs(report)
    people, offer = report.people, report.offer
    if (people is None or people.children is None) and not {"child", "child_adoption"} & signs.keys():
        yield N_("apakah ada anak di bawah 18 tahun")
    if offer is None or offer.departure_on is None:
        yield N_("kapan berangkat")
    if "documents_held" not in signs:
        yield N_("siapa memegang KTP, ijazah dan paspor")
    if not {"confinement", "violence", "threats"} & signs.keys():
        yield N_("apakah ada yang dikurung, diancam atau disakiti")
    if (
        "upfront_fee" not in signs
        and "debt_bondage" not in signs
        and (offer is None or offer.fee_idr is None)
    ):
        yield N_("apakah diminta uang atau ada utang")
    recruiter = report.recruiter
    if (recruiter is None or recruiter.licence_shown is None) and "no_licence" not in signs:
        yield N_("apakah perekrut menunjukkan izin")
    names = {element.name for element in elements if element.needed and not element.ticked_by}
    if ACT in names:
        yield N_("perbuatan: siapa merekrut, membawa, menampung atau menerima")
    if MEANS in names:
        yield N_("cara: ancaman, paksaan, tipuan, utang atau pembayaran")
    if PURPOSE in names:
        yield N_("tujuan: untuk dieksploitasi atau tidak")
