"""Reports by area on a map: a circle for each, its size by the count, the number beside or inside it.

Of the whole country by province, or of one province by regency. A village has no point here, and a map that
guessed one would be believed: each circle stands for its area, and the map says so.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.languages import N_, translate
from hub.languages import counted as counted_words
from hub.pictures.drawing import (
    AROUND,
    INK,
    SOFT,
    Land,
    Mark,
    Picture,
    Point,
    Shape,
    Table,
    Words,
    grouped,
    shortened,
)
from hub.pictures.labels import Room, pushed_apart, room_of_circle, room_of_words, where_it_fits
from hub.pictures.outlines import Outlines, Ring
from sync.areas.table import AreaNames

_WIDTH: Final = 1000
_TALLEST: Final = 620
_TOP: Final = 60
_COUNTRY: Final = (94.6, -11.4, 141.6, 6.4)
"""West, south, east, north."""
_LARGEST_RADIUS, _SMALLEST_RADIUS = 36.0, 5.0
_SQUARE_RADIUS: Final = 11.0
_SIZES_IN_LEGEND: Final = 3
_FINEST: Final = 1.5
"""Pixels: what lies closer is one point."""


@dataclass(frozen=True, slots=True)
class AreaCount:
    """What was counted of one area. `spot` is None where the map has no point for it."""

    code: str
    name: str
    count: int
    spot: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of one level of areas; `elsewhere` are those whose code is no area of the table."""

    areas: tuple[AreaCount, ...]
    elsewhere: int

    @property
    def total(self) -> int:
        """Return the sum of all."""
        return sum(area.count for area in self.areas) + self.elsewhere


