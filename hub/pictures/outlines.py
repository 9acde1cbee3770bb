"""Outlines of provinces and points of provinces and regencies, read from package data at first use.

NOTICE.md beside this file says whose data these are; `scripts/make-map-outlines` makes them.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import accumulate

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an area's circle stands, in degrees, and of how many known places it is the middle."""

    east: float
    north: float
    places: int

    @property
    def at(self) -> tuple[float, float]:
        """Return (east, north)."""
        return self.east, self.north


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Rings are closed, in degrees (east, north). `drawn_within` maps provinces younger than the outlines to
    the one in which they are drawn."""

    provinces: Mapping[str, tuple[Ring, ...]]
    neighbours: tuple[Ring, ...]
    spots: Mapping[str, Spot]
    drawn_within: Mapping[str, str]

    def rings_of(self, province: str) -> tuple[Ring, ...]:
        """Return the outline of a province or of the older one around it; empty for an unknown code."""
        return self.provinces.get(self.drawn_within.get(province, province), ())


@functools.cache
def outlines() -> Outlines:
    """Return what the package holds: 110 kB, 20 ms."""
    read = json.loads(resources.files("hub.pictures").joinpath("outlines-1.json").read_bytes())
    per_degree = float(read["steps_per_degree"])

    def ring(flat: list[int]) -> Ring:
        east = accumulate(flat[0::2])
        north = accumulate(flat[1::2])
        return tuple((x / per_degree, y / per_degree) for x, y in zip(east, north, strict=True))

    return Outlines(
        provinces={code: tuple(map(ring, rings)) for code, rings in read["provinces"].items()},
        neighbours=tuple(map(ring, read["neighbours"])),
        spots={
            code: Spot(x / per_degree, y / per_degree, places)
            for code, (x, y, places) in read["points"].items()
        },
        drawn_within=read["drawn_within"],
    )
