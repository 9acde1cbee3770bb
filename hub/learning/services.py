"""What the pages about evaluation ask of the hub."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final, Protocol

from hub.learning.measures import Bin, Share
from hub.services import Role, SignedIn
from hub.warning.evaluating import RuleFigures

SEEING_ROLES: Final[tuple[Role, ...]] = ("supervisor", "administrator", "auditor")
WEEK_CHOICES: Final = (13, 26, 52)
USUAL_WEEKS: Final = 26
USUAL_CAPACITY: Final = 20
MOST_CAPACITY: Final = 1_000
LEAST_SHOWN: Final = 11
"""Of fewer verified reports of a district or kind of reporter nothing is told: it would say nothing."""
NOT_SAID: Final = ""
"""The kind of a reporter who did not say."""


@dataclass(frozen=True)
class RuleRow:
    """The signals of one rule and sort; `confirmed` is of those closed as true or false."""

    figures: RuleFigures
    confirmed: Share | None


@dataclass(frozen=True)
class BandRow:
    """The reports of one band as the score put them, and what verification said of them."""

    band: str
    reports: int
    confirmed: int
    refuted: int
    unverifiable: int
    share: Share | None


@dataclass(frozen=True)
class GroupRow:
    """Verified reports from a district (its code) or of a kind of reporter: how many were confirmed.

    No score: neither of the district nor of these people. `share` is None, and the counts with it, under
    `LEAST_SHOWN` verified reports.
    """

    name: str
    share: Share | None


@dataclass(frozen=True)
class OverrideRow:
    """How often people put another band in place of the computed one, by version of the weights."""

    version: str
    scored: int
    raised: int
    lowered: int
    share: Share | None


@dataclass(frozen=True)
class RandomRow:
    """What the random share says of reports whose computed band is the lowest: `reports` that had a draw, how
    many were `drawn`, and what verification said of these; `waiting` have no result, nor an excuse.

    `wrong` is the share that was true although the score was low, by weight; `true` that share of all these
    reports, with its interval. `bounds` are the shares if all drawn ones without a label were untrue, and if
    all were true.
    """

    reports: int
    drawn: int
    confirmed: int
    refuted: int
    unverifiable: int
    excused: int
    waiting: int
    wrong: Share | None
    true: tuple[float, float, float] | None
    bounds: tuple[float, float] | None


@dataclass(frozen=True)
class WaitRow:
    """How long the reports of one week (its Monday in days from 1970-01-01) waited for a person's first step.

    `median_s` and `nine_tenths_s` are seconds, None where that report still waits; all three are None under
    `LEAST_SHOWN` reports.
    """

    week: int
    reports: int
    waiting: int | None
    median_s: float | None
    nine_tenths_s: float | None

    @property
    def shown(self) -> bool:
        """Whether there are enough reports to say anything."""
        return self.waiting is not None


@dataclass(frozen=True)
class Evaluation:
    """All figures of the weeks from `since`, a Monday, until today, of what an account may see.

    `brier_usual` is what saying the share of all earlier labels each time would have had. `by_rank` and
    `by_arrival` are recall at the weekly `capacity`. `looked_at` reports were looked at, and `is_cut` tells
    that there were more; `is_weighted` that labels of drawn reports stand for all of their band, see
    `hub.learning.labels.weights`; `relations_of` is of how many verified reports the relation of
    the reporter was read; `worked_out_at` when all this was, Unix seconds.
    """

    weeks: int
    capacity: int
    since: datetime.date
    rules: tuple[RuleRow, ...]
    bands: tuple[BandRow, ...]
    random: RandomRow
    is_weighted: bool
    forecasts: int
    brier: float | None
    brier_usual: float | None
    reliability: tuple[Bin, ...]
    by_rank: Share | None
    by_arrival: Share | None
    overrides: tuple[OverrideRow, ...]
    waits: tuple[WaitRow, ...]
    districts: tuple[GroupRow, ...]
    relations: tuple[GroupRow, ...]
    relations_of: int
    looked_at: int
    is_cut: bool
    worked_out_at: float


class EvaluationServices(Protocol):
    """The evaluation; each look is noted in the log of accesses."""

    def evaluation(
        self, weeks: int, capacity: int, *, who: SignedIn, exported: bool = False, may_be_kept: bool = False
    ) -> Evaluation:
        """Return the figures; `exported` tells that they leave as a file, `may_be_kept` that those of the
        last minutes will do. Raises ValueError for a capacity or weeks out of range."""
        ...
