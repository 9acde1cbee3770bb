"""What hub staff do: read, answer, mark. Implements `hub.services.HubServices`."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from hub.accounts.areas import may_see
from hub.attachments import Attachments
from hub.audit.log import AuditLog
from hub.follow_ups import FollowUps
from hub.languages import N_
from hub.models import Addition as AdditionModel
from hub.models import Answer, Down, Epoch, Node
from hub.models import Report as ReportModel
from hub.outgoing import ACTED_ON, ANSWER, READ, Outgoing
from hub.retention.contents import ANSWER as ANSWER_TEXT
from hub.retention.contents import ReportContents
from hub.retention.withdrawn import asked_back
from hub.services import (
    ANSWER_MAX_CHARACTERS,
    COMMAND_LINE,
    AnswerRefused,
    AnswerRow,
    AttachmentView,
    ReportView,
    SignedIn,
    UnknownReport,
)
from hub.storage.opening import one_state
from hub.storage.statements import insert_new
from hub.taking_time import Between, best_guess, taken_between
from sync.clock import Clock
from sync.records import check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

Who = SignedIn | str
OPENED_AT_ONCE = 500
BY_PHONE = "collect"
"""How a report came that nobody has a receipt of, see `hub.openrosa`."""


class DeskWork:
    """The use cases of the hub's pages and of `hub reports` and `hub answer`.

    `by` is an account, which sees its areas alone, or the name of who works at the hub's own machine.
    """

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        outgoing: Outgoing,
        audit: AuditLog,
        clock: Clock,
        attachments: Attachments,
        follow_ups: FollowUps,
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._outgoing = outgoing
        self._audit = audit
        self._clock = clock
        self._attachments = attachments
        self._follow_ups = follow_ups
        self._contents = contents
        self._lock = threading.Lock()
        self.on_changed: Callable[[str], None] = lambda report_id: None
        """Told of a report that was read, in the transaction: the inbox moves it."""
        self.on_acted_on: Callable[[str, Who], None] = lambda report_id, by: None
        """Told of a report whose ladder was moved to its end, and by whom, in the transaction."""

    # -- reading ----------------------------------------------------------------------------------

    def _report(self, report_id: str, by: Who) -> Any:
        """Return a report that `by` may see; raise UnknownReport, the same for any other."""
        connect(self._db)
        row = self._contents.report(report_id)
        if row is None or not self._may_see(by, row.node):
            raise UnknownReport
        return row

    def _may_see(self, by: Who, node_number: int) -> bool:
        node = Node.select(Node.village).where(Node.number == node_number).first(self._db)
        return node is not None and may_see(by, node.village)

    def view(self, report_id: str) -> ReportView:
        """Return one report without marking it read; raise UnknownReport."""
        return self._view(self._report(report_id, COMMAND_LINE))

    def _view(self, row: Any) -> ReportView:
        node = Node.select().where(Node.number == row.node).get(self._db)
        epoch = Epoch.select().where(Epoch.id == row.epoch).get(self._db)
        attachments = len(self._attachments.of(row.id))
        view = self._view_of(row, node, epoch, self._answers(row.id), attachments, True)
        return replace(view, asked_back=asked_back(self._db, row.id))

    def _view_of(
        self,
        row: Any,
        node: Any,
        epoch: Any,
        answers: tuple[AnswerRow, ...],
        attachments: int,
        followed: bool,
    ) -> ReportView:
        which = row.id, row.node, float(node.enrolled_at)
        between = taken_between(
            Between(epoch.start_earliest, epoch.start_latest),
            row.age_minutes,
            row.received_at,
            float(node.enrolled_at),
        )
        return ReportView(
            id=row.id,
            village=node.village,
            report=check_report(json.loads(row.body)),
            via=row.via,
            received_at=row.received_at,
            taken_at=best_guess(between),
            taken_between=(between.earliest, between.latest),
            read_at=row.read_at,
            acted_on_at=row.acted_on_at,
            answers=answers,
            attachments=attachments,
            additions=self._follow_ups.additions(*which) if followed else (),
            withdrawal=self._follow_ups.withdrawal(*which) if followed else None,
            from_shut_out=bool(row.from_shut_out),
        )

    def _answers(self, report_id: str) -> tuple[AnswerRow, ...]:
        asked = Answer.select().where(Answer.report == report_id).order_by(Answer.id).execute(self._db)
        rows = self._contents.opened(asked, ANSWER_TEXT)
        return tuple(
            AnswerRow(
                text=row.text,
                asks=row.asks,
                written_at=row.written_at,
                written_by=row.written_by,
                delivered=Down.select()
                .where((Down.what == ANSWER) & (Down.ref == str(row.id)) & Down.delivered)
                .exists(self._db),
            )
            for row in rows
        )

    def show_report(self, report_id: str, *, by: Who) -> ReportView:
        """Return one report, note who looked, and move the reporter's ladder to "read"."""
        row = self._report(report_id, by)

        def job() -> None:
            self._audit.note(by, "read", f"report {report_id}")
            first = (
                ReportModel.update(read_at=self._clock.wall_s(), urgent_unread=False)
                .where((ReportModel.id == report_id) & ReportModel.read_at.is_null())
                .execute(self._db)
            )
            # What was added since may be urgent, too: whoever looks has seen all of it.
            ReportModel.update(urgent_unread=False).where(ReportModel.id == report_id).execute(self._db)
            self._follow_ups.mark_read(report_id, row.node, self._clock.wall_s())
            if first:
                self._outgoing.queue(row.node, READ, report_id)
            self.on_changed(report_id)

        self._writer.run(job)
        return self.view(report_id)

    def all_reports(self) -> Iterator[ReportView]:
        """Yield every report in the order of arrival, for `hub reports`; marks nothing."""
        connect(self._db)
        with one_state(self._db):
            # Nodes and epochs are few and shared: asked once, not with each of ten thousand reports.
            nodes = {node.number: node for node in Node.select().execute(self._db)}
            epochs = {bytes(epoch.id): epoch for epoch in Epoch.select().execute(self._db)}
            answered = {row[0] for row in Answer.select(Answer.report).distinct().tuples().execute(self._db)}
            attached, followed = self._attachments.counts(), self._follow_ups.with_any()
            rows = ReportModel.select().order_by(ReportModel.received_at, ReportModel.id)
            for row in self._opened(rows.iterator(self._db)):
                answers = self._answers(row.id) if row.id in answered else ()
                node, epoch = nodes[row.node], epochs[bytes(row.epoch)]
                count = attached.get(row.id, 0)
                yield self._view_of(row, node, epoch, answers, count, row.id in followed)

    def _opened(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Yield rows of reports with their bodies; keys are asked for many at once."""
        waiting = iter(rows)
        while piece := list(islice(waiting, OPENED_AT_ONCE)):
            yield from self._contents.reports(piece)

    # -- attachments ------------------------------------------------------------------------------

    def attachments_of(self, report_id: str, *, by: Who = COMMAND_LINE) -> tuple[AttachmentView, ...]:
        """Return the pictures and sounds of a report or an addition, as far as they have come.

        Raises UnknownReport.
        """
        return self._attachments.of(self._known(report_id, by))

    def _known(self, told: str, by: Who) -> str:
        """Return the id of a report or an addition that `by` may see; raise UnknownReport."""
        connect(self._db)
        addition = AdditionModel.select().where(AdditionModel.id == told).first(self._db)
        if addition is None:
            self._report(told, by)
        elif not self._may_see(by, addition.node):
            raise UnknownReport
        return told

    def show_attachment(self, report_id: str, number: int, *, by: Who) -> bytes:
        """Return the bytes of one attachment and note who looked.

        Raises UnknownReport, UnknownAttachment or AttachmentIncomplete.
        """
        content = self._attachments.content(self._known(report_id, by), number)
        self._writer.run(lambda: self._audit.note(by, "attachment", f"report {report_id}"))
        return content

    # -- answering --------------------------------------------------------------------------------

    def answer(self, report_id: str, text: str, *, asks: bool, by: Who) -> None:
        """Seal and queue an answer; raise UnknownReport or AnswerRefused."""
        row = self._report(report_id, by)
        if row.via == BY_PHONE:
            raise AnswerRefused(
                N_("Laporan dari ponsel tidak mempunyai kode tanda terima: jawab lewat kontak pelapor.")
            )
        cleaned = text.replace("\r\n", "\n").strip()
        if not cleaned or len(cleaned) > ANSWER_MAX_CHARACTERS:
            raise AnswerRefused(N_("Jawaban berisi 1 sampai %(most)s huruf.", most=ANSWER_MAX_CHARACTERS))
        if any(unicodedata.category(character) == "Cs" for character in cleaned):
            raise AnswerRefused(N_("Jawaban berisi huruf yang rusak."))

        name = by if isinstance(by, str) else by.name

        def job() -> None:
            self._audit.note(by, "asked" if asks else "answered", f"report {report_id}")
            last = (
                Answer.select(Answer.written_at)
                .where(Answer.report == report_id)
                .order_by(Answer.written_at.desc())
                .first(self._db)
            )
            # Unique within the report: a node tells copies of an answer by it.
            at = max(int(self._clock.wall_s()), 0 if last is None else last.written_at + 1)
            sealed = self._contents.seal(report_id, ANSWER_TEXT, cleaned)
            number = insert_new(
                self._db, Answer, report=report_id, text=sealed, asks=asks, written_at=at, written_by=name
            )
            self._outgoing.queue(row.node, ANSWER, str(number))

        self._writer.run(job)

    def mark_acted_on(self, report_id: str, *, by: Who) -> None:
        """Move the reporter's ladder to its last step; raise UnknownReport."""
        row = self._report(report_id, by)

        def job() -> None:
            waits = (ReportModel.id == report_id) & ReportModel.acted_on_at.is_null()
            if ReportModel.select().where(waits).exists(self._db):
                self._audit.note(by, "acted on", f"report {report_id}")
                if ReportModel.update(acted_on_at=self._clock.wall_s()).where(waits).execute(self._db):
                    self._outgoing.queue(row.node, ACTED_ON, report_id)
                    self.on_acted_on(report_id, by)

        self._writer.run(job)
