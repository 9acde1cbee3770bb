"""Counts by week, by village and of the wall, on both databases."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from inbox_arrivals import arrive, listed
from village import NOW_S, OTHER_VILLAGE, VILLAGE, Region

from hub.cases.models import Arrival
from hub.models import Answer, Contact, Epoch, Node, Report, Withdrawal
from hub.picture_counts import PictureCounts
from hub.pictures.weeks import last_weeks
from hub.services import SignedIn
from hub.taking_time import Between, best_guess, taken_between
from sync.link_quality import DAY_S

WHO = SignedIn("sari", "analyst")
WEEKS = last_weeks(NOW_S, ZoneInfo("Asia/Makassar"), 3)
STARTS = [*(week.begins_at for week in WEEKS), WEEKS[-1].ends_at]
ENROLLED = NOW_S - 400 * DAY_S


REGENCY, OTHER_REGENCY = VILLAGE[:5], OTHER_VILLAGE[:5]


class CountedAnew(PictureCounts):
    """Its reports are put into the table by hand: the counters are made anew before each look."""

    def __init__(self, region: Region) -> None:
        store = region.hub.store
        super().__init__(store.database, store.week_counts, store.early.flows)
        self.counters = store.week_counts

    def by_week(self, *asked: Any) -> list[dict[str, int]]:
        self.counters.rebuild()
        return super().by_week(*asked)

    def by_area(self, *asked: Any) -> dict[str, int]:
        self.counters.rebuild()
        return super().by_area(*asked)

    def by_destination(self, *asked: Any) -> dict[str | None, int]:
        self.counters.rebuild()
        return super().by_destination(*asked)


@pytest.fixture
def counts(region: Region) -> PictureCounts:
    database = region.hub.store.database
    for number, village in enumerate((VILLAGE, OTHER_VILLAGE), 1):
        node = {"number": number, "village": village, "village_name": "Contoh", "psk": bytes(32)}
        Node.insert(**node, enrolled_at=int(ENROLLED)).execute(database)
    add_epoch(region, 0, Between(ENROLLED, NOW_S))
    return CountedAnew(region)


def add_epoch(region: Region, number: int, start: Between) -> None:
    Epoch.insert(
        id=bytes([number]) * 8,
        node=1,
        enc=bytes(32),
        tag=0,
        start_earliest=start.earliest,
        start_latest=start.latest,
    ).execute(region.hub.store.database)


def add(region: Region, name: str, received_at: float, **changes: object) -> str:
    row: dict[str, object] = {
        "id": name,
        "epoch": bytes(8),
        "counter": 1,
        "node": 1,
        "urgent_unread": False,
        "kind": "recruiter",
        "body": "bukan JSON: siapa membacanya gagal",
        "age_minutes": 0,
        "via": "http",
        "received_at": received_at,
    }
    Report.insert(**{**row, **changes}).execute(region.hub.store.database)
    return name


def test_reports_are_counted_by_week_and_kind(region: Region, counts: PictureCounts) -> None:
    for at, start in enumerate(STARTS[:-1]):
        for kind in ("recruiter", "recruiter", "victim")[: at + 1]:
            add(region, f"{at}{kind}{random.random()}", start + 5, kind=kind)
    assert counts.by_week(STARTS, WHO) == [{"recruiter": 1}, {"recruiter": 2}, {"recruiter": 2, "victim": 1}]


def test_a_week_holds_its_first_second_and_not_the_next_monday(region: Region, counts: PictureCounts) -> None:
    for at in (STARTS[0] - 1, STARTS[0], STARTS[1] - 1, STARTS[1]):
        add(region, f"{at}", at)
    assert counts.by_week(STARTS, WHO) == [{"recruiter": 2}, {"recruiter": 1}, {}]
    assert counts.by_area(STARTS[0], STARTS[1], None, WHO) == {REGENCY: 2}


def test_a_report_that_was_long_on_its_way_counts_when_it_was_taken(
    region: Region, counts: PictureCounts
) -> None:
    begun = STARTS[0] + DAY_S
    add_epoch(region, 1, Between(begun, begun + 60))
    add(region, "a", STARTS[2] + 5, epoch=bytes([1]) * 8, age_minutes=30)
    add_epoch(region, 2, Between(begun, begun + 4000))
    add(region, "b", STARTS[2] + 5, epoch=bytes([2]) * 8, age_minutes=30)
    assert counts.by_week(STARTS, WHO) == [{"recruiter": 1}, {}, {"recruiter": 1}]


def test_the_moment_is_that_of_the_page_of_a_report(region: Region, counts: PictureCounts) -> None:
    rng = random.Random(5)
    expected = [0, 0, 0]
    for number in range(10, 60):
        earliest = rng.uniform(STARTS[0] - 5 * DAY_S, NOW_S)
        start = Between(earliest, earliest + rng.choice([0, 60, 1800, 3500, 3600, 9000, 4 * DAY_S]))
        age, received_at = rng.randrange(20_000), rng.uniform(STARTS[0], NOW_S)
        add_epoch(region, number, start)
        add(region, str(number), received_at, epoch=bytes([number]) * 8, age_minutes=age)
        guess = best_guess(taken_between(start, age, received_at, ENROLLED))
        moment = received_at if guess is None else guess
        for at in range(3):
            expected[at] += STARTS[at] <= moment < STARTS[at + 1]
    assert [one.get("recruiter", 0) for one in counts.by_week(STARTS, WHO)] == expected
    assert min(expected) > 0


def test_reports_are_counted_by_village_and_of_one_kind(region: Region, counts: PictureCounts) -> None:
    add(region, "a", NOW_S)
    add(region, "b", NOW_S, node=2, kind="victim")
    add(region, "c", NOW_S, node=2)
    assert counts.by_area(STARTS[0], STARTS[-1], None, WHO) == {REGENCY: 1, OTHER_REGENCY: 2}
    assert counts.by_area(STARTS[0], STARTS[-1], "victim", WHO) == {OTHER_REGENCY: 1}


def wall_of(region: Region) -> PictureCounts:
    return PictureCounts(
        region.hub.store.database, region.hub.store.week_counts, region.hub.store.early.flows
    )


class TestWall:
    def test_urgent_and_unread_are_counted_with_the_age_of_the_oldest(self, region: Region) -> None:
        counts = wall_of(region)
        assert counts.wall(NOW_S, WHO).oldest_urgent_at is None
        first = arrive(region, "a", urgency="now")[0]
        region.clock.advance(40)
        arrive(region, "b", "c", urgency="now")
        arrive(region, "d")
        found = counts.wall(NOW_S, WHO)
        assert (found.urgent_unread, found.oldest_urgent_at, found.unread) == (3, NOW_S, 4)
        region.hub.store.work.show_report(first, by=WHO)
        found = counts.wall(NOW_S, WHO)
        assert (found.urgent_unread, found.oldest_urgent_at, found.unread) == (2, NOW_S + 40, 3)

    def test_what_becomes_urgent_as_days_pass_is_urgent_here_as_in_the_inbox(self, region: Region) -> None:
        store = region.hub.store
        today = store.inbox.today()
        offer = {"departure_on": (today + timedelta(days=5)).isoformat()}
        arrive(region, "berangkat minggu depan", offer=offer)
        assert wall_of(region).wall(NOW_S, WHO).urgent_unread == 0
        region.clock.advance(4 * DAY_S)
        store.inbox.count_down()
        assert [row.urgent for row in listed(region)] == [True]
        assert wall_of(region).wall(region.clock.wall_s(), WHO).urgent_unread == 1

    def test_what_waits_for_its_place_is_urgent_by_the_day_of_the_office(self, region: Region) -> None:
        store = region.hub.store
        zone = ZoneInfo("Asia/Makassar")
        today = datetime.fromtimestamp(NOW_S, zone).date()
        region.clock.advance(
            datetime.combine(today + timedelta(days=1), time(0, 30), zone).timestamp() - NOW_S
        )
        store.intake.on_committed = lambda: None
        arrive(region, "a", offer={"departure_on": (today + timedelta(days=3)).isoformat()})
        found = wall_of(region).wall(region.clock.wall_s(), WHO)
        assert (found.urgent_unread, found.oldest_urgent_at) == (1, region.clock.wall_s())

    def test_a_report_waits_until_somebody_answers_acts_or_it_is_withdrawn(
        self, region: Region, counts: PictureCounts
    ) -> None:
        database = region.hub.store.database
        for name in "abcd":
            add(region, name, NOW_S, read_at=NOW_S)
        add(region, "unread", NOW_S)
        assert counts.wall(NOW_S, WHO).waiting == 4
        Report.update(acted_on_at=NOW_S).where(Report.id == "a").execute(database)
        answer = {"text": "Baik.", "written_at": 1, "written_by": "sari"}
        Answer.insert(report="b", asks=True, **answer).execute(database)
        Withdrawal.insert(
            id="w", node=1, report="c", reason=0, epoch=bytes(8), age_minutes=0, via="http", received_at=NOW_S
        ).execute(database)
        assert counts.wall(NOW_S, WHO).waiting == 1

    def test_a_village_is_silent_after_three_days_by_any_carrier(
        self, region: Region, counts: PictureCounts
    ) -> None:
        database = region.hub.store.database
        assert (counts.wall(NOW_S, WHO).silent_villages, counts.wall(NOW_S, WHO).villages) == (2, 2)
        Contact.insert(node=1, via="radio", at=NOW_S - 9 * DAY_S).execute(database)
        Contact.insert(node=1, via="http", at=NOW_S - 3 * DAY_S).execute(database)
        assert counts.wall(NOW_S, WHO).silent_villages == 1
        assert counts.wall(NOW_S + 1, WHO).silent_villages == 2
        Node.update(retired=True).where(Node.number == 2).execute(database)
        assert (counts.wall(NOW_S, WHO).silent_villages, counts.wall(NOW_S, WHO).villages) == (0, 1)


def test_the_wall_counts_up_to_a_number_and_no_further(
    region: Region, counts: PictureCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.picture_counts.MOST_COUNTED", 2)
    for name in "abcd":
        add(region, name, NOW_S)
    assert counts.wall(NOW_S, WHO).unread == 3


def test_an_account_with_areas_counts_only_what_it_may_see(region: Region, counts: PictureCounts) -> None:
    near = SignedIn("budi", "analyst", areas=(OTHER_VILLAGE[:5],))
    add(region, "a", NOW_S, urgent_unread=True)
    add(region, "b", NOW_S - 5, node=2, kind="victim", urgent_unread=True)
    add(region, "c", NOW_S, node=1, read_at=NOW_S)
    assert counts.by_week(STARTS, near) == [{}, {}, {"victim": 1}]
    assert counts.by_area(STARTS[0], STARTS[-1], None, near) == {OTHER_REGENCY: 1}
    for report in "ab":  # rows by hand have no place in the inbox
        Arrival.insert(report=report, turn=0).execute(region.hub.store.database)
    found = counts.wall(NOW_S, near)
    assert (found.urgent_unread, found.unread, found.waiting, found.villages) == (1, 1, 0, 1)
    assert found.oldest_urgent_at == NOW_S - 5


def test_destinations_are_counted_by_country_kind_and_area(region: Region, counts: PictureCounts) -> None:
    here = NOW_S - 2 * DAY_S
    for name, country, node, kind in (
        ("a", "KH", 1, "recruiter"),
        ("b", "KH", 2, "victim"),
        ("c", "MY", 1, "recruiter"),
        ("d", None, 1, "recruiter"),
    ):
        add(region, name, here, node=node, kind=kind, destination=country)
    span = STARTS[0], STARTS[-1]
    assert counts.by_destination(*span, None, WHO) == {"KH": 2, "MY": 1, None: 1}
    assert counts.by_destination(*span, "victim", WHO) == {"KH": 1}
    ani = SignedIn("ani", "analyst", (OTHER_VILLAGE[:2],))
    assert counts.by_destination(*span, None, ani) == {"KH": 1}
    assert counts.by_destination(STARTS[0], STARTS[0] + 1, None, WHO) == {}
