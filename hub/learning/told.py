"""The evaluation for programs: as one JSON object, and as rows of CSV."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from hub.learning.measures import Share
from hub.learning.services import LEAST_SHOWN, Evaluation, GroupRow

COLUMNS: Final = ("part", "name", "measure", "value", "of", "low", "high")
"""`value` is a count where `of` is given and a share's interval follows; shares are between 0 and 1."""
Row = tuple[object, ...]
_EPOCH: Final = datetime.date(1970, 1, 1)


def as_json(found: Evaluation) -> dict[str, Any]:
    """Return the figures as one JSON object; delays in seconds, a hidden share is null."""
    return {
        "since": found.since.isoformat(),
        "weeks": found.weeks,
        "reports": found.looked_at,
        "cut": found.is_cut,
        "signals": [
            {
                "rule": row.figures.rule,
                "sort": row.figures.sort,
                "raised": row.figures.raised,
                "true": row.figures.true,
                "false": row.figures.false,
                "unknown": row.figures.unknown,
                "open": row.figures.open,
                "confirmed": _share(row.confirmed),
                "median_detect_s": row.figures.detect_s,
                "median_notify_s": row.figures.notify_s,
                "median_respond_s": row.figures.respond_s,
                "in_time": {clock.name: [clock.met, clock.known] for clock in row.figures.clocks},
            }
            for row in found.rules
        ],
        "bands": [
            {
                "band": row.band,
                "reports": row.reports,
                "confirmed": row.confirmed,
                "refuted": row.refuted,
                "unverifiable": row.unverifiable,
                "share": _share(row.share),
            }
            for row in found.bands
        ],
        "weighted": found.is_weighted,
        "random_share": {
            "reports": found.random.reports,
            "drawn": found.random.drawn,
            "confirmed": found.random.confirmed,
            "refuted": found.random.refuted,
            "unverifiable": found.random.unverifiable,
            "excused": found.random.excused,
            "waiting": found.random.waiting,
            "wrong": _share(found.random.wrong),
            "true": found.random.true,
            "bounds": found.random.bounds,
        },
        "calibration": {
            "forecasts": found.forecasts,
            "brier": found.brier,
            "brier_usual": found.brier_usual,
            "reliability": [
                {"from": one.low, "to": one.high, "forecast": one.forecast, "came": _share(one.came)}
                for one in found.reliability
            ],
        },
        "recall": {
            "capacity": found.capacity,
            "by_rank": _share(found.by_rank),
            "by_arrival": _share(found.by_arrival),
        },
        "overrides": [
            {
                "version": row.version,
                "scored": row.scored,
                "raised": row.raised,
                "lowered": row.lowered,
                "share": _share(row.share),
            }
            for row in found.overrides
        ],
        "first_step": [
            {
                "week": (_EPOCH + datetime.timedelta(row.week)).isoformat(),
                "reports": row.reports,
                "waiting": row.waiting,
                "median_s": row.median_s,
                "nine_tenths_s": row.nine_tenths_s,
            }
            for row in found.waits
        ],
        "least_shown": LEAST_SHOWN,
        "districts": [{"district": row.name, "confirmed": _share(row.share)} for row in found.districts],
        "relations": [
            {"relation": row.name or None, "confirmed": _share(row.share)} for row in found.relations
        ],
    }


def as_csv(found: Evaluation) -> str:
    """Return the figures as CSV in UTF-8 with a line of names."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(COLUMNS)
    written.writerows(_rows(found))
    return text.getvalue()


def _rows(found: Evaluation) -> Iterator[Row]:
    yield ("evaluation", "since", "date", found.since.isoformat(), "", "", "")
    yield ("evaluation", "weeks", "count", found.weeks, "", "", "")
    yield ("evaluation", "reports", "count", found.looked_at, "", "", "")
    yield from _signal_rows(found)
    yield from _band_rows(found)
    yield from _random_rows(found)
    yield from _calibration_rows(found)
    yield _counted("recall", "by rank", f"at {found.capacity} a week", found.by_rank)
    yield _counted("recall", "by arrival", f"at {found.capacity} a week", found.by_arrival)
    for row in found.overrides:
        yield ("overrides", row.version, "raised", row.raised, row.scored, "", "")
        yield ("overrides", row.version, "lowered", row.lowered, row.scored, "", "")
        yield _counted("overrides", row.version, "all", row.share)
    for wait in found.waits:
        week = (_EPOCH + datetime.timedelta(wait.week)).isoformat()
        yield ("first step", week, "waiting", _empty(wait.waiting), wait.reports, "", "")
        yield ("first step", week, "median_s", _empty(wait.median_s), wait.reports, "", "")
        yield ("first step", week, "nine_tenths_s", _empty(wait.nine_tenths_s), wait.reports, "", "")
    yield from _group_rows("districts", found.districts)
    yield from _group_rows("relations", found.relations)


def _signal_rows(found: Evaluation) -> Iterator[Row]:
    for rule in found.rules:
        figures, name = rule.figures, f"{rule.figures.rule} {rule.figures.sort}".strip()
        for measure in ("raised", "true", "false", "unknown", "open"):
            yield ("signals", name, measure, getattr(figures, measure), "", "", "")
        yield _counted("signals", name, "confirmed", rule.confirmed)
        for measure in ("detect_s", "notify_s", "respond_s"):
            yield ("signals", name, f"median_{measure}", _empty(getattr(figures, measure)), "", "", "")
        for clock in figures.clocks:
            yield ("signals", name, f"in time: {clock.name}", clock.met, clock.known, "", "")


def _band_rows(found: Evaluation) -> Iterator[Row]:
    for band in found.bands:
        for measure in ("reports", "refuted", "unverifiable"):
            yield ("bands", band.band, measure, getattr(band, measure), "", "", "")
        yield _counted("bands", band.band, "confirmed", band.share)


def _random_rows(found: Evaluation) -> Iterator[Row]:
    one = found.random
    for measure in ("reports", "drawn", "confirmed", "refuted", "unverifiable", "excused", "waiting"):
        yield ("random share", "lowest band", measure, getattr(one, measure), "", "", "")
    yield _counted("random share", "lowest band", "wrong", one.wrong)
    if one.true is not None:
        value, low, high = (f"{figure:.1f}" for figure in one.true)
        yield ("random share", "lowest band", "true, estimated", value, one.reports, low, high)


def _calibration_rows(found: Evaluation) -> Iterator[Row]:
    yield ("calibration", "band", "brier", _empty(found.brier), found.forecasts, "", "")
    yield ("calibration", "usual", "brier", _empty(found.brier_usual), found.forecasts, "", "")
    for one in found.reliability:
        name = f"{one.low:.1f}-{one.high:.1f}"
        yield _counted("reliability", name, f"forecast {one.forecast:.3f}", one.came)


def _group_rows(part: str, groups: Iterable[GroupRow]) -> Iterator[Row]:
    for group in groups:
        name = group.name or "not said"
        if group.share is None:
            yield (part, name, "confirmed", "", f"<{LEAST_SHOWN}", "", "")
        else:
            yield _counted(part, name, "confirmed", group.share)


def _counted(part: str, name: str, measure: str, share: Share | None) -> Row:
    if share is None:
        return (part, name, measure, 0, 0, "", "")
    return (part, name, measure, share.count, share.of, f"{share.low:.4f}", f"{share.high:.4f}")


def _empty(value: float | None) -> object:
    return "" if value is None else f"{value:.6g}"


def _share(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {"count": share.count, "of": share.of, "share": share.share, "low": share.low, "high": share.high}
