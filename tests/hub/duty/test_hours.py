"""Villages are told the hours of those who cover them, once, and again when they change."""

from __future__ import annotations

from datetime import timedelta

from duty_people import KETUT, account
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.duty.hours import _few, hours_of
from hub.duty.plan import Change, Plan, Shift
from hub.models import Down
from sync.wire.settings_records import MAX_WEEK_PARTS

OFFICE = tuple((day * 1440 + 450, day * 1440 + 960) for day in range(5))


def test_hours_are_sent_once_and_again_when_the_plan_changes(region: Region) -> None:
    for village in (VILLAGE, OTHER_VILLAGE):
        region.file("satu", village)
        region.settle(village)
    store = region.hub.store
    account(region, "sari", "analyst")
    account(region, "ani", "analyst", "53")
    turn = store.duty_hours.turn
    assert turn() == 0
    store.duty.add_shifts("sari", 1, [0, 1, 2, 3, 4], (450, 960), False, by=KETUT)
    assert [turn(), turn()] == [2, 0]
    store.duty.add_shifts("ani", 2, [5], (480, 720), True, by=KETUT)
    assert [turn(), turn()] == [1, 0]
    for village in (VILLAGE, OTHER_VILLAGE):
        region.exchange(village)
    urgent = {v: region.node(v).hub_hours.staffed().hours.urgent for v in (VILLAGE, OTHER_VILLAGE)}  # type: ignore[union-attr]
    assert urgent == {VILLAGE: OFFICE, OTHER_VILLAGE: (*OFFICE, (7680, 7920))}
    store.administration.lock("sari", True, by="command line")
    assert turn() == 2
    region.exchange()
    assert region.node().hub_hours.staffed() is None
    assert Down.select().where(Down.what == "setting").count(store.database) == 5


def test_the_job_is_one_of_the_hub_s(region: Region) -> None:
    assert "duty-hours" in [job.name for job in region.hub.jobs._jobs]


def test_a_day_on_which_nobody_reads_is_free_and_one_with_a_stand_in_is_not(region: Region) -> None:
    today = region.hub.store.duty.plan.local_now().date()
    monday = today + timedelta((7 - today.weekday()) % 7)
    sari = Shift("sari", 1, 0, 450, 960)
    call = Shift("budi", 2, 0, 0, 0, only_urgent=True)
    number = (monday - today).days + int(region.clock.wall_s() + 8 * 3600) // 86_400

    def free(*changes: Change) -> tuple[int, ...]:
        return hours_of(Plan((sari, call), changes), today, 480).free_days

    assert free(Change(monday)) == (number,)
    assert free(Change(monday, "sari")) == (number,)
    assert free(Change(monday), Change(monday, "budi", Shift("budi", 1, 0, 450, 960))) == ()
    assert free(Change(monday, "budi")) == ()
    assert free(Change(monday + timedelta(1))) == ()


def test_a_plan_with_more_parts_than_a_setting_holds_loses_its_shortest_gaps() -> None:
    parts = [(n * 200, n * 200 + 100 + n) for n in range(MAX_WEEK_PARTS + 2)]
    few = _few(parts)
    assert len(few) == MAX_WEEK_PARTS
    assert few[-1] == (parts[-3][0], parts[-1][1])
