"""The figures of one week, as they are kept: numbers and codes, no names of people and no words of anybody.
Pure.

`HIDDEN` stands for a number that is not shown outside the office.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

FORM: Final = 1
"""Another one means that older rows are read otherwise."""
HIDDEN: Final = -1


class UnknownForm(Exception):
    """The figures were kept by a later version of the hub."""


@dataclass(frozen=True)
class District:
    """Reports of one regency in the week and the one before; between what the week's count lies in nine of
    ten cases, None where too few weeks are known."""

    code: str
    now: int
    before: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Reports:
    """Reports taken in the week, as far as they have come. `kinds` are (kind, now, before); `weeks` the last
    ones, oldest first: (Monday, count); `provinces` (code, count)."""

    total: int
    before: int
    low: int | None
    high: int | None
    kinds: tuple[tuple[str, int, int], ...]
    districts: tuple[District, ...]
    weeks: tuple[tuple[int, int], ...]
    provinces: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Urgent:
    """Urgent reports that began to ring in the week; how many were read, within the promised time, and
    half of them within `median_s` seconds."""

    rang: int
    read: int
    in_time: int
    median_s: float | None


@dataclass(frozen=True)
class Signals:
    """Signals raised in the week by sort, closed in it by verdict, open and late when it was counted.
    `clocks` are of those raised or closed in the week: (clock, in time, known)."""

    raised: int
    sorts: tuple[tuple[str, int], ...]
    true: int
    false: int
    unknown: int
    open: int
    late: int
    clocks: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Bulletins:
    """Bulletins sent in the week, and village boxes: that should have, have, and have acknowledged one."""

    sent: int
    villages: int
    delivered: int
    seen: int
    waiting: int


@dataclass(frozen=True)
class Villages:
    """Village boxes, those not heard for days when it was counted, and the areas that the watch found quiet
    or not heard in the week."""

    boxes: int
    silent: int
    quiet: tuple[str, ...]
    offline: tuple[str, ...]


@dataclass(frozen=True)
class Referrals:
    """Referrals made and answered in the week, whose day was in it, and late when it was counted."""

    made: int
    answered: int
    due: int
    due_answered: int
    late: int


@dataclass(frozen=True)
class Series:
    """A series of another office: its counts in the week and the one before, None for no number."""

    name: str
    office: str
    unit: str
    now: int | None
    before: int | None
    unusual: bool


@dataclass(frozen=True)
class Learned:
    """Of signals raised in the last `weeks`: closed as true, of true and false; verified reports by triage
    band: (band, confirmed, of)."""

    weeks: int
    true: int
    decided: int
    bands: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Waiting:
    """What waited when it was counted."""

    urgent_unread: int
    unread: int
    undone: int
    signals: int
    signals_late: int
    bulletins: int
    referrals_late: int
    rights: int


@dataclass(frozen=True)
class Rights:
    """Clocks of Law 27/2022: opened in the week, closed in it and in time; running and overdue when it was
    counted."""

    opened: int
    closed: int
    in_time: int
    running: int
    overdue: int


@dataclass(frozen=True)
class Facts:
    """All figures of the week of a Monday for who sees `areas` (codes; none: the whole hub). `judged` tells
    that the watch had judged the week; `outside` that small numbers are hidden and others rounded."""

    week: int
    areas: tuple[str, ...]
    counted_at: float
    judged: bool
    reports: Reports
    urgent: Urgent
    signals: Signals
    bulletins: Bulletins
    villages: Villages
    referrals: Referrals
    series: tuple[Series, ...]
    learned: Learned
    waiting: Waiting
    rights: Rights
    outside: bool = False


def to_text(facts: Facts) -> str:
    """Return figures as JSON."""
    return json.dumps({"form": FORM, **asdict(facts)}, ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> Facts:
    """Return figures from their JSON; raise UnknownForm for a later one."""
    found = json.loads(text)
    if found.pop("form") != FORM:
        raise UnknownForm
    reports = found["reports"]
    reports["districts"] = [_part(District, one) for one in reports["districts"]]
    found["series"] = [_part(Series, one) for one in found["series"]]
    for name, part in _PARTS.items():
        found[name] = _part(part, found[name])
    made: Facts = _part(Facts, found)
    return made


_PARTS: Final[Mapping[str, Any]] = {
    "reports": Reports,
    "urgent": Urgent,
    "signals": Signals,
    "bulletins": Bulletins,
    "villages": Villages,
    "referrals": Referrals,
    "learned": Learned,
    "waiting": Waiting,
    "rights": Rights,
}


def _part(part: Any, told: Mapping[str, Any]) -> Any:
    return part(**{one.name: _frozen(told[one.name]) for one in fields(part) if one.name in told})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
