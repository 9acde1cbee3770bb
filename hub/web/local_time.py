"""Times and dates in words, in the hub's own time zone."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from hub.languages import N_, counted

_MONTHS: Final = (
    *(N_("Januari"), N_("Februari"), N_("Maret"), N_("April"), N_("Mei"), N_("Juni")),
    *(N_("Juli"), N_("Agustus"), N_("September"), N_("Oktober"), N_("November"), N_("Desember")),
)
_DAYS: Final = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"), N_("Sabtu"), N_("Minggu"))

_EXACT_WITHIN_S: Final = 2 * 60
_NEAR_WITHIN_S: Final = 2 * 60 * 60
_EARLIEST_TIME_S: Final = 946_684_800
"""2000: an earlier time means that nothing bounds it on that side."""
_LATEST_TIME_S: Final = 253_370_764_800
"""9999: a later one cannot be written as a date."""


@dataclass(frozen=True)
class LocalTime:
    """Writes Unix seconds as people in one time zone say them."""

    zone: ZoneInfo

    def moment(self, unix_s: float) -> str:
        """Return such as "Selasa, 5 Mei 2026, 14.05 WITA"."""
        if not _can_be_written(unix_s):
            return N_("waktu tidak diketahui")
        at = datetime.datetime.fromtimestamp(unix_s, self.zone)
        return f"{_DAYS[at.weekday()]}, {_date(at)}, {_clock(at)} {at.tzname()}"

    def short_moment(self, unix_s: float, *, now: float) -> str:
        """Return such as "hari ini 14.05 WITA"; a day further back is named."""
        if not _can_be_written(unix_s):
            return N_("waktu tidak diketahui")
        at = datetime.datetime.fromtimestamp(unix_s, self.zone)
        today = datetime.datetime.fromtimestamp(now, self.zone).date()
        days_ago = (today - at.date()).days
        day = {0: N_("hari ini"), 1: N_("kemarin")}.get(days_ago) or _date(at)
        return f"{day} {_clock(at)} {at.tzname()}"

    def machine_time(self, unix_s: float) -> str:
        """Return ISO 8601 for the `datetime` attribute; empty when it cannot be written."""
        if not _can_be_written(unix_s):
            return ""
        return datetime.datetime.fromtimestamp(unix_s, self.zone).isoformat(timespec="seconds")

    def taken(self, taken_at: float | None, between: tuple[float, float]) -> tuple[str, str]:
        """Return when a report was taken and how sure that is, in words."""
        earliest, latest = between
        if not _can_be_written(earliest) or not _can_be_written(latest):
            return self._taken_with_one_bound(taken_at, earliest, latest)
        spread_s = max(0.0, latest - earliest)
        if taken_at is not None and spread_s <= _EXACT_WITHIN_S:
            return self.moment(taken_at), N_("Tepat sampai beberapa menit.")
        bounds = N_(
            "antara %(moment)s dan %(moment2)s", moment=self.moment(earliest), moment2=self.moment(latest)
        )
        if taken_at is None:
            return bounds, N_(
                "Jam kotak desa tidak dapat dipercaya; rentangnya %(duration)s.", duration=duration(spread_s)
            )
        if spread_s <= _NEAR_WITHIN_S:
            return N_("sekitar %(moment)s", moment=self.moment(taken_at)), N_(
                "Cukup pasti: %(bounds)s.", bounds=bounds
            )
        return N_("kira-kira %(moment)s", moment=self.moment(taken_at)), N_(
            "Kurang pasti: %(bounds)s (%(duration)s).", bounds=bounds, duration=duration(spread_s)
        )

    def _taken_with_one_bound(
        self, taken_at: float | None, earliest: float, latest: float
    ) -> tuple[str, str]:
        if taken_at is not None:
            return N_("kira-kira %(moment)s", moment=self.moment(taken_at)), N_(
                "Kurang pasti: batas waktunya tidak diketahui."
            )
        if _can_be_written(latest):
            return N_("sebelum %(moment)s", moment=self.moment(latest)), N_(
                "Kotak desa tidak tahu tanggal saat laporan dibuat."
            )
        if _can_be_written(earliest):
            return N_("setelah %(moment)s", moment=self.moment(earliest)), N_(
                "Kotak desa tidak tahu tanggal saat laporan dibuat."
            )
        return N_("tidak diketahui"), N_("Kotak desa tidak tahu tanggal saat laporan dibuat.")


def local_time(timezone_name: str) -> LocalTime:
    """Return the writer for an IANA zone such as Asia/Makassar; raise ValueError for an unknown one."""
    try:
        return LocalTime(ZoneInfo(timezone_name))
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"no time zone is called {timezone_name!r}") from error


def date_in_words(date: datetime.date) -> str:
    """Return such as "Selasa, 5 Mei 2026"."""
    return f"{_DAYS[date.weekday()]}, {_date(date)}"


def duration(seconds: float) -> str:
    """Return a length of time in one unit, rounded up."""
    for unit_s, say in ((86_400, _days), (3_600, _hours), (60, _minutes)):
        if seconds >= 2 * unit_s or (say is _minutes and seconds > 90):
            return say(math.ceil(seconds / unit_s))
    return counted("%(count)s detik", math.ceil(seconds))


def _days(count: int) -> str:
    return counted("%(count)s hari", count)


def _hours(count: int) -> str:
    return counted("%(count)s jam", count)


def _minutes(count: int) -> str:
    return counted("%(count)s menit", count)


def _clock(at: datetime.datetime) -> str:
    return N_("%(hour)s.%(minute)s", hour=f"{at:%H}", minute=f"{at:%M}")


def _date(date: datetime.date) -> str:
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def _can_be_written(unix_s: float) -> bool:
    return _EARLIEST_TIME_S <= unix_s < _LATEST_TIME_S
