"""Jobs on a box whose clock jumps: not twice, not skipped, not before the clock is sane."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import ManualClock, SystemClock
from sync.scheduling import EARLY_S, JUMP_S, Job, JobRunner, is_due

DAY_S = 86_400


class Memory:
    """Rows of "last run"."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.ended: list[tuple[str, float]] = []

    def claim_job(self, job: Job, now_s: float) -> bool:
        due = is_due(job, self.rows.get(job.name), now_s)
        if due:
            self.rows[job.name] = int(now_s)
        return due

    def end_job(self, job: Job, claimed_s: float) -> None:
        self.ended.append((job.name, claimed_s))


class FakeScheduler:
    """Counts how often it was built; fires nothing by itself."""

    built: list[FakeScheduler] = []

    def __init__(self, **_: object) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.up = False
        FakeScheduler.built.append(self)

    def add_job(self, function: Callable[..., object], trigger: str, **options: Any) -> None:
        self.jobs.append({"function": function, "trigger": trigger, **options})

    def start(self) -> None:
        self.up = True

    def shutdown(self, wait: bool) -> None:
        self.up = False


@pytest.fixture
def schedulers(monkeypatch: pytest.MonkeyPatch) -> list[FakeScheduler]:
    FakeScheduler.built = []
    monkeypatch.setattr("apscheduler.schedulers.background.BackgroundScheduler", FakeScheduler)
    return FakeScheduler.built


class Box:
    """A job runner with a clock to move."""

    def __init__(self, every_s: int = 600, run: Callable[[], None] | None = None) -> None:
        self.clock, self.memory, self.sane = ManualClock(), Memory(), True
        self.runs: list[float] = []
        self.job = Job("sweep", every_s, run or (lambda: self.runs.append(self.clock.wall_s())))
        self.runner = JobRunner([self.job], self.memory, self.clock, lambda: self.sane)


# -- is_due -----------------------------------------------------------------------------------------


def test_a_job_that_never_ran_is_due() -> None:
    assert is_due(Job("a", 600, lambda: None), None, 0)


@given(st.integers(60, 10**7), st.integers(0, 2 * 10**9), st.integers(-200, 2 * 10**7))
def test_due_means_that_its_time_has_passed(every_s: int, last_s: int, age_s: int) -> None:
    due = is_due(Job("a", every_s, lambda: None), last_s, last_s + age_s)
    assert due == (age_s >= every_s - EARLY_S or age_s < -JUMP_S)


def test_a_firing_that_comes_a_little_early_is_not_put_off() -> None:
    """The row holds whole seconds, and a firing may come some milliseconds before its second."""
    box = Box(every_s=600)
    box.clock.jump_wall(0.0005)
    assert box.runner.run_if_due(box.job)
    for _ in range(50):
        box.clock.advance(599.9990)
        assert box.runner.run_if_due(box.job)


def test_a_last_run_in_the_future_comes_from_a_wrong_clock() -> None:
    box = Box()
    box.memory.rows["sweep"] = int(box.clock.wall_s()) + 10 * DAY_S
    assert box.runner.run_if_due(box.job)
    assert not box.runner.run_if_due(box.job)


# -- never twice, never skipped ---------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["wait", "jump"]), st.floats(-3 * DAY_S, 3 * DAY_S)), max_size=30))
def test_whatever_the_clock_does_a_job_runs_once_when_due_and_not_again(
    moves: list[tuple[str, float]],
) -> None:
    box = Box(every_s=3600)
    for kind, seconds in moves:
        if kind == "wait":
            box.clock.advance(abs(seconds))
        else:
            box.clock.jump_wall(seconds)
        last = box.memory.rows.get("sweep")
        expected = is_due(box.job, last, box.clock.wall_s())
        assert box.runner.run_if_due(box.job) == expected
        assert not box.runner.run_if_due(box.job)  # the second firing finds the row
    if moves:
        box.clock.advance(3600)
        assert box.runner.run_if_due(box.job)  # however it jumped before: after its interval it runs


def test_the_run_is_kept_before_the_work() -> None:
    """A job that kills the box must not do so at every start."""
    seen: list[int | None] = []
    box = Box(run=lambda: seen.append(box.memory.rows.get("sweep")))
    box.runner.run_if_due(box.job)
    assert seen == [int(box.clock.wall_s())]


