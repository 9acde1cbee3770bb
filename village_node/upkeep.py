"""The regular work of a box: is the database whole, which time was the latest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sync.scheduling import Job
from sync.storage.database import integrity_problem
from village_node.log import NodeLog
from village_node.timekeeping import TimeKeeper


def upkeep_jobs(
    database: Any, log: NodeLog, times: TimeKeeper, settle_sounds: Callable[[], None]
) -> list[Job]:
    """Return the jobs of a node that seals."""

    def check_store() -> None:
        damaged = integrity_problem(database) is not None
        if damaged:
            log.writer.report_damage()  # the watch of the store looks again, and acts
        log.set_number("store_damaged", int(damaged))

    def keep_highest_time() -> None:
        now = times.trusted_wall_s()
        if now is not None:
            log.set_number("highest_wall_s", max(now, log.number("highest_wall_s")))

    return [
        Job("check-store", 24 * 3600, check_store),
        Job("keep-highest-time", 600, keep_highest_time),
        Job("notice-sounds", 6 * 3600, settle_sounds),
    ]
