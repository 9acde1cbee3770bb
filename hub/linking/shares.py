"""How common a place or a destination is among a hub's reports: what two reports share by chance."""

from __future__ import annotations

from collections.abc import Iterable

_AREAS = {2: 1 / 20, 5: 1 / 150, 8: 1 / 1_500, 13: 1 / 15_000}
"""Shares by length of code before a hub has reports: half of the areas send most reports."""

_COUNTRIES = {"MY": 0.35, "ID": 0.12, "SA": 0.1, "TW": 0.08, "HK": 0.07, "KH": 0.07}
_OTHER_COUNTRY = 0.02
_BACKGROUND = 100


class Shares:
    """Counts of area codes (with every area above) and countries; a background stands for the first 100
    reports.
    """

    def __init__(self) -> None:
        self._areas: dict[str, int] = {}
        self._countries: dict[str, int] = {}
        self._reports = 0

    def add(self, places: Iterable[str], countries: Iterable[str]) -> None:
        """Count one more report."""
        self._reports += 1
        for code in {code[:size] for code in places for size in _AREAS if len(code) >= size}:
            self._areas[code] = self._areas.get(code, 0) + 1
        for country in countries:
            self._countries[country] = self._countries.get(country, 0) + 1

    def of_area(self, code: str) -> float:
        """Return the share of reports that lie in an area."""
        return self._mixed(self._areas.get(code, 0), _AREAS[len(code)])

    def of_country(self, country: str) -> float:
        """Return the share of reports that name a country."""
        return self._mixed(self._countries.get(country, 0), _COUNTRIES.get(country, _OTHER_COUNTRY))

    def _mixed(self, count: int, background: float) -> float:
        return (count + _BACKGROUND * background) / (self._reports + _BACKGROUND)
