"""What a soak measures as it goes, how that is judged, and how it is shown: table, JSON, picture."""

from __future__ import annotations

import functools
import gc
import itertools
import math
import statistics
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soak_audit import BAD
from soak_world import DAY_S, HOUR_S

from village_node.config import NodeConfig

if TYPE_CHECKING:
    from soak_year import Soak

MOST_GROWTH = 0.05
"""Of memory, from the hub's last start to the end, by the slope of Theil and Sen: for a year, in shares of
the median. The rig keeps what it promised on disk, so all that grows is the programs'."""
FEWEST = 12
"""Samples after the hub's last start with which memory is judged; a shorter soak says that it was not."""
_CACHED = type(functools.lru_cache(len))
_OURS = ("hub.", "sync.", "content.", "firmware_bridge.", "village_node.")


@dataclass(frozen=True)
class Sample:
    """One look at everything, after a collection of garbage."""

    day: float
    taken: int
    arrived: int
    rss_mb: float
    objects: int
    blocks: int
    threads: int
    files: int
    hub_bytes: int
    village_bytes: int
    largest_village_bytes: int
    waiting: int


def sample(soak: Soak) -> Sample:
    """Look at everything now. What functions remember up to a number of answers is let go before: that it
    fills up in a year is no leak. What they remember without end stays, and counts."""
    empty_bounded_caches()
    gc.collect()
    sizes = [village.disk_bytes() for village in soak.villages]
    [(taken, arrived)] = soak.ledger.ask("SELECT COUNT(*), COUNT(arrived_at) FROM report")
    return Sample(
        day=soak.world.now / DAY_S,
        taken=taken,
        arrived=arrived,
        rss_mb=_rss_mb(),
        objects=len(gc.get_objects()),
        blocks=sys.getallocatedblocks(),
        threads=threading.active_count(),
        files=len(list(Path("/proc/self/fd").iterdir())),
        hub_bytes=soak.hub.disk_bytes(),
        village_bytes=sum(sizes),
        largest_village_bytes=max(sizes),
        waiting=taken - arrived,
    )


def empty_bounded_caches() -> None:
    """Empty each `functools.lru_cache` of a module of ours that has a bound."""
    ours = [module for name, module in list(sys.modules.items()) if name.startswith(_OURS)]
    for one in [value for module in ours for value in vars(module).values()]:
        if type(one) is _CACHED and one.cache_info().maxsize is not None:
            one.cache_clear()


