"""A message leaves the card only when its report is kept; whenever the process dies, it is told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from talking import CODE, a_room

from bots.conversations import Conversations
from bots.dialogue import talk
from bots.dialogue.contract import Add, Channel, Done, Input, KeptBy, NotTaken, Room, Submit, Taken, Wish
from bots.sms.auto_replies import LoopBreaker
from bots.sms.counts import Counts
from bots.sms.rim import AGAIN_S, PATIENCE_S, SmsParts, SmsRim
from firmware_bridge.sms_inbox import Incoming, ReceivedSms, RefusedSms
from firmware_bridge.sms_outbox import NotSent, Sent, Verdict
from sync.clock import ManualClock
from sync.wire.attachments import Attachment

VILLAGER = "+6281200003141"
STORY = "LAPOR ada calo datang ke desa"


class Died(BaseException):
    """The process is gone."""


class Card:
    """A modem whose card outlives the process."""

    def __init__(self) -> None:
        self.messages: dict[str, Incoming] = {}
        self.untold: list[str] = []
        self.sent: list[tuple[str, str]] = []
        self.verdict: Verdict = Sent()
        self.dies_at = ""

    def receives(self, text: str, sender: str = VILLAGER, **facts: Any) -> None:
        name = f"m{len(self.messages)}"
        self.messages[name] = ReceivedSms(name, sender, text, None, **facts)
        self.untold.append(name)

    def restarts(self) -> None:
        self.untold = list(self.messages)
        self.dies_at = ""

    def incoming(self, timeout_s: float) -> Incoming | None:
        return self.messages[self.untold.pop(0)] if self.untold else None

    def send(self, number: str, text: str) -> Verdict:
        if self.dies_at == "before the answer":
            raise Died
        if isinstance(self.verdict, Sent):
            self.sent.append((number, text))
        return self.verdict

    def forget(self, message_id: str) -> None:
        if self.dies_at == "after the answer":
            raise Died
        del self.messages[message_id]


class Box:
    """A desk that takes each token once, and outlives the bot."""

    def __init__(self) -> None:
        self.reports: dict[str, Mapping[str, Any]] = {}
        self.added: list[str] = []
        self.trouble: NotTaken | None = None
        self.dies_at = ""
        self.breaks = False

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        if self.dies_at == "before the commit":
            raise Died
        if self.breaks:
            raise RuntimeError(STORY)
        if self.trouble is not None:
            return self.trouble
        if isinstance(wish, Submit):
            self.reports[wish.token] = wish.report
            if self.dies_at == "after the commit":
                raise Died
            return Taken(CODE, KeptBy.VILLAGE)
        if isinstance(wish, Add):
            self.added.append(wish.text)
        return Done()


class Bot:
    """One process."""

    def __init__(self, card: Card, box: Box) -> None:
        self.clock = ManualClock()
        self.counts = Counts()
        self.gateway = SmsRim(
            SmsParts(
                card, talk, self._room, box, Conversations(bytes(32)), LoopBreaker(), self.counts, self.clock
            )
        )

    @staticmethod
    def _room(token: Callable[[], str]) -> Room:
        return a_room(Channel.SMS, token=token)

    def turns(self, count: int = 1) -> None:
        for _ in range(count):
            self.gateway.turn(0)


def test_a_report_is_kept_answered_and_then_deleted() -> None:
    card, box = Card(), Box()
    card.receives(STORY)
    Bot(card, box).turns()
    assert [report["narrative"] for report in box.reports.values()] == ["ada calo datang ke desa"]
    ((number, text),) = card.sent
    assert number == VILLAGER
    assert "1234 5678 9012 3456" in text
    assert card.messages == {}


@pytest.mark.parametrize(
    "moment", ["before the commit", "after the commit", "before the answer", "after the answer"]
)
def test_a_crash_at_any_moment_loses_nothing_and_makes_nothing_twice(moment: str) -> None:
    card, box = Card(), Box()
    card.receives(STORY)
    card.dies_at = box.dies_at = moment
    with pytest.raises(Died):
        Bot(card, box).turns()
    assert len(card.messages) == 1
    card.restarts()
    box.dies_at = ""
    Bot(card, box).turns()
    assert len(box.reports) == 1
    assert card.messages == {}
    assert len(card.sent) == (2 if moment == "after the answer" else 1)


def test_while_the_box_is_away_the_message_stays_and_is_taken_later() -> None:
    card, box = Card(), Box()
    box.trouble = NotTaken("away")
    card.receives(STORY)
    bot = Bot(card, box)
    bot.turns(3)
    assert (len(card.messages), card.sent) == (1, [])
    assert bot.counts.waiting == 1
    bot.clock.advance(PATIENCE_S)
    bot.turns()
    bot.clock.advance(AGAIN_S)
    bot.turns()
    assert ["BELUM tersimpan" in text for _, text in card.sent] == [True]
    box.trouble = None
    bot.clock.advance(AGAIN_S)
    bot.turns()
    assert "1234 5678" in card.sent[-1][1]
    assert card.messages == {}
    assert len(box.reports) == 1


def test_an_answer_that_the_network_did_not_take_is_sent_later_and_the_report_once() -> None:
    card, box = Card(), Box()
    card.verdict = NotSent("no network")
    card.receives("ada calo datang ke desa kami")
    bot = Bot(card, box)
    for _ in range(4):
        bot.turns()
        assert len(card.messages) == 1
        bot.clock.advance(AGAIN_S)
    card.verdict = Sent()
    bot.turns()
    assert "1234 5678" in card.sent[0][1]
    assert len(box.reports) == 1
    assert card.messages == {}


def test_what_may_have_been_sent_is_not_sent_again() -> None:
    card, box = Card(), Box()
    card.verdict = NotSent("nobody knows", may_have_been_sent=True)
    card.receives(STORY)
    Bot(card, box).turns()
    assert card.messages == {}


def test_operators_and_advertisements_make_no_report_and_get_no_answer() -> None:
    card, box = Card(), Box()
    card.receives("Selamat! Anda mendapat bonus kuota besar hari ini", "PROMO", is_alphanumeric=True)
    card.receives("Selamat! Anda mendapat bonus kuota besar hari ini", "3636")
    Bot(card, box).turns(2)
    assert (box.reports, card.sent, card.messages) == ({}, [], {})


def test_somebody_who_asks_for_no_answer_is_heard_and_gets_none() -> None:
    card, box = Card(), Box()
    card.receives("jangan balas sms ini, suami saya lihat HP. saya mau dijual ke Malaysia")
    Bot(card, box).turns()
    assert len(box.reports) == 1
    assert (card.sent, card.messages) == ([], {})


def test_two_machines_fall_silent() -> None:
    card, box = Card(), Box()
    card.receives(STORY)
    bot = Bot(card, box)
    bot.turns()
    for _ in range(10):
        before = len(card.sent)
        card.receives("Halo kak, ini toko Contoh, pesan kakak kami catat ya")
        bot.turns()
    assert len(card.sent) == before
    assert len(box.reports) == 1
    assert len(box.added) == 1


def test_what_cannot_be_read_is_answered_with_help() -> None:
    card, box = Card(), Box()
    card.messages["m0"] = RefusedSms("m0", VILLAGER, "compressed")
    card.untold = ["m0"]
    Bot(card, box).turns()
    assert "LAPOR" in card.sent[0][1]
    assert card.messages == {}


def test_a_fault_leaves_the_message_on_the_card_and_its_text_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    card, box = Card(), Box()
    card.receives(STORY)

    box.breaks = True
    bot = Bot(card, box)
    bot.turns()
    assert len(card.messages) == 1
    assert "calo" not in caplog.text
    assert VILLAGER not in caplog.text
