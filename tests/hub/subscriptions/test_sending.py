"""Bulletins to subscribers: once a version, marked before and after, never after the end, cancels to whom the
bulletin went, a day's limit, whoever is gone wiped.
"""

from __future__ import annotations

import pytest
from sent_bulletins import RATNA, TEXT, send_bulletin
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.services import SignedIn
from hub.subscriptions.examining import problems
from hub.subscriptions.keeping import Subscriptions
from hub.subscriptions.models import Subscriber, SubscriberMessage
from hub.subscriptions.sending import LEASE_S, MOST_LOST, WAITS_S, SubscriberSending
from hub.subscriptions.services import Handed, SubscriptionRefused

PHONE, CHAT = "6281200003141", "7000003141"
KETUT = SignedIn("ketut", "administrator")
LITE = pytest.mark.parametrize("database_url", [None])
"""On a file alone: what it holds does not differ between databases."""


@pytest.fixture
def sending(region: Region) -> SubscriberSending:
    """The hub's queue, with a village so that bulletins have an area, and two people who are told."""
    region.exchange()
    kept = region.hub.store.subscriptions.kept
    kept.begin("sms", PHONE, VILLAGE, "id")
    kept.begin("telegram", CHAT, VILLAGE[:5], "en")
    return region.hub.store.subscriptions.sending


def kept(region: Region) -> Subscriptions:
    return region.hub.store.subscriptions.kept


def told(region: Region, sending: SubscriberSending, outcome: str = "sent") -> dict[str, Handed]:
    """Let a bot fetch all and say one thing of each."""
    found = {}
    for way in ("sms", "telegram"):
        for one in sending.take(way, 10):
            sending.outcome(one.id, outcome)
            found[one.to] = one
    return found


def states(region: Region) -> list[tuple[str, str, str]]:
    rows = SubscriberMessage.select().order_by(SubscriberMessage.id).execute(region.hub.store.database)
    return [(row.way, row.state, row.problem) for row in rows]


def test_each_gets_it_once_in_its_language_and_another_area_nothing(
    region: Region, sending: SubscriberSending
) -> None:
    kept(region).begin("sms", "6281200002718", OTHER_VILLAGE, "id")
    kept(region).begin("sms", "6281200001618", "", "id")
    send_bulletin(region)
    got = told(region, sending)
    assert set(got) == {PHONE, CHAT, "6281200001618"}
    assert TEXT in got[PHONE].text
    assert "Beware of offers." in got[CHAT].text
    assert told(region, sending) == {}
    assert PHONE not in repr(list(got.values()))


@pytest.mark.parametrize("changes", [{"status": "Exercise"}, {"status": "Test"}, {"public": False}])
@LITE
def test_drills_tests_and_what_facilitators_read_wait_for_nobody(
    region: Region, sending: SubscriberSending, changes: dict[str, object]
) -> None:
    number = send_bulletin(region, **changes)
    region.hub.store.bulletins.cancel(number, who=RATNA)
    assert states(region) == []


def test_a_cancel_goes_to_whom_the_bulletin_went_wherever_they_look_now(
    region: Region, sending: SubscriberSending
) -> None:
    number = send_bulletin(region)
    told(region, sending)
    kept(region).begin("sms", "6281200002718", VILLAGE, "id")
    kept(region).begin("telegram", CHAT, OTHER_VILLAGE, "id")
    region.hub.store.bulletins.cancel(number, who=RATNA)
    got = told(region, sending)
    assert set(got) == {PHONE, CHAT}
    assert all("DITARIK" in one.text for one in got.values())


@LITE
def test_what_was_not_sent_before_its_end_is_not_sent_and_not_cancelled(
    region: Region, sending: SubscriberSending
) -> None:
    number = send_bulletin(region)
    region.hub.store.bulletins.cancel(number, who=RATNA)
    assert told(region, sending) == {}
    assert set(states(region)) == {("sms", "dropped", "overtaken"), ("telegram", "dropped", "overtaken")}


