"""How long reports waited for a person's first step, week by week."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hub.cases.models import TriageStep
from hub.learning.services import LEAST_SHOWN, WaitRow
from hub.links.bulk import select_in

WEEKS_SHOWN = 12


def first_steps(database: Any, reports: Sequence[str]) -> dict[str, float]:
    """Return when somebody first took a step, by report, Unix seconds; those that still wait are left out."""
    found: dict[str, float] = {}
    for report, at in select_in(database, [TriageStep.report, TriageStep.at], TriageStep.report, reports):
        found[report] = min(float(at), found.get(report, math.inf))
    return found


def waits(came: Mapping[int, Sequence[tuple[str, float]]], steps: Mapping[str, float]) -> tuple[WaitRow, ...]:
    """Return a row a week, the newest first. `came` holds (report, when it came) by week.

    The median and the time within which nine of ten had a step are by rank; who still waits stands behind all
    others, so a figure is None where it would be theirs. Of few reports nothing is told.
    """
    rows = []
    for week in sorted(came, reverse=True)[:WEEKS_SHOWN]:
        times = sorted(max(0.0, steps.get(report, math.inf) - at) for report, at in came[week])
        waiting = sum(math.isinf(one) for one in times)
        if len(times) < LEAST_SHOWN:
            rows.append(WaitRow(week, len(times), None, None, None))
        else:
            rows.append(WaitRow(week, len(times), waiting, _rank(times, 0.5), _rank(times, 0.9)))
    return tuple(rows)


def _rank(times: Sequence[float], share: float) -> float | None:
    """Return the smallest time within which at least this share had a step."""
    found = times[math.ceil(share * len(times)) - 1]
    return None if math.isinf(found) else found
