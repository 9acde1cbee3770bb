"""The risk matrix: more of anything is never less risk, and every cell has its words."""

from __future__ import annotations

import itertools

from hub.warning.risk import (
    CONSEQUENCE_WORDS,
    GUIDANCE,
    LEVEL_WORDS,
    LEVELS,
    LIKELIHOOD_WORDS,
    STEPS,
    Cell,
    cell_of,
)

ALL = [Cell(*both) for both in itertools.product(range(1, STEPS + 1), repeat=2)]


def test_risk_never_falls_when_likelihood_or_consequence_grows() -> None:
    for one, other in itertools.product(ALL, repeat=2):
        if one.likelihood <= other.likelihood and one.consequence <= other.consequence:
            assert LEVELS.index(one.level) <= LEVELS.index(other.level), (one, other)
    assert {cell.level for cell in ALL} == set(LEVELS)
    assert (Cell(1, 1).level, Cell(5, 5).level) == ("low", "very_high")


def test_every_step_and_level_has_words() -> None:
    assert set(LIKELIHOOD_WORDS) == set(CONSEQUENCE_WORDS) == set(range(1, STEPS + 1))
    assert set(LEVEL_WORDS) == set(GUIDANCE) == set(LEVELS)


def test_a_button_names_its_cell_and_nothing_else_does() -> None:
    assert [cell_of(f"{one.likelihood}-{one.consequence}") for one in ALL] == ALL
    assert {cell_of(text) for text in ("", "6-1", "0-1", "1", "1-1-1", "a-b", "1-²")} == {None}
