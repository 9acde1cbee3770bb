"""How a card without credit is known."""

from __future__ import annotations

import pytest

from firmware_bridge.at_errors import AtError, Trouble
from firmware_bridge.sms_credit import TRY_AGAIN_S, Credit, CreditJudge

REFUSED = AtError(Trouble.OTHER, "CMS ERROR 500")


@pytest.mark.parametrize(
    "text",
    [
        "Maaf, pulsa Anda tidak cukup untuk mengirim SMS. Silakan isi ulang.",
        "PULSA ANDA HABIS",
        "Masa aktif kartu Anda telah berakhir",
        "You have insufficient balance to send this message",
    ],
)
def test_the_operator_s_word_is_enough(text: str) -> None:
    judge = CreditJudge()
    judge.heard_from_operator(text, 0.0)
    assert judge.credit is Credit.OUT
    assert not judge.may_try(TRY_AGAIN_S - 1)
    assert judge.may_try(TRY_AGAIN_S)


@pytest.mark.parametrize(
    "text", ["Promo pulsa murah hari ini!", "Kuota 5GB hanya Rp10.000", "Kode OTP 000000"]
)
def test_advertisements_are_no_sign(text: str) -> None:
    judge = CreditJudge()
    judge.heard_from_operator(text, 0.0)
    assert judge.credit is Credit.UNKNOWN


def test_a_top_up_ends_it() -> None:
    judge = CreditJudge()
    judge.heard_from_operator("Pulsa Anda habis", 0.0)
    judge.heard_from_operator("Isi ulang pulsa Rp10.000 berhasil", 1.0)
    assert judge.may_try(1.0)


def test_three_refusals_in_a_row_are_a_suspicion_and_two_are_none() -> None:
    judge = CreditJudge()
    judge.refused(REFUSED, 0.0)
    judge.refused(REFUSED, 0.0)
    judge.sent()
    judge.refused(REFUSED, 0.0)
    judge.refused(REFUSED, 0.0)
    assert not judge.is_out
    judge.refused(REFUSED, 0.0)
    assert judge.credit is Credit.SUSPECTED


def test_other_errors_say_nothing_of_credit() -> None:
    judge = CreditJudge()
    for _ in range(5):
        judge.refused(AtError(Trouble.NO_NETWORK, "CMS ERROR 331"), 0.0)
    assert judge.credit is Credit.UNKNOWN
