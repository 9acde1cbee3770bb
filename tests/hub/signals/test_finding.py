"""What a rule found: the levels of units."""

from __future__ import annotations

import pytest

from hub.signals.finding import Level, level_of


@pytest.mark.parametrize(
    ("unit", "level"),
    [
        ("", Level.REGION),
        ("53", Level.PROVINCE),
        ("53.04", Level.DISTRICT),
        ("53.04.05", Level.SUB_DISTRICT),
        ("53.04.05.2003", Level.VILLAGE),
    ],
)
def test_the_length_of_a_code_tells_its_level(unit: str, level: Level) -> None:
    assert level_of(unit) is level


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(ValueError, match="0, 2, 5, 8, 13 characters, not 4"):
        level_of("53.0")
