"""A message on its way to a dialogue, and an answer on its way back."""

from __future__ import annotations

import pytest

from bots.sms.auto_replies import Answering, LoopBreaker
from bots.sms.gateway import SmsGateway, Use
from bots.sms.one_message import TooLong
from bots.sms.senders import SenderKeys
from firmware_bridge.sms_inbox import ReceivedSms, RefusedSms

VILLAGER = "+6281200001234"


def gateway() -> SmsGateway:
    return SmsGateway(("LAPOR", "STATUS"), SenderKeys(bytes(32)), LoopBreaker(key=bytes(32)))


def sms(text: str, sender: str = VILLAGER, *, letters: bool = False, missing: int = 0) -> ReceivedSms:
    return ReceivedSms("id", sender, text, None, letters, missing)


def test_a_report_with_and_without_keyword_reaches_the_dialogue() -> None:
    inbound = gateway().take(sms("lapor# anak dibawa"), 0.0)
    assert (inbound.use, inbound.keyword, inbound.text) == (Use.TEXT, "LAPOR", "anak dibawa")
    assert inbound.may_answer
    inbound = gateway().take(sms("anak dibawa [...] malam", missing=1), 0.0)
    assert (inbound.keyword, inbound.text, inbound.has_gaps) == (None, "anak dibawa [...] malam", True)


@pytest.mark.parametrize(("sender", "letters"), [("OPERATOR", True), ("3636", False), ("", False)])
def test_services_are_for_nothing_and_get_no_answer(sender: str, letters: bool) -> None:
    through = gateway()
    inbound = through.take(sms("Promo!", sender, letters=letters), 0.0)
    assert (inbound.use, inbound.answering) == (Use.NOTHING, Answering.SERVICE)
    assert through.answer(inbound, "Terima kasih", 0.0) is None


def test_what_cannot_be_read_may_be_asked_for_again_and_noise_may_not() -> None:
    inbound = gateway().take(RefusedSms("id", VILLAGER, "letters of a national table"), 0.0)
    assert (inbound.use, inbound.may_answer) == (Use.UNREADABLE, True)
    assert gateway().take(RefusedSms("id", "", "the message ends within its time"), 0.0).use is Use.NOTHING


def test_an_automatic_reply_is_heard_and_not_answered() -> None:
    through = gateway()
    inbound = through.take(sms("Balasan otomatis: saya cuti"), 0.0)
    assert (inbound.use, inbound.may_answer) == (Use.TEXT, False)
    assert through.answer(inbound, "Terima kasih", 0.0) is None


def test_a_mirror_of_our_answers_falls_silent() -> None:
    through = gateway()
    text, answers = "lapor anak dibawa", 0
    for turn in range(20):
        inbound = through.take(sms(text), float(turn))
        answer = through.answer(inbound, f"Terima kasih “{turn}”", float(turn))
        if answer is None:
            break
        answers += 1
        text = answer
    assert answers == 1


def test_an_answer_is_one_sms_or_refused() -> None:
    through = gateway()
    inbound = through.take(sms("lapor"), 0.0)
    assert through.answer(inbound, "“Baik” – terima kasih…", 0.0) == '"Baik" - terima kasih...'
    with pytest.raises(TooLong):
        through.answer(inbound, "a" * 161, 0.0)


def test_nothing_of_a_message_is_shown_when_printed() -> None:
    inbound = gateway().take(sms("lapor anak dibawa"), 0.0)
    assert "dibawa" not in repr(inbound)
    assert "0000" not in repr(inbound)
