"""Figures that add up, and the one word for a link."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.airtime import PRESETS, Preset, payload_airtime_ms
from sync.link_quality import (
    DAY_S,
    DEMODULATION_LIMIT_DB,
    Figures,
    Grade,
    Measured,
    _limit_told_by,
    day_number,
    demodulation_limit_db,
    grade,
    grade_of_answers,
    grade_of_margin,
    share,
)


@dataclass(slots=True)
class Sample(Figures):
    frames: int = 0
    snr_db: Measured = field(default_factory=Measured)


def sample(*values: float | None) -> Sample:
    found = Sample(frames=len(values))
    for value in values:
        found.snr_db.note(value)
    return found


VALUES = st.lists(st.none() | st.integers(-30, 30).map(float), max_size=6)


class TestFigures:
    @given(VALUES, VALUES)
    def test_two_stretches_of_time_add_up_to_the_whole(
        self, first: list[float | None], second: list[float | None]
    ) -> None:
        added = sample(*first)
        added.add(sample(*second))
        assert added == sample(*first, *second)

    @given(VALUES)
    def test_a_row_gives_back_what_it_was_made_of(self, values: list[float | None]) -> None:
        row = {**sample(*values).columns(), "day": 7}
        assert Sample.from_columns(row) == sample(*values)

    def test_a_row_has_plain_columns(self) -> None:
        assert sample(-5.0, None, 3.0).columns() == {
            "frames": 3,
            "snr_db_count": 2,
            "snr_db_total": -2.0,
            "snr_db_highest": 3.0,
        }

    def test_what_was_never_measured_has_no_mean(self) -> None:
        assert sample(None).snr_db.mean is None
        assert sample(-12.0, -8.0).snr_db.mean == -10.0
        assert share(1, 0) is None
        assert share(1, 4) == 0.25


class TestGrade:
    @pytest.mark.parametrize(
        ("margin_db", "expected"),
        [(10.0, Grade.GOOD), (9.9, Grade.MEDIUM), (3.0, Grade.MEDIUM), (2.9, Grade.WEAK), (-4.0, Grade.WEAK)],
    )
    def test_by_margin(self, margin_db: float, expected: Grade) -> None:
        assert grade_of_margin(margin_db) is expected

    @pytest.mark.parametrize(
        ("asked", "answered", "expected"),
        [
            (0, 0, Grade.UNKNOWN),
            (1, 0, Grade.UNKNOWN),  # it may still be open
            (2, 0, Grade.NONE),
            (1, 1, Grade.GOOD),
            (2, 1, Grade.GOOD),  # the second may still be open
            (10, 8, Grade.GOOD),
            (10, 7, Grade.MEDIUM),
            (8, 2, Grade.MEDIUM),
            (9, 2, Grade.WEAK),
        ],
    )
    def test_by_answers(self, asked: int, answered: int, expected: Grade) -> None:
        assert grade_of_answers(asked, answered) is expected

    def test_the_worse_of_both_counts(self) -> None:
        assert grade(asked=9, answered=9, heard=9, margin_db=1.0) is Grade.WEAK
        assert grade(asked=10, answered=7, heard=9, margin_db=20.0) is Grade.MEDIUM
        assert grade(asked=9, answered=9, heard=9, margin_db=None) is Grade.GOOD

    def test_without_questions_the_signal_alone_counts(self) -> None:
        assert grade(asked=0, answered=0, heard=2, margin_db=5.0) is Grade.MEDIUM
        assert grade(asked=0, answered=0, heard=0, margin_db=None) is Grade.UNKNOWN

    def test_frames_without_answers_are_a_weak_link_and_not_none(self) -> None:
        assert grade(asked=9, answered=0, heard=1, margin_db=None) is Grade.WEAK
        assert grade(asked=9, answered=0, heard=1, margin_db=12.0) is Grade.WEAK
        assert grade(asked=9, answered=0, heard=0, margin_db=None) is Grade.NONE


class TestDays:
    def test_a_day_begins_at_midnight_in_central_indonesia(self) -> None:
        midnight_utc8 = 20_000 * DAY_S - 8 * 3600
        assert day_number(midnight_utc8) == 20_000
        assert day_number(midnight_utc8 - 1) == 19_999


class TestLimit:
    @pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
    def test_every_preset_is_told_by_its_airtime(self, preset: Preset) -> None:
        limit_db = demodulation_limit_db(lambda size: payload_airtime_ms(size, preset))
        assert limit_db == DEMODULATION_LIMIT_DB[preset.spreading_factor]

    def test_settings_of_somebody_elses_are_told_too(self) -> None:
        odd = Preset("custom", 8, 62, 6)
        assert demodulation_limit_db(lambda size: payload_airtime_ms(size, odd)) == -10.0

    def test_no_two_known_settings_take_the_same_time(self) -> None:
        # Else a limit could be another setting's: 12 at 500 kHz has symbols as long as 11 at 250 kHz.
        for spreading_factor, limit_db in DEMODULATION_LIMIT_DB.items():
            for bandwidth_khz in (31, 62, 125, 250, 500):
                for coding_rate in (5, 6, 7, 8):
                    own = Preset("", spreading_factor, bandwidth_khz, coding_rate)
                    assert demodulation_limit_db(partial(payload_airtime_ms, preset=own)) == limit_db

    def test_a_radio_is_tried_once_however_often_it_is_asked(self) -> None:
        _limit_told_by.cache_clear()
        for _ in range(3):
            demodulation_limit_db(partial(payload_airtime_ms, preset=PRESETS["LongFast"]))
        assert _limit_told_by.cache_info().misses == 1

    def test_a_radio_that_takes_another_time_has_no_known_limit(self) -> None:
        assert demodulation_limit_db(lambda size: 1000.0) is None
        slow = replace(PRESETS["LongFast"], bandwidth_khz=240)
        assert demodulation_limit_db(lambda size: payload_airtime_ms(size, slow)) is None
