"""Forget reports: all that was told in them and found in them goes in one transaction. The one caller.

What stays: that there was a report (its id, its kind, when, which village), for counts and so that nobody
sends it again; the decisions about it, without their reasons; and the log of accesses, which quotes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hub.cases.case_models import CaseFile, CasePerson, CasePlace, CaseReport, CaseStep, CaseTask
from hub.cases.merging import OPEN
from hub.cases.models import Comment, Triage, TriageStep
from hub.cases.search import Search
from hub.cases.visible import merged_into
from hub.imports.models import ImportedCase
from hub.models import Addition, Answer, AttachmentPiece, Envelope, Report, Withdrawal
from hub.outgoing import Outgoing
from hub.retention.contents import ReportContents
from hub.retention.holds import held_among
from hub.retention.models import ForgottenReport
from hub.services import SignedIn, UnknownReport
from hub.storage.statements import put
from hub.storage.wiping import wipe_deleted
from sync.clock import Clock
from sync.identifiers import EnvelopeId, Lane
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

AT_ONCE = 200
"""Reports in one transaction: intake waits for it."""
WIPED = (
    "report_key", "report", "envelope", "addition", "answer", "staff_comment", "triage_step", "triage_score",
    "triage_override", "random_draw", "random_excuse", "shadow_score", "search_doc",
    "link_evidence", "link_suggestion", "case_person", "case_place", "case_step", "case_task", "case_file",
    "imported_case", "import_batch", "referral", "referral_step", "signal", "signal_step", "signal_report",
    "machine_reading",
)  # fmt: skip


class StillOpen(Exception):
    """The report lies in a case that is open; the text is the case's number."""


class OnHold(Exception):
    """Somebody holds the report for a court; the text is its id."""


