"""Time on a box without a clock."""

from __future__ import annotations

from sync.clock import ManualClock
from village_node.timekeeping import BUILD_WALL_S, MAX_HUB_TIME_SLACK_S, Stamp, TimeKeeper

NOW_S = 1_800_000_000.0
YEAR_S = 365 * 86_400


def keeper(wall_s: float = NOW_S, highest_seen_s: int = 0) -> tuple[TimeKeeper, ManualClock]:
    clock = ManualClock(monotonic_s=500.0, wall_s=wall_s)
    return TimeKeeper(clock, 3, highest_seen_s=highest_seen_s), clock


class TestWhatIsTrusted:
    def test_a_clock_before_the_build_is_not(self) -> None:
        times, _ = keeper(wall_s=0.0)
        assert times.trusted_wall_s() is None
        assert times.stamp() == Stamp(3, 0, None)

    def test_a_clock_behind_what_was_seen_is_not(self) -> None:
        times, clock = keeper(highest_seen_s=int(NOW_S) + 100)
        assert times.trusted_wall_s() is None
        clock.jump_wall(200)
        assert times.trusted_wall_s() == int(NOW_S) + 200

    def test_the_hub_is_believed_before_the_clock(self) -> None:
        times, clock = keeper(wall_s=0.0)
        clock.advance(10)
        times.take_hub_time(int(NOW_S), clock.monotonic_s() - 2, clock.monotonic_s())
        assert times.trusted_wall_s() == int(NOW_S) + 1
        clock.jump_wall(-YEAR_S)
        clock.advance(60)
        assert times.trusted_wall_s() == int(NOW_S) + 61

    def test_an_answer_that_took_too_long_sets_nothing(self) -> None:
        times, clock = keeper(wall_s=0.0)
        now = clock.monotonic_s()
        times.take_hub_time(int(NOW_S), now - MAX_HUB_TIME_SLACK_S - 1, now)
        assert times.trusted_wall_s() is None

    def test_an_answer_from_before_its_question_sets_nothing(self) -> None:
        times, clock = keeper(wall_s=0.0)
        times.take_hub_time(int(NOW_S), clock.monotonic_s() + 10, clock.monotonic_s())
        assert times.trusted_wall_s() is None

    def test_a_hub_without_a_clock_sets_nothing(self) -> None:
        times, clock = keeper()
        times.take_hub_time(BUILD_WALL_S - 1, clock.monotonic_s(), clock.monotonic_s())
        assert times.trusted_wall_s() == int(NOW_S)

    def test_a_surer_answer_stands_against_a_less_sure_one(self) -> None:
        times, clock = keeper(wall_s=0.0)
        now = clock.monotonic_s()
        times.take_hub_time(int(NOW_S), now, now)
        times.take_hub_time(int(NOW_S) + 500, now - 200, now)
        assert times.trusted_wall_s() == int(NOW_S)

    def test_after_weeks_a_less_sure_answer_is_better_than_an_old_one(self) -> None:
        times, clock = keeper(wall_s=0.0)
        times.take_hub_time(int(NOW_S), clock.monotonic_s(), clock.monotonic_s())
        clock.advance(60 * 86_400)
        now = clock.monotonic_s()
        times.take_hub_time(int(NOW_S) + 61 * 86_400, now - 60, now)
        assert times.trusted_wall_s() == int(NOW_S) + 61 * 86_400 + 30


class TestAges:
    def test_within_a_start_no_jump_of_the_clock_changes_an_age(self) -> None:
        times, clock = keeper()
        then = times.stamp()
        clock.advance(100)
        for jump in (YEAR_S, -2 * YEAR_S, 30 * YEAR_S):
            clock.jump_wall(jump)
            assert times.age_s(then) == 100

    def test_over_starts_dates_tell_the_age(self) -> None:
        times, _ = keeper()
        assert times.age_s(Stamp(2, 999_999, int(NOW_S) - 50)) == 50

    def test_over_starts_without_a_date_the_age_is_not_known(self) -> None:
        times, _ = keeper()
        assert times.age_s(Stamp(2, 10, None)) is None
        lost, _ = keeper(wall_s=0.0)
        assert lost.age_s(Stamp(2, 10, int(NOW_S))) is None

    def test_what_lies_in_the_future_has_no_age(self) -> None:
        times, _ = keeper()
        assert times.age_of_wall_s(int(NOW_S) + 10) is None
