"""Takes a report out of referrals for good."""

from __future__ import annotations

from typing import Any

from hub.referrals.models import Referral, ReferralReport, ReferralStep


def forget(database: Any, report: str) -> None:
    """Remove every dossier that tells of a report, what was chosen for it and what was said about it.

    Call it in the transaction that removes the report itself. That it was referred, to whom and when, stays,
    with the hash of what was sent: the log of accesses names it.
    """
    told = ReferralReport.select(ReferralReport.referral).where(ReferralReport.report == report)
    numbers = [row.referral for row in told.execute(database)]
    if not numbers:
        return
    Referral.update(content="", choices="").where(Referral.id.in_(numbers)).execute(database)
    ReferralStep.update(text="").where(ReferralStep.referral.in_(numbers)).execute(database)
