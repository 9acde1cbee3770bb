"""Weeks as places in spans, and spans as bytes."""

from __future__ import annotations

import datetime

import numpy as np

from hub.counting.spans import SPAN, monday_of, number_of, packed, place_of, unpacked


def test_each_week_has_one_place() -> None:
    monday = (datetime.date(2026, 11, 23) - datetime.date(1970, 1, 1)).days
    assert monday_of(number_of(monday)) == monday
    assert number_of(monday + 7) == number_of(monday) + 1
    span, place = place_of(monday)
    assert span * SPAN + place == number_of(monday)
    assert number_of(4) == 0
    assert place_of(-3) == (-1, SPAN - 1), "reports of a box without a date may lie before 1970"


def test_a_span_reads_back_and_may_be_changed() -> None:
    counts = unpacked(bytes(4 * SPAN))
    counts[3] += 70_000
    assert unpacked(packed(counts))[3] == 70_000
    assert len(packed(np.zeros(SPAN, dtype=np.int32))) == 4 * SPAN
