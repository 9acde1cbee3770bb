"""The question for a turn and its answer: only under the node's key, only to this question."""

from __future__ import annotations

import pytest

from sync.errors import MalformedWire, SealBroken
from sync.sealing.bot_turn import (
    NEVER,
    TurnAnswer,
    TurnQuestion,
    TurnWish,
    check_question,
    decode_answer,
    decode_question,
    encode_answer,
    encode_question,
)

PSK, OTHER, NONCE = b"k" * 32, b"o" * 32, b"n" * 16
QUESTION = TurnQuestion(7, TurnWish.HOLD, NONCE, b"c" * 16)
ANSWER = TurnAnswer(True, 90, NEVER, b"d" * 16)


def test_both_come_back_as_they_were() -> None:
    data = encode_question(QUESTION, PSK)
    check_question(data, PSK)
    assert decode_question(data) == QUESTION
    assert len(data) == 45
    answer = encode_answer(ANSWER, NONCE, PSK)
    assert len(answer) == 33
    assert decode_answer(answer, NONCE, PSK) == ANSWER
    again = TurnAnswer(False, 0, NEVER, b"d" * 16, again=True)
    assert decode_answer(encode_answer(again, NONCE, PSK), NONCE, PSK) == again


def test_another_key_another_wish_and_another_nonce_are_refused() -> None:
    data = encode_question(QUESTION, PSK)
    with pytest.raises(SealBroken):
        check_question(data, OTHER)
    with pytest.raises(SealBroken):
        check_question(data[:4] + b"\x02" + data[5:], PSK)
    with pytest.raises(SealBroken):
        check_question(data[:21] + b"e" * 16 + data[37:], PSK)
    with pytest.raises(SealBroken):
        decode_answer(encode_answer(ANSWER, b"m" * 16, PSK), NONCE, PSK)


@pytest.mark.parametrize("data", [b"", b"x" * 29, b"x" * 44, b"x" * 46, bytes(45)])
def test_nonsense_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_question(data)
