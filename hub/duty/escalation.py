"""When the ring of an urgent report goes up a level, whom it tells, and when a message is tried again. Pure.

The time between two looks is never counted: only whether a level has stood for 15 minutes. A clock that
jumps ahead therefore raises a ring by one level at most, and nobody is told of one ring twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

STEP_S: Final = 15 * 60
"""So long a level has time to open the report."""
MOST_TRIES: Final = 12
FIRST_WAIT_S: Final = 60
LONGEST_WAIT_S: Final = STEP_S


@dataclass(frozen=True)
class Standing:
    """The level that a ring has reached, and since when."""

    level: int
    since: float


def next_standing(
    standing: Standing, now: float, levels: Collection[int], *, somebody_told: bool
) -> Standing:
    """Return where a ring stands now. `levels` are those with somebody on duty for its village.

    A level without anybody is passed over. While nobody at all is on duty and nobody was told, no time
    counts: the ring begins with whoever comes first.
    """
    if standing.since > now:
        return Standing(standing.level, now)  # the clock was ahead
    if not somebody_told:
        if not levels:
            return Standing(standing.level, now)
        if min(levels) > standing.level:
            return Standing(min(levels), now)
    above = [level for level in levels if level > standing.level]
    if above and now - standing.since >= STEP_S:
        return Standing(min(above), now)
    return standing


def whom_to_tell(
    level: int, on_duty: Iterable[tuple[int, str]], told: Collection[str]
) -> list[tuple[int, str]]:
    """Return (level, account) of those on duty up to a level who were not told yet, each account once."""
    found: dict[str, int] = {}
    for theirs, account in sorted(on_duty):
        if theirs <= level and account not in told:
            found.setdefault(account, theirs)
    return [(theirs, account) for account, theirs in sorted(found.items())]


def is_time(next_try_at: float, now: float) -> bool:
    """Return whether a message is tried now. One put off further than any is comes from a wrong clock."""
    return next_try_at <= now or next_try_at > now + LONGEST_WAIT_S


def wait_after(tries: int) -> float:
    """Return how long to wait after so many tries, in seconds: doubled up to a quarter of an hour."""
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S << min(max(tries - 1, 0), 10)))
