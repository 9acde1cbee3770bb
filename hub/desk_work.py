"""What hub staff do: list, read, answer, mark. Implements `hub.services.HubServices`."""

from __future__ import annotations

import base64
import binascii
import json
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

from hub.accounts import Accounts
from hub.attachments import Attachments
from hub.follow_ups import FollowUps
from hub.models import Access, Answer, Down, Epoch, Node
from hub.models import Addition as AdditionModel
from hub.models import Report as ReportModel
from hub.outgoing import ACTED_ON, ANSWER, READ, Outgoing
from hub.services import (
    ANSWER_MAX_CHARACTERS,
    AnswerRefused,
    AnswerRow,
    AttachmentView,
    ReportRow,
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

EXCERPT_CHARACTERS = 90


class DeskWork:
    """The use cases of the hub's pages and of `hub reports` and `hub answer`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        outgoing: Outgoing,
        accounts: Accounts,
        clock: Clock,
        attachments: Attachments,
        follow_ups: FollowUps,
    ) -> None:
        self._db = database
        self._writer = writer
        self._outgoing = outgoing
        self._accounts = accounts
        self._clock = clock
        self._attachments = attachments
        self._follow_ups = follow_ups
        self._lock = threading.Lock()

    # -- accounts ---------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        """See `Accounts.sign_in`."""
        return self._accounts.sign_in(name, password)

    def account(self, name: str) -> SignedIn | None:
        """See `Accounts.account`."""
        return self._accounts.account(name)

    # -- reading ----------------------------------------------------------------------------------

    def list_reports(
        self, *, before: str | None, limit: int, unread_only: bool
    ) -> tuple[list[ReportRow], str | None]:
        """Return a page: urgent unread first, then newest first. A cursor that is none starts anew."""
        connect(self._db)
        query = ReportModel.select(ReportModel, Node.village).join(
            Node, on=(Node.number == ReportModel.node), attr="sender"
        )
        if unread_only:
            news = ReportModel.id.in_(self._follow_ups.with_news())
            query = query.where(ReportModel.read_at.is_null() | news)
        after = _read_cursor(before)
        if after is not None:
            urgent, received_at, report_id = after
            query = query.where(
                (ReportModel.urgent_unread < urgent)
                | ((ReportModel.urgent_unread == urgent) & (ReportModel.received_at < received_at))
                | (
                    (ReportModel.urgent_unread == urgent)
                    & (ReportModel.received_at == received_at)
                    & (ReportModel.id > report_id)
                )
            )
        rows = list(
            query.order_by(ReportModel.urgent_unread.desc(), ReportModel.received_at.desc(), ReportModel.id)
            .limit(limit + 1)
            .execute(self._db)
        )
        page = [self._row(row) for row in rows[:limit]]
        more = len(rows) > limit
        return page, _cursor(rows[limit - 1]) if more else None

    def _row(self, row: Any) -> ReportRow:
        body = json.loads(row.body)
        text = " ".join(str(body["narrative"]).split())
        excerpt = text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "\u2026"
        answers = Answer.select().where(Answer.report == row.id).count(self._db)
        return ReportRow(
            id=row.id,
            village=row.sender.village,
            kind=row.kind,
            urgency=body.get("urgency"),
            received_at=row.received_at,
            read=row.read_at is not None,
            acted_on=row.acted_on_at is not None,
            answers=answers,
            excerpt=excerpt,
            news=self._follow_ups.has_news(row.id, row.node),
            withdrawn=self._follow_ups.withdrawal(row.id, row.node, 0.0) is not None,
            urgent=row.urgent_unread,
        )

    def _report(self, report_id: str) -> Any:
        connect(self._db)
        row = ReportModel.select().where(ReportModel.id == report_id).first(self._db)
        if row is None:
            raise UnknownReport
        return row

    def view(self, report_id: str) -> ReportView:
        """Return one report without marking it read; raise UnknownReport."""
        return self._view(self._report(report_id))

    def _view(self, row: Any) -> ReportView:
        node = Node.select().where(Node.number == row.node).get(self._db)
        epoch = Epoch.select().where(Epoch.id == row.epoch).get(self._db)
        attachments = len(self._attachments.of(row.id))
        return self._view_of(row, node, epoch, self._answers(row.id), attachments, True)

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
        )

    def _answers(self, report_id: str) -> tuple[AnswerRow, ...]:
        rows = Answer.select().where(Answer.report == report_id).order_by(Answer.id).execute(self._db)
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

    def show_report(self, report_id: str, *, by: str) -> ReportView:
        """Return one report, note who looked, and move the reporter's ladder to "read"."""
        row = self._report(report_id)

        def job() -> None:
            self._note_access(by, "read", report_id)
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

        self._writer.run(job)
        return self.view(report_id)

    def _note_access(self, by: str, what: str, report_id: str) -> None:
        Access.insert(at=self._clock.wall_s(), by=by, what=what, report=report_id).execute(self._db)

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
            for row in rows.iterator(self._db):
                answers = self._answers(row.id) if row.id in answered else ()
                node, epoch = nodes[row.node], epochs[bytes(row.epoch)]
                count = attached.get(row.id, 0)
                yield self._view_of(row, node, epoch, answers, count, row.id in followed)

    # -- attachments ------------------------------------------------------------------------------

    def attachments_of(self, report_id: str) -> tuple[AttachmentView, ...]:
        """Return the pictures and sounds of a report or an addition, as far as they have come.

        Raises UnknownReport.
        """
        return self._attachments.of(self._known(report_id))

    def _known(self, told: str) -> str:
        """Return the id of a report or an addition; raise UnknownReport."""
        connect(self._db)
        if not AdditionModel.select().where(AdditionModel.id == told).exists(self._db):
            self._report(told)
        return told

    def show_attachment(self, report_id: str, number: int, *, by: str) -> bytes:
        """Return the bytes of one attachment and note who looked.

        Raises UnknownReport, UnknownAttachment or AttachmentIncomplete.
        """
        content = self._attachments.content(self._known(report_id), number)
        self._writer.run(lambda: self._note_access(by, "attachment", report_id))
        return content

    # -- answering --------------------------------------------------------------------------------

    def answer(self, report_id: str, text: str, *, asks: bool, by: str) -> None:
        """Seal and queue an answer; raise UnknownReport or AnswerRefused."""
        row = self._report(report_id)
        cleaned = text.replace("\r\n", "\n").strip()
        if not cleaned or len(cleaned) > ANSWER_MAX_CHARACTERS:
            raise AnswerRefused(f"Jawaban berisi 1 sampai {ANSWER_MAX_CHARACTERS} huruf.")
        if any(unicodedata.category(character) == "Cs" for character in cleaned):
            raise AnswerRefused("Jawaban berisi huruf yang rusak.")

        def job() -> None:
            self._note_access(by, "asked" if asks else "answered", report_id)
            last = (
                Answer.select(Answer.written_at)
                .where(Answer.report == report_id)
                .order_by(Answer.written_at.desc())
                .first(self._db)
            )
            # Unique within the report: a node tells copies of an answer by it.
            at = max(int(self._clock.wall_s()), 0 if last is None else last.written_at + 1)
            number = insert_new(
                self._db, Answer, report=report_id, text=cleaned, asks=asks, written_at=at, written_by=by
            )
            self._outgoing.queue(row.node, ANSWER, str(number))

        self._writer.run(job)

    def mark_acted_on(self, report_id: str, *, by: str) -> None:
        """Move the reporter's ladder to its last step; raise UnknownReport."""
        row = self._report(report_id)

        def job() -> None:
            changed = (
                ReportModel.update(acted_on_at=self._clock.wall_s())
                .where((ReportModel.id == report_id) & ReportModel.acted_on_at.is_null())
                .execute(self._db)
            )
            if changed:
                self._note_access(by, "acted on", report_id)
                self._outgoing.queue(row.node, ACTED_ON, report_id)

        self._writer.run(job)


def _cursor(row: Any) -> str:
    content = json.dumps([bool(row.urgent_unread), row.received_at, row.id]).encode()
    return base64.urlsafe_b64encode(content).decode("ascii")


def _read_cursor(text: str | None) -> tuple[bool, float, str] | None:
    if not text:
        return None
    try:
        urgent, received_at, report_id = json.loads(base64.urlsafe_b64decode(text.encode("ascii", "replace")))
        return bool(urgent), float(received_at), str(report_id)
    except (ValueError, TypeError, binascii.Error):
        return None
