"""One awareness session from its plan to its summary: attendance and quiz as totals, kept at each step.

Everything is on the card when a page is answered, so a power cut costs the last tap at most. Nothing is
kept of one person: no name, no phone, no set of answers.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from content.catalogue import Catalogue
from content.errors import ContentRefused
from content.quiz import LETTERS, Gain, Quiz, Suggestion, Tally, learning_gain, suggest_lessons
from content.wire_numbers import LESSON_NUMBERS, QUIZ_NUMBERS, questions_check
from sync.wire.session_summary import (
    CELLS,
    KEY_LIMIT,
    LESSON_LIMIT,
    MAX_PEOPLE,
    PARTS,
    QUIZ_LIMIT,
    REVISION_LIMIT,
    QuizTotals,
    RoundTotals,
    SessionSummary,
    encode_summary,
)
from village_node.session_store import HANDS, Session, SessionStore

Round = Literal["before", "after"]
ROUNDS: tuple[Round, ...] = ("before", "after")
MAX_LESSONS = 4
MAX_BY_HANDS = MAX_BY_PHONES = MAX_PEOPLE // 2
"""Of one round each, so that together they fit the summary."""
HIDDEN_BELOW = 5
"""Fewer answers are not shown: with four, neighbours know who was wrong."""
KEPT_DELETED = 20
"""Deleted sessions that can be brought back; older ones are gone."""


class UnknownSession(Exception):
    """There is no such session."""


class SessionRefused(Exception):
    """It cannot be done; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class Plan:
    """What a facilitator chooses beforehand. `quiz` is empty for none."""

    held_on: date | None
    part: str
    lessons: tuple[str, ...]
    quiz: str


@dataclass(frozen=True)
class OpenQuiz:
    """A round that phones may answer now."""

    session_id: int
    number: int
    round: Round
    quiz: Quiz


@dataclass(frozen=True)
class Learnt:
    """What the quiz of a session shows: tallies by question key, gain, and what to teach next.

    `tallies` are all that was counted; gains and suggestions rest on those with enough answers to be shown.
    """

    quiz: Quiz
    tallies: Mapping[Round, Mapping[str, Tally]]
    gains: tuple[Gain, ...]
    suggestions: tuple[Suggestion, ...]

    def answered(self, round_: Round) -> int:
        """Return the most that answered a question of a round."""
        return max((tally.answered for tally in self.tallies[round_].values()), default=0)

    def is_shown(self, round_: Round) -> bool:
        """Whether enough answered any question of a round for its totals to be shown."""
        return bool(_shown(self.tallies[round_]))

    def shown(self, round_: Round, key: str) -> Tally | None:
        """Return the tally of one question, or None where fewer answered it than may be shown."""
        return _shown(self.tallies[round_]).get(key)


