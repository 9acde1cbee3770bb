"""Counters of routes: with the place of a report, by area, and after forgetting."""

from __future__ import annotations

from inbox_arrivals import BUDI, SARI, arrive
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.flows.flow_counts import FlowCounts
from hub.flows.models import WeekFlow
from hub.models import Setting
from hub.picture_services import Flow
from hub.services import SignedIn
from hub.week_counts import week_of


def flows(
    region: Region, who: SignedIn = SARI, kind: str | None = None, province: str | None = None
) -> list[Flow]:
    counts: FlowCounts = region.hub.store.early.flows
    week = week_of(region.clock.wall_s(), region.hub.store.week_counts.zone)
    return counts.flows([week - 7, week], kind, province, who)


def filled(region: Region) -> list[str]:
    ids = arrive(region, "satu", "dua", offer={"destination": "MY", "route": "lewat Batam"})
    return ids + arrive(region, "tiga", village=OTHER_VILLAGE, kind="victim", indicators=["sea_route"])


def test_a_report_is_counted_with_its_place_from_through_to(region: Region) -> None:
    filled(region)
    assert flows(region) == [Flow(VILLAGE[:2], "batam", "MY", 2), Flow(OTHER_VILLAGE[:2], "sea", "", 1)]
    assert flows(region, kind="victim") == [Flow(OTHER_VILLAGE[:2], "sea", "", 1)]
    assert flows(region, province=VILLAGE[:2])[0] == Flow(VILLAGE[:5], "batam", "MY", 2)


def test_an_account_with_areas_sees_its_own_only(region: Region) -> None:
    filled(region)
    for area in (OTHER_VILLAGE[:2], OTHER_VILLAGE[:5], OTHER_VILLAGE):
        assert flows(region, SignedIn("lokal", "analyst", (area,))) == [Flow(OTHER_VILLAGE[:5], "sea", "", 1)]
    far = SignedIn("jauh", "analyst", ("11.01",))
    assert flows(region, far) == []


def test_counts_stay_when_a_report_is_forgotten_and_are_made_once(region: Region) -> None:
    first, *_ = filled(region)
    store, before = region.hub.store, flows(region)
    store.early.flows.fill()
    assert flows(region) == before
    store.writer.run(lambda: Setting.delete().where(Setting.key == "flows-filled").execute(store.database))
    store.early.flows.fill()
    assert flows(region) == before
    store.forgetting.forget([first], by=BUDI, reason="retention closed")
    assert flows(region) == before


def test_no_counter_holds_what_somebody_wrote(region: Region) -> None:
    arrive(region, "satu", offer={"route": "rumah Pak Contoh 0812-0000-4321", "destination": "MY"})
    rows = list(WeekFlow.select().tuples().execute(region.hub.store.database))
    assert rows
    assert {row[3] for row in rows} == {"other"}
