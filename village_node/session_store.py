"""Awareness sessions in the node's database: rows in, rows out, each change in one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import peewee

from content.quiz import Tally
from sync.storage.writer import GroupCommitWriter
from village_node.models import AwarenessSession as Row
from village_node.models import QuizFormUse, QuizTally

HANDS, PHONES = "hands", "phones"
UNDO_STEPS = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Session:
    """One session. `state` is planned, closed or cancelled; `changes` are (cell, how many were added)."""

    id: int
    key: int
    sent: int
    held_on: str | None
    part: str
    lessons: tuple[str, ...]
    quiz: str
    state: str
    deleted: bool
    attendance: tuple[int, ...]
    changes: tuple[tuple[int, int], ...]
    open_round: str
    number: int

    @property
    def people(self) -> int:
        """How many attended."""
        return sum(self.attendance)

    @property
    def is_open(self) -> bool:
        """Whether it can be changed."""
        return self.state == "planned" and not self.deleted


class SessionStore:
    """Reads and writes sessions. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter) -> None:
        self._db = database
        self.writer = writer

    def write(self, job: Callable[[], T]) -> T:
        """Run a job in one commit."""
        return self.writer.run(job)

    # -- sessions ---------------------------------------------------------------------------------

    def add(self, **fields: Any) -> int:
        """Keep a new session; return its id."""
        return self.write(lambda: int(Row.insert(**_columns(fields)).execute(self._db)))

    def change(self, session_id: int, **fields: Any) -> None:
        """Change fields of a session."""
        self.write(lambda: Row.update(**_columns(fields)).where(Row.id == session_id).execute(self._db))

    def get(self, session_id: int) -> Session | None:
        """Return one session, deleted or not."""
        return self._first(Row.id == session_id)

    def by_number(self, number: int) -> Session | None:
        """Return the session whose quiz is open on phones under this number."""
        return self._first((Row.number == number) & (Row.open_round != "") & ~Row.deleted)

    def _first(self, condition: Any) -> Session | None:
        def job() -> Session | None:
            row = Row.select().where(condition).first(self._db)
            return None if row is None else _session(row)

        return self.writer.read(job)

    def all(self) -> list[Session]:
        """Return all sessions, the newest plan first."""

        def job() -> list[Session]:
            return [_session(row) for row in Row.select().order_by(Row.id.desc()).execute(self._db)]

        return self.writer.read(job)

    def purge(self, session_ids: list[int]) -> None:
        """Delete sessions for ever."""

        def job() -> None:
            for model, column in ((Row, Row.id), (QuizTally, QuizTally.session)):
                model.delete().where(column.in_(session_ids)).execute(self._db)

        self.write(job)

    # -- quiz -------------------------------------------------------------------------------------

    def tallies(self, session_id: int, round_: str, source: str | None = None) -> dict[int, Tally]:
        """Return the tallies of a round by the place of the question, of hands and phones together."""

        def job() -> dict[int, Tally]:
            where = (QuizTally.session == session_id) & (QuizTally.round == round_)
            if source is not None:
                where &= QuizTally.source == source
            found: dict[int, Tally] = {}
            for row in QuizTally.select().where(where).execute(self._db):
                before = found.get(row.question, Tally())
                found[row.question] = Tally(before.a + row.a, before.b + row.b, before.c + row.c)
            return found

        return self.writer.read(job)

    def has_tallies(self, session_id: int) -> bool:
        """Return whether anybody answered anything."""

        def job() -> bool:
            total = QuizTally.a + QuizTally.b + QuizTally.c
            mine = (QuizTally.session == session_id) & (total > 0)
            return bool(QuizTally.select().where(mine).exists(self._db))

        return self.writer.read(job)

    def set_hands(self, session_id: int, round_: str, question: int, tally: Tally) -> None:
        """Keep the hands that were counted at a question, in place of what stood there."""
        row = {"session": session_id, "round": round_, "source": HANDS, "question": question}
        counts = {"a": tally.a, "b": tally.b, "c": tally.c}
        self.write(lambda: QuizTally.insert({**row, **counts}).on_conflict_replace().execute(self._db))

    def add_phone(self, session_id: int, round_: str, token_hash: bytes, answers: Mapping[int, str]) -> bool:
        """Count the answers of one phone; call it in a job. Returns False when its form counted before."""
        try:
            with self._db.atomic():
                QuizFormUse.insert(token_hash=token_hash, session=session_id).execute(self._db)
        except peewee.IntegrityError:
            return False
        for question, letter in answers.items():
            row = {"session": session_id, "round": round_, "source": PHONES, "question": question}
            QuizTally.insert({**row, "a": 0, "b": 0, "c": 0}).on_conflict_ignore().execute(self._db)
            column = getattr(QuizTally, letter)
            QuizTally.update({column: column + 1}).where(
                (QuizTally.session == session_id)
                & (QuizTally.round == round_)
                & (QuizTally.source == PHONES)
                & (QuizTally.question == question)
            ).execute(self._db)
        return True

    def phones_counted(self, session_id: int) -> int:
        """Return how many forms counted in the round that is open; read it in a job to be sure."""
        mine = QuizFormUse.session == session_id
        return self.writer.read(lambda: int(QuizFormUse.select().where(mine).count(self._db)))

    def forget_forms(self, session_id: int) -> None:
        """Forget which forms counted: the round has ended and takes no more."""
        self.write(lambda: QuizFormUse.delete().where(QuizFormUse.session == session_id).execute(self._db))


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    texts: dict[str, Callable[[Any], str]] = {
        "lessons": " ".join,
        "attendance": lambda counts: " ".join(map(str, counts)),
        "changes": lambda steps: " ".join(f"{cell}:{by}" for cell, by in steps[-UNDO_STEPS:]),
    }
    return {name: texts[name](value) if name in texts else value for name, value in fields.items()}


def _session(row: Any) -> Session:
    steps = (step.partition(":") for step in row.changes.split())
    return Session(
        id=int(row.id),
        key=int(row.key),
        sent=int(row.sent),
        held_on=row.held_on,
        part=row.part,
        lessons=tuple(row.lessons.split()),
        quiz=row.quiz,
        state=row.state,
        deleted=bool(row.deleted),
        attendance=tuple(map(int, row.attendance.split())),
        changes=tuple((int(cell), int(by)) for cell, _, by in steps),
        open_round=row.open_round,
        number=int(row.number),
    )
