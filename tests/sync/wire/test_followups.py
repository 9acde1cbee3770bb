from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged

from sync.errors import MalformedWire
from sync.wire.control_records import FIRST_REPORT_BYTE
from sync.wire.followups import (
    ADDITION_MAX_CHARACTERS,
    Addition,
    ReportPlace,
    Withdrawal,
    decode_addition,
    decode_withdrawal,
    encode_addition,
    encode_withdrawal,
    write_text,
)
from sync.wire.numbers import UpRecord, WithdrawalReason
from sync.wire.text_models import TEXT_MODELS

places = st.builds(
    ReportPlace,
    st.none() | st.binary(min_size=8, max_size=8),
    st.integers(0, 300) | st.integers(0, 2**32 - 1),
)
additions = st.builds(
    Addition, places, st.text(max_size=60), st.booleans(), st.none() | st.integers(0, 2**32 - 1)
)
withdrawals = st.builds(Withdrawal, places, st.sampled_from(WithdrawalReason))


@given(additions)
def test_an_addition_comes_back(addition: Addition) -> None:
    record = encode_addition(addition)
    assert decode_addition(record) == addition
    assert record[0] < FIRST_REPORT_BYTE


@pytest.mark.parametrize("model", TEXT_MODELS)
def test_an_addition_comes_back_in_every_text_model(model: int) -> None:
    text = "Mobilnya berangkat besok malam, pelatnya DR 0000 XX."
    addition = Addition(ReportPlace(None, 3), text)
    written = model, TEXT_MODELS[model].encode([text])
    assert decode_addition(encode_addition(addition, written)) == addition


def test_a_text_is_written_the_shorter_of_two_ways() -> None:
    text = "Mobilnya berangkat besok malam lewat pelabuhan."
    assert write_text(text, 3)[0] == 3
    assert len(write_text(text, 3)[1]) < len(write_text(text)[1])
    assert write_text("", 3) == (0, b"")


@given(withdrawals)
def test_a_withdrawal_comes_back(withdrawal: Withdrawal) -> None:
    record = encode_withdrawal(withdrawal)
    assert decode_withdrawal(record) == withdrawal
    assert record[0] < FIRST_REPORT_BYTE


def test_within_the_same_epoch_a_withdrawal_takes_three_bytes() -> None:
    assert len(encode_withdrawal(Withdrawal(ReportPlace(None, 63)))) == 3
    assert len(encode_withdrawal(Withdrawal(ReportPlace(bytes(8), 63)))) == 11


def test_a_reason_of_a_later_version_counts_as_another_one() -> None:
    assert decode_withdrawal(b"\x07\x06\x63") == Withdrawal(ReportPlace(None, 3), WithdrawalReason.OTHER)


@given(st.binary(max_size=60) | damaged(additions.map(encode_addition) | withdrawals.map(encode_withdrawal)))
def test_any_bytes_are_a_follow_up_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        addition = decode_addition(data)
        assert decode_addition(encode_addition(addition)) == addition
    with contextlib.suppress(MalformedWire):
        withdrawal = decode_withdrawal(data)
        assert decode_withdrawal(encode_withdrawal(withdrawal)) == withdrawal


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x06",
        b"\x06\x06",
        b"\x07\x06\x00",  # a withdrawal
        b"\x06\x06\x40a",  # a flag that is not known
        b"\x06\x06\x0fa",  # a text model that is not known
        b"\x06\x06\x20\x00\x00\x00",  # a question cut short
        b"\x06\x07\x00\x00\x00\x00\x00\x00\x00",  # an epoch cut short
        b"\x06\x80\x80\x80\x80\x20\x00a",  # a counter beyond 32 bits
        b"\x06\x06\x00\xff",  # no UTF-8
        bytes([UpRecord.ADDITION, 6, 0]) + b"a" * (ADDITION_MAX_CHARACTERS + 1),
    ],
)
def test_what_is_no_addition_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_addition(data)


@pytest.mark.parametrize("data", [b"", b"\x07", b"\x07\x06", b"\x07\x06\x00\x00", b"\x06\x06\x00"])
def test_what_is_no_withdrawal_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_withdrawal(data)


@pytest.mark.parametrize(
    "addition",
    [
        Addition(ReportPlace(None, 2**32), ""),
        Addition(ReportPlace(bytes(7), 0), ""),
        Addition(ReportPlace(None, 0), "a" * (ADDITION_MAX_CHARACTERS + 1)),
    ],
)
def test_nothing_is_written_that_no_reader_would_take(addition: Addition) -> None:
    with pytest.raises(ValueError, match="counter|epoch|characters"):
        encode_addition(addition)
