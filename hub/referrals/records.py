"""Referrals as rows: what one account may see of them, their history, and their steps in logs and cases."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.case_models import CaseFile, CaseReport, CaseStep
from hub.cases.states import StepRefused
from hub.cases.urgency import day_number
from hub.languages import N_
from hub.referrals.models import Partner, Referral, ReferralReport, ReferralStep
from hub.referrals.sealing import ReferralTexts
from hub.referrals.services import (
    OPEN_STATES,
    ReferralRow,
    ReferralStepView,
    ReferralView,
    UnknownReferral,
)
from hub.services import SignedIn
from sync.clock import Clock
from sync.storage.database import connect

Note = Callable[[SignedIn, str, str, str], object]


class ReferralRecords:
    """Reads referrals and adds steps. `today` is the hub's own day; `note` notes an access."""

    def __init__(
        self,
        database: Any,
        clock: Clock,
        today: Callable[[], datetime.date],
        note: Note,
        texts: ReferralTexts,
    ) -> None:
        self.db = database
        self.clock = clock
        self.today = today
        self.note = note
        self.texts = texts

    def row(self, name: str, who: SignedIn, *conditions: Any) -> Any:
        """Return a row that `who` may see; raise UnknownReferral, the same for any other."""
        connect(self.db)
        row = Referral.select().where((Referral.name == name) & visible(who), *conditions).first(self.db)
        if row is None:
            raise UnknownReferral
        return row

    def shown(self, row: Any) -> ReferralRow:
        """Return a row for a list."""
        partner = Partner.select(Partner.name).where(Partner.id == row.partner).get(self.db)
        due = datetime.date(1970, 1, 1) + datetime.timedelta(row.due_day)
        late = row.state in OPEN_STATES and due < self.today()
        return ReferralRow(row.name, row.about, partner.name, row.state, due, row.made_at, row.made_by, late)

    def late(self) -> Any:
        """Return the condition that a referral is past its day and not answered."""
        return Referral.state.in_(OPEN_STATES) & (Referral.due_day < day_number(self.today()))

    def whole(self, row: Any, *, with_content: bool, may_approve: bool) -> ReferralView:
        """Return one referral with its history."""
        later = (
            (Referral.year == row.year) & (Referral.serial == row.serial) & (Referral.version > row.version)
        )
        return ReferralView(
            row=self.shown(row),
            content=(self.texts.content(row) or {}) if with_content else {},
            sha256=row.sha256,
            history=tuple(self.history(row.id)),
            may_approve=may_approve,
            latest=not Referral.select().where(later).exists(self.db),
        )

    def history(self, referral: int) -> Sequence[ReferralStepView]:
        """Return the steps of a referral."""
        steps = ReferralStep.select().where(ReferralStep.referral == referral).order_by(ReferralStep.id)
        rows = list(steps.execute(self.db))
        texts = self.texts.step_texts(referral, [one.text for one in rows])
        return [
            ReferralStepView(one.at, one.by, one.what, text) for one, text in zip(rows, texts, strict=True)
        ]

    def step(self, row: Any, what: str, text: str, who: SignedIn, *, reason: str = "") -> None:
        """Add a step to the referral, the log of accesses and the histories of the cases; in a job.

        Raises StepRefused for a text about a dossier that was forgotten: nothing would ever delete it.
        """
        if text and not Referral.select(Referral.content).where(Referral.id == row.id).scalar(self.db):
            raise StepRefused(
                N_("Isi rujukan ini sudah dihapus, jadi kata-kata tidak disimpan. Hubungi kantor langsung.")
            )
        self.note(who, f"referral {what}", f"referral {row.name}", reason)
        reports = [
            one.report
            for one in ReferralReport.select().where(ReferralReport.referral == row.id).execute(self.db)
        ]
        for report in sorted(reports):
            self.note(who, f"referral {what}", f"report {report}", row.name)
        at = self.clock.wall_s()
        sealed = self.texts.seal_step(row.id, text)
        ReferralStep.insert(referral=row.id, at=at, by=who.name, what=what, text=sealed).execute(self.db)
        held = CaseReport.select(CaseReport.case).where(CaseReport.report.in_(reports))
        cases = {one.case for one in held.execute(self.db)}
        if row.about.startswith("case "):
            number = row.about.removeprefix("case ")
            cases |= {one.id for one in CaseFile.select().where(CaseFile.number == number).execute(self.db)}
        detail = f"{row.name}, {self.shown(row).partner}"
        for case in sorted(cases):
            CaseStep.insert(
                case=case, at=at, by=who.name, what=f"referral {what}", detail=detail, reason=""
            ).execute(self.db)


def visible(who: SignedIn) -> Any:
    """Return the condition that an account may see every report of a dossier."""
    beyond = ReferralReport.select().where(
        (ReferralReport.referral == Referral.id) & ~sees(who, ReferralReport.village)
    )
    return ~peewee.fn.EXISTS(beyond)
