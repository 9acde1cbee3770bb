from __future__ import annotations

import random

from sync.link.retry import (
    EVEN_WAITS,
    FIRST_TIMEOUT_S,
    MAX_EVEN_S,
    MAX_TIMEOUT_S,
    MIN_TIMEOUT_S,
    URGENT_EVEN_S,
    RetryTimer,
)


class Even:
    """No jitter."""

    def random(self) -> float:
        return 0.0

    def randrange(self, start: int, stop: int) -> int:
        return start


def waits(timer: RetryTimer, count: int) -> list[float]:
    found = []
    for _ in range(count):
        found.append(timer.timeout_s())
        timer.timed_out()
    return found


def test_waits_are_even_at_first_then_double_up_to_a_quarter_of_an_hour() -> None:
    found = waits(RetryTimer(Even()), 60)
    assert found[:EVEN_WAITS] == [FIRST_TIMEOUT_S] * EVEN_WAITS
    doubling = found[EVEN_WAITS:]
    assert doubling[:3] == [2 * FIRST_TIMEOUT_S, 4 * FIRST_TIMEOUT_S, 8 * FIRST_TIMEOUT_S]
    assert found[-1] == MAX_TIMEOUT_S == max(found)


def test_jitter_is_at_most_a_quarter() -> None:
    timer = RetryTimer(random.Random(1))
    found = [timer.timeout_s() for _ in range(200)]
    assert min(found) >= FIRST_TIMEOUT_S
    assert max(found) <= FIRST_TIMEOUT_S * 1.25
    assert len(set(found)) > 100


def test_an_answer_ends_the_doubling() -> None:
    timer = RetryTimer(Even())
    waits(timer, 20)
    timer.heard()
    assert timer.timeout_s() == FIRST_TIMEOUT_S


def test_measured_round_trips_set_the_wait() -> None:
    timer = RetryTimer(Even())
    timer.measured(4.0)
    assert timer.timeout_s() == 4 + 4 * 2  # RFC 6298: the first measurement and four times its half
    for _ in range(100):
        timer.measured(4.0)
    assert 4.0 <= timer.timeout_s() < 4.5
    for _ in range(100):
        timer.measured(0.01)
    assert timer.timeout_s() == MIN_TIMEOUT_S
    for number in range(100):
        timer.measured(10.0 if number % 2 else 2.0)
    assert timer.timeout_s() > 15


def test_a_crowded_hour_is_soon_forgotten() -> None:
    timer = RetryTimer(Even())
    timer.measured(95.0)
    assert timer.timeout_s() == MAX_EVEN_S
    assert timer.timeout_s(urgent=True) == URGENT_EVEN_S
    for _ in range(8):
        timer.measured(1.5)
    assert timer.timeout_s() < 12
