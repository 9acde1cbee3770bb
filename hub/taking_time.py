"""When a report was taken: worked out from the age of its epoch and what bounds the epoch's start (D6)."""

from __future__ import annotations

from dataclasses import dataclass

TRANSIT_S = {"radio": 180.0, "http": 60.0, "gateway": 7200.0}
"""How long a claim may have been on its way at most. A gateway holds frames while it has no internet; a
courier's way is not bounded."""
CLAIM_LASTS_S = 86_400.0
"""What a claim says of a box is of these days for so long."""
SURE_WITHIN_S = 3600.0
"""Within that the middle is given as the time; beyond only the two ends are."""


@dataclass(frozen=True)
class Between:
    """An instant lies between these two, Unix seconds."""

    earliest: float
    latest: float

    def narrowed(self, earliest: float, latest: float) -> Between:
        """Return the overlap with other bounds.

        Where there is none, a message was longer on its way than its carrier should allow, or somebody
        replayed it: that makes an instant look later than it was, so the earlier of the two stands.
        """
        low, high = max(self.earliest, earliest), min(self.latest, latest)
        if low <= high:
            return Between(low, high)
        return self if self.latest < latest else Between(earliest, latest)


def start_from_claim(age_s: int, heard_at: float, via: str, enrolled_at: float) -> Between:
    """Return when an epoch began whose age was `age_s` when a message left that came at `heard_at`."""
    latest = heard_at - age_s
    transit = TRANSIT_S.get(via)
    earliest = enrolled_at if transit is None else latest - transit
    return Between(min(earliest, latest), latest)


def was_just_made(made_at: float, age_s: int, via: str, at: float) -> bool:
    """Return whether a claim that came at `at` and was made at `made_at` at the latest is of these days.

    A start that sealed nothing yet claims for an earlier one, which has no age: that counts by internet
    alone, where nobody listens.
    """
    return at - made_at <= CLAIM_LASTS_S or (age_s == 0 and via == "http")


def taken_between(start: Between, age_minutes: int, received_at: float, enrolled_at: float) -> Between:
    """Return when a report was taken: its minute of the epoch, never after it was received."""
    low = max(start.earliest + 60 * age_minutes, enrolled_at)
    high = min(start.latest + 60 * age_minutes + 60, received_at)
    return Between(min(low, high), high)


def best_guess(between: Between) -> float | None:
    """Return the middle when the two ends are close, else None."""
    if between.latest - between.earliest > SURE_WITHIN_S:
        return None
    return (between.earliest + between.latest) / 2
