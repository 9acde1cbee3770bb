"""APScheduler, tamed for a box whose clock jumps (design D6).

APScheduler 3 hangs or eats memory when the clock jumps, so it starts only when the clock is sane, is built
anew after a jump, and decides nothing: when a job ran last is a row of ours, and each firing asks that row.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sync.clock import Clock

_log = logging.getLogger(__name__)
JUMP_S = 60.0
CHECK_EVERY_S = 10.0
MIN_INTERVAL_S = 60
EARLY_S = 2
"""A firing comes some milliseconds early or late and "last run" is in whole seconds: without this a job
that fires exactly at its interval would be put off to the next firing now and then."""


@dataclass(frozen=True)
class Job:
    """Something to do about every `every_s` seconds, at least 60.

    A run that has not ended after `longest_s` counts as that of a process that died.
    """

    name: str
    every_s: int
    run: Callable[[], None]
    longest_s: int = 3600


class JobMemory(Protocol):
    """Where "last run" is kept, in Unix seconds."""

    def claim_job(self, job: Job, now_s: float) -> bool:
        """Keep that the job runs now, if it is due; return whether it was. One step over all who run jobs."""
        ...

    def end_job(self, job: Job, claimed_s: float) -> None:
        """The run that was claimed at that time has ended, well or not."""
        ...


def is_due(job: Job, last_s: int | None, now_s: float) -> bool:
    """Return whether a job should run. A last run that lies in the future comes from a clock that was
    wrong: it is then simply due."""
    return last_s is None or last_s > now_s + JUMP_S or now_s - last_s >= job.every_s - EARLY_S


class JobRunner:
    """Runs jobs while the clock is sane. `sane` tells whether it is; `clock` shows jumps."""

    def __init__(self, jobs: list[Job], memory: JobMemory, clock: Clock, sane: Callable[[], bool]) -> None:
        if any(job.every_s < MIN_INTERVAL_S for job in jobs):
            raise ValueError("short loops run on monotonic time, not here")
        self._jobs = jobs
        self._memory = memory
        self._clock = clock
        self._sane = sane
        self._scheduler: Any = None
        self._offset_s = 0.0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watch the clock from a thread."""
        self._thread = threading.Thread(target=self._watch, name="jobs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; a job that runs is waited for."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._shut_down()
        with self._lock:
            pass

    def _watch(self) -> None:
        while not self._stop.is_set():
            self.check()
            self._stop.wait(CHECK_EVERY_S)

    @property
    def running(self) -> bool:
        """Whether the scheduler is up."""
        return self._scheduler is not None

    def check(self) -> None:
        """Start the scheduler when the clock has become sane, build it anew when the clock has jumped."""
        offset_s = self._clock.wall_s() - self._clock.monotonic_s()
        jumped = self._scheduler is not None and abs(offset_s - self._offset_s) > JUMP_S
        if jumped or (self._scheduler is not None and not self._sane()):
            _log.warning("the clock jumped: jobs are scheduled anew")
            self._shut_down()
        if self._scheduler is None and self._sane():
            self._offset_s = offset_s
            self._start_up()

    def _start_up(self) -> None:
        # Imported here: 4 MB that a box without a sane clock does not pay.
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(timezone=UTC)
        for job in self._jobs:
            scheduler.add_job(
                self.run_if_due,
                "interval",
                seconds=min(job.every_s, 3600),
                next_run_time=datetime.fromtimestamp(self._clock.wall_s(), UTC) + timedelta(seconds=1),
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        scheduler.start()
        self._scheduler = scheduler

    def _shut_down(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def run_if_due(self, job: Job) -> bool:
        """Run a job if its row says so; return whether it ran. Never twice at once."""
        with self._lock:
            now_s = self._clock.wall_s()
            # Kept before the work: a job that kills the box must not do so at every start.
            if self._stop.is_set() or not self._memory.claim_job(job, now_s):
                return False
            try:
                try:
                    job.run()
                finally:
                    self._memory.end_job(job, now_s)
            except Exception as error:
                # It runs again when it is due again. The text of the error could hold what was worked on.
                _log.error("job %s failed: %s", job.name, type(error).__name__)
            return True
