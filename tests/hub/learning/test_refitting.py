"""Refitting: what it finds, what it refuses, and what no labels can make it do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hub.learning.refitting import (
    MOST_POINTS_OF_A_SIGN,
    Calibration,
    Example,
    TooFewLabels,
    calibrate,
    missing,
    refit,
)

OLD = {"strong": 1, "weak": 3, "usual": 2, "never": 2, "child": 0}


def drawn(count: int, truth: dict[str, float], seed: int = 4) -> list[Example]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        signs = frozenset(sign for sign in ("strong", "weak", "usual") if rng.random() < 0.4)
        logit = -1.5 + sum(truth[sign] for sign in signs)
        found.append(Example(signs, False, bool(rng.random() < 1 / (1 + math.exp(-logit)))))
    return found


def test_a_sign_that_tells_more_than_was_thought_gets_more_points() -> None:
    points = refit(drawn(1_500, {"strong": 2.4, "weak": 0.2, "usual": 1.2}), OLD)
    assert points.keys() == {"strong", "weak", "usual", "never"}
    assert points["strong"] > points["usual"] > points["weak"]
    # Nobody has seen it: it keeps its points.
    assert points["never"] == OLD["never"]
    assert all(isinstance(one, int) and 0 <= one <= MOST_POINTS_OF_A_SIGN for one in points.values())


def test_no_sign_turns_against_its_sense() -> None:
    points = refit(drawn(1_500, {"strong": -2.5, "weak": 1.5, "usual": 1.5}), OLD)
    assert points["strong"] == 0
    assert min(points.values()) == 0


def test_under_200_labels_and_50_confirmed_nothing_is_learned() -> None:
    yes, no = Example(frozenset(["strong"]), False, True), Example(frozenset(), False, False)
    assert missing([yes] * 50 + [no] * 150) == (0, 0)
    for examples, lack in (
        ([yes] * 50 + [no] * 149, (1, 0)),
        ([yes] * 49 + [no] * 200, (0, 1)),
        ([], (200, 50)),
    ):
        assert missing(examples) == lack
        with pytest.raises(TooFewLabels, match=f"{lack[0]} more are needed, and {lack[1]} more confirmed"):
            refit(examples, OLD)


def test_a_label_that_stands_for_many_weighs_as_many() -> None:
    few = drawn(300, {"strong": 2.0, "weak": 0.5, "usual": 1.0})
    twice = [Example(one.signs, one.has_rule, one.came, 3.0) for one in few]
    assert refit(few, OLD) == refit(twice, OLD)
    lone = [Example(frozenset(["weak"]), False, True)] * 60 + [
        Example(frozenset(["weak"]), False, False)
    ] * 60
    lone += [Example(frozenset(["strong"]), False, True)] * 60 + [
        Example(frozenset(["strong"]), False, False)
    ] * 60
    heavy = [
        Example(one.signs, False, one.came, 20.0 if "weak" in one.signs and one.came else 1.0) for one in lone
    ]
    assert refit(heavy, OLD)["weak"] > refit(lone, OLD)["weak"]


def test_points_become_chances() -> None:
    examples = drawn(3_000, {"strong": 1.0, "weak": 1.0, "usual": 1.0})
    found = calibrate(examples, {"strong": 2, "weak": 2, "usual": 2})
    assert found.point == pytest.approx(0.5, abs=0.08)
    assert found.none == pytest.approx(-1.5, abs=0.2)
    assert Calibration(0.0, 1.0, 2.0).chance(0, False) == 0.5
    assert Calibration(0.0, 1.0, 2.0).chance(0, True) == pytest.approx(1 / (1 + math.exp(-2)))
