"""The material as pages ask for it, and dates in Indonesian words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from content.catalogue import Catalogue
from content.typed_values import MONTHS

Content = Callable[[], Catalogue]
"""Gives the material that is shown now; asked at each request, for it may be replaced meanwhile."""
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def long_date(iso: str | None) -> str:
    """Return such as "Rabu, 25 November 2026", or that there is no date yet."""
    if not iso:
        return "Tanggal belum ditentukan"
    day = date.fromisoformat(iso)
    return f"{_DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1][0].capitalize()} {day.year}"
