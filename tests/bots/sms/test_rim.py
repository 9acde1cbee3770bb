"""A message leaves the card only when its report is kept; whenever the process dies, it is told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from talking import CODE, a_room

from bots.conversations import Conversations
from bots.dialogue import talk
from bots.dialogue.contract import (
    Add,
    AskSubscription,
    Channel,
    Done,
    Input,
    KeptBy,
    NotTaken,
    Room,
    Submit,
    Subscribe,
    Taken,
    Wish,
)
from bots.dialogue.short_messages import ASKED_BACK, DOUBTFUL
from bots.sms.auto_replies import LoopBreaker
from bots.sms.counts import Counts
from bots.sms.rim import AGAIN_S, PATIENCE_S, SmsParts, SmsRim
from firmware_bridge.at_errors import Trouble
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
        self.received = 0
        self.untold: list[str] = []
        self.sent: list[tuple[str, str]] = []
        self.verdict: Verdict = Sent()
        self.dies_at = ""

    def receives(self, text: str, sender: str = VILLAGER, **facts: Any) -> None:
        name = f"m{self.received}"
        self.received += 1
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
        self.asked = 0
        self.trouble: NotTaken | None = None
        self.dies_at = ""
        self.breaks = False

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        if self.dies_at == "before the commit":
            raise Died
        self.asked += 1
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
    assert ["menunggu di sini" in text for _, text in card.sent] == [True]
    assert "jangan kirim lagi" in card.sent[0][1]  # it would be a second report, hours later
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


def test_all_that_lies_on_the_card_is_sealed_before_anybody_is_answered() -> None:
    card, box = Card(), Box()
    kept: list[int] = []
    for number in range(3):
        card.receives(STORY, f"+628120000{number:04d}")
    bot = Bot(card, box)
    send = card.send

    def slow(number: str, text: str) -> Verdict:
        kept.append(len(box.reports))  # without network each answer waits for two minutes
        return send(number, text)

    card.send = slow  # type: ignore[method-assign]
    bot.turns()
    card.receives("BAHAYA saya dikurung di kapal", "+6281200005926")
    bot.turns(3)
    assert kept == [3, 4, 4, 4]
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


PROMO = "PROMO! Kuota 10GB cuma 35rb, diskon 50 persen. Buka https://contoh.example S&K berlaku"
DRIVING = "Saya sedang mengemudi. Nanti saya hubungi kembali."


def told(box: Box) -> list[str]:
    return [str(report["narrative"]) for report in box.reports.values()]


class TestMachines:
    def test_an_advertisement_from_an_ordinary_number_is_asked_back_once(self) -> None:
        card, box = Card(), Box()
        bot = Bot(card, box)
        for _ in range(4):
            card.receives(PROMO)
            bot.turns(2)
        assert not box.reports
        assert [text[:40] for _, text in card.sent] == [ASKED_BACK[:40]]
        assert card.messages == {}
        other = PROMO.replace("35rb", "25rb")
        card.receives(other)  # another text of the same number is filed, marked
        bot.turns()
        assert told(box) == [f"{DOUBTFUL} {PROMO}\n{other}"]

    def test_somebody_who_was_asked_back_says_yes_or_goes_on(self) -> None:
        for answer, kept in (
            ("Ya", PROMO),
            ("saya dapat ini dari calo", f"{PROMO}\nsaya dapat ini dari calo"),
        ):
            card, box = Card(), Box()
            bot = Bot(card, box)
            card.receives(PROMO)
            bot.turns()
            card.receives(answer)
            bot.turns()
            assert told(box) == [kept]
            assert "1234 5678 9012 3456" in card.sent[-1][1]

    def test_a_telephone_that_answers_our_answer_makes_no_second_report(self) -> None:
        card, box = Card(), Box()
        bot = Bot(card, box)
        card.receives(STORY)
        bot.turns()
        for _ in range(3):
            card.receives(DRIVING)
            bot.turns(2)
        assert len(box.reports) == 1
        assert not box.added
        assert len(card.sent) == 2  # the code, and one question

    def test_what_is_doubtful_is_filed_once_a_day_and_marked(self) -> None:
        card, box = Card(), Box()
        bot = Bot(card, box)
        for hours in (0, 3, 30):  # no message of ours shortly before
            bot.clock.advance(hours * 3600.0)
            card.receives(DRIVING)
            bot.turns()
        assert told(box) == [f"{DOUBTFUL} {DRIVING}"] * 2

    def test_a_hidden_number_is_filed_for_nobody_can_be_asked_back(self) -> None:
        card, box = Card(), Box()
        card.receives(PROMO, sender="")
        Bot(card, box).turns()
        assert told(box) == [f"{DOUBTFUL} {PROMO}"]

    def test_a_keyword_is_always_somebody(self) -> None:
        card, box = Card(), Box()
        card.receives(f"LAPOR {PROMO}")
        Bot(card, box).turns()
        assert told(box) == [PROMO]

    def test_a_doubtful_text_that_the_box_could_not_take_is_filed_later(self) -> None:
        card, box = Card(), Box()
        bot = Bot(card, box)
        box.trouble = NotTaken("away")
        card.receives(DRIVING)
        bot.turns()
        box.trouble = None
        bot.clock.advance(AGAIN_S)
        bot.turns()
        assert told(box) == [f"{DOUBTFUL} {DRIVING}"]


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


def test_two_of_our_boxes_fall_silent() -> None:
    card, box = Card(), Box()
    bot = Bot(card, box)
    for number in range(20):
        words = "Simpan nomornya, hapus SMS ini. Kabar: kirim CEK dan nomor itu."
        card.receives(f"Tersimpan di kotak desa. Nomor: {number:04d} 5678 9012 3456. {words}")
        bot.turns()
    assert len(card.sent) == 1
    assert len(box.reports) == 1


def test_what_cannot_be_read_is_said_and_asked_for_again() -> None:
    card, box = Card(), Box()
    bot = Bot(card, box)
    card.receives("halo")
    bot.turns()
    assert "LAPOR" in card.sent[0][1]  # help, which is said once
    card.messages["m1"] = RefusedSms("m1", VILLAGER, "compressed")
    card.untold = ["m1"]
    bot.turns()
    assert "tidak terbaca" in card.sent[1][1]
    assert card.messages == {}


def test_a_message_with_parts_missing_is_kept_however_short_and_that_is_said() -> None:
    card, box = Card(), Box()
    card.receives("[...] dijual ke Kamboja", missing_parts=1)
    Bot(card, box).turns()
    assert [report["narrative"] for report in box.reports.values()] == [
        "Sebagian SMS ini hilang: [...] dijual ke Kamboja"
    ]
    assert "1234 5678" in card.sent[0][1]
    assert "tidak lengkap" in card.sent[1][1]
    assert card.messages == {}


def test_a_short_rest_of_a_message_is_no_request_for_help() -> None:
    card, box = Card(), Box()
    card.receives("tolong [...]", missing_parts=1)
    card.receives("malam [...]", "+6281200005926", missing_parts=1)
    Bot(card, box).turns(2)
    assert len(box.reports) == 2


def test_people_whose_number_is_hidden_share_no_conversation() -> None:
    card, box = Card(), Box()
    bot = Bot(card, box)
    card.receives("anak saya dibawa orang ke Malaysia", "")
    card.receives("di desa kami ada penampungan gelap", "")
    bot.turns(2)
    assert (len(box.reports), box.added) == (2, [])


def test_one_number_is_one_person_however_it_is_written() -> None:
    card, box = Card(), Box()
    bot = Bot(card, box)
    card.receives(STORY, "+6281200003141")
    card.receives("orangnya naik mobil warna hitam", "081200003141")
    bot.turns(2)
    assert (len(box.reports), box.added) == (1, ["orangnya naik mobil warna hitam"])


def test_somebody_who_looks_three_times_a_day_is_answered_three_times() -> None:
    card, box = Card(), Box()
    box.trouble = NotTaken("unknown")
    bot = Bot(card, box)
    for _ in range(3):
        card.receives("CEK 1234567890123456")
        bot.turns()
        bot.clock.advance(4 * 3600)
    assert len(card.sent) == 3


def test_an_answer_that_did_not_go_asks_the_box_nothing_again() -> None:
    card, box = Card(), Box()
    card.verdict = NotSent("no network")
    card.receives("CEK 1234567890123456")  # a wrong code: each look would count as a guess
    box.trouble = NotTaken("unknown")
    bot = Bot(card, box)
    for _ in range(4):
        bot.turns()
        bot.clock.advance(AGAIN_S)
    card.verdict = Sent()
    bot.turns()
    assert box.asked == 1
    assert len(card.sent) == 1


def test_a_premium_number_is_heard_and_never_answered() -> None:
    card, box = Card(), Box()
    for sender in ("08091000000", "+628091000000", "+19005550000"):
        card.receives(STORY, sender)
    Bot(card, box).turns(3)
    assert len(box.reports) == 3
    assert card.sent == []


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


class Subscriptions:
    """Takes wishes about bulletins while it is not away, and keeps who is told."""

    def __init__(self) -> None:
        self.told: dict[str, bool] = {}
        self.away = False

    def fulfil(self, wish: Subscribe | AskSubscription, address: str) -> Input:
        if self.away:
            return NotTaken("away")
        assert isinstance(wish, Subscribe)
        self.told[address] = wish.wanted
        return Done()


class TestBerhenti:
    """Whoever stops is told no more, in whatever order the box or the network takes what they wrote."""

    @staticmethod
    def bot(card: Card, wishes: Subscriptions) -> Bot:
        bot = Bot(card, Box())
        parts = replace(
            bot.gateway._parts,
            subscriptions=wishes,
            room=lambda token: a_room(Channel.SMS, token=token, subscribes=True),
        )
        bot.gateway = SmsRim(parts)
        return bot

    def test_an_earlier_wish_that_waited_for_the_hub_begins_nothing_after_it(self) -> None:
        card = Card()
        wishes = Subscriptions()
        bot = self.bot(card, wishes)
        wishes.away = True
        card.receives("LANGGANAN")
        bot.gateway.turn(0)
        wishes.away = False
        card.receives("BERHENTI")
        card.receives("LANGGANAN", sender="+6281200002718")
        for _ in range(4):
            bot.gateway.turn(0)
            bot.clock.advance(AGAIN_S)
        assert wishes.told == {VILLAGER: False, "+6281200002718": True}
        assert card.messages == {}

    def test_an_earlier_wish_that_lay_on_the_card_unanswered_begins_nothing_after_a_crash(self) -> None:
        card = Card()
        wishes = Subscriptions()
        bot = self.bot(card, wishes)
        card.verdict = NotSent("busy", Trouble.BUSY)
        card.receives("LANGGANAN")
        bot.gateway.turn(0)
        bot.gateway.turn(0)
        card.verdict = Sent()
        card.receives("BERHENTI")
        bot.gateway.turn(0)
        card.restarts()
        again = self.bot(card, wishes)
        again.gateway.turn(0)
        assert wishes.told == {VILLAGER: False}

    def test_a_later_wish_to_begin_holds(self) -> None:
        card = Card()
        wishes = Subscriptions()
        bot = self.bot(card, wishes)
        wishes.away = True
        card.receives("BERHENTI")
        bot.gateway.turn(0)
        wishes.away = False
        card.receives("LANGGANAN")
        for _ in range(3):
            bot.gateway.turn(0)
            bot.clock.advance(AGAIN_S)
        assert wishes.told == {VILLAGER: True}
