"""In which weeks a box was heard: a box offline is told apart from a village gone quiet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region
from watched_past import heard, with_past

from hub.models import LinkDay, Node
from hub.relay_boxes import name_relay
from hub.signals.finding import Sort
from hub.watching.models import WatchRun
from hub.watching.reading import CounterReading
from sync.link_quality import DAY_S

ALWAYS = range(1, 58)


def sorts(region: Region, week: int) -> list[tuple[Sort, str]]:
    return [(one.sort, one.unit) for one in region.hub.store.early.watch.judge(week).findings]


def test_a_village_that_answers_and_tells_nothing_is_silent(region: Region) -> None:
    week = with_past(region, told=[back for back in range(27, 80) for _ in range(2)])
    heard(region, VILLAGE, ALWAYS)
    assert sorts(region, week) == [(Sort.SILENCE, VILLAGE)]


def test_a_box_that_is_not_heard_any_more_is_offline_and_not_silent(region: Region) -> None:
    week = with_past(region, told=[back for back in range(1, 80) for _ in range(2)])
    heard(region, VILLAGE, range(2, 58))
    with_past(region, OTHER_VILLAGE)
    heard(region, OTHER_VILLAGE, ALWAYS)
    assert sorts(region, week) == [(Sort.OFFLINE, VILLAGE)]
    assert sorts(region, week - 7) == []


def heard_as(region: Region, number: int, backs: Sequence[int], **fields: object) -> None:
    """Give the village a further node that was heard, in place of or beside its box."""
    store = region.hub.store
    first = Node.select().where(Node.village == VILLAGE).order_by(Node.number).get(store.database)

    def job() -> None:
        row = {"psk": bytes([number] * 32), "enrolled_at": first.enrolled_at, "retired": False, **fields}
        row |= {"number": number, "village": VILLAGE, "village_name": first.village_name}
        Node.insert(row).execute(store.database)

    store.writer.run(job)
    own = LinkDay.node == first.number
    heard(region, VILLAGE, backs, node=number)
    assert LinkDay.select().where(own).count(store.database)


@pytest.mark.parametrize("database_url", [None])
def test_a_box_that_was_retired_is_not_offline_and_its_village_not_silent(region: Region) -> None:
    week = with_past(region, told=[back for back in range(1, 80) for _ in range(2)])
    heard(region, VILLAGE, range(2, 58))
    with_past(region, OTHER_VILLAGE)
    heard(region, OTHER_VILLAGE, ALWAYS)
    store = region.hub.store
    mine = Node.village == VILLAGE
    store.writer.run(lambda: Node.update(retired=True).where(mine).execute(store.database))
    assert sorts(region, week) == [], "nobody waits for a box that was taken out of use"
    heard_as(region, 77, ())
    assert sorts(region, week) == [], "the box in its place has not spoken yet: it did not fall silent"


@pytest.mark.parametrize("database_url", [None])
def test_what_stands_in_for_a_box_at_the_hub_does_not_hide_that_the_box_is_off(region: Region) -> None:
    week = with_past(region, told=[back for back in range(1, 80) for _ in range(2)])
    heard(region, VILLAGE, range(2, 58))
    with_past(region, OTHER_VILLAGE)
    heard(region, OTHER_VILLAGE, ALWAYS)
    store = region.hub.store
    store.writer.run(lambda: name_relay(store.database, VILLAGE, 77))
    heard_as(region, 77, ALWAYS)
    assert sorts(region, week) == [(Sort.OFFLINE, VILLAGE)]


def test_a_hub_that_was_off_says_of_no_box_that_it_is(region: Region) -> None:
    week = with_past(region)
    heard(region, VILLAGE, range(3, 58))
    assert sorts(region, week) == sorts(region, week - 7) == [], "nobody listened for two weeks"
    with_past(region, OTHER_VILLAGE)
    heard(region, OTHER_VILLAGE, [1, *range(3, 58)])
    assert sorts(region, week) == [(Sort.OFFLINE, VILLAGE)], "it fell silent while the hub was off"


@pytest.mark.parametrize("database_url", [None])
def test_of_a_hub_with_one_box_the_watch_itself_tells_that_it_listened(region: Region) -> None:
    week = with_past(region)
    heard(region, VILLAGE, range(2, 58))
    assert sorts(region, week) == []
    row = {"week": week - 7, "rule": "kentongan", "budget": 5.0, "series": 1, "findings": 0}
    store = region.hub.store
    store.writer.run(lambda: WatchRun.insert(row | {"at": (week + 2) * DAY_S}).execute(store.database))
    assert sorts(region, week) == [(Sort.OFFLINE, VILLAGE)]


def test_that_a_box_was_off_is_known_when_its_days_are_gone(region: Region) -> None:
    week = with_past(region, told=[2, 79])
    heard(region, VILLAGE, [*range(1, 20), *range(30, 50)])
    store = region.hub.store
    store.early.watch.heard.keep(week)
    store.writer.run(lambda: LinkDay.delete().execute(store.database))
    store.early.watch.heard.keep(week)
    reading = CounterReading(
        store.database, store.week_counts, store.early.watch.heard, week, region.clock.wall_s()
    )
    [regency] = [one for one in reading.regencies() if VILLAGE in one.villages]
    there = regency.there[0][::-1]
    assert len(there) == 80
    assert there[:19].all()
    assert not there[19:29].any()
    assert there[29:].all(), "before anything was known, nothing was off"
