"""How long a report is kept after it ended, by how it ended. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.cases.states import States

OPEN, DISCARDED, FALSE, TRUE = "open", "discarded", "false", "true"
CATEGORIES: Final = (DISCARDED, FALSE, TRUE)
"""How a report ended; what is open is never forgotten."""
LONGEST_DAYS: Final = 50 * 366
_UNFOUNDED = "unfounded"


@dataclass(frozen=True)
class Periods:
    """Days after the last that was done with a report; `automatic` forgets without asking a person.

    The defaults are guesses of ours and not checked against Indonesian law: an office sets its own.
    Law 27/2022 asks for deletion when the purpose has ended, and names no number of days.
    """

    discarded_days: int = 365
    false_days: int = 2 * 365
    true_days: int = 12 * 366
    automatic: bool = False

    def days(self, category: str) -> int | None:
        """Return how long a category is kept; None: for ever."""
        return {DISCARDED: self.discarded_days, FALSE: self.false_days, TRUE: self.true_days}.get(category)

    def shortest_days(self) -> int:
        """Return the shortest of all."""
        return min(self.discarded_days, self.false_days, self.true_days)

    def to_json(self) -> dict[str, Any]:
        """Return it as it stands in hub.json, under "retention"."""
        return dict(vars(self))


def periods_from_json(found: Mapping[str, Any]) -> Periods:
    """Return what hub.json says, with our defaults for what it leaves out; raise ValueError."""
    periods = Periods(**{**Periods().to_json(), **found}) if set(found) <= set(vars(Periods())) else None
    if periods is None:
        raise ValueError("retention has discarded_days, false_days, true_days and automatic")
    days = (periods.discarded_days, periods.false_days, periods.true_days)
    if not all(type(one) is int and 0 < one <= LONGEST_DAYS for one in days):
        raise ValueError(f"a period is 1 to {LONGEST_DAYS} days")
    if type(periods.automatic) is not bool:
        raise ValueError("automatic is true or false")
    return periods


def category_of(states: States, case: tuple[bool, str | None] | None) -> str:
    """Return how a report ended. `case`: whether its case is open, and the outcome; None: it is in none.

    A report of a case ends with the case, whatever its own outcome is.
    """
    if case is not None:
        is_open, outcome = case
        return OPEN if is_open else FALSE if outcome == _UNFOUNDED else TRUE
    if states.signal == "discarded":
        return DISCARDED
    if states.outcome == "open":
        return OPEN
    return FALSE if states.outcome == _UNFOUNDED else TRUE