def _rss_mb() -> float:
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of Theil and Sen: the median of the slopes of all pairs; 0 without a pair."""
    pairs = itertools.combinations(points, 2)
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairs if x2 > x1]
    return statistics.median(slopes) if slopes else 0.0


def growth(samples: Sequence[Sample], value: Callable[[Sample], float]) -> float:
    """Return by which share of its median a value grew from the first of these samples to the last."""
    middle = statistics.median(value(one) for one in samples)
    days = samples[-1].day - samples[0].day
    return slope([(one.day, value(one)) for one in samples]) * days / middle


def judge_memory(samples: Sequence[Sample], from_day: float) -> dict[str, Any]:
    """Return growths after `from_day` and whether memory is "flat", "grows", or was "not judged"."""
    later = [one for one in samples if one.day > from_day]
    if len(later) < FEWEST:
        return {"verdict": "not judged", "from_day": round(from_day, 1), "samples": len(later)}
    grew = {
        "rss": growth(later, lambda one: one.rss_mb),
        "objects": growth(later, lambda one: one.objects),
        "blocks": growth(later, lambda one: one.blocks),
        "threads": growth(later, lambda one: one.threads),
        "files": growth(later, lambda one: one.files),
    }
    return {
        "verdict": "flat" if all(share <= MOST_GROWTH for share in grew.values()) else "grows",
        "from_day": round(from_day, 1),
        "samples": len(later),
        **{f"{name}_growth": round(share, 4) for name, share in grew.items()},
        "rss_mb_first": round(later[0].rss_mb, 1),
        "rss_mb_last": round(later[-1].rss_mb, 1),
    }


# -- delays and air ---------------------------------------------------------------------------------


def spread(hours: list[float]) -> dict[str, float]:
    """Return count, median, 95th percentile and maximum."""
    ordered = sorted(hours)
    if not ordered:
        return {"count": 0}
    at = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {
        "count": len(ordered),
        "median": round(statistics.median(ordered), 2),
        "p95": round(at, 2),
        "max": round(ordered[-1], 2),
    }


def delays(soak: Soak) -> dict[str, Any]:
    """Return by way, in hours: from taken to the hub, urgent ones among them, and answers back."""
    ways = [str(way) for (way,) in soak.ledger.ask("SELECT DISTINCT way FROM report ORDER BY way")]
    up = "SELECT (arrived_at - taken_at) / 3600 FROM report WHERE way = ? AND arrived_at NOT NULL"
    down = (
        "SELECT after_s / 3600 FROM answered JOIN report ON report.find = answered.find WHERE report.way = ?"
    )
    return {
        way: {
            "reports": spread([hours for (hours,) in soak.ledger.ask(up, (way,))]),
            "urgent": spread([hours for (hours,) in soak.ledger.ask(up + " AND urgent", (way,))]),
            "answers": spread([hours for (hours,) in soak.ledger.ask(down, (way,))]),
        }
        for way in ways
    }


def air_times(soak: Soak) -> list[dict[str, Any]]:
    """Return for each air what was sent, and the largest shares of one station: over all, in one hour."""
    found = []
    for air in soak.airs:
        counters, total_s = air.air.counters, soak.world.now
        shares = [
            air.air.station_counters(station.number).airtime_ms / 1000 / total_s for station in air.stations
        ]
        found.append(
            {
                "stations": len(air.stations),
                "frames": counters.frames_sent,
                "lost": counters.frames_lost,
                "collided": counters.frames_collided,
                "doubled": counters.frames_duplicated,
                "reordered": counters.frames_reordered,
                "channel_share": round(sum(shares), 5),
                "largest_share": round(max(shares, default=0), 5),
                "busiest_hour_share": round(
                    max((s.busiest_ms for s in air.stations), default=0) / 1000 / HOUR_S, 4
                ),
                "duty_cycle": NodeConfig.duty_cycle,
            }
        )
    return found


def disk(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return what the stores take at the end, and bytes a report in the first and the second half."""
    first, middle, last = samples[0], samples[len(samples) // 2], samples[-1]

    def each(a: Sample, b: Sample, size: Callable[[Sample], int]) -> int:
        return round((size(b) - size(a)) / max(1, b.taken - a.taken))

    return {
        "hub_mb": round(last.hub_bytes / 2**20, 2),
        "villages_mb": round(last.village_bytes / 2**20, 2),
        "largest_village_mb": round(last.largest_village_bytes / 2**20, 2),
        "hub_bytes_a_report": [
            each(first, middle, lambda s: s.hub_bytes), each(middle, last, lambda s: s.hub_bytes)
        ],
        "village_bytes_a_report": [
            each(first, middle, lambda s: s.village_bytes), each(middle, last, lambda s: s.village_bytes)
        ],
    }  # fmt: skip


def verdict(findings: dict[str, Any], memory: dict[str, Any]) -> list[str]:
    """Return what is wrong, in words; nothing when all promises were kept."""
    wrong = [f"{findings[name]} {name.replace('_', ' ')}" for name in BAD if findings[name]]
    if findings.get("days_to_drain") is None:
        wrong.append("something waited to the end though all ways were open")
    if findings.get("forms taken twice"):
        wrong.append("a form was taken twice")
    if memory["verdict"] == "grows":
        wrong.append(f"memory grows by more than {MOST_GROWTH:.0%}")
    return wrong


def table(figures: dict[str, Any]) -> str:
    """Return all figures as lines of text."""
    lines = [f"{name:28} {value}" for name, value in figures["size"].items()]
    for part in ("findings", "happened", "memory", "disk"):
        lines += ["", f"{part}:", *(f"  {name:28} {value}" for name, value in figures[part].items())]
    lines += ["", f"{'hours (median / 95 % / longest)':34}{'reports':>34}{'urgent':>34}{'answers back':>34}"]
    for way, of in figures["delays_h"].items():
        cells = [_cell(of[name]) for name in ("reports", "urgent", "answers")]
        lines.append(f"  {way:32}{cells[0]:>34}{cells[1]:>34}{cells[2]:>34}")
    names = list(figures["air"][0])
    lines += ["", "  ".join(["air", *names])]
    for number, air in enumerate(figures["air"]):
        lines.append("  ".join([f"{number:3}", *(f"{air[name]!s:>{len(name)}}" for name in names)]))
    return "\n".join(lines)


def _cell(of: dict[str, float]) -> str:
    return f"{of['count']:g}: {of['median']:g} / {of['p95']:g} / {of['max']:g}" if of["count"] else "-"


# -- the picture ------------------------------------------------------------------------------------

_WIDTH, _HEIGHT, _LEFT, _TOP = 900, 200, 80, 40
_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#555555", "#1c4587", "#990000")


def picture(samples: Sequence[Sample], delays_h: dict[str, Any]) -> str:
    """Return memory, disk and delays over the year as an SVG."""
    days = [one.day for one in samples]
    parts = [
        _curves(0, "Memory of hub and all villages, MB", days, {"rss": [s.rss_mb for s in samples]}),
        _curves(
            1,
            "Objects of Python, thousands",
            days,
            {
                "objects": [s.objects / 1000 for s in samples],
                "blocks": [s.blocks / 1000 for s in samples],
            },
        ),
        _curves(
            2,
            "Disk, MB",
            days,
            {
                "hub": [s.hub_bytes / 2**20 for s in samples],
                "villages together": [s.village_bytes / 2**20 for s in samples],
            },
        ),
        _curves(3, "Reports on their way", days, {"waiting": [float(s.waiting) for s in samples]}),
        _bars(4, delays_h),
    ]
    height = 5 * (_HEIGHT + 70) + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 120} {height}" '
        f'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def _round_above(value: float) -> float:
    """Return a number above this one whose quarters are short."""
    power = 10.0 ** math.floor(math.log10(value or 1.0))
    return power * next(times for times in (2, 4, 6, 8, 10, 12, 16, 20) if times * power > value)


