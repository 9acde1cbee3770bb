"""Loops between programs end; people are answered."""

from __future__ import annotations

import pytest

from bots.sms.auto_replies import SENDERS, Answering, LoopBreaker, ReplyLimits, is_auto_reply

ANNA, BUDI = b"a" * 16, b"b" * 16


def breaker(limits: ReplyLimits | None = None) -> LoopBreaker:
    return LoopBreaker(limits, bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        "Ini adalah balasan otomatis. Saya sedang cuti.",
        "SMS ini dikirim secara otomatis, mohon tidak membalas pesan ini",
        "Jangan balas SMS ini.",
        "Auto-reply: I am away",
        "I’m driving with Do Not Disturb While Driving turned on.",
        "Saya sedang menyetir, nanti saya hubungi",
        "Terima kasih telah menghubungi Toko Kami. Admin akan segera membalas.",
        "Out of office until Monday",
    ],
)
def test_shapes_of_automatic_replies_are_known(text: str) -> None:
    assert is_auto_reply(text)
    assert breaker().ask(ANNA, text, 0.0) is Answering.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Anak saya dibawa naik mobil otomatis warna hitam ke pelabuhan",
        "LAPOR sopirnya sedang menyetir ke Surabaya sekarang",
        "tolong balas, saya takut",
        "Terima kasih",
        "calo bilang jangan balas WA dia lagi",
        "status",
    ],
)
def test_reports_of_people_are_none(text: str) -> None:
    assert not is_auto_reply(text)
    assert breaker().ask(ANNA, text, 0.0) is Answering.YES


def test_two_programs_that_answer_each_other_fall_silent() -> None:
    loop = breaker()
    answers = 0
    for turn in range(1000):
        now = float(turn * 5)
        # The other one varies its text, so that only the number of answers can end it.
        if loop.ask(ANNA, f"Pesan ke-{turn} diterima", now) is Answering.YES:
            loop.answered(ANNA, f"Terima kasih {turn}", now)
            answers += 1
    assert answers == 24  # twelve an hour
    assert loop.ask(BUDI, "Halo", 5000.0) is Answering.YES


def test_a_day_has_its_own_number_and_ends() -> None:
    loop = breaker(ReplyLimits(per_sender_hour=2, per_sender_day=3))
    seen = []
    for hour in range(26):
        now = hour * 3600.0
        verdict = loop.ask(ANNA, f"pesan {hour}", now)
        seen.append(verdict)
        if verdict is Answering.YES:
            loop.answered(ANNA, f"jawaban {hour}", now)
    assert seen[:4] == [Answering.YES] * 3 + [Answering.TOO_MANY]
    assert seen[24] is Answering.YES


def test_the_same_text_is_answered_twice_and_then_no_more_that_hour() -> None:
    loop = breaker()
    texts = ["Status MELATI", "status: melati", "STATUS “MELATI”", "status melati"]
    assert [loop.ask(ANNA, text, 0.0) for text in texts] == [Answering.YES] * 2 + [Answering.SAME_AGAIN] * 2
    assert loop.ask(BUDI, "status melati", 0.0) is Answering.YES
    assert loop.ask(ANNA, "status melati", 3601.0) is Answering.YES


def test_our_own_words_coming_back_are_not_answered() -> None:
    loop = breaker()
    loop.answered(ANNA, "Terima kasih. Kode: MELATI", 0.0)
    assert loop.ask(ANNA, "“Terima kasih. Kode: MELATI”", 1.0) is Answering.OUR_WORDS
    assert loop.ask(BUDI, "Terima kasih. Kode: MELATI", 1.0) is Answering.YES


def test_all_senders_together_have_a_limit_too() -> None:
    loop = breaker(ReplyLimits(all_hour=3))
    for number in range(3):
        loop.answered(bytes([number]) * 16, "ya", 0.0)
    assert loop.ask(ANNA, "Halo", 1.0) is Answering.TOO_MANY_IN_ALL
    assert loop.ask(ANNA, "Halo", 3600.0) is Answering.YES


def test_what_is_remembered_is_bounded_and_holds_no_text() -> None:
    loop = breaker()
    for number in range(SENDERS + 10):
        loop.ask(number.to_bytes(16, "big"), "rahasia desa", 0.0)
    for number in range(200):
        loop.ask(ANNA, f"rahasia {number}", 0.0)
    assert len(loop._senders) == SENDERS
    assert len(loop._senders[ANNA].heard) <= 65
    assert "rahasia" not in repr(vars(loop))
