"""The draw of one report, and taking it out of the draw with a reason. Implements
`hub.risk.services.DrawServices`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hub.accounts.areas import sees
from hub.cases.inbox import Inbox
from hub.cases.models import Triage
from hub.cases.states import StepRefused, check_reason
from hub.languages import N_
from hub.retention.contents import ReportContents
from hub.risk.draws import RandomDraws
from hub.risk.models import RandomDraw, RandomExcuse
from hub.risk.services import DrawView, Excuse
from hub.services import SignedIn, UnknownReport
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

RANDOM_EXCUSE: Final = "random_excuse"
"""Under this word the reasons are sealed."""


class Excusing:
    """Shows and changes. `note` notes an access before the change: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        inbox: Inbox,
        draws: RandomDraws,
        *,
        note: Callable[[SignedIn | str, str, str], object],
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._inbox = inbox
        self._draws = draws
        self._note = note
        self._contents = contents

    def view(self, report_id: str, *, who: SignedIn) -> DrawView | None:
        """See `DrawServices.view`. Shown with the report, whose showing is noted."""
        connect(self._db)
        row = self._row(report_id, who)
        draw = self._draws.of([report_id]).get(report_id)
        if draw is None or not draw.drawn:
            return None
        history = self._history(report_id)
        return DrawView(draw, row.drawn, history, history[-1].id if history else 0)

    def excuse(self, report_id: str, excused: bool, reason: str, *, seen: int, who: SignedIn) -> None:
        """See `DrawServices.excuse`."""

        def job() -> None:
            self._row(report_id, who)
            draw = self._draws.of([report_id]).get(report_id)
            if draw is None or not draw.drawn:
                raise UnknownReport
            history = self._history(report_id)
            if (history[-1].id if history else 0) != seen:
                raise StepRefused(
                    N_("Orang lain baru saja mengubah laporan ini. Lihat dulu keadaannya sekarang.")
                )
            if draw.excused == excused:
                raise StepRefused(N_("Laporan sudah dalam keadaan itu."))
            check_reason(reason, needed=True)
            self._note(who, "draw excused" if excused else "draw restored", f"report {report_id}")
            RandomExcuse.insert(
                report=report_id,
                at=self._clock.wall_s(),
                by=who.name,
                excused=excused,
                reason=self._contents.seal(report_id, RANDOM_EXCUSE, reason.strip()),
            ).execute(self._db)
            mine = RandomDraw.report == report_id
            RandomDraw.update(excused=excused).where(mine).execute(self._db)
            self._inbox.refresh(report_id)

        self._writer.run(job)

    def _row(self, report_id: str, who: SignedIn) -> Any:
        query = Triage.select().where((Triage.report == report_id) & sees(who, Triage.village))
        row = query.first(self._db)
        if row is None:
            raise UnknownReport
        return row

    def _history(self, report_id: str) -> tuple[Excuse, ...]:
        query = RandomExcuse.select().where(RandomExcuse.report == report_id).order_by(RandomExcuse.id)
        rows = self._contents.opened(query.execute(self._db), RANDOM_EXCUSE, "reason")
        return tuple(Excuse(row.id, row.at, row.by, row.excused, row.reason) for row in rows)
