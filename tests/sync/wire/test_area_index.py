from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from strategies import patient, places

from sync.areas.table import area_table
from sync.errors import MalformedWire
from sync.records import check_report
from sync.wire import area_index
from sync.wire.area_index import AreaIndex
from sync.wire.codings import AreaCode, Coding
from sync.wire.fields_model import Flat, write_fields
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.report_codec import decode_report, flat_fields
from sync.wire.report_fields_2 import FieldsTwo


def written(code: str) -> IntervalWriter:
    out = IntervalWriter()
    AreaIndex().put(out, code)
    return out


def bits(out: IntervalWriter) -> float:
    interval = out.interval()
    return math.log2(interval.whole) - math.log2(interval.size)


@patient
@given(places())
def test_every_place_comes_back(code: str) -> None:
    assert AreaIndex().take(IntervalReader(written(code).getvalue())) == code


def test_every_regency_comes_back() -> None:
    codes = [
        area_table().code_of(level, index) for level in (1, 2) for index in range(area_table().count(level))
    ]
    for code in codes:
        assert AreaIndex().take(IntervalReader(written(code).getvalue())) == code


@pytest.mark.parametrize("code", ["00", "99", "52.99", "52.02.08.9999", "53.18.99.2001"])
def test_a_place_that_the_table_does_not_know_is_written_in_digits(code: str) -> None:
    assert code not in area_table()
    plain = IntervalWriter()
    AreaCode().put(plain, code)
    assert bits(written(code)) == pytest.approx(bits(plain) + 5)


def test_a_known_place_costs_less_than_its_digits() -> None:
    table = area_table()
    known = plain = 0.0
    for index in range(0, table.count(4), 997):
        code = table.code_of(4, index)
        known += bits(written(code))
        out = IntervalWriter()
        AreaCode().put(out, code)
        plain += bits(out)
    assert known < plain - 3 * (table.count(4) // 997)


def test_a_village_of_a_sending_regency_costs_about_two_bytes() -> None:
    assert bits(written("52.02.08.2001")) < 14
    assert bits(written("96.71.01.1001")) < 24


def test_weights_name_areas_of_the_table() -> None:
    assert set(area_index._PROVINCES) <= set(area_table().children_of())
    for code in area_index._REGENCIES:
        assert area_table().place_of(code) is not None
        assert code.count(".") == 1


def test_a_known_place_written_in_digits_is_refused() -> None:
    """Else one report would have two forms."""

    class Digits(AreaIndex):
        def put(self, out: IntervalWriter, value: str) -> None:
            self._known.put(out, False)
            AreaCode().put(out, value)

    class Other(FieldsTwo):
        def coding(self, path: str, flat: Flat) -> Coding[Any]:
            return Digits() if path == "place" else super().coding(path, flat)

    report = check_report({"kind": "other", "narrative": "tolong", "place": "52.02"})
    flat = flat_fields(report)
    out = IntervalWriter()
    write_fields(Other(), flat, out)
    with pytest.raises(MalformedWire, match="shortest"):
        decode_report(b"\x20" + out.getvalue() + b"tolong")
