"""Who is told: sealed, found again, wiped at a stop in whatever order wishes arrive, by any carrier."""

from __future__ import annotations

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region, dump

from hub.models import Envelope
from hub.retention.key_models import ReportKey
from hub.services import SignedIn
from hub.subscriptions.keeping import DAY_S, UNREACHED_DAYS, Subscriptions
from hub.subscriptions.models import Subscriber, SubscriptionStop
from hub.subscriptions.services import Standing, SubscriptionRefused

PHONE, CHAT = "+62 812-0000-3141", "7000003141"
KETUT = SignedIn("ketut", "administrator")
LITE = pytest.mark.parametrize("database_url", [None])
"""On a file alone: what it holds does not differ between databases."""


def kept(region: Region) -> Subscriptions:
    return region.hub.store.subscriptions.kept


def wish(region: Region, token: str, *, wanted: bool = True, village: str = VILLAGE) -> None:
    region.node(village).subscribing.send(PHONE, "en", village, wanted=wanted, token=token)


def standing(region: Region) -> Standing | None:
    return kept(region).standing("sms", PHONE)


def lies_nowhere(region: Region) -> bool:
    return all(secret not in repr(dump(region.hub_folder)) for secret in ("81200003141", CHAT))


def test_who_asks_at_the_hub_is_found_again_and_lies_there_under_a_key(region: Region) -> None:
    kept(region).begin("sms", PHONE, VILLAGE, "id")
    kept(region).begin("telegram", CHAT, "52.02", "en")
    assert kept(region).standing("sms", "081200003141") == Standing(VILLAGE, "id")
    assert kept(region).standing("telegram", CHAT) == Standing("52.02", "en")
    assert lies_nowhere(region)
    kept(region).begin("sms", PHONE, "52", "jv")
    assert standing(region) == Standing("52", "jv")
    assert Subscriber.select().count(region.hub.store.database) == 2


def test_a_stop_wipes_the_row_and_its_key(region: Region) -> None:
    kept(region).begin("telegram", CHAT, "", "id")
    assert kept(region).stop("telegram", CHAT)
    assert not kept(region).stop("telegram", CHAT)
    store = region.hub.store
    for table in (Subscriber, SubscriptionStop, ReportKey):
        assert not table.select().exists(store.database)
    kept(region).begin("telegram", CHAT, "", "id")
    assert kept(region).standing("telegram", CHAT) == Standing("", "id")


def test_a_wish_of_a_village_arrives_and_of_its_envelope_no_byte_is_kept(region: Region) -> None:
    wish(region, "one")
    region.settle()
    assert standing(region) == Standing(VILLAGE, "en")
    store = region.hub.store
    assert [bytes(row.sealed) for row in Envelope.select().execute(store.database)].count(b"") == 1
    assert store.intake.unreadable() == 0
    assert region.node().log.pending_count() == 0
    assert lies_nowhere(region)
    wish(region, "two", wanted=False)
    region.settle()
    assert standing(region) is None


@LITE
def test_a_beginning_that_arrives_after_a_later_stop_begins_nothing(region: Region) -> None:
    wish(region, "one")
    region.node()
    early = region.node().desk.up_bundle().data
    region.clock.advance(120)
    wish(region, "two", wanted=False)
    region.settle()
    assert standing(region) is None
    region.hub.desk.exchange(early, via="courier")  # a copy
    assert standing(region) is None
    # Another village's box kept it for a week.
    wish(region, "three", village=OTHER_VILLAGE)
    region.clock.advance(600)
    kept(region).begin("sms", PHONE, "52", "id")
    kept(region).stop("sms", PHONE)
    region.settle(OTHER_VILLAGE)
    assert standing(region) is None
    region.clock.advance(600)
    wish(region, "four", village=OTHER_VILLAGE)
    region.settle(OTHER_VILLAGE)
    assert standing(region) == Standing(OTHER_VILLAGE, "en")


@LITE
def test_a_village_of_which_no_list_knows_begins_nothing(region: Region) -> None:
    region.node().subscribing.send(PHONE, "id", "99.99", wanted=True, token="t")
    region.settle()
    assert standing(region) is None


@pytest.mark.parametrize(
    ("way", "address", "area", "language"),
    [
        ("sms", "110", "52", "id"),
        ("telegram", "@nama", "52", "id"),
        ("post", PHONE, "52", "id"),
        ("sms", PHONE, "99", "id"),
        ("sms", PHONE, "52", "xx"),
    ],
)
def test_what_is_no_wish_is_refused_without_the_address(
    way: str, address: str, area: str, language: str
) -> None:
    from hub.subscriptions import keeping

    with pytest.raises(SubscriptionRefused) as refused:
        keeping._usual(way, address)
        keeping._check(area, language)
    assert address not in str(refused.value)


def test_counts_hide_small_numbers_and_what_would_tell_them(region: Region) -> None:
    for number in range(12):
        kept(region).begin("telegram", f"70000{number:02}", VILLAGE, "id")
    kept(region).begin("sms", PHONE, OTHER_VILLAGE, "id")
    counts = {(one.area, one.way): one.shown for one in kept(region).counts()}
    assert counts[OTHER_VILLAGE[:5], "sms"] is None
    assert set(counts) == {(VILLAGE[:5], "telegram"), (OTHER_VILLAGE[:5], "sms")}


def test_whom_nothing_reaches_is_dropped_and_also_whose_key_is_gone(region: Region) -> None:
    kept(region).begin("sms", PHONE, "52", "id")
    kept(region).begin("telegram", CHAT, "52", "id")
    store = region.hub.store
    now = region.clock.wall_s()
    Subscriber.update(failing_since=now).where(Subscriber.way == "sms").execute(store.database)
    kept(region).tidy()
    assert standing(region) is not None
    region.clock.advance((UNREACHED_DAYS + 1) * DAY_S)
    # After a restore of an older copy with the newest keys, that of who stopped since is missing.
    chat = Subscriber.select().where(Subscriber.way == "telegram").get(store.database)
    ReportKey.delete().where(ReportKey.owner == chat.owner).execute(store.database)
    kept(region).tidy()
    assert not Subscriber.select().exists(store.database)
    assert store.audit.problem() is None


@LITE
def test_forgetting_asks_for_a_number_or_a_chat(region: Region) -> None:
    kept(region).begin("sms", PHONE, "52", "id")
    assert kept(region).forget("081200003141", who=KETUT)
    assert standing(region) is None
    assert not kept(region).forget(CHAT, who=KETUT)
    with pytest.raises(SubscriptionRefused):
        kept(region).forget("siapa saja", who=KETUT)
