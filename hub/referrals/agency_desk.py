"""Referrals as an agency's accounts see them. Implements `hub.referrals.services.AgencyDeskServices`."""

from __future__ import annotations

from typing import Any

import peewee

from hub.cases.states import StepRefused
from hub.languages import N_
from hub.referrals.dossier import PartnerView
from hub.referrals.files import FORMS, DossierFile, make_file
from hub.referrals.models import Referral, ReferralStep
from hub.referrals.partners import Partners
from hub.referrals.records import ReferralRecords, visible
from hub.referrals.services import (
    ANSWER_MAX_CHARACTERS,
    ANSWERED,
    DECLINED,
    REFUSED,
    REPLACED,
    SENT,
    TAKEN,
    WAITING,
    WITHDRAWN,
    ReferralRow,
    ReferralView,
    UnknownReferral,
)
from hub.services import SignedIn
from sync.storage.writer import GroupCommitWriter

_SHOWN_AT_MOST = 300
_CLOSED = (WITHDRAWN, REPLACED)
_MAY_FOLLOW = {TAKEN: (SENT,), ANSWERED: (SENT, TAKEN), REFUSED: (SENT, TAKEN)}
_AGENCY_STEPS = ("sent", "approved", "opened", TAKEN, ANSWERED, REFUSED, WITHDRAWN, REPLACED)


class AgencyDesk:
    """What an agency reads and answers; of any other agency's nothing is there."""

    def __init__(self, records: ReferralRecords, writer: GroupCommitWriter, partners: Partners) -> None:
        self._records = records
        self._db = records.db
        self._writer = writer
        self._partners = partners

    def agency(self, *, who: SignedIn) -> PartnerView | None:
        """See `AgencyDeskServices.agency`."""
        return self._partners.agency(who=who)

    def _here(self, who: SignedIn) -> Any:
        """Return the condition that a referral was sent to the agency of an account."""
        agency = self.agency(who=who)
        number = -1 if agency is None else agency.id
        # What was replaced or taken back before anybody approved it never reached the agency.
        sent = peewee.fn.EXISTS(
            ReferralStep.select().where(
                (ReferralStep.referral == Referral.id) & ReferralStep.what.in_(("sent", "approved"))
            )
        )
        return (Referral.partner == number) & Referral.state.not_in((WAITING, DECLINED)) & sent

    def agency_rows(self, *, who: SignedIn) -> list[ReferralRow]:
        """See `AgencyDeskServices.agency_rows`."""
        here = self._here(who) & visible(who)
        late_first = peewee.Case(None, [(Referral.state.in_((SENT, TAKEN)), 0)], 1)
        query = Referral.select().where(here).order_by(late_first, Referral.due_day, Referral.id)
        rows = list(query.limit(_SHOWN_AT_MOST).execute(self._db))
        self._writer.run(lambda: self._records.note(who, "referrals listed", f"account {who.name}", ""))
        return [self._records.shown(row) for row in rows]

    def agency_view(self, name: str, *, who: SignedIn) -> ReferralView:
        """See `AgencyDeskServices.agency_view`."""
        row = self._records.row(name, who, self._here(who))

        def job() -> None:
            opened = (ReferralStep.referral == row.id) & (ReferralStep.what == "opened")
            if row.state in _CLOSED or ReferralStep.select().where(opened).exists(self._db):
                self._records.note(who, "referral read", f"referral {name}", "")
            else:
                self._records.step(row, "opened", "", who)

        self._writer.run(job)
        view = self._records.whole(row, with_content=row.state not in _CLOSED, may_approve=False)
        steps = tuple(one for one in view.history if one.what in _AGENCY_STEPS)
        return ReferralView(view.row, view.content, view.sha256, steps, False, view.latest)

    def agency_file(self, name: str, form: str, *, who: SignedIn) -> DossierFile:
        """See `AgencyDeskServices.agency_file`."""
        row = self._records.row(name, who, self._here(who), Referral.state.not_in(_CLOSED))
        content = self._records.texts.content(row)
        if form not in FORMS or content is None:
            raise UnknownReferral
        self._writer.run(lambda: self._records.note(who, "referral downloaded", f"referral {name}", form))
        return make_file(content, form)

    def answer(self, name: str, what: str, text: str, *, who: SignedIn) -> None:
        """See `AgencyDeskServices.answer`."""
        text = text.replace("\r\n", "\n").strip()

        def job() -> None:
            row = self._records.row(name, who, self._here(who))
            if what not in _MAY_FOLLOW:
                raise StepRefused(N_("Pilih: diterima, dijawab, atau ditolak."))
            if what != TAKEN and not text:
                raise StepRefused(N_("Tulis jawaban, atau alasan menolak."))
            if len(text) > ANSWER_MAX_CHARACTERS:
                raise StepRefused(N_("Jawaban paling banyak %(most)s huruf.", most=ANSWER_MAX_CHARACTERS))
            self._records.step(row, what, text, who)
            here = (Referral.id == row.id) & Referral.state.in_(_MAY_FOLLOW[what])
            if not Referral.update(state=what).where(here).execute(self._db):
                raise StepRefused(N_("Rujukan ini sudah ditarik, diganti atau dijawab."))

        self._writer.run(job)
