"""Steps, undo, assignments and comments, each with its line in the history. Implements
`hub.cases.services.TriageServices`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hub.accounts.areas import may_see, sees
from hub.accounts.models import User, UserArea
from hub.cases.inbox import FINISHED_STAGES, Inbox, states_of
from hub.cases.models import Comment, TriageStep
from hub.cases.models import Triage as TriageRow
from hub.cases.services import COMMENT_MAX_CHARACTERS, BulkOutcome, StaffComment, TriageView
from hub.cases.states import (
    ASSIGNED,
    RESPONSE,
    SIGNAL,
    States,
    Step,
    StepRefused,
    check_reason,
    check_step,
    step_to_undo,
)
from hub.cases.urgency import reasons
from hub.languages import N_
from hub.retention.contents import COMMENT, REASON, ReportContents, is_owned
from hub.services import READING_ROLES, SignedIn, UnknownReport
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

ACTING = ("begun", "done")
"""Values of the response at which the reporter's ladder says "acted on"."""
SOMEBODY_WAS_QUICKER = N_("Orang lain baru saja mengubah laporan ini. Lihat dulu keadaannya sekarang.")

DRAWN = N_(
    "Laporan ini terpilih secara acak untuk diverifikasi: catat dulu hasil verifikasinya, atau keluarkan "
    "dari undian dengan alasan."
)


