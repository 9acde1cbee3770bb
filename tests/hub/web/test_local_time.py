"""Times in Indonesian words."""

from __future__ import annotations

import datetime
import math

import pytest

from hub.languages import speaking
from hub.web.local_time import date_in_words, duration, local_time

NOON_UTC = datetime.datetime(2026, 5, 5, 12, 5, tzinfo=datetime.UTC).timestamp()
makassar = local_time("Asia/Makassar")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Jakarta", "Selasa, 5 Mei 2026, 19.05 WIB"),
        ("Asia/Makassar", "Selasa, 5 Mei 2026, 20.05 WITA"),
        ("Asia/Jayapura", "Selasa, 5 Mei 2026, 21.05 WIT"),
    ],
)
def test_a_moment_is_said_in_the_zone_with_its_label(zone: str, words: str) -> None:
    assert local_time(zone).moment(NOON_UTC) == words


def test_an_unknown_zone_is_refused() -> None:
    for name in ("Mars/Phobos", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="time zone"):
            local_time(name)


def test_a_short_moment_names_today_and_yesterday_by_the_local_day() -> None:
    assert makassar.short_moment(NOON_UTC, now=NOON_UTC + 60) == "hari ini 20.05 WITA"
    # Four hours later it is past midnight in Makassar, though not in UTC.
    assert makassar.short_moment(NOON_UTC, now=NOON_UTC + 4 * 3600) == "kemarin 20.05 WITA"
    assert makassar.short_moment(NOON_UTC, now=NOON_UTC + 3 * 86400) == "5 Mei 2026 20.05 WITA"


def test_machine_time_carries_the_offset() -> None:
    assert makassar.machine_time(NOON_UTC) == "2026-05-05T20:05:00+08:00"


@pytest.mark.parametrize("unix_s", [-1.0, 0.0, 1e18, math.inf, -math.inf, math.nan])
def test_a_time_that_cannot_be_is_said_to_be_unknown(unix_s: float) -> None:
    assert makassar.moment(unix_s) == "waktu tidak diketahui"
    assert makassar.short_moment(unix_s, now=NOON_UTC) == "waktu tidak diketahui"
    assert makassar.machine_time(unix_s) == ""


def test_taken_says_how_sure_it_is() -> None:
    exact = makassar.taken(NOON_UTC, (NOON_UTC - 30, NOON_UTC + 30))
    near = makassar.taken(NOON_UTC, (NOON_UTC - 1800, NOON_UTC + 1800))
    loose = makassar.taken(NOON_UTC, (NOON_UTC - 86400, NOON_UTC + 86400))
    unknown = makassar.taken(None, (NOON_UTC - 86400, NOON_UTC))
    assert exact == ("Selasa, 5 Mei 2026, 20.05 WITA", "Tepat sampai beberapa menit.")
    assert near[0].startswith("sekitar Selasa")
    assert near[1].startswith("Cukup pasti: antara Selasa, 5 Mei 2026, 19.35 WITA dan")
    assert loose[0].startswith("kira-kira Selasa")
    assert loose[1].startswith("Kurang pasti: antara Senin")
    assert loose[1].endswith("(2 hari).")
    assert unknown[0] == "antara Senin, 4 Mei 2026, 20.05 WITA dan Selasa, 5 Mei 2026, 20.05 WITA"
    assert unknown[1] == "Jam kotak desa tidak dapat dipercaya; rentangnya 24 jam."


def test_taken_with_open_bounds_says_what_is_known() -> None:
    assert makassar.taken(None, (0.0, NOON_UTC))[0] == "sebelum Selasa, 5 Mei 2026, 20.05 WITA"
    assert makassar.taken(None, (NOON_UTC, math.inf))[0] == "setelah Selasa, 5 Mei 2026, 20.05 WITA"
    assert makassar.taken(None, (-math.inf, math.inf))[0] == "tidak diketahui"
    assert makassar.taken(NOON_UTC, (0.0, NOON_UTC))[0].startswith("kira-kira Selasa")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 detik"), (45, "45 detik"), (90, "90 detik"), (91, "2 menit"), (600, "10 menit")]
    + [(7200, "2 jam"), (86400, "24 jam"), (172801, "3 hari")],
)
def test_durations_are_rounded_up_in_one_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_dates_are_said_in_words() -> None:
    assert date_in_words(datetime.date(2026, 12, 31)) == "Kamis, 31 Desember 2026"
    assert date_in_words(datetime.date(1, 1, 1)) == "Senin, 1 Januari 1"
    sunday = datetime.date(2027, 2, 14)
    assert date_in_words(sunday) == "Minggu, 14 Februari 2027"
    with speaking("en"):  # "Minggu" is a week, too: each has an English word of its own
        assert date_in_words(sunday) == "Sunday, 14 February 2027"
