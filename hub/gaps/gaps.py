"""Keeps questions that no village could answer, in groups, and what was decided about them.

A question lies under a key of its own, as a report does, so that forgetting it reaches backups too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.accounts.areas import sees
from hub.gaps.folding import alike
from hub.gaps.models import Gap, GapQuestion
from hub.gaps.services import (
    ANSWERED,
    DECLINED,
    OPEN,
    STATES,
    WHY_MAX_CHARACTERS,
    AskedQuestion,
    GapAnswer,
    GapLine,
    GapRefused,
    GapView,
    UnknownGap,
    check_answer,
)
from hub.languages import N_
from hub.models import Envelope, Node
from hub.retention.contents import ReportContents
from hub.services import COMMAND_LINE, SignedIn
from hub.storage.wiping import wipe_deleted
from sync.clock import Clock
from sync.identifiers import EnvelopeId
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.numbers import AskedIn
from sync.wire.open_questions import Question

QUESTION = "gap_question"
DAY_S: Final = 86_400
KEPT_DAYS: Final = 365
"""So long a question is kept, whatever became of it."""
KEPT_DAYS_DECIDED: Final = 90
"""So long after its gap was answered or declined."""
_LANGUAGES = {
    AskedIn.INDONESIAN: "id",
    AskedIn.ENGLISH: "en",
    AskedIn.JAVANESE: "jv",
    AskedIn.SUNDANESE: "su",
    AskedIn.SASAK: "sas",
    AskedIn.MADURESE: "mad",
}
_NO_ANSWER = {
    "title": "",
    "lines": "",
    "asks": "",
    "source": "",
    "dated": "",
    "address": "",
    "verified": False,
}


class Gaps:
    """Implements `hub.gaps.services.GapServices`. Threads may share it. `note` is `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        contents: ReportContents,
        *,
        key: bytes,
        note: Callable[[SignedIn | str, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._contents = contents
        self._key = key
        self._note = note

    # -- taking -----------------------------------------------------------------------------------

    def add(self, place: EnvelopeId, node: int, question: Question, via: str, at: float) -> None:
        """Keep a question, new here; call it in the intake's transaction."""
        name = alike(question.text, self._key)
        row = {"alike": name, "state": OPEN, "decided_by": "", "decided_at": None, "why": "", **_NO_ANSWER}
        Gap.insert(row).on_conflict_ignore().execute(self._db)
        gap = Gap.select(Gap.id).where(Gap.alike == name).get(self._db)
        GapQuestion.insert(
            id=str(place),
            gap=gap.id,
            node=node,
            language=int(question.language),
            text=self._contents.seal(str(place), QUESTION, question.text),
            via=via,
            received_at=at,
        ).execute(self._db)

    # -- reading ----------------------------------------------------------------------------------

    def _seen(self, who: SignedIn | str, *fields: Any) -> Any:
        joined = GapQuestion.select(*fields).join(Node, on=(Node.number == GapQuestion.node))
        return joined.where(sees(who, Node.village))

    def _groups(self, who: SignedIn | str) -> dict[int, tuple[int, float, str]]:
        """Return (how many, newest when, newest id) of each gap that `who` sees anything of."""
        found: dict[int, tuple[int, float, str]] = {}
        fields = (GapQuestion.gap, GapQuestion.received_at, GapQuestion.id)
        rows = self._seen(who, *fields).order_by(GapQuestion.received_at, GapQuestion.id)
        for gap, at, name in rows.tuples().execute(self._db):
            found[int(gap)] = (found.get(int(gap), (0, 0.0, ""))[0] + 1, float(at), str(name))
        return found

    def counts(self, *, who: SignedIn | str) -> dict[str, int]:
        """See `GapServices.counts`."""
        connect(self._db)
        seen, counts = self._groups(who), dict.fromkeys(STATES, 0)
        for number, state in Gap.select(Gap.id, Gap.state).tuples().execute(self._db):
            counts[state] += int(number) in seen
        return counts

    def rows(self, state: str, *, who: SignedIn | str, first: int = 0, limit: int = 50) -> list[GapLine]:
        """See `GapServices.rows`."""
        connect(self._db)
        seen = self._groups(who)
        ids = {int(row.id) for row in Gap.select(Gap.id).where(Gap.state == state).execute(self._db)}
        order = sorted(ids & seen.keys(), key=lambda gap: (seen[gap][0], seen[gap][1], gap), reverse=True)
        page = order[first : first + limit]
        newest = GapQuestion.select().where(GapQuestion.id.in_([seen[gap][2] for gap in page]))
        texts = {row.id: row.text for row in self._opened(newest.execute(self._db))}
        return [
            GapLine(gap, state, count, at, texts.get(name, ""))
            for gap in page
            for count, at, name in [seen[gap]]
        ]

    def look(self, gap: int, *, who: SignedIn) -> GapView:
        """See `GapServices.look`."""
        connect(self._db)
        row = self._visible(gap, who)
        self._writer.run(lambda: self._note(who, "gap seen", f"gap {gap}", ""))
        fields = (GapQuestion.id, GapQuestion.text, GapQuestion.language, GapQuestion.received_at)
        asked = self._seen(who, *fields, Node.village).where(GapQuestion.gap == gap)
        rows = list(
            asked.order_by(GapQuestion.received_at.desc(), GapQuestion.id).objects().execute(self._db)
        )
        return GapView(
            id=gap,
            state=row.state,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            why=row.why,
            answer=_answer(row) if row.title else None,
            questions=tuple(
                AskedQuestion(one.text, _LANGUAGES[AskedIn(one.language)], one.village, one.received_at)
                for one in self._opened(rows)
            ),
        )

    def answers(self) -> Sequence[tuple[int, GapAnswer]]:
        """See `GapServices.answers`."""
        connect(self._db)
        rows = Gap.select().where(Gap.state == ANSWERED).order_by(Gap.id).execute(self._db)
        return [(int(row.id), _answer(row)) for row in rows]

    def _opened(self, rows: Any) -> list[Any]:
        return self._contents.opened(rows, QUESTION, owner="id")

    def _visible(self, gap: int, who: SignedIn | str) -> Any:
        row = Gap.select().where(Gap.id == gap).first(self._db)
        seen = self._seen(who, GapQuestion.id).where(GapQuestion.gap == gap)
        if row is None or not seen.exists(self._db):
            raise UnknownGap
        return row

    # -- deciding ---------------------------------------------------------------------------------

    def answer(self, gap: int, answer: GapAnswer, *, who: SignedIn) -> None:
        """See `GapServices.answer`."""
        check_answer(answer)
        told = {
            "title": answer.title,
            "lines": "\n".join(answer.lines),
            "asks": "\n".join(answer.asks),
            "source": answer.source,
            "dated": answer.dated,
            "address": answer.address,
            "verified": answer.verified,
        }
        self._step(gap, ANSWERED, "", who, told)

    def decide(self, gap: int, state: str, why: str, *, who: SignedIn) -> None:
        """See `GapServices.decide`. What was answered is not in the next export any more."""
        why = " ".join(why.split())
        if state not in (OPEN, DECLINED):
            raise GapRefused(N_("Pilih tolak atau buka lagi."))
        if not why or len(why) > WHY_MAX_CHARACTERS:
            raise GapRefused(N_("Tulis alasan, 1 sampai 300 huruf."))
        self._step(gap, state, why, who, {})

    def _step(self, gap: int, state: str, why: str, who: SignedIn, told: dict[str, object]) -> None:
        def job() -> None:
            self._visible(gap, who)
            self._note(who, f"gap {state}", f"gap {gap}", why)
            decided = {"state": state, "decided_by": who.name, "decided_at": self._clock.wall_s(), "why": why}
            Gap.update({**decided, **told}).where(Gap.id == gap).execute(self._db)

        connect(self._db)
        self._writer.run(job)

    # -- forgetting -------------------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Return what is done once a day."""
        return [Job("forget-questions", DAY_S, self.forget_due)]

    def forget_due(self) -> None:
        """Take away questions whose time is over: the text, its key and the bytes of its envelope."""
        connect(self._db)
        now = self._clock.wall_s()
        decided = Gap.select(Gap.id).where(
            (Gap.state != OPEN) & (Gap.decided_at < now - KEPT_DAYS_DECIDED * DAY_S)
        )
        old = (GapQuestion.received_at < now - KEPT_DAYS * DAY_S) | (
            GapQuestion.gap.in_(decided) & (GapQuestion.received_at < now - KEPT_DAYS_DECIDED * DAY_S)
        )
        due = list(GapQuestion.select(GapQuestion.id, GapQuestion.gap).where(old).execute(self._db))
        if due:
            self._writer.run(lambda: self._forget(due))
            wipe_deleted(self._db, ("report_key", "envelope", "gap_question"))

    def _forget(self, due: Sequence[Any]) -> None:
        for gap in sorted({int(row.gap) for row in due}):
            self._note(COMMAND_LINE, "forgotten", f"gap {gap}", "")
        names = [row.id for row in due]
        for name in names:
            place = EnvelopeId.parse(name)
            here = (Envelope.epoch == place.epoch) & (Envelope.lane == int(place.lane))
            Envelope.update(sealed=b"").where(here & (Envelope.counter == place.counter)).execute(self._db)
        self._contents.forget(names)
        GapQuestion.delete().where(GapQuestion.id.in_(names)).execute(self._db)


def _answer(row: Any) -> GapAnswer:
    return GapAnswer(
        title=row.title,
        lines=tuple(row.lines.split("\n")),
        asks=tuple(row.asks.split("\n")),
        source=row.source,
        dated=row.dated,
        address=row.address,
        verified=row.verified,
    )