@pytest.mark.parametrize("how", ["network", "away", "dies"])
@LITE
def test_what_was_with_a_bot_when_its_end_came_is_not_sent_after_it(
    region: Region, sending: SubscriberSending, how: str
) -> None:
    number = send_bulletin(region)
    [one] = sending.take("sms", 10)
    region.hub.store.bulletins.cancel(number, who=RATNA)
    if how != "dies":
        sending.outcome(one.id, how)
    region.clock.advance(LEASE_S + 100)
    assert ["DITARIK" in one.text for one in sending.take("sms", 10)] == [True]
    assert ("sms", "dropped", "overtaken") in states(region)


def test_an_update_goes_to_all_once_and_the_old_one_to_nobody_any_more(
    region: Region, sending: SubscriberSending
) -> None:
    number = send_bulletin(region)
    [first] = sending.take("sms", 10)
    sending.outcome(first.id, "sent")
    send_bulletin(region, replaces=number, text="Waspada lagi. Polisi: 110.")
    got = told(region, sending)
    assert set(got) == {PHONE, CHAT}
    assert all("Diperbarui" in got[PHONE].text for _ in got)
    assert [one for one in states(region) if one[2] == "overtaken"] == [("telegram", "dropped", "overtaken")]


@LITE
def test_what_is_over_is_not_sent(region: Region, sending: SubscriberSending) -> None:
    send_bulletin(region, until=region.hub.store.bulletins.today())
    region.clock.advance(2 * 86_400)
    assert told(region, sending) == {}
    assert {problem for _, _, problem in states(region)} == {"over"}


def test_a_bot_that_dies_each_time_sends_it_twice_at_most(region: Region, sending: SubscriberSending) -> None:
    send_bulletin(region)
    handed = 0
    for _ in range(20):
        handed += len(sending.take("sms", 10))
        assert sending.take("sms", 10) == []  # marked before it went out
        region.clock.advance(LEASE_S + 1)
    assert handed == MOST_LOST == 2
    assert ("sms", "sent", "unsure") in states(region)


@LITE
def test_what_the_network_refuses_is_tried_again_and_then_given_up(
    region: Region, sending: SubscriberSending
) -> None:
    send_bulletin(region)
    for wait_s in WAITS_S:
        [one] = sending.take("sms", 10)
        sending.outcome(one.id, "network")
        assert sending.take("sms", 10) == []
        region.clock.advance(wait_s + 1)
    [one] = sending.take("sms", 10)
    sending.outcome(one.id, "network")
    assert ("sms", "failed", "network") in states(region)
    row = Subscriber.select().where(Subscriber.way == "sms").get(region.hub.store.database)
    assert row.failing_since == region.clock.wall_s()
    send_bulletin(region)
    told(region, sending)
    row = Subscriber.select().where(Subscriber.way == "sms").get(region.hub.store.database)
    assert row.failing_since is None


@LITE
def test_slow_down_is_no_try_and_waits_as_long_as_was_asked(
    region: Region, sending: SubscriberSending
) -> None:
    send_bulletin(region)
    for _ in range(len(WAITS_S) + 3):
        [one] = sending.take("telegram", 10)
        sending.outcome(one.id, "busy", 120.0)
        region.clock.advance(100)
        assert sending.take("telegram", 10) == []
        region.clock.advance(21)
    assert [one.to for one in sending.take("telegram", 10)] == [CHAT]


@LITE
def test_who_is_gone_is_wiped_and_told_no_more(region: Region, sending: SubscriberSending) -> None:
    number = send_bulletin(region)
    told(region, sending, "gone")
    assert kept(region).standing("telegram", CHAT) is None
    region.hub.store.bulletins.cancel(number, who=RATNA)
    assert told(region, sending) == {}


@LITE
def test_who_stops_while_it_waits_or_is_being_sent_gets_nothing_more(
    region: Region, sending: SubscriberSending
) -> None:
    send_bulletin(region)
    [one] = sending.take("sms", 10)
    kept(region).stop("sms", PHONE)
    kept(region).stop("telegram", CHAT)
    sending.outcome(one.id, "network")
    region.clock.advance(LEASE_S + 100)
    assert told(region, sending) == {}
    kept(region).begin("sms", PHONE, VILLAGE, "id")
    assert told(region, sending) == {}


