"""What the pages about signals ask of the hub."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from hub.cases.services import InboxRow
from hub.services import READING_ROLES, Role, SignedIn
from hub.signals.finding import WeekPoint
from hub.warning.clocks import Clock, Share
from hub.warning.reasons import Facts, Found
from hub.warning.risk import Cell

SEEING_ROLES: Final[tuple[Role, ...]] = (*READING_ROLES, "auditor")
"""Auditors read signals, and none of the reports behind them."""
RULES: Final = "signal rules"
"""Whose name stands beside what the weekly run did."""
PERSON, RULE = "person", "rule"
"""Who raised a signal."""
TITLE_MAX_CHARACTERS: Final = 120
MOST_OPEN: Final = 99
"""The menu counts no further: one more stands for any number above."""

WHATS: Final = (
    *("raised", "seen again", "nothing new", "moved", "closed", "reopened", "assessed", "monitor"),
    *("assigned", "commented", "report added", "report removed", "response done", "bottleneck"),
    *("folded", "took in", "separated", "forgotten"),
)
"""What a step of the history may be. `becomes` is a week (Monday, in days) of a finding, a state, a cell, a
day, an account, a report, a clock and its bottleneck, or the number of the other signal."""


class UnknownSignal(Exception):
    """No signal has that number, or none that the account may see."""


class BulletinLine(NamedTuple):
    """A bulletin of a signal: its number and state (of `hub.bulletins.services`), for how many villages
    it is, how many have it, and how many have said that it was seen."""

    serial: int
    state: str
    villages: int
    delivered: int
    seen: int


class BulletinsOfSignal(Protocol):
    """What the bulletins tell about one signal."""

    def of_signal(self, signal_id: int) -> Sequence[BulletinLine]:
        """Return the bulletins that were written from a signal, the newest first."""
        ...


class NoBulletins:
    """Stands in where no bulletins are written."""

    def of_signal(self, signal_id: int) -> Sequence[BulletinLine]:
        """Return that there are none."""
        return ()

    def of_notice(self, serial: int) -> int | None:
        """Return that it carries none."""
        return None


@dataclass(frozen=True)
class SignalChoice:
    """Which signals to list. Without a state: all that are not closed. `level` is a word of
    `hub.signals.finding.Level`, `area` the beginning of a code, `rule` a rule's name or `person`; `late` are
    those whose clock has run out, `watched` those whose monitor date has come."""

    state: str | None = None
    level: str | None = None
    area: str | None = None
    rule: str | None = None
    mine: bool = False
    late: bool = False
    watched: bool = False


@dataclass(frozen=True)
class SightingView:
    """One finding behind a signal; `found` is None for what a person raised. `came_from` is the signal that
    was folded into this one with it."""

    id: int
    rule: str
    unit: str
    group: str
    value: str
    week: int
    found: Found | None
    past: tuple[WeekPoint, ...]
    case_number: str
    at: float
    by: str
    came_from: int | None


@dataclass(frozen=True)
class SignalRow:
    """One line of the list. It names nobody."""

    id: int
    origin: str
    rule: str
    sort: str
    unit: str
    level: str
    group: str
    value: str
    title: str
    state: str
    verdict: str | None
    outcome: str | None
    cell: Cell | None
    reasons: tuple[str, ...]
    reports: int
    raised_at: float
    raised_by: str
    week: int | None
    assignee: str | None
    monitor_until: datetime.date | None
    is_watched_due: bool
    clocks: tuple[Clock, Clock, Clock]
    joined_into: int | None


@dataclass(frozen=True)
class SignalStepView:
    """One line of the history; see `WHATS`."""

    id: int
    at: float
    by: str
    what: str
    was: str
    becomes: str
    reason: str


@dataclass(frozen=True)
class SignalView:
    """One signal, whole. `reports` are those of the first page that the account may see; `elsewhere` how many
    it may not, `forgotten` how many are there no more."""

    row: SignalRow
    facts: Facts
    chance: float | None
    sightings: tuple[SightingView, ...]
    lead: SightingView | None
    """The one whose series is drawn."""
    reports: tuple[InboxRow, ...]
    more_reports: int | None
    """Before which place the next page of reports goes on."""
    elsewhere: int
    forgotten: int
    cases: tuple[str, ...]
    history: tuple[SignalStepView, ...]
    last_step: int
    bottlenecks: Mapping[str, str]
    """By clock."""
    responded_at: float | None
    ways: tuple[str, ...]
    may_close: bool
    joined: tuple[int, ...]
    """Signals that went into this one."""


@dataclass(frozen=True)
class Draft:
    """A signal that a person raises: what it is about, its area (code; empty for the whole region), why, the
    reports and the case it rests on."""

    title: str
    unit: str
    reason: str
    reports: tuple[str, ...] = ()
    case_number: str = ""


@dataclass(frozen=True)
class Closing:
    """How a signal ends; `bottlenecks` by the name of each clock that was missed."""

    verdict: str
    outcome: str
    reason: str
    bottlenecks: Mapping[str, str]


class SignalServices(Protocol):
    """The use cases of signals. What names one raises UnknownSignal for one the account may not see, and
    StepRefused for what may not be; `seen` is `SignalView.last_step` as it was shown."""

    def rows(
        self, choice: SignalChoice, *, before: int | None, limit: int, who: SignedIn
    ) -> tuple[list[SignalRow], int | None]:
        """Return a page, the newest first, and before which number the next one goes on."""
        ...

    def open_count(self, who: SignedIn) -> int:
        """Return how many are not closed, at most one more than `MOST_OPEN`."""
        ...

    def watched_due(self, who: SignedIn) -> int:
        """Return of how many the monitor date has come, at most one more than `MOST_OPEN`."""
        ...

    def shares(self, who: SignedIn) -> tuple[Share, ...]:
        """Return the shares of the 7-1-7 clocks of the signals of the last half year."""
        ...

    def rules(self) -> list[str]:
        """Return the names of the rules that have raised a signal."""
        ...

    def of_report(self, report_id: str, who: SignedIn) -> list[int]:
        """Return the signals that stand and rest on a report, as far as the account may see both."""
        ...

    def view(self, signal: int, *, reports_before: int | None, who: SignedIn) -> SignalView:
        """Return one signal and note that it was looked at."""
        ...

    def lead(self, signal: int, who: SignedIn) -> SightingView | None:
        """Return what its chart is drawn from, and note that it was looked at."""
        ...

    def prefilled(self, report_id: str, case_number: str, who: SignedIn) -> Draft:
        """Return what a new signal from a report or a case begins with; raise UnknownReport, UnknownCase."""
        ...

    def raise_by_hand(self, draft: Draft, *, who: SignedIn) -> int:
        """Raise a signal and return the number where it stands: of another one that rests on the same."""
        ...

    def move(self, signal: int, to: str, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """Move a signal to another state, but not to closed; opens a closed one again."""
        ...

    def close(self, signal: int, closing: Closing, *, seen: int | None, who: SignedIn) -> None:
        """Close a signal; each missed clock needs its bottleneck."""
        ...

    def assess(self, signal: int, cell: Cell | None, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """Keep the risk."""
        ...

    def respond(self, signal: int, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """Note that the response is complete."""
        ...

    def note_bottleneck(
        self, signal: int, clock: str, bottleneck: str, reason: str, *, who: SignedIn
    ) -> None:
        """Keep why a clock was missed."""
        ...

    def monitor(self, signal: int, until: datetime.date | None, reason: str, *, who: SignedIn) -> None:
        """Watch a signal until a day, which is then reminded of; None ends it."""
        ...

    def assign(self, signal: int, to: str | None, *, who: SignedIn) -> None:
        """Give a signal to an account that sees its area, or to nobody."""
        ...

    def assignable(self, unit: str) -> list[str]:
        """Return the accounts that see an area."""
        ...

    def comment(self, signal: int, text: str, *, who: SignedIn) -> None:
        """Add a comment for the staff."""
        ...

    def add_report(self, signal: int, report_id: str, *, who: SignedIn) -> None:
        """Put a report behind a signal."""
        ...

    def remove_report(self, signal: int, report_id: str, reason: str, *, who: SignedIn) -> None:
        """Take a report away from behind it."""
        ...

    def fold(self, signal: int, into: int, reason: str, *, who: SignedIn) -> None:
        """Let a signal go into another one, with all it rests on."""
        ...

    def separate(self, signal: int, sighting: int, reason: str, *, who: SignedIn) -> int:
        """Take one finding out again, as the signal that it was or a new one; return its number."""
        ...
