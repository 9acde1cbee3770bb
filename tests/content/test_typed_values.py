from __future__ import annotations

import pytest

from content.typed_values import area_code, iso_date, rupiah, whole_number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-11-20", "2026-11-20"),
        (" 2026-11-20 ", "2026-11-20"),
        ("20-11-2026", "2026-11-20"),
        ("4/5/2026", "2026-05-04"),
        ("4.5.2026", "2026-05-04"),
        ("4 Mei 2026", "2026-05-04"),
        ("4 agustus 2026", "2026-08-04"),
        ("31-02-2026", "2026-02-31"),
        ("4 May 2026", "4 May 2026"),
        ("besok", "besok"),
        ("4-5-26", "4-5-26"),
    ],
)
def test_dates_are_read_with_the_day_first(typed: str, value: str) -> None:
    assert iso_date(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("5000000", 5_000_000),
        ("5.000.000", 5_000_000),
        ("5,000,000", 5_000_000),
        ("5 000 000", 5_000_000),
        ("Rp 5.000.000,-", 5_000_000),
        ("Rp5.000.000", 5_000_000),
        ("5 juta", 5_000_000),
        ("2,3jt", 2_300_000),
        ("2.75 juta", 2_750_000),
        ("500 ribu", 500_000),
        ("500rb rupiah", 500_000),
        ("50k", 50_000),
        ("0", 0),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, value: int) -> None:
    assert rupiah(typed) == value


@pytest.mark.parametrize(
    "typed", ["banyak", "5.00", "5.000,50", "2.500 juta", "-5", "juta", "5 juta lebih", "1.2.3", "٥"]
)
def test_money_that_could_mean_two_things_is_not_guessed(typed: str) -> None:
    assert rupiah(typed) == typed


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), (" 0 ", 0), ("dua", "dua"), ("-1", "-1"), ("1.5", "1.5"), ("٥", "٥")]
)
def test_counts_are_whole_numbers(typed: str, value: int | str) -> None:
    assert whole_number(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("52.02.08.2001", "52.02.08.2001"),
        (" 52 ", "52"),
        ("5202082001", "52.02.08.2001"),
        ("520208", "52.02.08"),
        ("52020", "52020"),
        ("Lombok", "Lombok"),
    ],
)
def test_area_codes_may_lack_their_dots(typed: str, value: str) -> None:
    assert area_code(typed) == value