def test_the_day_has_so_many_parts_and_the_rest_waits(region: Region, sending: SubscriberSending) -> None:
    for number in range(3):
        kept(region).begin("sms", f"62812000031{number}", VILLAGE, "id")
    sending.set_sms_a_day(2, who=KETUT)
    send_bulletin(region)
    assert len(sending.take("sms", 10)) == 2
    assert sending.take("sms", 10) == []
    [sms, _] = sending.ways()
    assert (sms.today, sms.a_day, sms.waiting) == (2, 2, 4)
    region.clock.advance(86_401)
    assert len(sending.take("sms", 10)) == 2
    with pytest.raises(SubscriptionRefused):
        sending.set_sms_a_day(-1, who=KETUT)


LONG = "Waspada tawaran kerja yang menyuruh berangkat cepat. " * 3


def test_a_bulletin_longer_than_the_days_limit_keeps_nothing_back_and_is_told(
    region: Region, sending: SubscriberSending
) -> None:
    sending.set_sms_a_day(1, who=KETUT)
    number = send_bulletin(region, text=LONG)
    draft = region.hub.store.bulletins.view(number, who=RATNA, first=0, limit=1).row.draft
    assert sending.reach(draft)[0].is_too_long
    send_bulletin(region)
    [one] = sending.take("sms", 1)  # a bot fetches one at a time: the first one is not always that one
    assert TEXT in one.text
    sending.outcome(one.id, "sent")
    [sms, _] = sending.ways()
    assert (sms.waiting, sms.too_long, sms.longest, sms.parts) == (1, 1, 2, 0)
    assert "limit DIR 2" in " ".join(do for _, _, do in problems([sms], region.clock.wall_s()))
    region.clock.advance(86_401)
    assert sending.take("sms", 1) == []
    sending.set_sms_a_day(2, who=KETUT)
    [one] = sending.take("sms", 1)
    assert TEXT not in one.text


@LITE
def test_a_bulletin_to_many_does_not_keep_a_later_one_back(
    region: Region, sending: SubscriberSending
) -> None:
    for number in range(3):
        kept(region).begin("sms", f"62812000031{number}", VILLAGE, "id")
    send_bulletin(region, text="Yang pertama, kepada banyak orang.")
    send_bulletin(region, text="Yang kedua, sesudahnya.")
    first, second = sending.take("sms", 2)
    assert "pertama" in first.text
    assert "kedua" in second.text
    for_days = sending.reach(region.hub.store.bulletins.view(1, who=RATNA, first=0, limit=1).row.draft)[0]
    assert (for_days.a_day, for_days.days) == (200, 1)


def test_the_officer_is_told_to_how_many_it_goes_and_in_how_many_parts(
    region: Region, sending: SubscriberSending
) -> None:
    number = send_bulletin(region, text="Waspada tawaran kerja yang menyuruh berangkat cepat. " * 3)
    bulletins = region.hub.store.bulletins
    draft = bulletins.view(number, who=RATNA, first=0, limit=1).row.draft
    sms, telegram = sending.reach(draft)
    assert (sms.way, sms.people, sms.parts, sms.is_small) == ("sms", 1, 2, True)
    assert (telegram.people, telegram.parts) == (1, 1)
    told(region, sending)
    assert [(line.way, line.waiting, line.sent) for line in sending.lines(5)] == [
        ("sms", 0, 1),
        ("telegram", 0, 1),
    ]


@pytest.mark.parametrize("outcome", ["", "sold"])
@LITE
def test_what_is_no_outcome_is_refused(region: Region, sending: SubscriberSending, outcome: str) -> None:
    with pytest.raises(SubscriptionRefused):
        sending.outcome(1, outcome)
    with pytest.raises(SubscriptionRefused):
        sending.take("post", 1)
