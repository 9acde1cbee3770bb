"""The socket of the hub's own bots: asks, begins, stops, hands out; for its owner alone."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator

import pytest
from sent_bulletins import send_bulletin
from village import VILLAGE, Region

from bots.desks.subscribing import AtTheHub
from bots.dialogue.contract import AskSubscription, Done, NotTaken, Subscribe, Subscribed
from hub.subscriptions.door import SubscriptionDoor
from hub.subscriptions.services import Standing
from sync.errors import CarrierError
from sync.subscription_door import DOOR_NAME, HubDoor

CHAT = "7000003141"


@pytest.fixture(params=["sqlite"])
def database_url() -> None:
    """The door is the same on both databases."""
    return


@pytest.fixture
def door(region: Region) -> Iterator[SubscriptionDoor]:
    region.exchange()
    made = region.hub.store.subscriptions
    door = SubscriptionDoor(region.hub_folder, made.kept, made.sending)
    yield door
    door.close()


def test_a_bot_begins_asks_fetches_and_stops(region: Region, door: SubscriptionDoor) -> None:
    desk, asks = AtTheHub(region.hub_folder, "telegram"), HubDoor(region.hub_folder)
    assert desk.fulfil(AskSubscription(), CHAT) == Subscribed(None)
    assert desk.fulfil(Subscribe(True, VILLAGE, "en"), CHAT) == Done()
    assert desk.fulfil(AskSubscription(), CHAT) == Subscribed(VILLAGE, "en")
    send_bulletin(region)
    [message] = asks.take("telegram", 10)
    assert message["to"] == CHAT
    assert "Beware" in message["text"]
    asks.outcome(message["id"], "sent")
    assert asks.take("telegram", 10) == []
    assert desk.fulfil(Subscribe(False), CHAT) == Done()
    assert region.hub.store.subscriptions.kept.standing("telegram", CHAT) is None
    assert stat.S_IMODE((region.hub_folder / DOOR_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"op": "begin", "way": "telegram", "address": "7000003141", "area": "99", "language": "id"}',
        b'{"op": "stop", "way": "telegram", "address": "@rahasia7000003141"}',
        b'{"op": "take", "way": "telegram", "most": "7000003141x"}',
        b'{"op": "outcome", "id": 1, "outcome": "7000003141"}',
    ],
)
def test_what_is_no_request_is_refused_without_its_words(
    door: SubscriptionDoor, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = door.reply(line)
    assert reply["refused"]
    assert CHAT not in json.dumps(reply) + caplog.text


def test_no_hub_is_away_and_an_area_of_no_list_refused(region: Region, door: SubscriptionDoor) -> None:
    desk = AtTheHub(region.hub_folder, "telegram")
    assert desk.fulfil(Subscribe(True, "99", "id"), CHAT) == NotTaken("refused")
    door.close()
    assert desk.fulfil(Subscribe(False), CHAT) == NotTaken("away")
    with pytest.raises(CarrierError, match="no hub answers"):
        HubDoor(region.hub_folder).take("sms", 1)


def test_a_serving_hub_has_the_door(region: Region) -> None:
    region.hub.start()
    desk = AtTheHub(region.hub_folder, "sms")
    assert desk.fulfil(Subscribe(True, "52", "id"), "+6281200003141") == Done()
    assert region.hub.store.subscriptions.kept.standing("sms", "6281200003141") == Standing("52", "id")
    region.stop_hub()
    assert not (region.hub_folder / DOOR_NAME).exists()
