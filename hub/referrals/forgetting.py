"""Takes reports out of referrals for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.referrals.models import Referral, ReferralReport, ReferralStep
from hub.retention.contents import owner_of_referral
from hub.retention.key_models import ReportKey


def forget(database: Any, reports: Sequence[str]) -> None:
    """Remove every dossier that tells of one of these, its key, what was chosen for it and said about it.

    Call it in the transaction that removes the reports themselves. That they were referred, to whom and
    when, stays, with the hash of what was sent: the log of accesses names it.
    """
    told = ReferralReport.select(ReferralReport.referral).where(ReferralReport.report.in_(list(reports)))
    numbers = [row.referral for row in told.execute(database)]
    if not numbers:
        return
    Referral.update(content="", choices="").where(Referral.id.in_(numbers)).execute(database)
    ReportKey.delete().where(ReportKey.owner.in_([owner_of_referral(one) for one in numbers])).execute(
        database
    )
    ReferralStep.update(text="").where(ReferralStep.referral.in_(numbers)).execute(database)
