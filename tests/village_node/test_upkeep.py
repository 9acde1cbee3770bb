"""The regular work of a box keeps whether its database is whole, and the latest time."""

from __future__ import annotations

from village import Region

from village_node.upkeep import upkeep_jobs


def test_the_jobs_do_their_work(region: Region) -> None:
    node = region.node()
    done: list[str] = []
    jobs = upkeep_jobs(node.store.database, node.log, node.times, lambda: done.append("sounds"))
    node.log.set_number("store_damaged", 1)
    for job in jobs:
        job.run()
    assert done == ["sounds"]
    assert node.log.number("store_damaged") == 0
    assert node.log.number("highest_wall_s") == node.times.trusted_wall_s()
