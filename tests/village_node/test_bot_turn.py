"""A box asks for the turn of its village's bot, over its socket's process, without knowing a token."""

from __future__ import annotations

import pytest
from village import VILLAGE, Region

from hub.bot_turns import BotTurns
from sync.carriers.https import HubClient
from sync.errors import CarrierError
from village_node.bot_turn import BotTurn


class Direct(HubClient):
    """The hub without a network."""

    def __init__(self, region: Region) -> None:
        super().__init__("http://127.0.0.1:1")
        self.region = region
        self.answer: bytes | None = None
        self.broken = False

    def bot_turn(self, question: bytes) -> bytes:
        if self.broken:
            raise CarrierError("the hub cannot be reached (OSError)")
        if self.answer is not None:
            return self.answer
        store = self.region.hub.store
        return BotTurns(store.database, store.writer).ask(question, self.region.clock.wall_s())


@pytest.fixture
def hub(region: Region) -> Direct:
    region.node()
    return Direct(region)


@pytest.fixture
def turn(region: Region, hub: Direct) -> BotTurn:
    return BotTurn(hub, 1, region.node(VILLAGE).store.identity.enrolment.psk)


def test_it_holds_gives_back_and_hears_when_somebody_polled(region: Region, turn: BotTurn) -> None:
    assert turn.ask("hold") == {"held": True, "left_s": 90, "polled_ago_s": None}
    region.clock.advance(30)
    assert turn.ask("give-back") == {"held": False, "left_s": 0, "polled_ago_s": 0}
    region.clock.advance(3600)
    assert turn.ask("hold")["polled_ago_s"] == 3600


def test_an_answer_that_is_not_the_hubs_is_no_turn(turn: BotTurn, hub: Direct) -> None:
    hub.answer = bytes(33)
    assert "not the hub's" in turn.ask("hold")["error"]
    hub.answer = b"<html>log in</html>"
    assert "error" in turn.ask("hold")
    hub.broken = True
    assert "cannot be reached" in turn.ask("hold")["error"]


def test_another_wish_and_no_hub_are_said(turn: BotTurn) -> None:
    assert "hold" in turn.ask("have")["error"]
    assert "--hub" in BotTurn(None, 1, b"k" * 32).ask("hold")["error"]
