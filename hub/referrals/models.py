"""Tables of partner agencies and referrals."""

from __future__ import annotations

import peewee


class Partner(peewee.Model):
    """An agency to which cases are referred. `kind` is one of `legal_bases.KINDS`; `area` a code or empty."""

    id = peewee.BigAutoField()
    name = peewee.TextField()
    kind = peewee.TextField()
    contact = peewee.TextField()
    area = peewee.TextField()
    active = peewee.BooleanField()

    class Meta:
        table_name = "partner"


class PartnerAccount(peewee.Model):
    """To which agency an account of the role `agency` belongs: one at most."""

    user = peewee.TextField(primary_key=True)
    partner = peewee.BigIntegerField(index=True)

    class Meta:
        table_name = "partner_account"


class Referral(peewee.Model):
    """One version of a referral. `name` is year, serial and version, such as 2027-0012.1; `about` "report ID"
    or "case NUMBER". `content` is the dossier as JSON, kept as it was made; `choices` what the officer chose,
    hidden words among it, which no output holds; both sealed, see `hub.referrals.sealing`.
    `due_day` counts from 1970-01-01."""

    id = peewee.BigAutoField()
    year = peewee.BigIntegerField()
    serial = peewee.BigIntegerField()
    version = peewee.BigIntegerField()
    name = peewee.TextField(unique=True)
    about = peewee.TextField(index=True)
    partner = peewee.BigIntegerField()
    state = peewee.TextField()
    due_day = peewee.BigIntegerField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    content = peewee.TextField()
    sha256 = peewee.TextField()
    choices = peewee.TextField()

    class Meta:
        table_name = "referral"
        indexes = (
            (("year", "serial", "version"), True),
            (("state", "due_day"), False),
            (("partner", "state"), False),
        )


class ReferralReport(peewee.Model):
    """A report that a dossier tells of, and its village: who may not see that sees no dossier."""

    referral = peewee.BigIntegerField()
    report = peewee.TextField(index=True)
    village = peewee.TextField()

    class Meta:
        table_name = "referral_report"
        primary_key = peewee.CompositeKey("referral", "report")


class ReferralStep(peewee.Model):
    """One line of a referral's history, its text sealed. Rows are added, never changed."""

    id = peewee.BigAutoField()
    referral = peewee.BigIntegerField(index=True)
    at = peewee.DoubleField()
    by = peewee.TextField()
    what = peewee.TextField()
    text = peewee.TextField()

    class Meta:
        table_name = "referral_step"