class AwarenessSessions:
    """The use cases of the session pages and of the quiz on phones. Threads may share it."""

    def __init__(
        self,
        store: SessionStore,
        content: Callable[[], Catalogue],
        send: Callable[[bytes, Callable[[], None]], None],
    ) -> None:
        """`send` seals a record for the hub and commits it together with what the function does."""
        self._store = store
        self._content = content
        self._send = send
        self._open_rounds: bool | None = None

    # -- the list ---------------------------------------------------------------------------------

    def all(self) -> list[Session]:
        """Return all sessions, the newest plan first, deleted ones that can be brought back too."""
        return self._store.all()

    def get(self, session_id: int) -> Session:
        """Return one session; raise UnknownSession."""
        session = self._store.get(session_id)
        if session is None:
            raise UnknownSession
        return session

    def _to_change(self, session_id: int) -> Session:
        session = self.get(session_id)
        if not session.is_open:
            raise SessionRefused("Sesi ini sudah ditutup. Buka lagi dulu, baru ubah.")
        return session

    def plan(self, plan: Plan) -> int:
        """Keep a plan; return the id of the session. Raises SessionRefused."""
        self._check(plan)
        return self._store.write(
            lambda: self._store.add(
                key=secrets.randbelow(KEY_LIMIT),
                held_on=plan.held_on and plan.held_on.isoformat(),
                part=plan.part,
                lessons=plan.lessons,
                quiz=plan.quiz,
                state="planned",
                attendance=(0,) * CELLS,
                number=self._free_number(),
            )
        )

    def _free_number(self) -> int:
        """Return a number of three digits that no session of the list has, easy to say and to type."""
        taken = {session.number for session in self._store.all()}
        return secrets.choice([number for number in range(100, 1000) if number not in taken] or [100])

    def _check(self, plan: Plan) -> None:
        catalogue = self._content()
        if not 1 <= len(set(plan.lessons)) <= MAX_LESSONS or not set(plan.lessons) <= set(
            catalogue.lesson_keys
        ):
            raise SessionRefused(f"Pilih 1 sampai {MAX_LESSONS} pelajaran.")
        if plan.quiz and plan.quiz not in catalogue.quiz_keys:
            raise SessionRefused("Pilih satu kuis dari daftar, atau tanpa kuis.")
        if plan.part not in PARTS:
            raise SessionRefused("Pilih pagi, siang, atau malam.")

    def edit(self, session_id: int, plan: Plan) -> None:
        """Change the plan; raise UnknownSession or SessionRefused."""
        self._check(plan)

        def job() -> None:
            session = self._to_change(session_id)
            if plan.quiz != session.quiz and self._store.has_tallies(session_id):
                raise SessionRefused("Kuis sudah dijawab, jadi tidak bisa diganti.")
            self._store.change(
                session_id,
                held_on=plan.held_on and plan.held_on.isoformat(),
                part=plan.part,
                lessons=plan.lessons,
                quiz=plan.quiz,
            )

        self._store.write(job)

    def cancel(self, session_id: int, *, cancelled: bool = True) -> None:
        """Say that a session will not be held, or that it will after all."""

        def job() -> None:
            session = self.get(session_id)
            if session.state == "closed" or session.deleted:
                raise SessionRefused("Sesi yang sudah selesai tidak bisa dibatalkan.")
            self._store.change(session_id, state="cancelled" if cancelled else "planned", open_round="")
            self._store.forget_forms(session_id)

        self._store.write(job)
        self._open_rounds = None

    def delete(self, session_id: int, *, deleted: bool = True) -> None:
        """Take a session out of the list, or bring it back."""

        def job() -> None:
            self.get(session_id)
            self._store.change(session_id, deleted=deleted, open_round="")
            self._store.forget_forms(session_id)
            gone = [session.id for session in self._store.all() if session.deleted][KEPT_DELETED:]
            if gone:
                self._store.purge(gone)

        self._store.write(job)
        self._open_rounds = None

    # -- attendance -------------------------------------------------------------------------------

    def count(self, session_id: int, cell: int, by: int) -> None:
        """Add people to a cell of the attendance, or take them away; never below none."""

        def job() -> None:
            session = self._to_change(session_id)
            if not 0 <= cell < CELLS:
                raise UnknownSession
            counts = list(session.attendance)
            added = max(by, -counts[cell])
            counts[cell] += added
            if sum(counts) > MAX_PEOPLE:
                raise SessionRefused(f"Satu sesi paling banyak {MAX_PEOPLE} orang.")
            if added:
                changes = (*session.changes, (cell, added))
                self._store.change(session_id, attendance=counts, changes=changes)

        self._store.write(job)

    def undo(self, session_id: int) -> None:
        """Take back the last change of the attendance."""

        def job() -> None:
            session = self._to_change(session_id)
            if session.changes:
                cell, added = session.changes[-1]
                counts = list(session.attendance)
                counts[cell] -= added
                self._store.change(session_id, attendance=counts, changes=session.changes[:-1])

        self._store.write(job)

    # -- quiz -------------------------------------------------------------------------------------

    def quiz(self, session: Session) -> Quiz | None:
        """Return the quiz of a session, or None when it has none or the material has lost it."""
        try:
            return self._content().quiz(session.quiz) if session.quiz else None
        except ContentRefused:
            return None

    def set_hands(self, session_id: int, round_: Round, question: int, tally: Tally) -> None:
        """Keep how many hands were up for each letter at a question."""

        def job() -> None:
            quiz = self.quiz(self._to_change(session_id))
            if quiz is None or not 0 <= question < len(quiz.questions):
                raise UnknownSession
            if min(tally.a, tally.b, tally.c) < 0 or tally.answered > MAX_BY_HANDS:
                raise SessionRefused(f"Tulis angka dari 0; satu soal paling banyak {MAX_BY_HANDS} tangan.")
            self._store.set_hands(session_id, round_, question, tally)

        self._store.write(job)

    def hands(self, session_id: int, round_: Round) -> dict[int, Tally]:
        """Return the hands that were counted, by the place of the question."""
        return self._store.tallies(session_id, round_, HANDS)

    def open_round(self, session_id: int, round_: Round) -> None:
        """Let phones answer a round; another round of this session ends."""

        def job() -> None:
            session = self._to_change(session_id)
            if self.quiz(session) is None:
                raise SessionRefused("Sesi ini tanpa kuis.")
            if session.open_round != round_:
                self._store.forget_forms(session_id)
                self._store.change(session_id, open_round=round_)

        self._store.write(job)
        self._open_rounds = None

    def close_round(self, session_id: int) -> None:
        """Let phones answer no more."""

        def job() -> None:
            self.get(session_id)
            self._store.change(session_id, open_round="")
            self._store.forget_forms(session_id)

        self._store.write(job)
        self._open_rounds = None

    @property
    def has_open_round(self) -> bool:
        """Whether any round may be open; known without the store, for the public site's first page asks."""
        if self._open_rounds is None:
            self._open_rounds = any(session.open_round for session in self._store.all())
        return self._open_rounds

    def open_quizzes(self) -> list[OpenQuiz]:
        """Return the rounds that phones may answer now."""
        found = (self._open(session) for session in self._store.all() if session.open_round)
        return [quiz for quiz in found if quiz is not None]

    def open_quiz(self, number: int) -> OpenQuiz | None:
        """Return the round that is open under a number, or None."""
        session = self._store.by_number(number)
        return None if session is None else self._open(session)

    def _open(self, session: Session) -> OpenQuiz | None:
        quiz = self.quiz(session) if session.is_open else None
        round_ = next((r for r in ROUNDS if r == session.open_round), None)
        return None if quiz is None or round_ is None else OpenQuiz(session.id, session.number, round_, quiz)

    def answer(self, number: int, round_: str, token: str, chosen: Mapping[str, str]) -> bool:
        """Count one phone's answers, once for each token; False when the round is not open (any more).

        What was counted before, what is empty, and what comes beyond the limit changes nothing.
        """
        token_hash = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()[:16]

        def job() -> bool:
            opened = self.open_quiz(number)
            if opened is None or opened.round != round_:
                return False
            answers = {
                place: chosen[question.key]
                for place, question in enumerate(opened.quiz.questions)
                if chosen.get(question.key) in LETTERS
            }
            if answers and self._store.phones_counted(opened.session_id) < MAX_BY_PHONES:
                self._store.add_phone(opened.session_id, round_, token_hash, answers)
            return True

        return self._store.write(job)

    def phones_counted(self, session_id: int) -> int:
        """Return how many phones answered the round that is open."""
        return self._store.phones_counted(session_id)

    def learnt(self, session: Session) -> Learnt | None:
        """Return what the quiz shows, or None without one. Suggestions come of the last round that counts."""
        quiz = self.quiz(session)
        if quiz is None:
            return None
        tallies = {round_: self._by_key(quiz, session.id, round_) for round_ in ROUNDS}
        shown = {round_: _shown(tallies[round_]) for round_ in ROUNDS}
        return Learnt(
            quiz,
            tallies,
            learning_gain(quiz, shown["before"], shown["after"]),
            suggest_lessons(quiz, shown["after"] or shown["before"]),
        )

    def _by_key(self, quiz: Quiz, session_id: int, round_: Round) -> dict[str, Tally]:
        found = self._store.tallies(session_id, round_)
        return {q.key: found[place] for place, q in enumerate(quiz.questions) if place in found}

    # -- the end ----------------------------------------------------------------------------------

    def summary(self, session: Session) -> SessionSummary:
        """Return the totals that go to the hub."""
        quiz = self.quiz(session)
        numbers = (LESSON_NUMBERS.get(key, 0) for key in session.lessons)
        totals = None
        if quiz is not None:
            number = QUIZ_NUMBERS.get(quiz.key, 0)
            before, after = (self._round(quiz, session.id, round_) for round_ in ROUNDS)
            totals = QuizTotals(number if number < QUIZ_LIMIT else 0, questions_check(quiz), before, after)
        return SessionSummary(
            key=session.key,
            revision=min(session.sent, REVISION_LIMIT - 1),
            held_on=date.fromisoformat(session.held_on) if session.held_on else None,
            part=PARTS.index(session.part),
            lessons=frozenset(number if number < LESSON_LIMIT else 0 for number in numbers),
            attendance=session.attendance,
            quiz=totals if totals is not None and (totals.before or totals.after) else None,
        )

    def _round(self, quiz: Quiz, session_id: int, round_: Round) -> RoundTotals | None:
        tallies = self._by_key(quiz, session_id, round_)
        if not any(tally.answered for tally in tallies.values()):
            return None
        each = [(tallies.get(question.key, Tally()), question) for question in quiz.questions]
        return RoundTotals(
            tuple(tally.answered for tally, _ in each),
            tuple(tally.right(question) for tally, question in each),
        )

    def close(self, session_id: int) -> None:
        """End the session and send its summary, both or neither.

        Raises UnknownSession, SessionRefused, or NotTaken when the box could not keep it.
        """
        session = self._to_change(session_id)
        if not session.people:
            raise SessionRefused("Belum ada peserta. Isi daftar hadir dulu, atau batalkan sesi ini.")

        def close() -> None:
            self._to_change(session_id)
            self._store.change(session_id, state="closed", open_round="", changes=(), sent=session.sent + 1)
            self._store.forget_forms(session_id)

        self._send(encode_summary(self.summary(session)), close)
        self._open_rounds = None

    def reopen(self, session_id: int) -> None:
        """Let a closed session be corrected; closing it again replaces its summary at the hub."""

        def job() -> None:
            if self.get(session_id).state == "closed":
                self._store.change(session_id, state="planned")

        self._store.write(job)


def _shown(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    return {key: tally for key, tally in tallies.items() if tally.answered >= HIDDEN_BELOW}