class Forgetting:
    """Forgets. `note` notes an access: `AuditLog.note`; `unlink` is `LinkWork.forget`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        *,
        note: Callable[[SignedIn | str, str, str, str], object],
        unlink: Callable[[str], None],
        search: Search,
        outgoing: Outgoing,
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note
        self._unlink = unlink
        self._search = search
        self._outgoing = outgoing
        self._contents = contents
        self.also: list[Callable[[Sequence[str]], None]] = []
        """Told of ids that go, in the transaction, by rooms that keep something of reports themselves."""

    def forget(
        self,
        report_ids: Sequence[str],
        *,
        by: SignedIn | str,
        reason: str,
        even_in_open_case: bool = False,
        check: Callable[[Sequence[str]], None] = lambda reports: None,
    ) -> int:
        """Forget these reports and return how many; `reason` stands in the log and names nobody.

        `even_in_open_case` is for what came back with a copy; `check` may raise in the transaction. All of at
        most `AT_ONCE` go in one transaction, or none. Raises UnknownReport, StillOpen and OnHold.
        """
        connect(self._db)
        wanted = list(dict.fromkeys(report_ids))
        pieces = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
        for piece in pieces if not even_in_open_case else []:
            self._refuse(piece)
        for piece in pieces:
            self._writer.run(partial(self._forget_all, piece, by, reason, even_in_open_case, check))
        if wanted:
            wipe_deleted(self._db, WIPED)
        return len(wanted)

    def _forget_all(
        self,
        report_ids: Sequence[str],
        by: SignedIn | str,
        reason: str,
        even_in_open_case: bool,
        check: Callable[[Sequence[str]], None],
    ) -> None:
        check(report_ids)
        if not even_in_open_case:
            self._refuse(report_ids)  # again: one may have been put into a case or held meanwhile
        for one in report_ids:
            self._note(by, "forgotten", f"report {one}", reason)
        cases = {case for one in report_ids for case in self._forget_one(one)}
        self._search.forget(report_ids)
        for case in sorted(cases):
            self._clear_empty_case(case, by, reason)
        for room in self.also:
            room(report_ids)

    def _refuse(self, report_ids: Sequence[str]) -> None:
        for held in sorted(held_among(self._db, report_ids, self._clock.wall_s())):
            raise OnHold(held)
        for one in report_ids:
            case = self._case_of(one)
            if case is not None and case.state == OPEN:
                raise StillOpen(case.number)

    def _case_of(self, report_id: str) -> Any:
        held = CaseReport.select().where(CaseReport.report == report_id).first(self._db)
        return None if held is None else CaseFile.select().where(CaseFile.id == held.case).get(self._db)

    def _forget_one(self, report_id: str) -> list[int]:
        """Take away one report; return the case that held it."""
        row = Report.select().where(Report.id == report_id).first(self._db)
        if row is None:
            raise UnknownReport
        at = self._clock.wall_s()
        additions = list(Addition.select().where(Addition.report == report_id).execute(self._db))
        withdrawals = list(Withdrawal.select().where(Withdrawal.report == report_id).execute(self._db))
        put(
            ForgottenReport,
            [_forgotten(row, row.kind, at), *(_forgotten(one, "", at) for one in additions)],
        ).execute(self._db)
        for name in [report_id, *(one.id for one in additions)]:
            self._empty_attachments(EnvelopeId.parse(name))
        for name in [report_id, *(one.id for one in (*additions, *withdrawals))]:
            place = EnvelopeId.parse(name)
            self._empty(place.epoch, place.lane, [place.counter])
        self._contents.forget([report_id, *(one.id for one in additions)])
        self._outgoing.forget(report_id)
        Report.delete().where(Report.id == report_id).execute(self._db)
        for model in (Addition, Withdrawal, Answer, Triage, TriageStep):
            model.delete().where(model.report == report_id).execute(self._db)
        Comment.delete().where(Comment.about == report_id).execute(self._db)
        self._unlink(report_id)
        case = self._case_of(report_id)
        CaseReport.delete().where(CaseReport.report == report_id).execute(self._db)
        return [] if case is None else [int(case.id)]

    def _empty_attachments(self, place: EnvelopeId) -> None:
        here = (AttachmentPiece.epoch == place.epoch) & (AttachmentPiece.report == place.counter)
        counters = [row.counter for row in AttachmentPiece.select().where(here).execute(self._db)]
        self._empty(place.epoch, Lane.BULK, counters)
        AttachmentPiece.delete().where(here).execute(self._db)

    def _empty(self, epoch: bytes, lane: Lane, counters: Sequence[int]) -> None:
        """Take the bytes out of envelopes; that they came stays, so that a copy is one."""
        if counters:
            here = (Envelope.epoch == epoch) & (Envelope.lane == int(lane))
            Envelope.update(sealed=b"").where(here & Envelope.counter.in_(counters)).execute(self._db)

    def _clear_empty_case(self, case: int, by: SignedIn | str, reason: str) -> None:
        """Take the words and names out of a closed case of which every report was forgotten, and out of those
        that were merged into it: their reports were among these."""
        row = CaseFile.select().where(CaseFile.id == case).get(self._db)
        if row.state == OPEN or CaseReport.select().where(CaseReport.case == case).exists(self._db):
            return
        for one in (row, *merged_into(self._db, case)):
            self._clear(one.id, one.number, by, reason)

    def _clear(self, case: int, number: str, by: SignedIn | str, reason: str) -> None:
        self._note(by, "forgotten", f"case {number}", reason)
        # Where it came from stays, so that nobody imports it again.
        ImportedCase.update(told="{}").where(ImportedCase.case == case).execute(self._db)
        for model in (CasePerson, CasePlace, CaseTask):
            model.delete().where(model.case == case).execute(self._db)
        Comment.delete().where(Comment.about == f"case {number}").execute(self._db)
        CaseStep.update(detail="", reason="").where(CaseStep.case == case).execute(self._db)
        CaseFile.update(title="").where(CaseFile.id == case).execute(self._db)
        self._search.forget_cases([number])


def _forgotten(row: Any, kind: str, at: float) -> dict[str, object]:
    return {
        "id": row.id,
        "node": row.node,
        "kind": kind,
        "epoch": bytes(row.epoch),
        "age_minutes": row.age_minutes,
        "received_at": row.received_at,
        "destination": row.destination if kind else None,
        "forgotten_at": at,
        "signs": row.signs if kind else None,
    }