class Triage:
    """What is done with reports. `note` notes an access before the change: `AuditLog.note`.
    `act` moves the reporter's ladder to "acted on": report, account."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        inbox: Inbox,
        *,
        note: Callable[[SignedIn | str, str, str], object],
        act: Callable[[str, SignedIn], None],
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._inbox = inbox
        self._note = note
        self._act = act
        self._contents = contents
        self.on_comment: Callable[[str, int, str], None] = lambda about, number, text: None
        """Told of each new comment in its transaction: search keeps its words."""

    # -- looking ----------------------------------------------------------------------------------

    def view(self, report_id: str, *, who: SignedIn) -> TriageView:
        """See `TriageServices.view`. Shown with the report, whose showing is noted."""
        connect(self._db)
        row = self._row(report_id, who)
        facts = self._inbox.facts(report_id)
        history = self.history(report_id)
        return TriageView(
            report=report_id,
            states=states_of(row),
            assignee=row.assignee,
            last_step=row.last_step,
            history=history,
            comments=self.comments(report_id),
            reasons=() if facts is None else reasons(facts, self._inbox.today()),
            can_be_undone=step_to_undo(history),
        )

    def history(self, report_id: str) -> tuple[Step, ...]:
        """Return every step of a report in its order."""
        rows = TriageStep.select().where(TriageStep.report == report_id).order_by(TriageStep.id)
        return tuple(
            Step(row.id, row.at, row.by, row.state, row.was, row.becomes, row.reason, row.undoes)
            for row in self._contents.opened(rows.execute(self._db), REASON, "reason")
        )

    def comments(self, about: str) -> tuple[StaffComment, ...]:
        """Return the comments on a report or a case, oldest first."""
        rows = Comment.select().where(Comment.about == about).order_by(Comment.id).execute(self._db)
        return tuple(StaffComment(row.at, row.by, row.text) for row in self._contents.comments(rows))

    def assignable(self, village: str | None = None) -> list[str]:
        """See `TriageServices.assignable`."""
        connect(self._db)
        mine = (User.role.in_(READING_ROLES)) & ~User.locked
        rows = User.select(User.name, User.role).where(mine).order_by(User.name).execute(self._db)
        areas: dict[str, list[str]] = {}
        for row in UserArea.select().execute(self._db):
            areas.setdefault(row.user, []).append(row.code)
        accounts = [SignedIn(row.name, row.role, tuple(areas.get(row.name, ()))) for row in rows]
        return [one.name for one in accounts if village is None or may_see(one, village)]

    def _row(self, report_id: str, who: SignedIn) -> Any:
        query = TriageRow.select().where((TriageRow.report == report_id) & sees(who, TriageRow.village))
        row = query.first(self._db)
        if row is None:
            raise UnknownReport
        return row

    # -- steps ------------------------------------------------------------------------------------

    def step(
        self, report_id: str, state: str, value: str, reason: str, *, seen: int | None, who: SignedIn
    ) -> None:
        """See `TriageServices.step`."""
        self._writer.run(lambda: self._step(report_id, state, value, reason.strip(), seen, who))

    def _step(
        self, report_id: str, state: str, value: str, reason: str, seen: int | None, who: SignedIn
    ) -> None:
        row = self._seen_row(report_id, seen, who)
        before = states_of(row)
        after = check_step(before, state, value, reason)
        if row.drawn and after.stage in FINISHED_STAGES:
            raise StepRefused(DRAWN)
        self._note(who, f"{state} {value}", f"report {report_id}")
        if after.signal != before.signal and state != SIGNAL:
            self._write(report_id, SIGNAL, before.signal, after.signal, "", who)
        self._write(report_id, state, before.value(state), value, reason, who)
        self._keep(report_id, after)
        if state == RESPONSE and value in ACTING:
            self._act(report_id, who)

    def acted_on(self, report_id: str, by: SignedIn | str) -> None:
        """Follow a ladder that was moved without a step; call inside a job of the writer."""
        row = TriageRow.select().where(TriageRow.report == report_id).first(self._db)
        if row is None or row.response in ACTING:
            return
        before = states_of(row)
        self._note(by, "response begun", f"report {report_id}")
        after = before.with_value(RESPONSE, "begun")
        if before.signal == "new":
            after = after.with_value(SIGNAL, "kept")
            self._write(report_id, SIGNAL, before.signal, after.signal, "", by)
        self._write(report_id, RESPONSE, before.response, "begun", "", by)
        self._keep(report_id, after)

    def undo(self, report_id: str, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """See `TriageServices.undo`."""

        def job() -> None:
            row = self._seen_row(report_id, seen, who)
            check_reason(reason, needed=True)
            step = step_to_undo(self.history(report_id))
            if step is None:
                raise StepRefused(N_("Tidak ada langkah yang dapat dibatalkan."))
            self._note(who, f"undo {step.state}", f"report {report_id}")
            undone = (report_id, step.state, step.becomes, step.was, reason.strip(), who)
            self._write(*undone, undoes=step.id)
            if step.state == ASSIGNED:
                self._keep_assignee(report_id, step.was or None)
            after = states_of(row)
            if step.state != ASSIGNED:
                after = after.with_value(step.state, step.was)
            self._keep(report_id, after)

        self._writer.run(job)

    def _seen_row(self, report_id: str, seen: int | None, who: SignedIn) -> Any:
        row = self._row(report_id, who)
        if seen is not None and row.last_step != seen:
            raise StepRefused(SOMEBODY_WAS_QUICKER)
        return row

    def _write(
        self,
        report_id: str,
        state: str,
        was: str,
        becomes: str,
        reason: str,
        who: SignedIn | str,
        undoes: int | None = None,
    ) -> None:
        number = TriageStep.insert(
            report=report_id,
            at=self._clock.wall_s(),
            by=who if isinstance(who, str) else who.name,
            state=state,
            was=was,
            becomes=becomes,
            reason=self._contents.seal(report_id, REASON, reason) if reason else "",
            undoes=undoes,
        ).execute(self._db)
        TriageRow.update(last_step=number).where(TriageRow.report == report_id).execute(self._db)

    def _keep(self, report_id: str, states: States) -> None:
        values = {name: states.value(name) for name in States.__dataclass_fields__}
        TriageRow.update(values).where(TriageRow.report == report_id).execute(self._db)
        self._inbox.refresh(report_id)

    # -- assigning, commenting --------------------------------------------------------------------

    def assign(self, report_id: str, to: str | None, *, who: SignedIn) -> None:
        """See `TriageServices.assign`."""
        self._writer.run(lambda: self._assign(report_id, to, who))

    def _assign(self, report_id: str, to: str | None, who: SignedIn) -> None:
        row = self._row(report_id, who)
        if to is not None and to not in self.assignable():
            raise StepRefused(N_("Pilih petugas dari daftar."))
        if to is not None and to not in self.assignable(row.village):
            raise StepRefused(N_("Petugas itu tidak melihat laporan dari desa ini. Pilih petugas lain."))
        if (row.assignee or None) == to:
            raise StepRefused(
                N_("Laporan sudah dipegang orang itu.") if to else N_("Laporan belum dipegang siapa pun.")
            )
        self._note(who, "assigned", f"report {report_id}")
        self._write(report_id, ASSIGNED, row.assignee or "", to or "", "", who)
        self._keep_assignee(report_id, to)
        self._keep(report_id, states_of(row))

    def _keep_assignee(self, report_id: str, to: str | None) -> None:
        TriageRow.update(assignee=to).where(TriageRow.report == report_id).execute(self._db)

    def comment(self, report_id: str, text: str, *, who: SignedIn) -> None:
        """See `TriageServices.comment`."""

        def job() -> None:
            self._row(report_id, who)
            self.add_comment(report_id, text, who)

        self._writer.run(job)

    def add_comment(self, about: str, text: str, who: SignedIn) -> None:
        """Add a comment to a report or a case; call inside a job of the writer. Raises StepRefused."""
        cleaned = text.replace("\r\n", "\n").strip()
        if not cleaned or len(cleaned) > COMMENT_MAX_CHARACTERS:
            raise StepRefused(N_("Komentar berisi 1 sampai %(most)s huruf.", most=COMMENT_MAX_CHARACTERS))
        self._note(who, "commented", about if about.startswith("case ") else f"report {about}")
        text = self._contents.seal(about, COMMENT, cleaned) if is_owned(about) else cleaned
        row = {"about": about, "at": self._clock.wall_s(), "by": who.name, "text": text}
        number = Comment.insert(row).execute(self._db)
        self.on_comment(about, number, cleaned)

    # -- many at once -----------------------------------------------------------------------------

    def assign_many(self, report_ids: Sequence[str], to: str | None, *, who: SignedIn) -> BulkOutcome:
        """See `TriageServices.assign_many`."""
        return each(report_ids, lambda report_id: self.assign(report_id, to, who=who))

    def discard_many(self, report_ids: Sequence[str], reason: str, *, who: SignedIn) -> BulkOutcome:
        """See `TriageServices.discard_many`."""
        return each(
            report_ids,
            lambda report_id: self.step(report_id, SIGNAL, "discarded", reason, seen=None, who=who),
        )


def each(report_ids: Sequence[str], action: Callable[[str], None]) -> BulkOutcome:
    """Do something with each report; what one is refused for stops none of the others."""
    done: list[str] = []
    refused: dict[str, str] = {}
    for report_id in dict.fromkeys(report_ids):
        try:
            action(report_id)
        except StepRefused as problem:
            refused[report_id] = str(problem)
        except UnknownReport:
            refused[report_id] = N_("Tidak ada laporan ini.")
        else:
            done.append(report_id)
    return BulkOutcome(tuple(done), refused)
