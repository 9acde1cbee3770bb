"""The totals of one awareness session as a record of the report lane: no names, nothing about one person.

    0x04 | format version, 1 | a row of choices, `sync.wire.intervals`

Every number is an even choice among those that are possible after what came before it: a cell of the
attendance among what is left of the total, a pair (answered, right) among all pairs up to the highest
answered of its round. Forty people with a whole quiz need 42 bytes at most, any legal summary 67.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isqrt

from sync.errors import MalformedWire
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.numbers import UpRecord

SUMMARY_FORMAT = 1
FIRST_DAY = date(2025, 1, 1)
MAX_DAYS = 2**16 - 2
MAX_PEOPLE = 1000
"""Of one session, and of one round of its quiz."""
SEXES = ("female", "male", "not_said")
AGE_BANDS = ("under_18", "18_30", "31_45", "over_45")
CELLS = len(SEXES) * len(AGE_BANDS)
"""Cells of the attendance: the age bands of the first sex, then of the next."""
PARTS = ("not_said", "morning", "afternoon", "evening")
QUESTIONS = 8
LESSON_LIMIT = 16
"""Numbers of lessons, 0 to 15; 0 stands for any that has no number."""
QUIZ_LIMIT = 32
"""Numbers of quizzes, 0 to 31; 0 stands for any that has no number."""
KEY_LIMIT = 2**16
REVISION_LIMIT = 16


@dataclass(frozen=True)
class RoundTotals:
    """One round of the quiz: for each question how many answered, and how many of them rightly."""

    answered: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def people(self) -> int:
        """The highest number that answered a question."""
        return max(self.answered)


@dataclass(frozen=True)
class QuizTotals:
    """The quiz of a session: its number, a check byte of its questions, and the rounds that were held."""

    number: int
    questions_check: int
    before: RoundTotals | None
    after: RoundTotals | None


@dataclass(frozen=True)
class SessionSummary:
    """One session. `key` was drawn by the node when it was planned; a later `revision` replaces an earlier
    one. `part` is a place in `PARTS`, `attendance` has `CELLS` counts."""

    key: int
    revision: int
    held_on: date | None
    part: int
    lessons: frozenset[int]
    attendance: tuple[int, ...]
    quiz: QuizTotals | None

    @property
    def people(self) -> int:
        """How many attended."""
        return sum(self.attendance)


def check_summary(summary: SessionSummary) -> None:
    """Raise ValueError for what the form cannot carry."""
    legal = (
        0 <= summary.key < KEY_LIMIT
        and 0 <= summary.revision < REVISION_LIMIT
        and (summary.held_on is None or 0 <= (summary.held_on - FIRST_DAY).days <= MAX_DAYS)
        and 0 <= summary.part < len(PARTS)
        and all(0 <= number < LESSON_LIMIT for number in summary.lessons)
        and len(summary.attendance) == CELLS
        and min(summary.attendance) >= 0
        and summary.people <= MAX_PEOPLE
        and (summary.quiz is None or _is_legal_quiz(summary.quiz))
    )
    if not legal:
        raise ValueError("a session that the summary cannot carry")


def _is_legal_quiz(quiz: QuizTotals) -> bool:
    return (
        0 <= quiz.number < QUIZ_LIMIT
        and 0 <= quiz.questions_check < 256
        and all(_is_legal_round(r) for r in (quiz.before, quiz.after) if r is not None)
    )


def _is_legal_round(totals: RoundTotals) -> bool:
    return (
        len(totals.answered) == len(totals.right) == QUESTIONS
        and totals.people <= MAX_PEOPLE
        and all(0 <= right <= answered for answered, right in zip(totals.answered, totals.right, strict=True))
    )


def encode_summary(summary: SessionSummary) -> bytes:
    """Return the record; raise ValueError for what it cannot carry."""
    check_summary(summary)
    writer = IntervalWriter()

    def put(value: int, limit: int) -> None:
        writer.put(value, 1, limit)

    put(summary.key, KEY_LIMIT)
    put(summary.revision, REVISION_LIMIT)
    put(0 if summary.held_on is None else 1 + (summary.held_on - FIRST_DAY).days, MAX_DAYS + 2)
    put(summary.part, len(PARTS))
    put(sum(1 << number for number in summary.lessons), 1 << LESSON_LIMIT)
    left = summary.people
    put(left, MAX_PEOPLE + 1)
    for count in summary.attendance[:-1]:
        put(count, left + 1)
        left -= count
    put(int(summary.quiz is not None), 2)
    if summary.quiz is not None:
        put(summary.quiz.number, QUIZ_LIMIT)
        put(summary.quiz.questions_check, 256)
        for totals in (summary.quiz.before, summary.quiz.after):
            put(int(totals is not None), 2)
            if totals is not None:
                put(totals.people, MAX_PEOPLE + 1)
                for answered, right in zip(totals.answered, totals.right, strict=True):
                    put(_pairs_below(answered) + right, _pairs_below(totals.people + 1))
    return bytes([UpRecord.SESSION_SUMMARY, SUMMARY_FORMAT]) + writer.getvalue()


def decode_summary(record: bytes) -> SessionSummary:
    """Read a record; raise MalformedWire, also for a format of a later version."""
    if record[:2] != bytes([UpRecord.SESSION_SUMMARY, SUMMARY_FORMAT]):
        raise MalformedWire("a session summary of another format")
    body = record[2:]
    reader = IntervalReader(body)

    def take(limit: int) -> int:
        value = reader.part(limit)
        reader.take(value, 1, limit)
        return value

    def take_round() -> RoundTotals | None:
        if not take(2):
            return None
        people = take(MAX_PEOPLE + 1)
        pairs = [_pair(take(_pairs_below(people + 1))) for _ in range(QUESTIONS)]
        totals = RoundTotals(tuple(a for a, _ in pairs), tuple(r for _, r in pairs))
        if totals.people != people:
            raise MalformedWire("more people than answered any question")
        return totals

    key, revision, day, part = take(KEY_LIMIT), take(REVISION_LIMIT), take(MAX_DAYS + 2), take(len(PARTS))
    lessons = take(1 << LESSON_LIMIT)
    left = take(MAX_PEOPLE + 1)
    attendance: list[int] = []
    for _ in range(CELLS - 1):
        attendance.append(take(left + 1))
        left -= attendance[-1]
    attendance.append(left)
    quiz = QuizTotals(take(QUIZ_LIMIT), take(256), take_round(), take_round()) if take(2) else None
    if reader.end() != len(body):
        raise MalformedWire("bytes behind a session summary")
    return SessionSummary(
        key=key,
        revision=revision,
        held_on=FIRST_DAY + timedelta(days=day - 1) if day else None,
        part=part,
        lessons=frozenset(number for number in range(LESSON_LIMIT) if lessons >> number & 1),
        attendance=tuple(attendance),
        quiz=quiz,
    )


def _pairs_below(answered: int) -> int:
    """Return how many pairs (answered, right) have fewer answers."""
    return answered * (answered + 1) // 2


def _pair(number: int) -> tuple[int, int]:
    answered = (isqrt(8 * number + 1) - 1) // 2
    return answered, number - _pairs_below(answered)


def cell(attendance: Sequence[int], sex: str, band: str) -> int:
    """Return one count of the attendance."""
    return attendance[SEXES.index(sex) * len(AGE_BANDS) + AGE_BANDS.index(band)]
