"""What reporters send after their reports: kept as it comes, and joined by the report's id when asked.

An addition may arrive before its report. It is stored under the report's id all the same, so that nothing
has to be joined later: whoever asks for the report finds it. Only the node that sent a report
can add to it, or the box that came after it (`hub.succession`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.models import Addition as AdditionRow
from hub.models import Epoch, Report
from hub.models import Withdrawal as WithdrawalRow
from hub.retention.clocks import due_at
from hub.retention.contents import ADDITION, ReportContents
from hub.services import AdditionView, WithdrawalView
from hub.storage.statements import places, run
from hub.succession import in_place_of
from hub.taking_time import Between, best_guess, taken_between
from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.storage.database import connect
from sync.wire.followups import Addition, ReportPlace, Withdrawal
from sync.wire.numbers import WithdrawalReason


class FollowUps:
    """Keeps additions and withdrawals. Threads may share it; the writer serialises what is stored."""

    def __init__(self, database: Any, contents: ReportContents) -> None:
        self._db = database
        self._contents = contents
        self.on_withdrawn: Callable[[str, int, float], None] = lambda report, node, at: None
        """Told of a report that was taken back, by which node and when, in the transaction."""

    # -- taking; call inside a job of the writer --------------------------------------------------

    def add(
        self,
        place: EnvelopeId,
        node: int,
        record: Addition | Withdrawal,
        age_minutes: int,
        via: str,
        at: float,
        *,
        from_shut_out: bool | None = None,
    ) -> None:
        """Keep one, new here, of the envelope at `place`; raise MalformedWire outside of the report lane."""
        if place.lane is not Lane.REPORT:
            raise MalformedWire("a follow-up outside of the report lane")
        report = report_id(place, record.report)
        node = self._taken_by(report, node)
        row = {
            "id": str(place),
            "node": node,
            "report": report,
            "epoch": place.epoch,
            "age_minutes": age_minutes,
            "via": via,
            "received_at": at,
            "from_shut_out": from_shut_out,
        }
        if isinstance(record, Withdrawal):
            WithdrawalRow.insert({**row, "reason": int(record.reason)}).execute(self._db)
            self.on_withdrawn(str(row["report"]), node, at)
            return
        text = self._contents.seal(str(row["report"]), ADDITION, record.text) if record.text else ""
        more = {"text": text, "urgent": record.urgent, "question": record.question}
        AdditionRow.insert({**row, **more}).execute(self._db)
        if record.urgent:
            Report.update(urgent_unread=True).where(
                (Report.id == row["report"]) & (Report.node == node)
            ).execute(self._db)

    def _taken_by(self, report: str, node: int) -> int:
        """Return the box that took the report, where `node` came after it and holds its receipts now; else
        `node`: what another village sends changes nothing."""
        row = Report.select(Report.node).where(Report.id == report).first(self._db)
        if row is None or int(row.node) == node or in_place_of(self._db, int(row.node)) != node:
            return node
        return int(row.node)

    def urgent_of(self, reports: list[str]) -> set[tuple[str, int]]:
        """Return (report, node) of those that have an urgent addition that nobody has read."""
        statement = (
            "SELECT report, node FROM addition WHERE urgent AND read_at IS NULL AND report IN "  # noqa: S608
            + places(len(reports))
        )
        return {(str(report), int(node)) for report, node in run(self._db, statement, reports).fetchall()}

    def mark_read(self, report: str, node: int, at: float) -> None:
        """Note that somebody looked at all of them."""
        for model in (AdditionRow, WithdrawalRow):
            model.update(read_at=at).where(
                (model.report == report) & (model.node == node) & model.read_at.is_null()
            ).execute(self._db)

    # -- showing ----------------------------------------------------------------------------------

    def additions(self, report: str, node: int, enrolled_at: float) -> tuple[AdditionView, ...]:
        """Return what was added to a report of this node, in the order in which it was written."""
        connect(self._db)
        rows = self._contents.opened(self._of(AdditionRow, report, node), ADDITION)
        views = [
            AdditionView(
                id=row.id,
                text=row.text,
                urgent=row.urgent,
                question=row.question,
                taken_at=self._taken_at(row, enrolled_at),
                received_at=row.received_at,
                via=row.via,
                from_shut_out=bool(row.from_shut_out),
            )
            for row in rows
        ]
        # Counters of one epoch are in order; across epochs only times can tell.
        order = {row.id: (EnvelopeId.parse(row.id).counter, row.received_at) for row in rows}
        return tuple(sorted(views, key=lambda v: (v.taken_at or v.received_at, order[v.id])))

    def withdrawal(self, report: str, node: int, enrolled_at: float) -> WithdrawalView | None:
        """Return the withdrawal of a report that came first, or None."""
        connect(self._db)
        rows = self._of(WithdrawalRow, report, node)
        if not rows:
            return None
        first = rows[0]
        return WithdrawalView(
            reason=WithdrawalReason(first.reason),
            taken_at=self._taken_at(first, enrolled_at),
            received_at=first.received_at,
            stop_until=due_at(first.received_at),
            from_shut_out=bool(first.from_shut_out),
        )

    def with_any(self) -> set[str]:
        """Return the ids of all reports to which anything came."""
        connect(self._db)
        return {
            row[0]
            for model in (AdditionRow, WithdrawalRow)
            for row in model.select(model.report).distinct().tuples().execute(self._db)
        }

    def _of(self, model: Any, report: str, node: int) -> list[Any]:
        query = model.select().where((model.report == report) & (model.node == node))
        return list(query.order_by(model.received_at, model.id).execute(self._db))

    def _taken_at(self, row: Any, enrolled_at: float) -> float | None:
        epoch = Epoch.select().where(Epoch.id == row.epoch).first(self._db)
        if epoch is None:
            return None
        start = Between(epoch.start_earliest, epoch.start_latest)
        return best_guess(taken_between(start, row.age_minutes, row.received_at, enrolled_at))


def report_id(place: EnvelopeId, report: ReportPlace) -> str:
    """Return the id of the report that a follow-up in the envelope at `place` means."""
    return str(EnvelopeId(report.epoch or place.epoch, Lane.REPORT, report.counter))
