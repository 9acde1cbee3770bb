"""What is counted of a week's work, over rows that lie on both sides of each line."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.bulletins.models import Bulletin
from hub.models import Down, Node, NoticeSeen
from hub.outgoing import NOTICE
from hub.picture_services import WallNumbers
from hub.referrals.models import Referral, ReferralReport, ReferralStep
from hub.retention.clock_models import RightsClock
from hub.services import SignedIn
from hub.warning.models import Signal, SignalSighting
from hub.weekly.counted_work import LEARNED_WEEKS, WorkOfWeek
from hub.weekly.facts import Bulletins, Referrals, Rights, Series

WEEK = 20_829
BEGINS, DAY = WEEK * 86_400.0, 86_400.0
ENDS = BEGINS + 7 * DAY
NOW = ENDS + DAY
BUDI = SignedIn("budi", "supervisor")
HERE = SignedIn("desa", "supervisor", (VILLAGE[:5],))

pytestmark = pytest.mark.parametrize("database_url", [None])


def work(region: Region, who: SignedIn = BUDI) -> WorkOfWeek:
    return WorkOfWeek(region.hub.store.database, WEEK, BEGINS, ENDS, NOW, who)


def put(region: Region, model: Any, *rows: dict[str, Any], **same: Any) -> None:
    """Insert rows; what nobody counts is empty."""
    columns = model._meta.sorted_fields
    empty = {one.name: 0 if "Text" not in type(one).__name__ else "" for one in columns if not one.null}
    empty = {name: value for name, value in empty.items() if name != "id"}
    given = [{**empty, **same, **row} for row in rows]
    database = region.hub.store.database
    region.hub.store.writer.run(lambda: [model.insert(**row).execute(database) for row in given])


class TestSignals:
    def test_by_hand_those_raised_in_the_week_and_by_rules_those_first_seen_of_it(
        self, region: Region
    ) -> None:
        rule: dict[str, Any] = {"origin": "rule", "sort": "excess", "active": True}
        put(
            region,
            Signal,
            {"id": 1, "origin": "person", "raised_at": BEGINS, "active": True, "due_at": NOW - 1},
            {"id": 2, "origin": "person", "raised_at": ENDS, "active": True, "due_at": NOW},
            {"id": 3, **rule, "raised_at": ENDS + 9, "closed_at": ENDS, "verdict": "false", "active": False},
            {"id": 4, **rule, "raised_at": BEGINS + 5},
            {"id": 5, **rule, "raised_at": BEGINS + 5, "joined_into": 3, "active": False},
            {"id": 6, **rule, "raised_at": 1.0, "closed_at": BEGINS, "verdict": "true", "active": False},
            {"id": 7, **rule, "raised_at": 1.0, "closed_at": BEGINS - 1, "verdict": "true", "active": False},
            unit=VILLAGE,
        )
        put(
            region,
            SignalSighting,
            {"signal": 3, "week": WEEK},
            {"signal": 4, "week": WEEK - 7},
            {"signal": 4, "week": WEEK},
            {"signal": 5, "week": WEEK},
        )
        found = work(region).signals()
        assert (found.raised, found.sorts) == (2, (("excess", 1), ("person", 1)))
        assert (found.true, found.false, found.unknown) == (1, 0, 0)
        assert (found.open, found.late) == (3, 1)
        elsewhere = SignedIn("jauh", "analyst", (OTHER_VILLAGE[:5],))
        assert work(region, elsewhere).signals().raised == 0

    def test_half_a_year_teaches_by_what_was_raised_in_it_and_closed(self, region: Region) -> None:
        since = ENDS - LEARNED_WEEKS * 7 * DAY
        rows = [
            (since, "true"),
            (since - 1, "true"),
            (ENDS - 1, "false"),
            (ENDS, "false"),
            (BEGINS, "unknown"),
        ]
        put(region, Signal, *({"raised_at": at, "verdict": said} for at, said in rows), origin="rule")
        found = work(region).learned()
        assert (found.weeks, found.true, found.decided) == (26, 1, 2)


class TestBulletins:
    def test_those_sent_in_the_week_and_how_far_they_came(self, region: Region) -> None:
        put(
            region,
            Bulletin,
            {"serial": 1, "state": "sent", "decided_at": BEGINS, "area": VILLAGE[:5]},
            {"serial": 2, "state": "expired", "decided_at": ENDS - 1, "area": OTHER_VILLAGE[:5]},
            {"serial": 3, "state": "sent", "decided_at": ENDS, "area": ""},
            {"serial": 4, "state": "sent", "decided_at": BEGINS - 1, "area": ""},
            {"serial": 5, "state": "sent", "decided_at": BEGINS, "area": VILLAGE[:2]},
            {"serial": None, "state": "dropped", "decided_at": BEGINS, "area": ""},
            {"serial": None, "state": "waiting", "area": VILLAGE},
            {"serial": None, "state": "waiting", "area": OTHER_VILLAGE},
        )
        put(region, Node, {"number": 1, "village": VILLAGE}, {"number": 2, "village": OTHER_VILLAGE}, psk=b"")
        put(
            region,
            Down,
            {"node": 1, "ref": "1", "delivered": True},
            {"node": 2, "ref": "2"},
            {"node": 1, "ref": "5"},
            {"node": 2, "ref": "5", "delivered": True},
            {"node": 1, "ref": "3", "delivered": True},
            what=NOTICE,
            sealed=b"",
        )
        put(
            region,
            NoticeSeen,
            {"notice": 1, "node": 1, "step": 1},
            {"notice": 1, "node": 1, "step": 2},
            {"notice": 5, "node": 2, "step": 1},
            {"notice": 3, "node": 2, "step": 1},
        )
        assert work(region).bulletins() == Bulletins(3, villages=4, delivered=2, seen=2, waiting=2)
        assert work(region, HERE).bulletins() == Bulletins(2, villages=2, delivered=1, seen=1, waiting=1)

    def test_a_week_without_one_counts_nothing(self, region: Region) -> None:
        assert work(region).bulletins() == Bulletins(0, 0, 0, 0, 0)


class TestClocks:
    def test_referrals_by_what_was_done_in_the_week_and_what_was_due(self, region: Region) -> None:
        today = WEEK + 8
        put(
            region,
            Referral,
            {"id": 1, "serial": 1, "name": "1", "state": "answered", "due_day": WEEK},
            {"id": 2, "serial": 2, "name": "2", "state": "sent", "due_day": WEEK + 6},
            {"id": 3, "serial": 3, "name": "3", "state": "taken", "due_day": WEEK + 7},
            {"id": 4, "serial": 4, "name": "4", "state": "waiting", "due_day": today},
            {"id": 5, "serial": 5, "name": "5", "state": "answered", "due_day": WEEK - 1},
        )
        put(
            region,
            ReferralStep,
            {"referral": 1, "what": "sent", "at": BEGINS},
            {"referral": 1, "what": "answered", "at": ENDS - 1},
            {"referral": 2, "what": "approved", "at": BEGINS + 1},
            {"referral": 2, "what": "sent", "at": BEGINS + 2},
            {"referral": 3, "what": "sent", "at": BEGINS - 1},
            {"referral": 5, "what": "answered", "at": ENDS},
        )
        put(region, ReferralReport, {"referral": 2, "report": "r", "village": OTHER_VILLAGE})
        expected = Referrals(made=2, answered=1, due=2, due_answered=1, late=2)
        assert work(region).referrals(today) == expected
        assert work(region, HERE).referrals(today) == Referrals(1, 1, due=1, due_answered=1, late=1)

    def test_requests_opened_and_closed_in_the_week_and_those_that_run(self, region: Region) -> None:
        put(
            region,
            RightsClock,
            {"opened_at": BEGINS, "due_at": NOW, "village": VILLAGE},
            {"opened_at": ENDS - 1, "due_at": NOW - 1, "village": OTHER_VILLAGE},
            {"opened_at": BEGINS - 1, "due_at": BEGINS, "closed_at": BEGINS, "village": VILLAGE},
            {"opened_at": BEGINS - 1, "due_at": BEGINS, "closed_at": BEGINS + 1, "village": OTHER_VILLAGE},
            {"opened_at": 0, "due_at": 9, "closed_at": ENDS, "village": OTHER_VILLAGE},
            about="report",
        )
        assert work(region).rights() == Rights(opened=2, closed=2, in_time=1, running=1, overdue=1)
        assert work(region, HERE).rights() == Rights(opened=1, closed=1, in_time=1, running=1, overdue=0)


def test_series_beside_hold_this_week_and_the_one_before(region: Region) -> None:
    asked: list[Any] = []
    told = SimpleNamespace(name="Paspor", office="Imigrasi Contoh", unit="52")

    def beside(rows: list[Any], weeks: list[int]) -> list[Any]:
        asked.append(weeks)
        one = SimpleNamespace(row=SimpleNamespace(told=told), counts=(3, 8), found=frozenset({1}))
        return [one, SimpleNamespace(row=one.row, counts=(None, 8), found=frozenset({0}))]

    store: Any = SimpleNamespace(rows=lambda **_: ["row"], beside=beside)
    assert work(region).series(store) == (
        Series("Paspor", "Imigrasi Contoh", "52", 8, 3, True),
        Series("Paspor", "Imigrasi Contoh", "52", 8, None, False),
    )
    assert asked == [[WEEK - 7, WEEK]]


def test_what_waits_is_what_was_counted_and_what_the_wall_says(region: Region) -> None:
    put(region, Bulletin, {"state": "waiting", "area": VILLAGE})
    counts = work(region)
    wall = WallNumbers(*range(1, 1 + len(WallNumbers.__dataclass_fields__)))
    signals, referrals = counts.signals(), Referrals(0, 0, 0, 0, late=4)
    found = counts.waiting(wall, signals, referrals, Rights(0, 0, 0, running=2, overdue=3))
    assert (found.urgent_unread, found.unread, found.undone) == (
        wall.urgent_unread,
        wall.unread,
        wall.waiting,
    )
    assert (found.signals, found.bulletins, found.referrals_late, found.rights) == (0, 1, 4, 5)
