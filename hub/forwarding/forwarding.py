"""Passes reports, what is added to them and withdrawals on to the hub above, and brings back what it says.

The hub above enrolled a node for this hub as for a village; that node serves on this machine, and seals,
keeps and carries like any other. This only hands in at its socket, each report under a token of its own, so
that a report is handed in once even where this process dies between handing in and noting it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import peewee

from hub.cases.models import Triage as TriageRow
from hub.cases.services import COMMENT_MAX_CHARACTERS
from hub.cases.states import VALUES, VERIFICATION
from hub.cases.triage import Triage
from hub.exports.cleaned import WronglyNamed, cleaned, without
from hub.forwarding.choosing import What, passed_on
from hub.forwarding.models import ForwardedFollowUp, ForwardedReport
from hub.forwarding.services import ForwardedView
from hub.models import Addition, Report, Withdrawal
from hub.retention.contents import ADDITION, ReportContents
from hub.retention.withdrawn import is_withdrawn
from hub.services import SignedIn
from sync.clock import Clock
from sync.errors import CarrierError
from sync.handin import HandIn
from sync.records import check_report
from sync.scheduling import Job
from sync.sealing.derivation import expand
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_log = logging.getLogger(__name__)
EVERY_S: Final = 60
AT_ONCE: Final = 100
"""Reports of one turn: the job's claim must not outlive it."""
LOOK_AT_ONCE: Final = 200
LATE_S: Final = 2 * 86_400
NOT_ARRIVED: Final = ("saved", "on_its_way")
CODE: Final = "forwarded_report"
ABOVE = SignedIn("pusat di atas", "analyst")
"""Stands beside what the hub above wrote."""
BY = "forwarding"
"""Stands in the log of accesses as who passed on."""
_TRUE = VALUES[VERIFICATION][2]