def counted_by_area(
    by_village: Mapping[str, int], province: str | None, land: Outlines, names: AreaNames
) -> Counted:
    """Add up counts of villages: by province, or by regency of `province`, the most first."""
    level = 1 if province is None else 2
    sums: Counter[str] = Counter()
    elsewhere = 0
    for village, count in by_village.items():
        code = ".".join(village.split(".")[:level])
        if province is not None and not code.startswith(f"{province}."):
            continue
        if names.name_of(code) is None:
            elsewhere += count
        else:
            sums[code] += count
    found = []
    for code, count in sorted(sums.items(), key=lambda one: (-one[1], one[0])):
        spot = land.spots.get(code)
        found.append(AreaCount(code, str(names.name_of(code)), count, None if spot is None else spot.at))
    return Counted(tuple(found), elsewhere)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become pixels: plate carree, stretched for its middle latitude."""

    west: float
    north: float
    per_degree: float
    squeeze: float
    height: float
    width: float

    def at(self, point: Point) -> Point:
        east, north = point
        return (
            (east - self.west) * self.squeeze * self.per_degree,
            _TOP + (self.north - north) * self.per_degree,
        )


def draw_map(
    counted: Counted,
    province: str | None,
    land: Outlines,
    names: AreaNames,
    *,
    what: str,
    dated: str,
    small: bool = False,
) -> Picture:
    """Draw counts of the country, or of one province. `what` says which reports, `dated` from when to when.

    A `small` one has neither title nor legend, for a screen that says both. Raises KeyError for a province
    that the area table does not know.
    """
    if province is not None and names.name_of(province) is None:
        raise KeyError("no such province")
    where = N_("Indonesia") if province is None else str(names.name_of(province))
    frame = _frame(province, land)
    shapes: list[Shape] = (
        []
        if small
        else [
            Words(
                12,
                26,
                N_("Laporan per %(level)s: %(where)s", level=_level(province), where=where),
                19,
                bold=True,
            ),
            Words(12, 46, shortened(f"{what}. {dated}", 140), 12, fill=SOFT),
        ]
    )
    shapes += _ground(province, land, frame)
    placed = [area for area in counted.areas if area.spot is not None]
    without = [area for area in counted.areas if area.spot is None]
    middle = None if province is None else land.spots[province].at
    shapes += _circles(
        placed, without, middle, frame, named=province is not None and not small, size=26 if small else 14
    )
    height = frame.height + _TOP
    if not small:
        largest = max([1, *(area.count for area in counted.areas)])
        height = _legend(shapes, height, largest, province)
    return Picture(
        title=N_("Laporan per %(level)s: %(where)s", level=_level(province), where=where),
        summary=_summary(counted, province, what),
        width=math.ceil(frame.width),
        height=math.ceil(height),
        shapes=tuple(shapes),
        table=_table(counted, province),
        notes=_notes(counted, province, land),
    )


def _level(province: str | None) -> str:
    return N_("provinsi") if province is None else N_("kabupaten dan kota")


def _frame(province: str | None, land: Outlines) -> _Frame:
    west, south, east, north = _COUNTRY
    if province is not None:
        points = [point for ring in land.rings_of(province) for point in ring]
        points += [spot.at for code, spot in land.spots.items() if code[:2] == province]
        west, east = min(x for x, _ in points) - 0.15, max(x for x, _ in points) + 0.15
        south, north = min(y for _, y in points) - 0.15, max(y for _, y in points) + 0.15
    squeeze = math.cos(math.radians((south + north) / 2))
    per_degree = min(_WIDTH / ((east - west) * squeeze), _TALLEST / (north - south))
    # A tall province stands in the middle of a picture that is as wide as the others.
    spare = _WIDTH / (per_degree * squeeze) - (east - west)
    return _Frame(west - spare / 2, north, per_degree, squeeze, (north - south) * per_degree, _WIDTH)


@functools.lru_cache(maxsize=8)
def _ground(province: str | None, land: Outlines, frame: _Frame) -> tuple[Shape, ...]:
    """The land is the same on every map of a province: cutting it off at the frame takes 0.1 s."""
    around = [land.neighbours]
    own: list[tuple[Ring, ...]] = []
    chosen = None if province is None else land.drawn_within.get(province, province)
    for code, rings in land.provinces.items():
        (own if chosen in (None, code) else around).append(rings)
    shapes: list[Shape] = []
    for groups, look in ((around, AROUND), (own, None)):
        for rings in groups:
            seen = tuple(ring for ring in (_seen(ring, frame) for ring in rings) if len(ring) > 2)
            if seen:
                shapes.append(Land(seen) if look is None else Land(seen, look))
    return tuple(shapes)


def _seen(ring: Ring, frame: _Frame) -> Ring:
    """Return a ring in pixels without points that fall together, cut off at the frame; empty if outside."""
    pixels = [frame.at(point) for point in ring]
    left, top, right, bottom = 0.0, float(_TOP), frame.width, _TOP + frame.height
    for axis, limit, keeps_above in ((0, left, True), (0, right, False), (1, top, True), (1, bottom, False)):
        pixels = _cut(pixels, axis, limit, keeps_above)
    kept: list[Point] = []
    for x, y in pixels:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _FINEST:
            kept.append((x, y))
    return tuple(kept)


def _cut(ring: list[Point], axis: int, limit: float, keeps_above: bool) -> list[Point]:
    """Return a ring cut off at one side (Sutherland and Hodgman)."""

    def inside(point: Point) -> bool:
        return point[axis] >= limit if keeps_above else point[axis] <= limit

    made: list[Point] = []
    for at, point in enumerate(ring):
        before = ring[at - 1]
        if inside(point) != inside(before):
            share = (limit - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            made.append((limit, other) if axis == 0 else (other, limit))
        if inside(point):
            made.append(point)
    return made


def _radius(count: int, largest: int) -> float:
    return max(_SMALLEST_RADIUS, _LARGEST_RADIUS * math.sqrt(count / largest))


def _circles(
    placed: list[AreaCount],
    without: list[AreaCount],
    middle: Point | None,
    frame: _Frame,
    *,
    named: bool,
    size: int,
) -> list[Shape]:
    """Draw a circle for each area, a square for those without a point; no circle hides another."""
    largest = max([1, *(area.count for area in (*placed, *without))])
    middles = [frame.at(area.spot) for area in placed if area.spot is not None]
    radii = [_radius(area.count, largest) for area in placed]
    if without and middle is not None:
        middles.append(frame.at(middle))
        radii.append(_SQUARE_RADIUS)
    middles = pushed_apart(middles, radii)
    marks: list[Shape] = []
    words: list[Words] = []
    taken = [room_of_circle(*one) for one in zip(middles, radii, strict=True)]
    for (x, y), radius, area in zip(middles, radii, placed, strict=False):
        marks.append(Mark(x, y, radius))
        number = grouped(area.count)
        if radius >= 5 + 0.29 * size * len(number):
            words.append(Words(x, y + 0.36 * size, number, size, "middle", bold=True, fill="#ffffff"))
        else:
            words.append(Words(x, y - radius - 4, number, size - 1, "middle", bold=True, halo=True))
    names = [(at, area.name) for at, area in enumerate(placed)]
    if len(middles) > len(placed):
        x, y = middles[-1]
        marks.append(Mark(x, y, _SQUARE_RADIUS - 2, "square", INK, hollow=True))
        count = grouped(sum(area.count for area in without))
        words.append(Words(x, y - 14, count, 13, "middle", bold=True, halo=True))
        names.append((len(placed), N_("%(len)s tanpa titik", len=len(without))))
    taken += [room_of_words(one) for one in words]
    within = Room(0, _TOP, frame.width, _TOP + frame.height)
    for at, name in names if named else ():
        line = where_it_fits(_places(_short(translate(name)), middles[at], radii[at]), taken, within)
        if line is not None:
            words.append(line)
            taken.append(room_of_words(line))
    return [*marks, *words]


def _short(name: str) -> str:
    return shortened(name.removeprefix("Kabupaten ").replace("Kota Administrasi ", "Kota "), 26)


def _places(name: str, middle: Point, radius: float) -> list[Words]:
    """Return where the name of a circle may stand, the best first."""
    x, y = middle
    return [
        Words(x, y + radius + 14, name, 12, "middle", halo=True),
        Words(x + radius + 5, y + 4, name, 12, halo=True),
        Words(x - radius - 5, y + 4, name, 12, "end", halo=True),
        Words(x, y - radius - 20, name, 12, "middle", halo=True),
        Words(x, y + radius + 28, name, 12, "middle", halo=True),
    ]


def _legend(shapes: list[Shape], height: float, largest: int, province: str | None) -> float:
    y = height + 40
    x = 24.0
    sizes = sorted({largest, max(1, largest // 4), 1}, reverse=True)[:_SIZES_IN_LEGEND]
    for count in sizes:
        radius = _radius(count, largest)
        shapes.append(Mark(x + radius, y, radius))
        label = counted_words("%(number)s laporan", count, number=grouped(count))
        shapes.append(Words(x + 2 * radius + 6, y + 5, label, 12))
        x += 2 * radius + 30 + 7.2 * len(translate(label))
    if province is not None:
        shapes += [
            Mark(x + 9, y, 9, "square", INK, hollow=True),
            Words(x + 26, y + 5, N_("tanpa titik sendiri"), 12),
        ]
    exact = (
        N_("Lingkaran berdiri di tengah provinsi, bukan di desa; yang bertumpuk digeser.")
        if province is None
        else N_(
            "Lingkaran berdiri di perkiraan tengah kabupaten atau kota, bukan di desa; "
            "yang bertumpuk digeser."
        )
    )
    y += _LARGEST_RADIUS + 14
    shapes += [
        Words(12, y, exact, 12, fill=SOFT),
        Words(
            12, y + 16, N_("Peta: Natural Earth (domain publik). Titik: GeoNames (CC BY 4.0)."), 11, fill=SOFT
        ),
    ]
    return y + 28


def _notes(counted: Counted, province: str | None, land: Outlines) -> tuple[str, ...]:
    notes = []
    if province in land.drawn_within:
        notes.append(N_("Garis batas lebih tua dari provinsi ini: yang tampak adalah provinsi induknya."))
    elif province is None:
        notes.append(
            N_(
                "Garis batas dari sebelum 2012: Kalimantan Utara tampak di dalam Kalimantan Timur, "
                "provinsi baru di Papua di dalam Papua dan Papua Barat. Gambar ini tidak menetapkan batas."
            )
        )
    if counted.elsewhere:
        notes.append(
            N_(
                "%(grouped)s laporan dari kode wilayah yang tidak dikenal, tanpa titik.",
                grouped=grouped(counted.elsewhere),
            )
        )
    return tuple(notes)


def _summary(counted: Counted, province: str | None, what: str) -> str:
    if not counted.total:
        return N_("%(what)s: tidak ada laporan.", what=what)
    first = counted.areas[:3]
    most = ", ".join(f"{area.name} {grouped(area.count)}" for area in first)
    told = N_(
        "%(what)s: %(reports)s laporan dari %(areas)s %(level)s",
        what=what,
        reports=grouped(counted.total),
        areas=len(counted.areas),
        level=_level(province),
    )
    return N_("%(told)s; terbanyak %(most)s.", told=told, most=most) if most else f"{told}."


def _table(counted: Counted, province: str | None) -> Table:
    exact = N_("tengah provinsi") if province is None else N_("perkiraan tengah")
    rows = [
        (area.name, area.code, grouped(area.count), exact if area.spot else N_("tanpa titik"))
        for area in counted.areas
    ]
    if counted.elsewhere:
        rows.append((N_("kode tidak dikenal"), "", grouped(counted.elsewhere), N_("tanpa titik")))
    heading = N_("Provinsi") if province is None else N_("Kabupaten atau kota")
    return Table(
        N_("Laporan per %(level)s", level=_level(province)),
        (heading, N_("Kode"), counted_words("Laporan", 2), N_("Letak di peta")),
        tuple(rows),
    )
