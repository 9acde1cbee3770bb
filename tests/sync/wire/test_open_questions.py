from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged

from sync.benchmarks.sealed_payloads import SealedPath
from sync.errors import MalformedWire
from sync.wire.control_records import FIRST_REPORT_BYTE
from sync.wire.followups import write_text
from sync.wire.numbers import AskedIn, UpRecord
from sync.wire.open_questions import (
    QUESTION_MAX_BYTES,
    QUESTION_MAX_CHARACTERS,
    Question,
    decode_question,
    encode_question,
)
from sync.wire.text_models import TEXT_MODELS

ASKED = "apa boleh cuti melahirkan kalau kerja di hongkong dan siapa yang bayar gajinya waktu itu bu"
questions = st.builds(
    Question,
    st.text(max_size=40).filter(lambda text: bool(text.strip())),
    st.sampled_from(AskedIn),
)


@given(questions)
def test_a_question_comes_back(question: Question) -> None:
    record = encode_question(question)
    assert decode_question(record) == question
    assert record[0] < FIRST_REPORT_BYTE
    assert len(record) <= QUESTION_MAX_BYTES


@pytest.mark.parametrize("model", TEXT_MODELS)
def test_a_question_comes_back_in_every_text_model(model: int) -> None:
    question = Question(ASKED, AskedIn.SASAK)
    written = model, TEXT_MODELS[model].encode([ASKED])
    assert decode_question(encode_question(question, written)) == question


@given(st.one_of(st.binary(max_size=80), damaged(questions.map(encode_question))))
def test_any_bytes_are_a_question_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        question = decode_question(data)
        assert decode_question(encode_question(question)) == question


@pytest.mark.parametrize(
    "text", ["", " \n", "a" * (QUESTION_MAX_CHARACTERS + 1), "".join(chr(0x4E00 + 7 * n) for n in range(100))]
)
def test_what_is_empty_or_too_long_is_refused_and_not_cut(text: str) -> None:
    with pytest.raises(ValueError, match="question"):
        encode_question(Question(text))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes([UpRecord.QUESTION]),
        bytes([UpRecord.QUESTION, 0x00]),  # no text
        bytes([UpRecord.QUESTION, 0x04]) + b"a",  # a text model that there is not
        bytes([UpRecord.QUESTION, 0x60]) + b"a",  # a language that there is not
        bytes([UpRecord.QUESTION, 0x00]) + b"a" * QUESTION_MAX_BYTES,
        bytes([UpRecord.ADDITION, 0x00]) + b"a",
    ],
)
def test_what_no_node_writes_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_question(data)


def test_the_longest_goes_in_one_packet() -> None:
    longest = "a" * (QUESTION_MAX_BYTES - 2)
    record = encode_question(Question(longest), (0, longest.encode()))
    assert len(record) == QUESTION_MAX_BYTES
    sent = SealedPath().send(record, 219)
    assert len(sent.frames) == 1


def test_three_hundred_letters_as_people_write_them_fit_with_the_dense_model_and_the_quick_one() -> None:
    long = (ASKED + " " + ASKED + " " + ASKED + " saya mau tanya juga soal biaya paspor")[:300]
    for model in (2, 3):
        encode_question(Question(long), write_text(long, model))


def test_a_question_says_nothing_of_itself() -> None:
    assert ASKED not in repr(Question(ASKED))