def _curves(place: int, title: str, days: list[float], lines: dict[str, list[float]]) -> str:
    top = _TOP + place * (_HEIGHT + 70)
    most = _round_above(max(max(values) for values in lines.values()))
    right = max(days) or 1.0
    out = [_frame(top, title)]
    for step in range(5):
        y = top + _HEIGHT - step * _HEIGHT / 4
        out.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{most * step / 4:,.6g}</text>'
            f'<path d="M{_LEFT} {y:.0f}H{_WIDTH}" stroke="#ddd"/>'
        )
    for number, (name, values) in enumerate(lines.items()):
        points = " ".join(
            f"{_LEFT + day / right * (_WIDTH - _LEFT):.1f},{top + _HEIGHT - value / most * _HEIGHT:.1f}"
            for day, value in zip(days, values, strict=True)
        )
        colour = _COLOURS[number]
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<text x="{_WIDTH + 6}" y="{top + 16 + 18 * number}" fill="{colour}">{name}</text>')
    out.append(f'<text x="{_WIDTH}" y="{top + _HEIGHT + 18}" text-anchor="end">day {right:.0f}</text>')
    return "".join(out)


def _bars(place: int, delays_h: dict[str, Any]) -> str:
    """Bars by way: median and 95 %, hours on a scale of powers of ten."""
    top = _TOP + place * (_HEIGHT + 70)
    out = [_frame(top, "Hours from taken to the hub: dark the median, light 95 % (scale of powers of ten)")]

    def x(hours: float) -> float:
        return 240 + (math.log10(max(hours, 0.01)) + 2) / 5 * (_WIDTH - 240)

    for power in (0.01, 0.1, 1, 10, 100, 1000):
        out.append(
            f'<path d="M{x(power):.0f} {top}v{_HEIGHT}" stroke="#ddd"/>'
            f'<text x="{x(power):.0f}" y="{top + _HEIGHT + 18}" text-anchor="middle">{power:g}</text>'
        )
    for number, (way, of) in enumerate(delays_h.items()):
        if not of["reports"]["count"]:
            continue
        y = top + 10 + number * (_HEIGHT - 10) / len(delays_h)
        middle, late = x(of["reports"]["median"]), x(of["reports"]["p95"])
        out.append(
            f'<text x="232" y="{y + 13:.0f}" text-anchor="end">{way}</text>'
            f'<rect x="240" y="{y:.0f}" width="{late - 240:.0f}" height="16" fill="#9fc5e8"/>'
            f'<rect x="240" y="{y:.0f}" width="{middle - 240:.0f}" height="16" fill="#0b5394"/>'
        )
    return "".join(out)


def _frame(top: int, title: str) -> str:
    return (
        f'<text x="{_LEFT}" y="{top - 12}" font-weight="bold">{title}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{_WIDTH - _LEFT}" height="{_HEIGHT}" fill="none" stroke="#999"/>'
    )
