"""Counters are what the reports say, after what happens; what is wrong is mended a regency at a time."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from inbox_arrivals import SARI, arrive
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.counting.checking import Checking
from hub.counting.entries import signs_of, week_of
from hub.counting.models import VillageWeeks, WeekDelay
from hub.counting.spans import SPAN, monday_of, unpacked
from hub.models import Epoch, Node, Report, WeekCount
from hub.retention.models import ForgottenReport
from hub.taking_time import Between, best_guess, taken_between
from sync.link_quality import DAY_S

FIELDS: list[dict[str, Any]] = [
    {},
    {"kind": "victim", "offer": {"destination": "KH"}},
    {"indicators": ["child", "debt_bondage"]},
    {"kind": "victim", "indicators": ["wages_withheld"], "offer": {"destination": "MY"}},
]


def kept(store: Any) -> Counter[Any]:
    """Return the counters by village and of delays, without zeros."""
    found: Counter[Any] = Counter()
    for row in VillageWeeks.select().execute(store.database):
        for place, count in enumerate(unpacked(bytes(row.counts))):
            found[row.village, row.category, monday_of(row.span * SPAN + place)] += int(count)
    for row in WeekDelay.select().execute(store.database):
        found[row.unit, row.taken, row.late] += row.reports
    return Counter({key: count for key, count in found.items() if count})


def scanned(store: Any) -> Counter[Any]:
    """Count every report by hand."""
    found: Counter[Any] = Counter()
    nodes = {row.number: row for row in Node.select().execute(store.database)}
    zone = store.week_counts.zone
    for model in (Report, ForgottenReport):
        for row in model.select().where(model.kind != "").execute(store.database):
            node = nodes[row.node]
            began = Epoch.select().where(Epoch.id == row.epoch).get(store.database)
            start = Between(began.start_earliest, began.start_latest)
            guess = best_guess(taken_between(start, row.age_minutes, row.received_at, node.enrolled_at))
            received = week_of(row.received_at, zone)
            week = received if guess is None else week_of(guess, zone)
            categories = ["all", f"kind:{row.kind}"]
            categories += [f"indicators:{group}" for group in (row.signs or "").split()]
            categories += [f"destination:{row.destination}"] if row.destination else []
            for category in categories:
                found[node.village, category, week] += 1
            found[node.village[:5], week, min((received - week) // 7, 26)] += 1
    return found


def tell_start(region: Region, report: str, days: int) -> None:
    """Let a claim tell that the epoch of a report began so many days earlier than was known."""
    store = region.hub.store
    epoch = bytes(store.contents.report(report).epoch)
    known = Epoch.select().where(Epoch.id == epoch).get(store.database)
    before = Between(known.start_earliest, known.start_latest)
    after = Between(known.start_latest - days * DAY_S, known.start_latest - days * DAY_S + 60)

    def job() -> None:
        Node.update(enrolled_at=0).execute(store.database)
        Epoch.update(start_earliest=after.earliest, start_latest=after.latest).where(
            Epoch.id == epoch
        ).execute(store.database)
        store.intake.on_narrowed(epoch, before, after)

    store.writer.run(job)


def test_counters_are_what_a_scan_says_after_arrivals_late_claims_and_forgetting(region: Region) -> None:
    rng = random.Random(6)
    store = region.hub.store
    here: list[str] = []
    for step in range(16):
        chance = rng.random()
        if chance < 0.5 or not here:
            village = rng.choice([VILLAGE, OTHER_VILLAGE])
            stories = [f"{step}.{n}" for n in range(rng.randrange(1, 4))]
            here += arrive(region, *stories, village=village, **rng.choice(FIELDS))
        elif chance < 0.75:
            tell_start(region, rng.choice(here), rng.randrange(0, 40))
        else:
            gone = here.pop(rng.randrange(len(here)))
            store.forgetting.forget([gone], by=SARI, reason="retention closed")
        region.clock.advance(rng.randrange(1, 5) * DAY_S)
        assert kept(store) == scanned(store), step
    assert store.week_counts.problems() == 0
    assert any(row.late for row in WeekDelay.select().where(WeekDelay.reports > 0).execute(store.database))


def test_what_is_wrong_in_any_counter_is_seen_and_mended(region: Region) -> None:
    arrive(region, "satu", **FIELDS[2])
    arrive(region, "dua", village=OTHER_VILLAGE)
    store = region.hub.store
    right = kept(store)
    VillageWeeks.update(counts=bytes(4 * SPAN)).where(VillageWeeks.category == "all").execute(store.database)
    WeekDelay.update(reports=9).where(WeekDelay.unit == VILLAGE[:5]).execute(store.database)
    assert store.week_counts.problems() == 3
    store.week_counts.rebuild()
    assert kept(store) == right
    WeekCount.update(reports=9).where(WeekCount.unit == OTHER_VILLAGE[:5]).execute(store.database)
    assert store.week_counts.problems() == 2, "the regency, and the hub, which is the sum"
    store.week_counts.checking.nightly()
    assert store.week_counts.problems() == 0


def test_each_regency_is_counted_anew_in_a_transaction_of_its_own(region: Region) -> None:
    arrive(region, "satu")
    arrive(region, "dua", village=OTHER_VILLAGE)
    store = region.hub.store
    done: list[str] = []
    jobs = 0
    run = store.writer.run

    def noting(job: Any) -> Any:
        nonlocal jobs
        jobs += 1
        return run(job)

    checking = Checking(store.database, store.writer, store.week_counts.entries, store.week_counts.kept)
    checking._writer = type("Noting", (), {"run": staticmethod(noting)})()
    checking.rebuild(told=done.append)
    assert done == [VILLAGE[:5], OTHER_VILLAGE[:5]]
    assert jobs == 2, "one for each regency, and none for sums that are right"


def test_nights_go_round_all_regencies(region: Region, monkeypatch: Any) -> None:
    arrive(region, "satu")
    arrive(region, "dua", village=OTHER_VILLAGE)
    monkeypatch.setattr("hub.counting.checking.LEAST_A_NIGHT", 1)
    store = region.hub.store
    checking = store.week_counts.checking
    for unit in (VILLAGE[:5], OTHER_VILLAGE[:5]):
        WeekDelay.update(reports=5).where(WeekDelay.unit == unit).execute(store.database)
    for left in (1, 0):
        checking.nightly()
        assert store.week_counts.problems() == left


def test_reports_of_an_earlier_version_get_the_groups_of_their_indicators(region: Region) -> None:
    arrive(region, "satu", **FIELDS[2])
    store = region.hub.store
    right = kept(store)
    Report.update(signs=None).execute(store.database)
    store.week_counts.rebuild()
    assert kept(store) != right
    assert store.early.signs.fill() == 1
    assert kept(store) == right
    assert store.early.signs.fill() == 0


def test_groups_of_indicators_stand_in_the_order_of_the_contract() -> None:
    assert signs_of(["wages_withheld", "child", "debt_bondage", "violence"]) == "act means purpose"
    assert signs_of(None) == ""
