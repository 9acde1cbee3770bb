"""Awareness sessions in words, with the material that the hub itself has."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from content.catalogue import Catalogue
from content.quiz import Quiz
from content.wire_numbers import LESSONS_BY_NUMBER, QUIZZES_BY_NUMBER, questions_check
from hub.languages import N_, joined
from hub.services import HeldSession
from hub.web.local_time import date_in_words
from sync.wire.session_summary import AGE_BANDS, PARTS, SEXES, QuizTotals, RoundTotals, SessionSummary, cell

SEX_WORDS = {"female": N_("Perempuan"), "male": N_("Laki-laki"), "not_said": N_("Tidak disebut")}
BAND_WORDS = {"under_18": N_("di bawah 18"), "18_30": "18–30", "31_45": "31–45", "over_45": N_("di atas 45")}
PART_WORDS = {
    "not_said": "",
    "morning": N_("pagi"),
    "afternoon": N_("siang atau sore"),
    "evening": N_("malam"),
}


@dataclass(frozen=True)
class GainRow:
    """One question: how many answered and were right in each round; None where it was not asked."""

    question: str
    before: tuple[int, int] | None
    after: tuple[int, int] | None

    @property
    def points(self) -> int | None:
        """How many of a hundred more were right afterwards."""
        shares = [_share(self.before), _share(self.after)]
        return None if shares[0] is None or shares[1] is None else shares[1] - shares[0]


@dataclass(frozen=True)
class SessionView:
    """One session as a page shows it. `attendance` has a row for each sex: its words, its ages, its sum."""

    when: str
    lessons: str
    people: int
    attendance: tuple[tuple[str, tuple[int, ...], int], ...]
    quiz: str
    gains: tuple[GainRow, ...]
    mean_points: int | None
    via: str
    received_at: float


@functools.cache
def _catalogue() -> Catalogue:
    return Catalogue()


def view_of(held: HeldSession) -> SessionView:
    """Return a session in words."""
    summary = held.summary
    quiz = summary.quiz
    gains = _gains(quiz) if quiz is not None else ()
    points = [row.points for row in gains if row.points is not None]
    return SessionView(
        when=_when(summary),
        lessons=joined(", ", (lesson_title(number) for number in sorted(summary.lessons)))
        or N_("tanpa pelajaran"),
        people=summary.people,
        attendance=tuple(
            (SEX_WORDS[sex], ages, sum(ages))
            for sex in SEXES
            if any(ages := tuple(cell(summary.attendance, sex, band) for band in AGE_BANDS))
        ),
        quiz="" if quiz is None else _quiz_title(quiz),
        gains=gains,
        mean_points=round(sum(points) / len(points)) if points else None,
        via=held.via,
        received_at=held.received_at,
    )


def _when(summary: SessionSummary) -> str:
    day = N_("Tanggal tidak diketahui") if summary.held_on is None else date_in_words(summary.held_on)
    part = PART_WORDS[PARTS[summary.part]]
    return f"{day}, {part}" if part else day


def lesson_title(number: int) -> str:
    """Return a lesson's title; a lesson that this hub does not know is said to be one."""
    key = LESSONS_BY_NUMBER.get(number)
    return N_("pelajaran lain") if key is None else _catalogue().lesson(key).title


def _quiz_title(quiz: QuizTotals) -> str:
    key = QUIZZES_BY_NUMBER.get(quiz.number)
    return N_("Kuis lain") if key is None else _catalogue().quiz(key).title


def _same_quiz(quiz: QuizTotals) -> Quiz | None:
    """Return the quiz with these questions, or None where the village had others than this hub."""
    key = QUIZZES_BY_NUMBER.get(quiz.number)
    mine = None if key is None else _catalogue().quiz(key)
    return mine if mine is not None and questions_check(mine) == quiz.questions_check else None


def _gains(quiz: QuizTotals) -> tuple[GainRow, ...]:
    mine = _same_quiz(quiz)
    asked = quiz.before or quiz.after
    count = 0 if asked is None else len(asked.answered)
    return tuple(
        GainRow(
            N_("Soal %(place)s", place=place + 1) if mine is None else mine.questions[place].text,
            _pair(quiz.before, place),
            _pair(quiz.after, place),
        )
        for place in range(count)
    )


def _pair(totals: RoundTotals | None, place: int) -> tuple[int, int] | None:
    return None if totals is None else (totals.right[place], totals.answered[place])


def _share(pair: tuple[int, int] | None) -> int | None:
    return None if pair is None or not pair[1] else round(100 * pair[0] / pair[1])


def right_of(pair: tuple[int, int] | None) -> str:
    """Return such as "60 % (24 dari 40)"."""
    share = _share(pair)
    return (
        "–"
        if pair is None or share is None
        else N_("%(share)s %% (%(pair)s dari %(pair2)s)", share=share, pair=pair[0], pair2=pair[1])
    )
