"""Keeps what the radio did, day by day, and says it as JSON-ready fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from sync.link_quality import Grade, Measured, day_number, share
from sync.storage.writer import GroupCommitWriter, StorageError
from village_node.link_meter import HOUR_S, Hour, LinkCounts, LinkMeter
from village_node.models import LinkDay
from village_node.timekeeping import TimeKeeper

KEPT_DAYS = 400
"""A year and the season before it: 400 rows of 27 small numbers, about 100 KB."""
SHOWN_DAYS = 14
UNDATED_DAY = 0
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(_EPOCH_ORDINAL + day)


class LinkDays:
    """The days in the database. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter) -> None:
        self._db = database
        self._writer = writer

    def add(self, counts: dict[int, LinkCounts]) -> None:
        """Add to the rows of these days and drop those that are too old; raise StorageError."""

        def job() -> None:
            for day, more in counts.items():
                total = self._row(day)
                total.add(more)
                LinkDay.insert({"day": day, **total.columns()}).on_conflict_replace().execute(self._db)
            # By number, not by date: one wrong date far ahead must not take the whole history with it.
            newest = LinkDay.select(LinkDay.day).order_by(LinkDay.day.desc()).limit(KEPT_DAYS)
            LinkDay.delete().where((LinkDay.day != UNDATED_DAY) & LinkDay.day.not_in(newest)).execute(
                self._db
            )

        self._writer.run(job)

    def _row(self, day: int) -> LinkCounts:
        row = LinkDay.select().where(LinkDay.day == day).dicts().first(self._db)
        return LinkCounts() if row is None else LinkCounts.from_columns(row)

    def last(self, days: int, *, until: int | None) -> dict[int, LinkCounts]:
        """Return the newest dated days, oldest first; none after `until`, should a date have been wrong."""

        def job() -> dict[int, LinkCounts]:
            rows = LinkDay.select().where(LinkDay.day != UNDATED_DAY).order_by(LinkDay.day.desc()).limit(days)
            if until is not None:
                rows = rows.where(LinkDay.day <= until)
            return {row["day"]: LinkCounts.from_columns(row) for row in rows.dicts().execute(self._db)}

        return dict(reversed(self._writer.read(job).items()))

    def recent(self, today_s: int | None) -> dict[int, LinkCounts]:
        """Return the days that are shown, up to today where that is known, oldest first."""
        return self.last(SHOWN_DAYS, until=None if today_s is None else day_number(today_s))


class LinkRecord:
    """Moves ended hours from the meter into the days, once an hour at most, to spare the card.

    A power cut loses what was not stored: the running hour, and hours of a start that never learnt the date.
    """

    def __init__(self, meter: LinkMeter, days: LinkDays, times: TimeKeeper) -> None:
        self.meter = meter
        self._days = days
        self._times = times

    def save(self, *, closing: bool = False) -> None:
        """Store what can be dated; when closing, everything. What fails is tried again the next hour."""
        hours = self.meter.unkept(with_open=closing)
        now_s = self._times.trusted_wall_s()
        if now_s is None and not closing:
            hours = self.meter.too_many()
        by_day: dict[int, LinkCounts] = {}
        for hour in hours:
            by_day.setdefault(self._day_of(hour, now_s), LinkCounts()).add(hour.counts)
        if by_day:
            try:
                self._days.add(by_day)
            except StorageError:
                return  # figures are not worth an error on the way of a report
            self.meter.kept(hours)

    def _day_of(self, hour: Hour, now_s: int | None) -> int:
        if now_s is None:
            return UNDATED_DAY
        middle = min(hour.start + HOUR_S / 2, self._times.monotonic_s())
        return day_number(now_s - (self._times.monotonic_s() - middle))

    def days(self) -> dict[int, LinkCounts]:
        """Return the last days with what is not stored yet, oldest first."""
        now_s = self._times.trusted_wall_s()
        found = self._days.recent(now_s)
        if now_s is not None:
            for hour in self.meter.unkept(with_open=True):
                found.setdefault(self._day_of(hour, now_s), LinkCounts()).add(hour.counts)
        return dict(sorted(found.items())[-SHOWN_DAYS:])


def link_status(
    days: dict[int, LinkCounts],
    *,
    today_s: int | None,
    duty_cycle: float,
    meter: LinkMeter | None,
    now: float,
) -> dict[str, Any] | None:
    """Return the link as JSON-ready fields: grade, the last 24 hours, and the last days.

    Without a meter (no radio, or no server that runs) there is no present: the grade is "unknown". None
    where there never was a radio.
    """
    if meter is None and not days:
        return None
    first = None if today_s is None else day_number(today_s) - SHOWN_DAYS + 1
    return {
        "grade": str(Grade.UNKNOWN if meter is None else meter.grade(now)),
        "duty_cycle": duty_cycle,
        "today": None if today_s is None else date_of(day_number(today_s)).isoformat(),
        "last_24_hours": None if meter is None else figures(meter.last_24_hours(now), duty_cycle),
        "days": [
            {"date": date_of(day).isoformat(), **figures(counts, duty_cycle)}
            for day, counts in sorted(days.items())
            if first is None or day >= first
        ],
    }


def figures(counts: LinkCounts, duty_cycle: float) -> dict[str, Any]:
    """Return one stretch of time as JSON-ready fields; None where nothing was measured."""
    sent_share = share(counts.airtime_ms / 1000, counts.seconds)
    return {
        "grade": str(counts.grade),
        "hours_observed": round(counts.seconds / HOUR_S, 2),
        "frames_sent": counts.frames_sent,
        "airtime_ms": round(counts.airtime_ms),
        "airtime_share": _rounded(sent_share, 5),
        "allowed_share_used": _rounded(None if sent_share is None else sent_share / duty_cycle, 4),
        "frames_heard": counts.frames_heard,
        "questions_asked": counts.questions_asked,
        "questions_answered": counts.questions_answered,
        "answered_share": _rounded(share(counts.questions_answered, counts.questions_asked), 3),
        "silences": counts.silences,
        # A share, not a number: nobody shall count reports here (design D8).
        "sent_again_share": _rounded(share(counts.envelopes_again, counts.envelopes_sent), 3),
        **_measured("round_trip_s", counts.round_trip_s, "max"),
        **_measured("rssi_dbm", counts.rssi_dbm, "best"),
        **_measured("snr_db", counts.snr_db, "best"),
        **_measured("margin_db", counts.margin_db, "best"),
        **_measured("hops", counts.hops, "max"),
        **_measured("channel_used", counts.channel_used, "max"),
    }


def _measured(name: str, value: Measured, highest: str) -> dict[str, float | None]:
    return {f"{name}_mean": _rounded(value.mean, 3), f"{name}_{highest}": _rounded(value.highest, 3)}


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
