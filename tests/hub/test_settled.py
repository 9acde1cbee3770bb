"""What is settled of lanes, within one transaction."""

from __future__ import annotations

from village import Region

from hub.settled import SettledSets
from sync.identifiers import Lane
from sync.link.ranges import RangeSet

EPOCH = bytes(8)


def test_what_is_settled_is_seen_at_once_and_stored_once(region: Region) -> None:
    store = region.hub.store

    def job() -> None:
        sets = SettledSets(store.database)
        sets.settle(EPOCH, Lane.REPORT, RangeSet([(0, 2)]))
        sets.settle(EPOCH, Lane.REPORT, RangeSet([(5, 6)]))
        assert sets.of(EPOCH, Lane.REPORT).ranges() == [(0, 2), (5, 6)]
        assert SettledSets(store.database).of(EPOCH, Lane.REPORT).ranges() == []
        sets.write()

    store.writer.run(job)
    assert store.intake.held(EPOCH).ranges() == [(0, 2), (5, 6)]


def test_a_lane_that_goes_on_keeps_what_its_node_said_at_its_end(region: Region) -> None:
    store = region.hub.store

    def job() -> None:
        sets = SettledSets(store.database)
        sets.close(EPOCH, Lane.REPORT, RangeSet([(0, 3)]), 1)
        sets.write()
        again = SettledSets(store.database)
        again.settle(EPOCH, Lane.REPORT, RangeSet([(1, 2)]))
        again.write()

    store.writer.run(job)
    assert store.intake.missing() == 2
