"""In which order reports wait, and why, in words. A number sorts; it is never shown."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.cases.states import States
from hub.languages import N_, counted
from hub.risk.scoring import LAST_RANK
from sync.records import Report, is_urgent_on

_DAYS: Final = 100_000
_SECONDS: Final = 10_000_000_000
_RANKS: Final = LAST_RANK + 1
BAND: Final = _DAYS * _RANKS * _SECONDS
"""Sort keys of one band lie within one such step. A band goes before the next, whatever is in it."""

URGENT_UNREAD, URGENT, WARNING, UNREAD, WAITING, RESPONDING, FINISHED = range(7)
OPEN_BELOW: Final = FINISHED * BAND
"""Every report that is not finished sorts below this key."""
URGENT_BELOW: Final = WARNING * BAND
"""Every urgent report on which nothing is done yet sorts below this key."""

SOON_DAYS: Final = 7
_NO_DAY: Final = _DAYS - 1
_EPOCH: Final = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Reason:
    """Why a report stands where it stands; `presses` marks those that cannot wait."""

    text: str
    presses: bool = False


_SIGNS: Final = {
    "violence": Reason(N_("kekerasan"), True),
    "confinement": Reason(N_("dikurung atau dijaga"), True),
    "organ_removal": Reason(N_("menjual organ"), True),
    "contact_lost": Reason(N_("hilang kontak"), True),
    "documents_held": Reason(N_("dokumen ditahan")),
}


@dataclass(frozen=True)
class Facts:
    """What decides the place of a report in the inbox.

    `added_urgent` tells that the reporter added something urgent, `news` that something was added and nobody
    has read it; `linked` holds reasons that linking gives, in words; `rank` is that of the triage score, see
    `hub.risk.scoring.rank`.
    """

    report: Report
    received_at: float
    read: bool
    states: States = States()
    added_urgent: bool = False
    news: bool = False
    withdrawn: bool = False
    linked: tuple[str, ...] = ()
    rank: int = LAST_RANK


def sort_key(facts: Facts, today: datetime.date) -> int:
    """Return the key by which the inbox sorts, the lowest first: band, departure, triage score, age."""
    day = departure_day(facts.report)
    # A departure that has passed counts no days down any more.
    left = _NO_DAY if day is None or day < day_number(today) - 1 else min(max(day, 0), _NO_DAY)
    age = _SECONDS - 1 - min(max(int(facts.received_at), 0), _SECONDS - 1)
    return _band(facts, today) * BAND + (left * _RANKS + facts.rank) * _SECONDS + age


def _band(facts: Facts, today: datetime.date) -> int:
    stage = facts.states.stage
    unread = not facts.read or facts.news
    if stage in ("closed", "discarded"):
        # What a reporter adds to a finished report must be seen: it comes back until it is read.
        return (URGENT_UNREAD if facts.added_urgent else UNREAD) if facts.news else FINISHED
    if is_urgent(facts, today) and unread:
        return URGENT_UNREAD
    if stage == "responding":
        return UNREAD if unread else RESPONDING
    if is_urgent(facts, today):
        return URGENT
    if any(reason.presses for reason in reasons(facts, today)):
        return WARNING
    return UNREAD if unread else WAITING


def is_urgent(facts: Facts, today: datetime.date) -> bool:
    """Tell whether it is urgent on that day: danger now or departure in 48 hours, said at first or added."""
    return is_urgent_on(facts.report, today) or facts.added_urgent


def reasons(facts: Facts, today: datetime.date) -> tuple[Reason, ...]:
    """Return why the report stands where it stands, the most pressing first."""
    return tuple(sorted(_reasons(facts, today), key=lambda reason: not reason.presses))


def _reasons(facts: Facts, today: datetime.date) -> Iterator[Reason]:
    report = facts.report
    signs = report.indicators or frozenset()
    if report.urgency == "now":
        yield Reason(N_("pelapor: bahaya sekarang"), True)
    if facts.added_urgent:
        yield Reason(N_("pelapor menambahkan: mendesak"), True)
    yield from _countdown(report, today)
    if "child" in signs or (report.people is not None and (report.people.children or 0) > 0):
        yield Reason(N_("anak di bawah 18"), True)
    yield from (reason for sign, reason in _SIGNS.items() if sign in signs)
    if report.urgency == "soon":
        yield Reason(N_("pelapor: segera"))
    if report.official_involved:
        yield Reason(N_("menyebut perangkat desa"))
    yield from (Reason(text, True) for text in facts.linked)
    if facts.withdrawn:
        yield Reason(N_("ditarik pelapor"))
    if facts.news:
        yield Reason(N_("ada kabar baru dari pelapor"))


def _countdown(report: Report, today: datetime.date) -> Iterator[Reason]:
    day = departure_day(report)
    if day is None:
        return
    left = day - day_number(today)
    near = {
        0: N_("berangkat hari ini"),
        1: N_("berangkat besok"),
        2: N_("berangkat lusa"),
        -1: N_("berangkat kemarin"),
    }
    if left in near:
        yield Reason(near[left], True)
    elif 0 < left <= SOON_DAYS:
        yield Reason(counted("berangkat %(count)s hari lagi", left), True)
    elif left > 0:
        yield Reason(counted("berangkat %(count)s hari lagi", left))
    else:
        yield Reason(counted("tanggal berangkat lewat %(count)s hari", -left))


def departure_day(report: Report) -> int | None:
    """Return the day of departure in days from 1970-01-01, or None where none was said."""
    said = None if report.offer is None else report.offer.departure_on
    return None if said is None else day_number(datetime.date.fromisoformat(said))


def day_number(date: datetime.date) -> int:
    """Return a date in days from 1970-01-01."""
    return (date - _EPOCH).days
