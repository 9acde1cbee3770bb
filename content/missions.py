"""Missions of Indonesia abroad, by country and by nearness; emergency numbers there. Pure.

Nothing of it was rung or verified unless `rung_on` says so: whoever shows it must say that.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from content.facts import cited
from content.reading import Table, named_once

EARTH_RADIUS_KM = 6371.0
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Mission:
    """An embassy, a consulate or an office in its place; `serves` says which part of the country, empty for
    all of it. The position is the city's, degrees, WGS 84. Numbers may be empty: then `page` leads on."""

    key: str
    country: str
    name: str
    serves: str
    number: str
    hotline: str
    lat: float
    lon: float
    page: str
    rung_on: datetime.date | None

    def distance_km(self, lat: float, lon: float) -> float:
        """Return the great-circle distance (haversine) from a position in degrees."""
        a, b = math.radians(self.lat), math.radians(lat)
        half = math.sin((b - a) / 2) ** 2
        half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon - self.lon) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


@dataclass(frozen=True)
class LocalNumber:
    """The number of a country's police or rescue, and who says so."""

    country: str
    number: str
    cited: str


@dataclass(frozen=True)
class Missions:
    """The directory, with the source of its numbers."""

    missions: tuple[Mission, ...]
    local: tuple[LocalNumber, ...]
    cited: str

    def of_country(self, country: str) -> tuple[Mission, ...]:
        """Return the missions in a country (ISO 3166-1 alpha-2), the embassy first; Macau has Hong Kong's."""
        return tuple(one for one in self.missions if one.country == {"MO": "HK"}.get(country, country))

    def nearest(self, lat: float, lon: float, among: Sequence[Mission] = ()) -> Mission | None:
        """Return the mission nearest to a position in degrees; None where there is none at all."""
        choices = among or self.missions
        return min(choices, key=lambda one: one.distance_km(lat, lon), default=None)

    def local_number(self, country: str) -> LocalNumber | None:
        """Return the emergency number of a country, None where no source was seen."""
        return next((one for one in self.local if one.country == country), None)


NO_MISSIONS = Missions((), (), "")
"""What a pack of before the directory has."""


def read_missions(table: Table) -> Missions:
    """Return the directory; raise `ContentRefused`."""
    source, dated = table.text("source"), table.dated("dated")
    missions = tuple(_mission(entry) for entry in table.tables("missions", 1, 300))
    local = tuple(_local(entry) for entry in table.tables("local", 0, 300))
    table.end()
    named_once(table.where, (one.key for one in missions))
    named_once(table.where, (one.country for one in local))
    return Missions(missions, local, cited(source, dated))


def _mission(table: Table) -> Mission:
    page = table.text("page")
    if not re.fullmatch(r"https://kemlu\.go\.id/[a-z]+", page):
        raise table.refuse("page", "a page of kemlu.go.id")
    mission = Mission(
        key=table.key("key"),
        country=_country(table),
        name=table.text("name"),
        serves=table.text("serves", ""),
        number=_abroad(table, "number"),
        hotline=_abroad(table, "hotline"),
        lat=table.decimal("lat", -90, 90),
        lon=table.decimal("lon", -180, 180),
        page=page,
        rung_on=table.day("rung_on") if table.has("rung_on") else None,
    )
    table.end()
    return mission


def _local(table: Table) -> LocalNumber:
    number = table.text("number")
    if not re.fullmatch(r"[0-9]{2,6}", number):
        raise table.refuse("number", "a short number such as 999")
    found = LocalNumber(_country(table), number, cited(table.text("source"), table.dated("dated")))
    table.end()
    return found


def _country(table: Table) -> str:
    code = table.text("country")
    if not _COUNTRY.fullmatch(code):
        raise table.refuse("country", "a country's code of two capitals, ISO 3166-1")
    return code


def _abroad(table: Table, key: str) -> str:
    number = table.text(key, "")
    if number and not re.fullmatch(r"\+[1-9][0-9 ]{6,20}[0-9]", number):
        raise table.refuse(key, "a number as it is dialled from everywhere, such as +60 3 2116 4016")
    return number