def test_a_job_that_fails_is_told_without_its_words_and_runs_again_in_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails() -> None:
        raise ValueError("Pak Haji di Pringgarata")

    box = Box(run=fails)
    with caplog.at_level(logging.DEBUG):
        assert box.runner.run_if_due(box.job)
    assert "sweep" in caplog.text
    assert "ValueError" in caplog.text
    assert "Haji" not in caplog.text
    assert box.memory.ended == [("sweep", box.clock.wall_s())]
    assert not box.runner.run_if_due(box.job)
    box.clock.advance(600)
    assert box.runner.run_if_due(box.job)


def test_two_firings_at_once_run_a_job_once() -> None:
    begun, gate = threading.Event(), threading.Event()
    runs: list[int] = []

    def slow() -> None:
        runs.append(1)
        begun.set()
        assert gate.wait(20)

    box = Box(run=slow)
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(box.runner.run_if_due(box.job))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    gate.set()
    for thread in threads:
        thread.join(20)
    assert runs == [1]
    assert sorted(results) == [False, False, False, True]


# -- the scheduler around it ------------------------------------------------------------------------


def test_nothing_is_scheduled_while_the_clock_is_insane(schedulers: list[FakeScheduler]) -> None:
    box = Box()
    box.sane = False
    for _ in range(10):
        box.clock.advance(3600)
        box.runner.check()
    assert schedulers == []
    assert not box.runner.running
    box.sane = True
    box.runner.check()
    assert box.runner.running
    assert len(schedulers) == 1


def test_a_quiet_clock_keeps_its_scheduler(schedulers: list[FakeScheduler]) -> None:
    box = Box()
    for _ in range(100):
        box.runner.check()
        box.clock.advance(3600)
        box.clock.jump_wall(0.3)  # NTP slews
    assert len(schedulers) == 1


@pytest.mark.parametrize("jump_s", [-3650 * DAY_S, -DAY_S, -61, 61, DAY_S, 3650 * DAY_S])
def test_a_jump_builds_the_scheduler_anew(schedulers: list[FakeScheduler], jump_s: float) -> None:
    box = Box()
    box.runner.check()
    box.clock.jump_wall(jump_s)
    box.runner.check()
    assert [s.up for s in schedulers] == [False, True]
    box.runner.check()
    assert len(schedulers) == 2


def test_a_clock_that_becomes_insane_stops_the_jobs(schedulers: list[FakeScheduler]) -> None:
    box = Box()
    box.runner.check()
    box.sane = False
    box.runner.check()
    assert not box.runner.running
    assert [s.up for s in schedulers] == [False]


def test_firings_are_at_most_an_hour_apart_and_never_pile_up(schedulers: list[FakeScheduler]) -> None:
    box = Box(every_s=30 * DAY_S)
    box.runner.check()
    (job,) = schedulers[0].jobs
    assert job["trigger"] == "interval"
    assert job["seconds"] == 3600
    assert (job["coalesce"], job["max_instances"], job["misfire_grace_time"]) == (True, 1, None)


def test_short_loops_are_refused() -> None:
    with pytest.raises(ValueError):
        JobRunner([Job("a", 59, lambda: None)], Memory(), ManualClock(), lambda: True)


@pytest.fixture
def real_runner() -> Iterator[tuple[JobRunner, list[int], threading.Event]]:
    runs: list[int] = []
    ran = threading.Event()

    def job() -> None:
        runs.append(1)
        ran.set()

    runner = JobRunner([Job("a", 600, job)], Memory(), SystemClock(), lambda: True)
    runner.start()
    yield runner, runs, ran
    runner.close()


def test_the_real_scheduler_runs_a_job_once(
    real_runner: tuple[JobRunner, list[int], threading.Event],
) -> None:
    runner, runs, ran = real_runner
    assert ran.wait(30)
    assert runner.running
    runner.close()
    assert runs == [1]
    assert not runner.running


def test_close_waits_for_a_job_that_runs() -> None:
    begun, gate = threading.Event(), threading.Event()
    ended: list[str] = []

    def slow() -> None:
        begun.set()
        assert gate.wait(30)
        ended.append("job")

    runner = JobRunner([Job("a", 600, slow)], Memory(), SystemClock(), lambda: True)
    runner.start()
    assert begun.wait(30)

    def close() -> None:
        runner.close()
        ended.append("close")

    closer = threading.Thread(target=close)
    closer.start()
    while runner.running:
        threading.Event().wait(0.01)
    gate.set()
    closer.join(30)
    assert ended == ["job", "close"]


def test_nothing_runs_after_close() -> None:
    box = Box()
    box.runner.close()
    assert not box.runner.run_if_due(box.job)
    assert box.runs == []
