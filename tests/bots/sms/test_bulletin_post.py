"""Bulletins over the hub's modem: one at a time, what became of each in one word, no echo answered."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bots.conversations import Conversations
from bots.sms.auto_replies import Answering, LoopBreaker
from bots.sms.bulletin_post import AWAY_S, EVERY_S, BulletinPost, outcome_of
from bots.sms.counts import Counts
from firmware_bridge.at_errors import Trouble
from firmware_bridge.sms_outbox import BAD_NUMBER, CLOSED, DAY_IS_OVER, TOO_LONG, NotSent, Sent, Verdict
from sync.errors import CarrierError

PHONE, TEXT = "6281200003141", "Kentongan. WASPADA: rahasiakata. Stop: BERHENTI"


class Door:
    """The hub's door in memory."""

    def __init__(self, *texts: str) -> None:
        self.waiting = [{"id": number, "to": PHONE, "text": text} for number, text in enumerate(texts, 1)]
        self.told: list[tuple[int, str]] = []
        self.away = False

    def take(self, way: str, most: int) -> list[dict[str, Any]]:
        assert way == "sms"
        if self.away:
            raise CarrierError("away")
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken

    def outcome(self, message: int, outcome: str, wait_s: float = 0.0) -> None:
        if self.away:
            raise CarrierError("away")
        self.told.append((message, outcome))


def post(door: Door, verdict: Verdict, loops: LoopBreaker | None = None) -> tuple[BulletinPost, list[str]]:
    sent: list[str] = []

    def send(number: str, text: str) -> Verdict:
        sent.append(number)
        return verdict

    made = BulletinPost(door, send, loops or LoopBreaker(), Conversations(bytes(32)), Counts())
    return made, sent


def test_one_goes_out_each_turn_and_an_empty_queue_is_asked_seldom() -> None:
    door = Door(TEXT, TEXT)
    made, sent = post(door, Sent())
    made.turn(0.0)
    assert sent == [f"+{PHONE}"]
    made.turn(0.0)
    made.turn(0.0)
    assert door.told == [(1, "sent"), (2, "sent")]
    door.waiting = Door(TEXT).waiting
    made.turn(EVERY_S - 1)
    assert len(sent) == 2
    made.turn(EVERY_S)
    assert len(sent) == 3


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Sent(2), "sent"),
        (NotSent("x", Trouble.BUSY, may_have_been_sent=True), "unsure"),
        (BAD_NUMBER, "refused"),
        (TOO_LONG, "refused"),
        (DAY_IS_OVER, "away"),
        (CLOSED, "away"),
        (NotSent("x", Trouble.NO_CREDIT), "away"),
        (NotSent("x", Trouble.NO_NETWORK), "away"),
        (NotSent("x", Trouble.BAD_NUMBER), "network"),
        (NotSent("x", Trouble.OTHER), "network"),
    ],
)
def test_what_is_wrong_here_is_not_held_against_who_is_written_to(verdict: Verdict, outcome: str) -> None:
    assert outcome_of(verdict) == outcome


def test_a_hub_that_is_away_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(TEXT)
    door.away = True
    made, sent = post(door, NotSent("no network", Trouble.NO_NETWORK))
    made.turn(0.0)
    door.away = False
    made.turn(AWAY_S - 1)
    assert sent == []
    with caplog.at_level(logging.DEBUG):
        made.turn(AWAY_S)
    assert sent
    for secret in (PHONE, "rahasiakata"):
        assert secret not in caplog.text


def test_an_echo_and_an_automatic_reply_are_not_answered_and_no_answer_is_spent() -> None:
    loops, conversations = LoopBreaker(), Conversations(bytes(32))
    key = conversations.key_of(f"+{PHONE}")
    for number in range(200):
        loops.said(key, f"{TEXT} {number}", 0.0)
    made, _ = post(Door(TEXT), Sent(), loops)
    made.turn(0.0)
    assert loops.ask(key, TEXT, 1.0) is Answering.OUR_WORDS
    assert loops.ask(key, "Pesan ini dikirim otomatis, saya sedang mengemudi", 1.0) is Answering.AUTO_REPLY
    assert loops.ask(key, "BERHENTI", 1.0) is Answering.YES
