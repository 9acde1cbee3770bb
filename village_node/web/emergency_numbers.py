"""Telephone numbers for people in danger, each with what is known of its source.

They come from the help file of the material, and only numbers that were seen in a source stand on every
page. They change (two ministries behind them were renamed since 2024), so each must be rung before a box
goes to a village.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.catalogue import Catalogue
from content.help_lines import HelpLine


@dataclass(frozen=True)
class EmergencyNumber:
    """One number to ring, as it is shown and as it is dialled."""

    who: str
    shown: str
    dialled: str
    note: str
    source: str


def emergency_numbers_of(catalogue: Catalogue) -> tuple[EmergencyNumber, ...]:
    """Return the numbers of some material that stand on every page, in its order and language."""
    return tuple(_number(line) for line in catalogue.emergency_lines)


def _number(line: HelpLine) -> EmergencyNumber:
    return EmergencyNumber(line.who, line.number, line.dialled, line.note, line.source)


EMERGENCY_NUMBERS = emergency_numbers_of(Catalogue())
"""Those of the shipped material."""
