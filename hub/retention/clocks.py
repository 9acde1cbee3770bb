"""The clocks of Law 27/2022: what somebody may ask for, and until when the office must have done it. Pure.

A clock begins when the request was received (for a breach: when the office knew) and has three times 24
hours, for each of the four kinds alike. No rule here reads a clock: `now` is an argument, so that a jump of
the machine's clock shows another remaining time and changes no due time.
"""

from __future__ import annotations

from typing import Final, Literal

HOUR_S: Final = 3600
CLOCK_S: Final = 72 * HOUR_S
"""Law 27/2022, as our field map has it: stop after a withdrawal, correct (article 30), give access, tell of a
breach (article 46), all within 3 x 24 hours. The articles of the other two are not verified."""
SOON_S: Final = 24 * HOUR_S
"""So long before it is due a clock shows on top of the inbox."""
OLDEST_S: Final = 30 * 24 * HOUR_S
"""A request that came longer ago was more likely mistyped."""
AHEAD_S: Final = 10 * 60
"""Two clocks of one office differ by so much; a later time has not passed."""

Kind = Literal["access", "correction", "withdrawal", "breach"]
KINDS: Final[tuple[Kind, ...]] = ("access", "correction", "withdrawal", "breach")
WAYS: Final = ("letter", "phone", "visit", "mail", "agency", "village", "found")
"""How a request came, or how a breach was noticed."""
AUTOMATIC: Final = "retention"
"""Stands as who forgot, or opened a clock, where no person did."""
State = Literal["overdue", "soon", "running"]


class OutOfTime(Exception):
    """A time at which a request cannot have come; the text is "future" or "old"."""


def due_at(received_at: float) -> float:
    """Return until when it must be done, Unix seconds."""
    return received_at + CLOCK_S


def state_of(due: float, now: float) -> State:
    """Return how a clock stands that is due at `due`; both are Unix seconds."""
    if now > due:
        return "overdue"
    return "soon" if due - now <= SOON_S else "running"


def checked_time(received_at: float | None, now: float) -> float:
    """Return when a request came: `now` where nobody said; raise OutOfTime."""
    if received_at is None:
        return now
    if received_at > now + AHEAD_S:
        raise OutOfTime("future")
    if received_at < now - OLDEST_S:
        raise OutOfTime("old")
    return min(received_at, now)


def ends_with_report(kind: str) -> bool:
    """Return whether forgetting the report does what was asked.

    Who asked for access still needs an answer, and a breach stays one.
    """
    return kind in ("withdrawal", "correction")
