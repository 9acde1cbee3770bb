from __future__ import annotations

import threading

import pytest

from sync import clock as clock_module
from sync.clock import Clock, ManualClock, SystemClock


class FakeTime:
    """Stands in for the `time` module."""

    def __init__(self) -> None:
        self.mono, self.unix = 100.0, 1_790_000_000.0

    def monotonic(self) -> float:
        return self.mono

    def time(self) -> float:
        return self.unix


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    fake = FakeTime()
    monkeypatch.setattr(clock_module, "time", fake)
    return fake


def test_both_kinds_are_clocks() -> None:
    clocks: list[Clock] = [SystemClock(), ManualClock()]
    assert all(clock.monotonic_s() <= clock.monotonic_s() for clock in clocks)


def test_the_system_clock_shows_the_machines_times(fake: FakeTime) -> None:
    clock = SystemClock()
    assert (clock.monotonic_s(), clock.wall_s()) == (100.0, 1_790_000_000.0)
    fake.unix -= 86_400
    assert clock.wall_s() == 1_789_913_600.0


def test_a_fast_clock_runs_ahead_with_both_times_in_step(fake: FakeTime) -> None:
    clock = SystemClock(speed=50)
    offset = clock.wall_s() - clock.monotonic_s()
    before = clock.monotonic_s()
    fake.mono += 2
    assert clock.monotonic_s() - before == 100
    assert clock.wall_s() - clock.monotonic_s() == pytest.approx(offset)
    assert clock.real_s(100) == 2
    assert clock.real_s(-5) == 0


def test_waiting_takes_the_clocks_seconds() -> None:
    waited: list[float | None] = []

    class Event(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            return self.is_set()

    assert not SystemClock(speed=10).wait(Event(), 5)
    assert waited == [0.5]


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_is_above_0(speed: float) -> None:
    with pytest.raises(ValueError):
        SystemClock(speed)


def test_the_manual_clock_moves_when_told() -> None:
    clock, event = ManualClock(), threading.Event()
    clock.advance(5)
    assert (clock.monotonic_s(), clock.wall_s()) == (5, 1_780_000_005.0)
    clock.jump_wall(-100)
    assert (clock.monotonic_s(), clock.wall_s()) == (5, 1_779_999_905.0)
    assert not clock.wait(event, 10)
    assert clock.monotonic_s() == 15
    event.set()
    assert clock.wait(event, 10)
    assert clock.monotonic_s() == 15
    assert clock.real_s(100) == 0