class Forwarding:
    """Passes on. `note` notes an access (`AuditLog.note`); `node` is the folder of this hub's own node, None:
    nothing is passed on by this process."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        contents: ReportContents,
        triage: Triage,
        *,
        node: Path | None,
        what: What,
        with_contact: bool,
        token_key: bytes,
        note: Callable[[SignedIn | str, str, str, str], object],
        wrongly_named: WronglyNamed,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._contents = contents
        self._triage = triage
        self._node = node
        self._what = what
        self._with_contact = with_contact
        self._token_key = token_key
        self._note = note
        self._wrongly_named = wrongly_named
        self.problem: str | None = None
        """Why the last turn did not pass on all that it could have, or None."""
        self._trouble: str | None = None

    def jobs(self) -> list[Job]:
        """Return the turn of each minute, where this process passes on."""
        return [] if self._node is None else [Job("forward", EVERY_S, self.turn, longest_s=10 * EVERY_S)]

    def forget(self, reports: Sequence[str]) -> None:
        """Forget how these were passed on; inside the transaction that forgets them. What the hub above has
        stays there: it has periods of its own."""
        for model in (ForwardedReport, ForwardedFollowUp):
            model.delete().where(model.report.in_(list(reports))).execute(self._db)

    def of(self, report_id: str) -> ForwardedView | None:
        """Return how far a report got, or None where it was not passed on."""
        connect(self._db)
        row = ForwardedReport.select().where(ForwardedReport.report == report_id).first(self._db)
        return None if row is None else ForwardedView(row.forwarded_at, row.step)

    def waiting(self) -> int:
        """Return how many reports are to be passed on."""
        connect(self._db)
        return int(self._due().count(self._db))

    def late(self) -> int:
        """Return how many reports were passed on more than LATE_S ago and have not arrived."""
        connect(self._db)
        old = ForwardedReport.forwarded_at < self._clock.wall_s() - LATE_S
        waits = ForwardedReport.step.in_(NOT_ARRIVED)
        return int(ForwardedReport.select().where(old & waits).count(self._db))

    # -- the turn ---------------------------------------------------------------------------------

    def turn(self) -> None:
        """Pass on what is due, then ask how far the rest got."""
        if self._node is None:
            return
        connect(self._db)
        self._trouble = None
        try:
            with HandIn(self._node) as node:
                self._pass_on(node)
                self._follow(node)
                self._look(node)
        except CarrierError as error:  # it is away: the next turn asks again
            self._trouble = str(error)
        if self._trouble is not None and self.problem is None:
            _log.warning("the hub's own node does not take everything: %s", self._trouble)
        self.problem = self._trouble

    def _is_taken(self, reply: dict[str, Any]) -> bool:
        """Return whether the node took it. What is in trouble is asked again in the next turn, and stands in
        the way of nothing else."""
        if "error" in reply and not _is_refused(reply):
            self._trouble = str(reply["error"])
        return "error" not in reply

    def _due(self) -> Any:
        done = ForwardedReport.select(peewee.Value(1)).where(ForwardedReport.report == TriageRow.report)
        query = TriageRow.select().where(
            (TriageRow.signal != "discarded") & ~peewee.fn.EXISTS(done) & ~is_withdrawn(TriageRow.report)
        )
        return query.where(TriageRow.verification == _TRUE) if self._what == "verified" else query

    def _pass_on(self, node: HandIn) -> None:
        rows = list(self._due().order_by(TriageRow.received_at).limit(AT_ONCE).execute(self._db))
        for row in rows:
            stored = self._contents.report(row.report)
            if stored is None:
                continue  # forgotten meanwhile
            told = check_report(json.loads(stored.body))
            wrong = self._wrongly_named([row.report])
            if wrong:
                told = cleaned(told, wrong[row.report])
            report = passed_on(told, row.village, with_contact=self._with_contact)
            envelope, code, step = "", None, "kept"
            if report is not None:
                reply = node.submit(report.to_json(), patient=True, token=self._token(row.report))
                if self._is_taken(reply):
                    envelope, code, step = str(reply["id"]), reply["receipt"], "saved"
                elif _is_refused(reply):
                    step = "refused"
                else:
                    continue
            self._writer.run(partial(self._keep, row.report, envelope, code, step))

    def _keep(self, report: str, envelope: str, code: str | None, step: str) -> None:
        """Note what became of a report: "saved", "kept" where its reporter said no, "refused"."""
        if step != "kept":
            self._note(BY, "forwarded" if envelope else "forwarding refused", f"report {report}", "")
        sealed = None if code is None else self._contents.seal(report, CODE, code)
        ForwardedReport.insert(
            report=report,
            envelope=envelope,
            code=sealed,
            forwarded_at=self._clock.wall_s(),
            step=step,
        ).execute(self._db)

    def _follow(self, node: HandIn) -> None:
        """Pass on what reporters sent after their reports."""
        for model in (Addition, Withdrawal):
            done = ForwardedFollowUp.select(peewee.Value(1)).where(ForwardedFollowUp.id == model.id)
            query = (
                model.select()
                .join(ForwardedReport, on=(ForwardedReport.report == model.report))
                # Only the node that sent a report can add to it, or take it back.
                .join(Report, on=((Report.id == model.report) & (Report.node == model.node)))
                .where(ForwardedReport.code.is_null(False) & ~peewee.fn.EXISTS(done))
                .order_by(model.received_at)
                .limit(AT_ONCE)
            )
            rows = list(query.execute(self._db))
            opened = self._contents.opened(rows, ADDITION) if model is Addition else rows
            for row in opened:
                self._pass_on_follow_up(node, row, withdraws=model is Withdrawal)

    def _pass_on_follow_up(self, node: HandIn, row: Any, *, withdraws: bool) -> None:
        code = self._code(row.report)
        if code is None:
            return
        token = self._token(row.id)
        if withdraws:
            reply = node.withdraw(code, int(row.reason), token=token)
        elif row.text:
            text = without(row.text, self._wrongly_named([row.report]).get(row.report, ()))
            reply = node.add(code, text, urgent=bool(row.urgent), token=token)
        else:
            reply = {"taken": True}  # pictures alone: they stay here
        taken = self._is_taken(reply)
        if not taken and not _is_refused(reply):
            return

        def keep() -> None:
            self._note(
                BY, "forwarded" if taken else "forwarding refused", f"report {row.report}", "follow-up"
            )
            ForwardedFollowUp.insert(id=row.id, report=row.report, forwarded_at=self._clock.wall_s()).execute(
                self._db
            )

        self._writer.run(keep)

    # -- what the hub above says ------------------------------------------------------------------

    def _look(self, node: HandIn) -> None:
        """Ask for the ladders that were not asked for longest."""
        open_ones = ForwardedReport.code.is_null(False)
        query = ForwardedReport.select().where(open_ones).order_by(ForwardedReport.looked_at)
        for row in list(query.limit(LOOK_AT_ONCE).execute(self._db)):
            code = self._code(row.report)
            if code is None:
                continue
            reply = node.receipt(code)
            if self._is_taken(reply):
                self._writer.run(partial(self._heard, row.report, reply))
            else:
                self._writer.run(partial(self._looked, row.report))

    def _looked(self, report: str) -> None:
        """Let the others be asked before it is asked again."""
        ForwardedReport.update(looked_at=self._clock.wall_s()).where(
            ForwardedReport.report == report
        ).execute(self._db)

    def _heard(self, report: str, reply: dict[str, Any]) -> None:
        row = ForwardedReport.select().where(ForwardedReport.report == report).first(self._db)
        if row is None:
            return  # forgotten meanwhile
        step = [one["step"] for one in reply["ladder"] if one["reached"]][-1]
        for answer in reply["answers"][row.answers :]:
            text = ("Bertanya: " if answer["asks"] else "") + str(answer["text"])
            self._triage.add_comment(report, text[:COMMENT_MAX_CHARACTERS], ABOVE)
        ForwardedReport.update(
            step=step, answers=len(reply["answers"]), looked_at=self._clock.wall_s()
        ).where(ForwardedReport.report == report).execute(self._db)

    def _code(self, report: str) -> str | None:
        row = ForwardedReport.select().where(ForwardedReport.report == report).first(self._db)
        [opened] = self._contents.opened([row], CODE, field="code") or [None]
        return None if opened is None else str(opened.code)

    def _token(self, what: str) -> str:
        return expand(self._token_key, "forward-token", 16, what.encode()).hex()


def _is_refused(reply: dict[str, Any]) -> bool:
    """Return whether the node will never take it; older ones say so by the problems of a report alone."""
    return bool(reply.get("refused")) or "problems" in reply
