"""When a report was taken, and how sure that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from village import NOW_S, Region

from hub.taking_time import Between, best_guess, start_from_claim, taken_between

ENROLLED = 1_000.0
seconds = st.floats(0, 1e9)


@given(seconds, seconds, st.integers(0, 100_000), seconds)
def test_the_two_ends_are_in_order(earliest: float, length: float, age: int, received: float) -> None:
    between = taken_between(Between(earliest, earliest + length), age, received, ENROLLED)
    assert between.earliest <= between.latest <= max(received, 0.0)


def test_a_claim_by_radio_bounds_both_ends() -> None:
    assert start_from_claim(600, 10_000.0, "radio", ENROLLED) == Between(9_220.0, 9_400.0)


def test_a_couriers_claim_bounds_the_later_end_only() -> None:
    assert start_from_claim(600, 10_000.0, "courier", ENROLLED) == Between(ENROLLED, 9_400.0)


def test_claims_narrow_and_a_replayed_one_moves_nothing() -> None:
    start = Between(100.0, 200.0)
    assert start.narrowed(150.0, 300.0) == Between(150.0, 200.0)
    assert start.narrowed(250.0, 300.0) == start
    assert start.narrowed(10.0, 50.0) == Between(10.0, 50.0)


def test_a_claim_by_a_gateway_may_have_waited_there() -> None:
    assert start_from_claim(600, 10_000.0, "gateway", ENROLLED) == Between(2_200.0, 9_400.0)


def test_a_guess_is_given_only_when_it_is_close() -> None:
    assert best_guess(Between(100.0, 200.0)) == 150.0
    assert best_guess(Between(0.0, 4_000.0)) is None


@pytest.mark.parametrize("via", ["http", "radio"])
def test_a_report_that_waited_is_dated_when_it_was_taken(region: Region, via: str) -> None:
    region.node()
    region.clock.advance(7_200)
    region.file()
    taken_at = region.clock.wall_s()
    region.clock.advance(3_600)
    region.exchange() if via == "http" else region.talk_by_radio(for_s=120)
    [view] = region.hub.store.work.all_reports()
    low, high = view.taken_between
    assert low <= taken_at <= high
    assert high - low < 600
    assert view.taken_at is not None
    assert abs(view.taken_at - taken_at) < 300


def test_a_courier_who_took_days_leaves_it_open(region: Region) -> None:
    region.node()
    taken_at = region.clock.wall_s()
    region.file()
    bundle = region.node().desk.up_bundle().data
    region.clock.advance(5 * 86_400)
    region.hub.desk.exchange(bundle, via="courier")
    [view] = region.hub.store.work.all_reports()
    low, high = view.taken_between
    assert low <= taken_at <= high
    assert view.taken_at is None
    assert low >= NOW_S - 3_600


def test_an_epoch_of_an_earlier_start_is_bounded_by_its_enrolment_and_arrival(region: Region) -> None:
    region.file()
    region.restart_node()
    region.clock.advance(86_400)
    region.exchange()
    [view] = region.hub.store.work.all_reports()
    assert view.taken_at is None
    assert view.taken_between[1] <= region.clock.wall_s()
