from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from hub.pictures.drawing import Box, Words
from hub.pictures.week_bars import draw_weeks
from hub.pictures.weeks import MOST_WEEKS, last_weeks

KINDS = {"recruiter": "Perekrut atau calo", "victim": "Korban"}
NOW = 1_800_000_000.0
WEEKS = last_weeks(NOW, ZoneInfo("Asia/Makassar"), 3)
COUNTS = [{"recruiter": 4, "victim": 1}, {}, {"recruiter": 2}]


def test_each_count_has_a_bar_and_its_number() -> None:
    picture = draw_weeks(WEEKS, COUNTS, KINDS, dated="hari ini")
    bars = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.width > 12]
    # Totals 5 and 2, recruiter 4 and 2, victim 1: none for nothing.
    assert len(bars) == 5
    assert [bar.height for bar in bars[:2]] == [bars[0].height, bars[0].height * 2 / 5]
    said = [shape.text for shape in picture.shapes if isinstance(shape, Words)]
    assert [text for text in said if text.isdigit()] == ["5", "2", "4", "2", "1"]
    assert {"Perekrut atau calo", "Korban", "hari ini", "Laporan per minggu"} <= set(said)


def test_the_present_week_is_marked_as_not_whole() -> None:
    picture = draw_weeks(WEEKS, COUNTS, KINDS, dated="")
    bars = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.width > 12]
    assert [bar.dashed for bar in bars] == [False, True, False, True, False]
    assert "minggu ini, belum penuh" in {s.text for s in picture.shapes if isinstance(s, Words)}
    assert picture.table.rows[0][0].endswith("(belum penuh)")


def test_the_table_says_the_same_the_newest_first() -> None:
    picture = draw_weeks(WEEKS, COUNTS, KINDS, dated="")
    assert picture.table.headings == ("Minggu kalender", "Perekrut atau calo", "Korban", "Semua")
    assert [row[1:] for row in picture.table.rows] == [("2", "0", "2"), ("0", "0", "0"), ("4", "1", "5")]


def test_an_unknown_kind_counts_in_the_total() -> None:
    picture = draw_weeks(WEEKS, [{}, {}, {"new": 7}], KINDS, dated="")
    assert picture.table.rows[0][1:] == ("0", "0", "7")


def test_the_summary_says_most_and_all() -> None:
    assert draw_weeks(WEEKS, COUNTS, KINDS, dated="").summary == (
        "Minggu ini, yang belum penuh: 2 laporan. 2 minggu penuh sebelumnya: 5 laporan, "
        "terbanyak 5 pada 28 Des \u2013 3 Jan 2027."
    )
    assert draw_weeks(WEEKS, [{}, {}, {}], KINDS, dated="").summary.endswith("sebelumnya: 0 laporan.")


@pytest.mark.parametrize("count", [1, 12, MOST_WEEKS])
def test_everything_stays_inside_the_picture(count: int) -> None:
    weeks = last_weeks(NOW, ZoneInfo("Asia/Makassar"), count)
    picture = draw_weeks(weeks, [{"recruiter": 9_999}] * count, KINDS, dated="")
    for shape in picture.shapes:
        if isinstance(shape, Box):
            assert shape.x >= 0
            assert shape.x + shape.width <= picture.width
            assert 0 <= shape.y <= shape.y + shape.height <= picture.height
