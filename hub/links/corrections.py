"""People of interest who were wrongly named: decided by a supervisor, undone by one, and all that follows.

Nothing is changed in a report, a decision or a suggestion. Reports that name the person stand in a table of
their own while it holds, and lists, networks and new dossiers leave out what that table says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.accounts.areas import may_see
from hub.languages import N_
from hub.links.bulk import select_in
from hub.links.correction_conditions import corrected_among
from hub.links.correction_models import WronglyNamed, WronglyNamedReport
from hub.links.correction_services import Correction, CorrectionView
from hub.links.evidence_store import EvidenceStore
from hub.links.models import LinkMember
from hub.links.profile import Told, profile_of
from hub.models import Node, Report
from hub.people_services import REASON_MAX_CHARACTERS, DecisionRefused, UnknownGroup
from hub.referrals.name_hiding import words_of_names
from hub.retention.contents import ReportContents
from hub.services import SignedIn
from hub.storage.statements import insert_new, insert_rows
from sync.clock import Clock
from sync.records import Offer, Recruiter, check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_LISTED: Final = 200


class Corrections:
    """Keeps them. Threads may share it. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        note: Callable[..., object],
        store: EvidenceStore,
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note
        self._store = store
        self._contents = contents
        self.on_corrected: Callable[[int, SignedIn], None] = lambda person, who: None
        """Told of a person who was marked, in the transaction: clocks of correction end."""

    # -- what others ask --------------------------------------------------------------------------

    def of_report(self, report: str) -> Correction | None:
        """See `CorrectionServices.of_report`."""
        connect(self._db)
        here = WronglyNamedReport.select().where(WronglyNamedReport.report == report).first(self._db)
        if here is None:
            return None
        return _shown(WronglyNamed.select().where(WronglyNamed.id == here.mark).get(self._db))

    def words_by_report(self, reports: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return by report names, each word of them, numbers, accounts and plates of who is wrongly named in
        it, as all reports about that person have them; reports that name nobody wrongly are left out."""
        connect(self._db)
        fields = [WronglyNamedReport.report, WronglyNamedReport.mark]
        marks = dict(select_in(self._db, fields, WronglyNamedReport.report, reports))
        words = {mark: self._words({mark}) for mark in set(marks.values())}
        return {report: words[mark] for report, mark in marks.items()}

    def _words(self, marks: set[int]) -> tuple[str, ...]:
        members = select_in(self._db, [WronglyNamedReport.report], WronglyNamedReport.mark, marks)
        names = [report for (report,) in members]
        evidence = self._store.of(names)
        rows = self._contents.reports(Report.select().where(Report.id.in_(names)).execute(self._db))
        told = [
            Told(row.id, "", "", row.received_at, check_report(json.loads(row.body)), evidence[row.id])
            for row in rows
            if row.id in evidence
        ]
        found = profile_of(told)
        said = (found.names, found.phones, found.accounts, found.plates)
        whole = [word for part in said for word, _ in part]
        texts = [text for one in told for text in _texts(one)]
        return tuple(
            dict.fromkeys([*whole, *_fields(told), *words_of_names((name for name, _ in found.names), texts)])
        )

    def since(self, reports: Sequence[str], at: float) -> bool:
        """Return whether somebody in these reports was marked after `at`."""
        here = WronglyNamedReport.select(WronglyNamedReport.mark).where(
            WronglyNamedReport.report.in_(list(reports))
        )
        later = WronglyNamed.select().where(WronglyNamed.id.in_(here) & (WronglyNamed.at >= at))
        return bool(later.exists(self._db))

    def forget(self, report: str) -> None:
        """Take a forgotten report out; inside the job that forgets it."""
        WronglyNamedReport.delete().where(WronglyNamedReport.report == report).execute(self._db)

    # -- the page ---------------------------------------------------------------------------------

    def all(self, *, who: SignedIn) -> list[Correction]:
        """See `CorrectionServices.all`."""
        connect(self._db)
        standing = WronglyNamed.undone_at.is_null()
        rows = WronglyNamed.select().where(standing).order_by(WronglyNamed.id.desc()).limit(_LISTED)
        return [_shown(row) for row in rows.execute(self._db) if self._seen(self._reports(row.person), who)]

    def view(self, person: int, *, who: SignedIn) -> CorrectionView:
        """See `CorrectionServices.view`."""
        connect(self._db)
        seen = self._seen(self._reports(person), who)
        if not seen:
            raise UnknownGroup
        self._writer.run(lambda: self._note(who, "correction seen", f"person {person}"))
        rows = WronglyNamed.select().where(WronglyNamed.person == person).order_by(WronglyNamed.id.desc())
        history = tuple(_shown(row) for row in rows.execute(self._db))
        standing = next((one for one in history if one.holds), None)
        return CorrectionView(person, tuple(seen), standing, history)

    def mark(self, person: int, reason: str, *, who: SignedIn) -> None:
        """See `CorrectionServices.mark`."""

        def job() -> None:
            reports = self._all_seen(person, who)
            cleaned = _reason(reason)
            if corrected_among(self._db, reports):
                raise DecisionRefused(N_("Orang itu sudah ditandai salah disebut."))
            self._note_all("wrongly named", person, reports, cleaned, who)
            mark = insert_new(
                self._db, WronglyNamed, person=person, by=who.name, at=self._clock.wall_s(), reason=cleaned
            )
            insert_rows(self._db, WronglyNamedReport, [{"report": one, "mark": mark} for one in reports])
            self.on_corrected(person, who)

        self._writer.run(job)

    def undo(self, person: int, reason: str, *, who: SignedIn) -> None:
        """See `CorrectionServices.undo`."""

        def job() -> None:
            reports = self._all_seen(person, who)
            cleaned = _reason(reason)
            here = (WronglyNamed.person == person) & WronglyNamed.undone_at.is_null()
            row = WronglyNamed.select().where(here).first(self._db)
            if row is None:
                raise DecisionRefused(N_("Orang itu tidak ditandai salah disebut."))
            self._note_all("wrongly named undone", person, reports, cleaned, who)
            WronglyNamedReport.delete().where(WronglyNamedReport.mark == row.id).execute(self._db)
            WronglyNamed.update(
                undone_by=who.name, undone_at=self._clock.wall_s(), undo_reason=cleaned
            ).where(WronglyNamed.id == row.id).execute(self._db)

        self._writer.run(job)

    def _note_all(self, what: str, person: int, reports: Sequence[str], reason: str, who: SignedIn) -> None:
        self._note(who, what, f"person {person}", reason)
        for one in reports:
            self._note(who, what, f"report {one}")

    def _reports(self, person: int) -> list[str]:
        here = (LinkMember.kind == "recruiter") & (LinkMember.group == person)
        rows = LinkMember.select(LinkMember.report).where(here).order_by(LinkMember.report)
        return [row.report for row in rows.execute(self._db)]

    def _seen(self, reports: Sequence[str], who: SignedIn) -> list[str]:
        query = (
            Report.select(Report.id, Node.village)
            .join(Node, on=(Node.number == Report.node))
            .where(Report.id.in_(list(reports)))
            .order_by(Report.id)
        )
        return [name for name, village in query.tuples().execute(self._db) if may_see(who, village)]

    def _all_seen(self, person: int, who: SignedIn) -> list[str]:
        """Return all reports of a person; raise where the account sees none, or not all."""
        reports = self._reports(person)
        seen = self._seen(reports, who)
        if not seen:
            raise UnknownGroup
        if len(seen) < len(reports):
            raise DecisionRefused(
                N_("Orang itu juga ada dalam laporan wilayah lain: minta penyelia seluruh hub.")
            )
        return reports


def _fields(told: Sequence[Told]) -> list[str]:
    """Return who it is as the forms have it: a number or a plate may be no such thing and stand there."""
    said = [one.report.recruiter or Recruiter() for one in told]
    fields = [(who.name, who.alias, who.phone, who.social, who.vehicle_plate) for who in said]
    return [text for one in fields for text in one if text]


def _texts(told: Told) -> list[str]:
    offer = told.report.offer or Offer()
    return [text for text in (told.report.narrative, told.report.place_text, offer.route) if text]


def _reason(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned or len(cleaned) > REASON_MAX_CHARACTERS or not cleaned.isprintable():
        raise DecisionRefused(N_("Alasan berisi 1 sampai %(most)s huruf.", most=REASON_MAX_CHARACTERS))
    return cleaned


def _shown(row: Any) -> Correction:
    return Correction(row.person, row.by, row.at, row.reason, row.undone_by, row.undone_at, row.undo_reason)
