"""How common a place or a destination is among a hub's reports: what two reports share by chance."""

from __future__ import annotations

from collections.abc import Iterable

_AREAS = {2: 1 / 20, 5: 1 / 150, 8: 1 / 1_500, 13: 1 / 15_000}
"""Shares by length of code before a hub has reports: half of the areas send most reports."""

_COUNTRIES = {"MY": 0.35, "ID": 0.12, "SA": 0.1, "TW": 0.08, "HK": 0.07, "KH": 0.07}
_OTHER_COUNTRY = 0.02
_BACKGROUND = 100


def with_those_above(places: Iterable[str]) -> set[str]:
    """Return area codes with the codes of every area that they lie in."""
    return {code[:size] for code in places for size in _AREAS if len(code) >= size}


class Shares:
    """Counts of area codes (with every area above) and countries; a background stands for the first 100
    reports.
    """

    def __init__(
        self, areas: dict[str, int] | None = None, countries: dict[str, int] | None = None, reports: int = 0
    ) -> None:
        """Begin with counts by code of area and country, kept elsewhere, out of so many reports."""
        self._areas = {} if areas is None else areas
        self._countries = {} if countries is None else countries
        self._reports = reports

    def add(self, places: Iterable[str], countries: Iterable[str]) -> None:
        """Count one more report."""
        self._reports += 1
        for code in with_those_above(places):
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
