from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, session_summaries

from sync.benchmarks.sealed_payloads import SealedPath
from sync.errors import MalformedWire
from sync.wire.session_summary import (
    CELLS,
    FIRST_DAY,
    MAX_DAYS,
    MAX_PEOPLE,
    QuizTotals,
    RoundTotals,
    SessionSummary,
    cell,
    decode_summary,
    encode_summary,
)

ENVELOPE_BYTES = 12
"""Header, epoch's tag, counter, age and code of a packet with one envelope, in the first 128 of an epoch."""


def most_bytes(people: int) -> int:
    """Return what the dearest summary with so many people may need, from the choices that it makes.

    A row of choices with W outcomes lies in an interval of 1/W, in which a string of log2(2 W) bits fits.
    """
    pairs = (people + 1) * (people + 2) // 2
    attendance = (MAX_PEOPLE + 1) * (people + 1) ** (CELLS - 1)
    a_round = 2 * (MAX_PEOPLE + 1) * pairs**8
    outcomes: int = 2**16 * 16 * 2**16 * 4 * 2**16 * attendance * 2 * 32 * 256 * a_round**2
    return 2 + -(-(2 * outcomes).bit_length() // 8)


def summary(people: int, right: tuple[int, ...]) -> SessionSummary:
    """The dearest session with so many people: all in the last cell, so that every one before is open."""
    totals = RoundTotals((people,) * 8, right)
    return SessionSummary(
        key=65_535,
        revision=15,
        held_on=FIRST_DAY + timedelta(days=MAX_DAYS),
        part=3,
        lessons=frozenset(range(16)),
        attendance=(0,) * (CELLS - 1) + (people,),
        quiz=QuizTotals(31, 255, totals, totals),
    )


@given(session_summaries())
def test_it_reads_back_and_no_legal_one_needs_more_than_67_bytes(record: SessionSummary) -> None:
    data = encode_summary(record)
    assert decode_summary(data) == record
    assert len(data) <= 67


def test_the_most_that_a_summary_needs() -> None:
    assert (most_bytes(40), most_bytes(MAX_PEOPLE)) == (42, 67)
    assert len(encode_summary(summary(40, (20,) * 8))) == 42
    assert len(encode_summary(summary(MAX_PEOPLE, (500,) * 8))) >= 66


@given(session_summaries(most=40))
def test_forty_people_never_need_more_than_42_bytes(record: SessionSummary) -> None:
    assert len(encode_summary(record)) <= 42


def test_on_the_air_forty_people_and_a_whole_quiz_stay_below_sixty_bytes() -> None:
    path = SealedPath()
    for record in (summary(40, (20,) * 8), summary(40, (40,) * 8), summary(40, tuple(range(33, 41)))):
        sent = path.send(encode_summary(record), 231)
        assert len(sent.alone) == len(encode_summary(record)) + ENVELOPE_BYTES < 60
        assert len(sent.frames) == 1


@given(st.one_of(st.binary(max_size=80), damaged(session_summaries().map(encode_summary))))
def test_any_bytes_are_one_summary_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        assert encode_summary(decode_summary(data)) == data


@pytest.mark.parametrize("data", [b"", b"\x04", b"\x04\x02" + bytes(30), b"\x03\x01" + bytes(30)])
def test_another_format_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_summary(data)


@pytest.mark.parametrize(
    "change",
    [
        {"key": 65_536},
        {"revision": 16},
        {"held_on": date(2024, 12, 31)},
        {"part": 4},
        {"lessons": frozenset({16})},
        {"attendance": (1,) * (CELLS - 1)},
        {"attendance": (-1, *(1,) * (CELLS - 1))},
        {"attendance": (MAX_PEOPLE, 1, *(0,) * (CELLS - 2))},
        {"quiz": QuizTotals(32, 0, None, None)},
        {"quiz": QuizTotals(1, 0, RoundTotals((4,) * 8, (5,) * 8), None)},
        {"quiz": QuizTotals(1, 0, None, RoundTotals((4,) * 7, (4,) * 7))},
    ],
)
def test_what_cannot_be_carried_is_a_mistake(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        encode_summary(replace(summary(40, (20,) * 8), **change))  # type: ignore[arg-type]


def test_a_cell_is_found_by_its_words() -> None:
    attendance = tuple(range(CELLS))
    assert cell(attendance, "female", "under_18") == 0
    assert cell(attendance, "male", "18_30") == 5
    assert cell(attendance, "not_said", "over_45") == 11
