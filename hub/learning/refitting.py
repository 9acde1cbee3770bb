"""Refits the points of a score from labels: penalised logistic regression; no weight turns round. Pure.

Only the score's own signs are looked at: no place, no kind of reporter, nothing about a group, and no hard
rule. A weight is never below nothing, is drawn to what the old table says (ridge), and ends as whole points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

LEAST_LABELS: Final = 200
LEAST_CONFIRMED: Final = 50
PENALTY: Final = 4.0
"""Of a weight's squared distance from the old table, in logits: a standard deviation of one half."""
LEAST_SLOPE: Final = 0.3
"""Logits of one point at least, where the old table told nothing: noise must not become many points."""
MOST_POINTS_OF_A_SIGN: Final = 6


class TooFewLabels(ValueError):
    """There is not enough to learn from; `labels` and `confirmed` are what is missing."""

    def __init__(self, labels: int, confirmed: int) -> None:
        super().__init__(f"too few labels: {labels} more are needed, and {confirmed} more confirmed ones")
        self.labels = labels
        self.confirmed = confirmed


@dataclass(frozen=True)
class Example:
    """One verified report: the signs that gave it points, whether a hard rule held, what came, and for how
    many reports its label stands."""

    signs: frozenset[str]
    has_rule: bool
    came: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Calibration:
    """How points become a chance: logits of none, of one point, and of a hard rule."""

    none: float
    point: float
    rule: float

    def chance(self, points: int, has_rule: bool) -> float:
        """Return the chance that a report with so many points is confirmed."""
        return float(1 / (1 + np.exp(-(self.none + self.point * points + self.rule * has_rule))))


def missing(examples: Sequence[Example]) -> tuple[int, int]:
    """Return how many labels, and how many confirmed ones, are missing before anything is refitted."""
    confirmed = sum(one.came for one in examples)
    return max(0, LEAST_LABELS - len(examples)), max(0, LEAST_CONFIRMED - confirmed)


def refit(examples: Sequence[Example], old: Mapping[str, int]) -> dict[str, int]:
    """Return new points for the signs of the old table that have some; raise TooFewLabels.

    A point is worth as many logits as one of the old table is in these examples, so a sign that nobody has
    seen keeps its points.
    """
    lack = missing(examples)
    if any(lack):
        raise TooFewLabels(*lack)
    signs = sorted(sign for sign, points in old.items() if points)
    seen = np.array([[sign in one.signs for sign in signs] for one in examples], dtype=float)
    came, weight = _targets(examples)
    before = np.array([old[sign] for sign in signs], dtype=float)
    slope = _logistic(
        np.column_stack([np.ones(len(came)), seen @ before]),
        came,
        weight,
        [0.0, 0.0],
        [0.0, 0.0],
        [None, LEAST_SLOPE],
    )[1]
    centre = [0.0, *(slope * before)]
    fitted = _logistic(
        np.column_stack([np.ones(len(came)), seen]),
        came,
        weight,
        centre,
        [0.0, *([PENALTY] * len(signs))],
        [None, *([0.0] * len(signs))],
    )[1:]
    points = np.clip(np.rint(fitted / slope), 0, MOST_POINTS_OF_A_SIGN)
    return {sign: int(one) for sign, one in zip(signs, points, strict=True)}


def calibrate(examples: Sequence[Example], points: Mapping[str, int]) -> Calibration:
    """Return how the points of a table became chances in these examples (Platt 1999, a hard rule apart)."""
    came, weight = _targets(examples)
    rows = [[1.0, sum(points.get(sign, 0) for sign in one.signs), float(one.has_rule)] for one in examples]
    found = _logistic(np.array(rows), came, weight, [0.0] * 3, [0.0, 0.01, 0.01], [None, 0.0, None])
    return Calibration(*(float(one) for one in found))


def _targets(examples: Sequence[Example]) -> tuple[Any, Any]:
    came = np.array([one.came for one in examples], dtype=float)
    weight = np.array([one.weight for one in examples], dtype=float)
    return came, weight * len(examples) / weight.sum()


def _logistic(
    rows: Any,
    came: Any,
    weight: Any,
    centre: Sequence[float],
    penalty: Sequence[float],
    least: Sequence[float | None],
) -> Any:
    middle, ridge = np.array(centre), np.array(penalty)

    def cost(beta: Any) -> tuple[float, Any]:
        logits = rows @ beta
        chance = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
        value = weight @ (np.logaddexp(0, logits) - came * logits) + 0.5 * ridge @ (beta - middle) ** 2
        return float(value), rows.T @ (weight * (chance - came)) + ridge * (beta - middle)

    # Slow to import, and every command of the hub loads this module.
    from scipy.optimize import minimize

    begin = [max(one, 0.0 if low is None else low) for one, low in zip(centre, least, strict=True)]
    found = minimize(cost, begin, jac=True, method="L-BFGS-B", bounds=[(low, None) for low in least])
    return found.x
