"""Counts by area as GeoJSON (RFC 7946): regencies as points, provinces as outlines. Pure.

Points and outlines are those of the map, see `hub/pictures/NOTICE.md`. A regency without a point has no
geometry.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from hub.exports.counting import Count
from hub.pictures.outlines import Ring, outlines
from sync.areas.table import area_names

GEOJSON_TYPE: Final = "application/geo+json"
SOURCES: Final = "Natural Earth (public domain); GeoNames (CC BY 4.0)"
Feature = dict[str, Any]


def point_of(area: str) -> dict[str, Any] | None:
    """Return the point of a province or regency, or None."""
    spot = outlines().spots.get(area)
    return None if spot is None else {"type": "Point", "coordinates": [spot.east, spot.north]}


def feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    """Return one feature."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point_features(counts: Sequence[Count]) -> list[Feature]:
    """Return a feature for each regency, week and kind."""
    names = area_names()
    return [
        feature(
            point_of(one.regency),
            {
                "code": one.regency,
                "name": names.name_of(one.regency),
                "week": one.monday.isoformat(),
                "kind": one.kind,
                "count": one.count,
            },
        )
        for one in counts
    ]


def outline_features(counts: Sequence[Count]) -> list[Feature]:
    """Return a feature for each province: a number of all, of each kind, of each week, of each pair of both.

    Provinces younger than the outlines have their point instead.
    """
    sums: dict[str, Counter[str]] = {}
    for one in counts:
        of = sums.setdefault(one.regency.split(".")[0], Counter())
        monday = one.monday.isoformat()
        for name in ("count", f"kind_{one.kind}", f"week_{monday}", f"week_{monday}_{one.kind}"):
            of[name] += one.count
    names = area_names()
    return [
        feature(_outline(code), {"code": code, "name": names.name_of(code), **dict(sorted(of.items()))})
        for code, of in sorted(sums.items())
    ]


def _outline(province: str) -> dict[str, Any] | None:
    rings = outlines().provinces.get(province)
    if not rings:
        return point_of(province)
    return {"type": "MultiPolygon", "coordinates": [[_anticlockwise(ring)] for ring in rings]}


def _anticlockwise(ring: Ring) -> list[list[float]]:
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True))
    points = [[round(x, 4), round(y, 4)] for x, y in (ring if area >= 0 else ring[::-1])]
    return points if points[0] == points[-1] else [*points, points[0]]


def pieces_of(features: Sequence[Feature]) -> Iterator[bytes]:
    """Yield a collection, feature by feature."""
    yield f'{{"type":"FeatureCollection","sources":{json.dumps(SOURCES)},"features":['.encode()
    for at, one in enumerate(features):
        yield (("," if at else "") + "\n" + json.dumps(one, ensure_ascii=False)).encode()
    yield b"\n]}\n"
