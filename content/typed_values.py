"""Dates, money, counts and area codes as people type them in a form.

Each function returns the value for the report, or what was typed, unchanged, when it cannot be
understood: the one check in `sync.records` then refuses it, and nothing is guessed.
"""

from __future__ import annotations

import re

MONTHS = (
    ("januari", "jan"),
    ("februari", "pebruari", "feb", "peb"),
    ("maret", "mar"),
    ("april", "apr"),
    ("mei",),
    ("juni", "jun"),
    ("juli", "jul"),
    ("agustus", "agt", "agu", "ags"),
    ("september", "sept", "sep"),
    ("oktober", "okt"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "des"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}

_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2}|[a-z]{3,9})\s*[-/. ]\s*([0-9]{4})")
_WHOLE = re.compile(r"[0-9]{1,15}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_RUPIAH = re.compile(r"(?:rp\.?|idr)?\s*(.*?)\s*(juta|jt|ribu|rb|k)?\s*(?:,-|rupiah)?")
_SCALES = {"juta": 1_000_000, "jt": 1_000_000, "ribu": 1_000, "rb": 1_000, "k": 1_000}


def iso_date(typed: str) -> str:
    """Return `2026-11-20` for `20-11-2026`, `20/11/2026` or `20 November 2026`.

    The day always comes first, as it is written in Indonesia.
    """
    text = typed.strip()
    match = _DAY_FIRST.fullmatch(text.lower())
    if match is None:
        return text
    day, month, year = match.groups()
    number = int(month) if month.isdigit() else _MONTH_NUMBERS.get(month)
    return typed if number is None else f"{year}-{number:02}-{int(day):02}"


def whole_number(typed: str) -> int | str:
    """Return the count that was typed, such as `12`."""
    text = typed.strip()
    return int(text) if _WHOLE.fullmatch(text) else typed


def rupiah(typed: str) -> int | str:
    """Return whole rupiah for `5000000`, `Rp 5.000.000`, `5 juta`, `2,5 jt` or `500 ribu`."""
    match = _RUPIAH.fullmatch(typed.strip().lower())
    if match is None:
        return typed
    amount, scale = match.groups()
    if scale is None:
        plain = _without_groups(amount)
        return typed if plain is None else plain
    whole, _, fraction = amount.replace(",", ".").partition(".")
    # "2.500 juta" is 2.5 million to one reader and 2,500 million to another: not taken.
    if not _WHOLE.fullmatch(whole) or not re.fullmatch(r"[0-9]{0,2}", fraction):
        return typed
    # Whole numbers all the way: 2,3 juta in floating point would be a rupiah short.
    unit: int = _SCALES[scale] // 10 ** len(fraction)
    return int(whole + fraction) * unit


def _without_groups(amount: str) -> int | None:
    if _WHOLE.fullmatch(amount):
        return int(amount)
    if _GROUPED.fullmatch(amount):
        return int(re.sub(r"[., ]", "", amount))
    return None


def area_code(typed: str) -> str:
    """Return `52.02.08.2001` also when the dots were left out."""
    text = typed.strip()
    if re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10}", text):
        parts = (text[:2], text[2:4], text[4:6], text[6:])
        return ".".join(part for part in parts if part)
    return text
