"""Features as RFC 7946 wants them."""

from __future__ import annotations

import datetime
import json

from hub.exports.counting import UNKNOWN_AREA, Count
from hub.exports.geojson import outline_features, pieces_of, point_features

DAY, NEXT = datetime.date(2027, 1, 4), datetime.date(2027, 1, 11)
COUNTS = [
    Count("52.02", DAY, "recruiter", 2),
    Count("52.02", NEXT, "victim", 3),
    Count("65.01", DAY, "victim", 4),
    Count(UNKNOWN_AREA, DAY, "other", 1),
]


def test_points_stand_in_their_regency_and_unknown_areas_nowhere() -> None:
    first, *_, last = point_features(COUNTS)
    east, north = first["geometry"]["coordinates"]
    assert 115.5 < east < 117 < 120
    assert -9.5 < north < -8
    assert first["properties"] == {
        "code": "52.02",
        "name": "Kabupaten Lombok Tengah",
        "week": "2027-01-04",
        "kind": "recruiter",
        "count": 2,
    }
    assert last["geometry"] is None


def test_outlines_are_closed_rings_against_the_clock_with_sums() -> None:
    by_code = {one["properties"]["code"]: one for one in outline_features(COUNTS)}
    told = by_code["52"]["properties"]
    assert (told["count"], told["kind_victim"], told["week_2027-01-04"]) == (5, 3, 2)
    assert told["week_2027-01-11_victim"] == 3
    shape = by_code["52"]["geometry"]
    assert shape["type"] == "MultiPolygon"
    for [ring] in shape["coordinates"]:
        assert ring[0] == ring[-1]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False)) > 0
    assert by_code["65"]["geometry"]["type"] == "Point", "younger than the outlines"


def test_a_collection_is_json_whatever_its_size() -> None:
    for counts in ([], COUNTS):
        read = json.loads(b"".join(pieces_of(point_features(counts))))
        assert (read["type"], len(read["features"])) == ("FeatureCollection", len(counts))
