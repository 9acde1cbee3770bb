"""The triage score of one report with its reasons, and what staff puts in its place. Implements
`hub.risk.services.ScoreServices`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hub.accounts.areas import sees
from hub.cases.inbox import Inbox
from hub.cases.models import Triage
from hub.cases.states import StepRefused, check_reason
from hub.languages import N_
from hub.retention.contents import ReportContents
from hub.risk.models import TriageOverride, TriageScore
from hub.risk.scores import TriageScores
from hub.risk.scoring import BANDS, Judged, assess
from hub.risk.services import Override, ScoreView, Standing
from hub.services import SignedIn, UnknownReport
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

OVERRIDE: Final = "triage_override"
"""Under this word the reasons are sealed."""


class Overriding:
    """Shows scores and changes bands. `note` notes an access before the change: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        inbox: Inbox,
        scores: TriageScores,
        *,
        note: Callable[[SignedIn | str, str, str], object],
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._inbox = inbox
        self._scores = scores
        self._note = note
        self._contents = contents
        self.signals_of: Callable[[str, SignedIn], tuple[str, ...]] = lambda report, who: ()
        """What counting found that this report is part of, in words, of what an account may see."""

    def view(self, report_id: str, *, who: SignedIn) -> ScoreView:
        """See `ScoreServices.view`. Shown with the report, whose showing is noted."""
        connect(self._db)
        self._check_seen(report_id, who)
        facts = self._inbox.facts(report_id)
        if facts is None:
            raise UnknownReport
        stands = self._scores.standings([report_id]).get(report_id)
        tables = self._scores.tables
        weights = tables.current() if stands is None else tables.of(stands.version)
        found = assess(Judged(facts.report, facts.added_urgent), self._inbox.today(), weights)
        overrides = self._overrides(report_id)
        return ScoreView(
            report=report_id,
            standing=stands or Standing(found.band, found.points, found.band, found.version),
            assessment=found,
            network=facts.linked,
            signals=self.signals_of(report_id, who),
            overrides=overrides,
            last=overrides[-1].id if overrides else 0,
            can_be_undone=_to_undo(overrides),
        )

    def override(self, report_id: str, band: str, reason: str, *, seen: int, who: SignedIn) -> None:
        """See `ScoreServices.override`."""

        def job() -> None:
            row = self._score(report_id, seen, who)
            if band not in BANDS:
                raise StepRefused(N_("Pilih salah satu tingkat triase dari daftar."))
            check_reason(reason, needed=True)
            if band == (row.staff_band or row.band):
                raise StepRefused(N_("Tingkat triase sudah begitu."))
            becomes = "" if band == row.band else band
            self._note(who, f"triage band {band}", f"report {report_id}")
            self._write(row, becomes, reason, who)

        self._writer.run(job)

    def undo(self, report_id: str, reason: str, *, seen: int, who: SignedIn) -> None:
        """See `ScoreServices.undo`."""

        def job() -> None:
            row = self._score(report_id, seen, who)
            check_reason(reason, needed=True)
            last = _to_undo(self._overrides(report_id))
            if last is None:
                raise StepRefused(N_("Tidak ada langkah yang dapat dibatalkan."))
            self._note(who, "triage band undone", f"report {report_id}")
            self._write(row, last.was, reason, who, undoes=last.id)

        self._writer.run(job)

    def _write(self, row: Any, becomes: str, reason: str, who: SignedIn, undoes: int | None = None) -> None:
        TriageOverride.insert(
            report=row.report,
            at=self._clock.wall_s(),
            by=who.name,
            computed=row.band,
            points=row.points,
            version=row.version,
            was=row.staff_band or "",
            becomes=becomes,
            reason=self._contents.seal(row.report, OVERRIDE, reason.strip()),
            undoes=undoes,
        ).execute(self._db)
        mine = TriageScore.report == row.report
        TriageScore.update(staff_band=becomes or None).where(mine).execute(self._db)
        self._inbox.refresh(row.report)

    def _score(self, report_id: str, seen: int, who: SignedIn) -> Any:
        """Return the row of a report that was scored, if nobody was quicker."""
        self._check_seen(report_id, who)
        row = TriageScore.select().where(TriageScore.report == report_id).first(self._db)
        if row is None:  # it came before there were scores, and nobody has scored it yet
            self._inbox.refresh(report_id)
            row = TriageScore.select().where(TriageScore.report == report_id).first(self._db)
        if row is None:
            raise UnknownReport
        last = TriageOverride.select(TriageOverride.id).where(TriageOverride.report == report_id)
        newest = last.order_by(TriageOverride.id.desc()).limit(1).scalar(self._db)
        if (newest or 0) != seen:
            raise StepRefused(
                N_("Orang lain baru saja mengubah laporan ini. Lihat dulu keadaannya sekarang.")
            )
        return row

    def _check_seen(self, report_id: str, who: SignedIn) -> None:
        query = Triage.select(Triage.report).where((Triage.report == report_id) & sees(who, Triage.village))
        if not query.exists(self._db):
            raise UnknownReport

    def _overrides(self, report_id: str) -> tuple[Override, ...]:
        query = TriageOverride.select().where(TriageOverride.report == report_id).order_by(TriageOverride.id)
        rows = self._contents.opened(query.execute(self._db), OVERRIDE, "reason")
        return tuple(
            Override(row.id, row.at, row.by, row.was, row.becomes, row.reason, row.undoes) for row in rows
        )


def _to_undo(overrides: tuple[Override, ...]) -> Override | None:
    """Return the last change that stands, or None."""
    undone = {one.undoes for one in overrides}
    standing = [one for one in overrides if one.undoes is None and one.id not in undone]
    return standing[-1] if standing else None
