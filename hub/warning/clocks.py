"""The 7-1-7 clocks of a signal: seen within seven days, checked within one, answered within seven. Pure.

Detection runs from the first report's taking to the raising of the signal, notification from there until it
was decided in verification, response from there until the response was complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.languages import N_

_DAY_S: Final = 86_400.0
DETECT, NOTIFY, RESPOND = "detect", "notify", "respond"
LIMITS_S: Final[Mapping[str, float]] = MappingProxyType(
    {DETECT: 7 * _DAY_S, NOTIFY: _DAY_S, RESPOND: 7 * _DAY_S}
)
MET, MISSED, RUNNING, OVERDUE, NOT_KNOWN, NOT_NEEDED = (
    *("met", "missed", "running", "overdue", "not_known", "not_needed"),
)
"""What a clock says; `NOT_KNOWN` where nothing tells when it began, `NOT_NEEDED` for what was no event."""

BOTTLENECKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "late_arrival": N_("laporan lama di jalan: radio atau internet terputus"),
        "box_offline": N_("kotak desa mati atau rusak"),
        "not_reported": N_("desa terlambat melapor"),
        "few_reports": N_("laporan terlalu sedikit untuk aturan"),
        "few_staff": N_("petugas kurang atau libur"),
        "unclear_duty": N_("tidak jelas siapa yang bertugas"),
        "no_contact": N_("fasilitator atau saksi tidak dapat dihubungi"),
        "other_agency": N_("menunggu lembaga lain"),
        "access": N_("tempatnya sulit didatangi"),
        "data_error": N_("waktu yang tercatat salah"),
        "other": N_("lain, tertulis dalam alasan"),
    }
)
"""Why a clock was missed."""


@dataclass(frozen=True)
class Times:
    """When things happened, Unix seconds; None for what has not, or is not known.

    `counted_from` is when the signal was raised, or opened again. `is_event` is false for what was closed as
    false or unknown.
    """

    first_report_at: float | None
    raised_at: float
    counted_from: float
    notified_at: float | None = None
    responded_at: float | None = None
    closed: bool = False
    is_event: bool = True


@dataclass(frozen=True)
class Clock:
    """One clock: its name, what it says, how long it took or has run (None where not known)."""

    name: str
    state: str
    took_s: float | None

    @property
    def is_late(self) -> bool:
        """Return whether it was missed, or is over and still runs."""
        return self.state in (MISSED, OVERDUE)


def clocks(times: Times, now: float) -> tuple[Clock, Clock, Clock]:
    """Return the three clocks as they stand at `now`."""
    if times.first_report_at is None:
        detect = Clock(DETECT, NOT_KNOWN, None)
    else:
        detect = _stopped(DETECT, times.raised_at - times.first_report_at)
    return detect, _notify(times, now), _respond(times, now)


def _notify(times: Times, now: float) -> Clock:
    if times.notified_at is not None:
        return _stopped(NOTIFY, times.notified_at - times.counted_from)
    return _running(NOTIFY, now - times.counted_from)


def _respond(times: Times, now: float) -> Clock:
    if times.closed and not times.is_event:
        return Clock(RESPOND, NOT_NEEDED, None)
    if times.notified_at is None:
        return Clock(RESPOND, NOT_KNOWN, None)
    if times.responded_at is not None:
        return _stopped(RESPOND, times.responded_at - times.notified_at)
    return _running(RESPOND, now - times.notified_at)


def _stopped(name: str, took_s: float) -> Clock:
    took_s = max(0.0, took_s)
    return Clock(name, MET if took_s <= LIMITS_S[name] else MISSED, took_s)


def _running(name: str, took_s: float) -> Clock:
    took_s = max(0.0, took_s)
    return Clock(name, RUNNING if took_s <= LIMITS_S[name] else OVERDUE, took_s)


def due_at(times: Times) -> float | None:
    """Return when the clock runs out that is running, or None."""
    if times.closed or times.responded_at is not None:
        return None
    if times.notified_at is None:
        return times.counted_from + LIMITS_S[NOTIFY]
    return times.notified_at + LIMITS_S[RESPOND]


@dataclass(frozen=True)
class Share:
    """Of how many signals a clock has said something, and how many of them were in time."""

    name: str
    met: int
    known: int


ALL_THREE: Final = "all"


def shares(signals: Iterable[Sequence[Clock]]) -> tuple[Share, ...]:
    """Return the shares of each clock, and of all three together where all of them are known."""
    rows = [{clock.name: clock for clock in one} for one in signals]
    found = [_share(name, [[row[name]] for row in rows]) for name in LIMITS_S]
    return (*found, _share(ALL_THREE, [list(row.values()) for row in rows]))


def _share(name: str, rows: Sequence[Sequence[Clock]]) -> Share:
    said = [
        [clock.state == MET for clock in row]
        for row in rows
        if all(clock.state in (MET, MISSED, OVERDUE) for clock in row)
    ]
    return Share(name, sum(all(row) for row in said), len(said))
