"""Referrals as officers make and follow them. Implements `hub.referrals.services.ReferralServices`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hub.accounts.areas import may_see
from hub.cases.case_models import CaseFile, CasePerson, CasePlace, CaseReport
from hub.cases.case_services import CaseServices
from hub.cases.states import StepRefused, check_reason
from hub.cases.urgency import day_number
from hub.cases.visible import UNDONE, visible_case
from hub.desk_work import DeskWork
from hub.languages import N_
from hub.referrals.corrected import cleared, corrected, texts_of
from hub.referrals.dossier import (
    CaseSource,
    Choices,
    Heading,
    Source,
    build,
    canonical,
    check_choices,
    choices_from_text,
    hash_of,
)
from hub.referrals.fields import raw_values
from hub.referrals.files import FORMS, DossierFile, make_file
from hub.referrals.hiding import propose
from hub.referrals.models import Referral, ReferralReport
from hub.referrals.partners import Partners
from hub.referrals.records import ReferralRecords, visible
from hub.referrals.services import (
    ANSWERED,
    APPROVERS,
    DECLINED,
    OPEN_STATES,
    REFUSED,
    REPLACED,
    SENT,
    TAKEN,
    WAITING,
    WITHDRAWN,
    Draft,
    Preview,
    ReferralRow,
    ReferralView,
    UnknownReferral,
)
from hub.retention.withdrawn import withdrawn_among
from hub.services import ReportView, SignedIn, UnknownReport
from hub.storage.statements import insert_new, insert_rows
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_STANDING = (WAITING, SENT, TAKEN, ANSWERED, REFUSED)
_WITHDRAWN = N_("Pelapor menarik laporan ini: tidak dapat dirujuk.")
_NOT_SAID = N_("Persetujuan itu tidak ada pada formulir laporan: pilih cara lain, atau dasar hukum.")
_CHANGED = N_("Isinya berubah sejak pratinjau. Periksa pratinjau yang baru, lalu kirim.")

_WRONGLY_NAMED = "Orang dalam rujukan ini kemudian ditandai salah disebut: kirim koreksi sebagai versi baru."


class _Corrections(Protocol):
    def words_by_report(self, reports: Sequence[str]) -> dict[str, tuple[str, ...]]: ...

    def since(self, reports: Sequence[str], at: float) -> bool: ...


class Referrals:
    """Makes dossiers, keeps them as they were, and follows them."""

    def __init__(
        self,
        records: ReferralRecords,
        writer: GroupCommitWriter,
        partners: Partners,
        work: DeskWork,
        cases: CaseServices,
        *,
        zone: ZoneInfo,
        hub_name: str,
    ) -> None:
        self._records = records
        self._db = records.db
        self._writer = writer
        self._partners = partners
        self._work = work
        self._cases = cases
        self._zone = zone
        self._hub_name = hub_name
        self.corrections: _Corrections | None = None
        """Who was wrongly named: nothing of that person is in a new dossier."""

    # -- making -----------------------------------------------------------------------------------

    def draft(self, about: str, *, who: SignedIn) -> Draft:
        """See `ReferralServices.draft`."""
        connect(self._db)
        ids = self._ids(about, who)
        if about.startswith("case "):
            self._cases.view(about.removeprefix("case "), who=who)
        # Not `show_report`: the form shows hardly a word, so it neither ends the ring nor tells "read".
        self._writer.run(lambda: self._note_drafted(ids, who))
        views = [self._work.view(one) for one in ids]
        texts, recruiters, phones = texts_of(views)
        case = self._case(about)
        if case is not None:
            texts += [case.title, *case.places]
            recruiters += list(case.people)
        present = {key for view in views for key in raw_values(view, "2000-01-01")}
        if case is not None:
            present |= {"case.title", *(["case.people"] * bool(case.people))}
            present |= {"case.places"} if case.places else set()
        return Draft(
            about=about,
            refer=tuple(_refer(view) for view in views),
            proposals=tuple(propose(texts, recruiters=recruiters, recruiter_phones=phones)),
            present=frozenset(present),
            withdrawn=bool(withdrawn_among(self._db, ids)),
            arrived_on=max(
                (datetime.date.fromisoformat(self._day(view.received_at)) for view in views), default=None
            ),
        )

    def _note_drafted(self, reports: Sequence[str], who: SignedIn) -> None:
        for one in reports:
            self._records.note(who, "referral drafted", f"report {one}", "")

    def preview(self, about: str, choices: Choices, replaces: str | None, *, who: SignedIn) -> Preview:
        """See `ReferralServices.preview`."""
        connect(self._db)
        return self._prepare(about, choices, replaces, who)[0]

    def _prepare(
        self, about: str, choices: Choices, replaces: str | None, who: SignedIn
    ) -> tuple[Preview, Choices, list[ReportView], tuple[int, int, int]]:
        ids = self._ids(about, who)
        views = [self._work.view(one) for one in ids]
        if withdrawn_among(self._db, ids):
            raise StepRefused(_WITHDRAWN)
        if not views and self._case(about) is None:
            raise UnknownReferral
        if not views:
            raise StepRefused(N_("Kasus ini belum berisi laporan yang dapat dirujuk."))
        try:
            partner = self._partners.one(choices.partner)
        except UnknownReferral:
            raise StepRefused(N_("Pilih lembaga dari daftar.")) from None
        today = self._records.today()
        choices = check_choices(choices, partner, today)
        wrong = {} if self.corrections is None else self.corrections.words_by_report(ids)
        case = self._case(about)
        passed_on = corrected(choices, wrong, views, case)
        year, serial, version = self._place(about, choices, replaces, today, who)
        sources = [
            Source(cleared(view) if view.id in wrong else view, self._day(view.received_at)) for view in views
        ]

        def built(number: str) -> dict[str, Any]:
            heading = Heading(number, version, replaces, self._hub_name, who.name, today)
            return build(passed_on, partner, heading, sources, case)

        if choices.basis.how == "report" and not all(_refer(view) for view in views):
            raise StepRefused(_NOT_SAID)
        needs_second = any(_refer(view) is False for view in views)
        # Without the number: another officer may take it while this one reads the preview.
        seen = hash_of(canonical(built("")))
        preview = Preview(built(f"{year}-{serial:04}"), seen, needs_second)
        return preview, choices, views, (year, serial, version)

    def _place(
        self, about: str, choices: Choices, replaces: str | None, today: datetime.date, who: SignedIn
    ) -> tuple[int, int, int]:
        """Return year, serial and version of what would be made now."""
        if replaces is not None:
            old = self._records.row(replaces, who)
            if old.about != about or old.partner != choices.partner:
                raise StepRefused(N_("Versi baru adalah tentang hal yang sama, kepada lembaga yang sama."))
            if old.state not in _STANDING:
                raise StepRefused(N_("Rujukan itu sudah ditarik, ditolak atau diganti: buat rujukan baru."))
            return old.year, old.serial, old.version + 1
        last = (
            Referral.select(Referral.serial)
            .where(Referral.year == today.year)
            .order_by(Referral.serial.desc())
            .first(self._db)
        )
        return today.year, 1 if last is None else last.serial + 1, 1

    def make(self, about: str, choices: Choices, replaces: str | None, seen: str, *, who: SignedIn) -> str:
        """See `ReferralServices.make`."""

        def job() -> str:
            preview, checked, views, (year, serial, version) = self._prepare(about, choices, replaces, who)
            if preview.seen != seen:
                raise StepRefused(_CHANGED)
            if replaces is not None:
                old = self._records.row(replaces, who)
                self._move(old, REPLACED, f"{year}-{serial:04}.{version}", who, only=_STANDING)
            name = f"{year}-{serial:04}.{version}"
            sha256 = hash_of(canonical(preview.content))
            referral = insert_new(
                self._db,
                Referral,
                year=year,
                serial=serial,
                version=version,
                name=name,
                about=about,
                partner=checked.partner,
                state=WAITING if preview.needs_second else SENT,
                due_day=day_number(checked.due or self._records.today()),
                made_at=self._records.clock.wall_s(),
                made_by=who.name,
                content="",
                sha256=sha256,
                choices="",
            )
            self._records.texts.keep(referral, canonical(preview.content), checked.to_text())
            insert_rows(
                self._db,
                ReferralReport,
                [{"referral": referral, "report": view.id, "village": view.village} for view in views],
            )
            row = self._records.row(name, who)
            what = "proposed" if preview.needs_second else "sent"
            self._records.step(row, what, "", who, reason=f"sha256 {sha256}")
            return name

        return self._writer.run(job)

    def choices_of(self, name: str, *, who: SignedIn) -> tuple[str, Choices]:
        """See `ReferralServices.choices_of`."""
        row = self._records.row(name, who)
        kept = self._records.texts.choices(row)
        if not kept:
            raise UnknownReferral
        return row.about, choices_from_text(kept)

    def _ids(self, about: str, who: SignedIn) -> list[str]:
        """Return the reports that it is about and `who` may see; raise UnknownReferral."""
        kind, _, name = about.partition(" ")
        if kind == "report":
            try:
                view = self._work.view(name)
            except UnknownReport:
                raise UnknownReferral from None
            if not may_see(who, view.village):
                raise UnknownReferral
            return [name]
        here = (CaseFile.number == name) & (CaseFile.state != UNDONE)
        if who.areas:
            here &= visible_case(who)
        if not CaseFile.select().where(here).exists(self._db):
            raise UnknownReferral
        held = CaseReport.select().join(CaseFile, on=(CaseFile.id == CaseReport.case))
        rows = held.where(CaseFile.number == name).order_by(CaseReport.report).execute(self._db)
        return [row.report for row in rows if may_see(who, self._work.view(row.report).village)]

    def _case(self, about: str) -> CaseSource | None:
        if not about.startswith("case "):
            return None
        case = CaseFile.select().where(CaseFile.number == about.removeprefix("case ")).get(self._db)
        people = CasePerson.select().where(CasePerson.case == case.id).order_by(CasePerson.id)
        places = CasePlace.select().where(CasePlace.case == case.id).order_by(CasePlace.id)
        return CaseSource(
            number=case.number,
            status="Active" if case.state == "open" else "Closed",
            title=case.title,
            people=tuple(
                ", ".join(part for part in (one.name, *one.phones.split("\n"), one.note) if part)
                for one in people.execute(self._db)
            ),
            places=tuple(one.text for one in places.execute(self._db)),
        )

    def _day(self, at: float) -> str:
        return datetime.datetime.fromtimestamp(at, self._zone).date().isoformat()

    # -- looking ----------------------------------------------------------------------------------

    def rows(
        self, which: str, *, after: str | None, limit: int, who: SignedIn
    ) -> tuple[list[ReferralRow], str | None]:
        """See `ReferralServices.rows`. The most urgent day first; what is done, the latest first."""
        connect(self._db)
        done = which == "done"
        conditions = {
            "late": self._records.late(),
            "waiting": Referral.state == WAITING,
            "done": Referral.state.not_in(OPEN_STATES),
        }
        query = Referral.select().where(conditions.get(which, Referral.state.in_(OPEN_STATES)) & visible(who))
        if after is not None:
            day, number = (int(part) for part in after.split("."))
            beyond = Referral.due_day < day if done else Referral.due_day > day
            beside = Referral.id < number if done else Referral.id > number
            query = query.where(beyond | ((Referral.due_day == day) & beside))
        keys = (Referral.due_day, Referral.id)
        query = query.order_by(*(key.desc() if done else key for key in keys)).limit(limit + 1)
        found = list(query.execute(self._db))
        last = found[limit - 1] if len(found) > limit else None
        rows = [self._records.shown(row) for row in found[:limit]]
        return rows, None if last is None else f"{last.due_day}.{last.id}"

    def of(self, about: str, *, who: SignedIn) -> Sequence[ReferralRow]:
        """See `ReferralServices.of`. Of a report: also those of cases that told of it."""
        connect(self._db)
        here = Referral.about == about
        if about.startswith("report "):
            told = ReferralReport.select(ReferralReport.referral)
            here = Referral.id.in_(told.where(ReferralReport.report == about.removeprefix("report ")))
        query = Referral.select().where(here & visible(who)).order_by(Referral.id.desc()).limit(50)
        return [self._records.shown(row) for row in query.execute(self._db)]

    def late(self, *, who: SignedIn) -> int:
        """See `ReferralServices.late`."""
        connect(self._db)
        return int(Referral.select().where(self._records.late() & visible(who)).count(self._db))

    def view(self, name: str, *, who: SignedIn) -> ReferralView:
        """See `ReferralServices.view`."""
        row = self._records.row(name, who)
        self._writer.run(lambda: self._records.note(who, "referral read", f"referral {name}", ""))
        may_approve = row.state == WAITING and who.role in APPROVERS and who.name != row.made_by
        return self._records.whole(row, with_content=True, may_approve=may_approve)

    def file(self, name: str, form: str, *, who: SignedIn) -> DossierFile:
        """See `ReferralServices.file`."""
        row = self._records.row(name, who)
        content = self._records.texts.content(row)
        if form not in FORMS or content is None:
            raise UnknownReferral
        self._writer.run(lambda: self._records.note(who, "referral downloaded", f"referral {name}", form))
        return make_file(content, form)

    # -- steps ------------------------------------------------------------------------------------

    def approve(self, name: str, *, who: SignedIn) -> None:
        """See `ReferralServices.approve`."""

        def job() -> None:
            row = self._records.row(name, who)
            self._check_second(row, who)
            told = ReferralReport.select().where(ReferralReport.referral == row.id)
            reports = [one.report for one in told.execute(self._db)]
            if withdrawn_among(self._db, reports):
                raise StepRefused(_WITHDRAWN)
            if self.corrections is not None and self.corrections.since(reports, row.made_at):
                raise StepRefused(_WRONGLY_NAMED)
            self._move(row, SENT, "", who, only=(WAITING,), reason=f"sha256 {row.sha256}", what="approved")

        self._writer.run(job)

    def decline(self, name: str, reason: str, *, who: SignedIn) -> None:
        """See `ReferralServices.decline`."""

        def job() -> None:
            row = self._records.row(name, who)
            self._check_second(row, who)
            check_reason(reason, needed=True)
            self._move(row, DECLINED, reason.strip(), who, only=(WAITING,))

        self._writer.run(job)

    def _check_second(self, row: Any, who: SignedIn) -> None:
        if who.role not in APPROVERS or who.name == row.made_by:
            raise StepRefused(N_("Persetujuan diberikan oleh penyelia atau administrator lain."))

    def withdraw(self, name: str, reason: str, *, who: SignedIn) -> None:
        """See `ReferralServices.withdraw`."""

        def job() -> None:
            row = self._records.row(name, who)
            check_reason(reason, needed=True)
            self._move(row, WITHDRAWN, reason.strip(), who, only=_STANDING)

        self._writer.run(job)

    def _move(
        self,
        row: Any,
        state: str,
        text: str,
        who: SignedIn,
        *,
        only: tuple[str, ...],
        reason: str = "",
        what: str | None = None,
    ) -> None:
        self._records.step(row, what or state, text, who, reason=reason)
        here = (Referral.id == row.id) & Referral.state.in_(only)
        if not Referral.update(state=state).where(here).execute(self._db):
            raise StepRefused(N_("Rujukan ini sudah dalam keadaan lain. Muat ulang halamannya."))


def _refer(view: ReportView) -> bool | None:
    return None if view.report.reporter is None else view.report.reporter.refer
