"""What the answers of "Cek tawaran" say for certain in the terms of a report. Data and a pure function.

Only what an answer states is filled in, never what it suggests: "asked for or kept" a passport is not "kept",
and a trip in three days may be beyond the 48 hours of "now". The reporter sees it all and changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Implied:
    """Where all these answers were given, this field of a report holds this value."""

    answers: tuple[tuple[str, str], ...]
    field: str
    value: str


KIND = ("kind", "recruiter")
"""Whoever reports out of a check reports an offer."""

IMPLIED = (
    Implied((("destination", "indonesia"),), "offer.destination", "ID"),
    Implied((("job", "online"),), "offer.job", "online"),
    Implied((("job", "marriage"),), "offer.job", "marriage"),
    Implied((("job", "marriage"),), "indicators", "marriage_offer"),
    Implied((("age", "child"),), "indicators", "child"),
    Implied((("age", "changed"),), "indicators", "fake_documents"),
    Implied((("passport", "wrong"),), "indicators", "fake_documents"),
    Implied((("visa", "other"),), "indicators", "wrong_visa"),
    Implied((("family", "secret"),), "indicators", "secrecy"),
    Implied((("contract", "spoken"),), "indicators", "no_contract"),
    Implied((("fee", "no_receipt"),), "indicators", "upfront_fee"),
    Implied((("advance", "written"),), "indicators", "cash_to_family"),
    Implied((("advance", "bound"),), "indicators", "cash_to_family"),
    Implied((("route", "hidden"),), "indicators", "sea_route"),
    Implied((("departure", "weeks"),), "urgency", "soon"),
    # Without papers there was no training and no medical check either.
    Implied((("departure", "days"), ("documents", "not_needed")), "indicators", "fast_departure"),
)
"""By keys of the shipped rule pack, which keep their meaning once shipped."""

MAY_BE_NOW = ("departure", "days")
"""The answer after which the report asks first how urgent it is: only the reporter knows the hours."""


def report_fields(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return inputs of the report form, each once, from answers to questions that were asked."""
    found = [KIND]
    for implied in IMPLIED:
        if all(answers.get(question) == choice for question, choice in implied.answers):
            found.append((implied.field, implied.value))
    return list(dict.fromkeys(found))


def first_page(answers: Mapping[str, str]) -> str:
    """Return with which page the report opens: its list, or how urgent it is."""
    question, choice = MAY_BE_NOW
    return "step:urgency" if answers.get(question) == choice else "list"
