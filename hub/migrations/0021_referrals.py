"""Partner agencies, referrals to them, their history. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Partner(db.Model):
        id = peewee.BigAutoField()
        name = peewee.TextField()
        kind = peewee.TextField()
        contact = peewee.TextField()
        area = peewee.TextField()
        active = peewee.BooleanField()

        class Meta:
            table_name = "partner"

    class PartnerAccount(db.Model):
        user = peewee.TextField(primary_key=True)
        partner = peewee.BigIntegerField(index=True)

        class Meta:
            table_name = "partner_account"

    class Referral(db.Model):
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

    class ReferralReport(db.Model):
        referral = peewee.BigIntegerField()
        report = peewee.TextField(index=True)
        village = peewee.TextField()

        class Meta:
            table_name = "referral_report"
            primary_key = peewee.CompositeKey("referral", "report")

    class ReferralStep(db.Model):
        id = peewee.BigAutoField()
        referral = peewee.BigIntegerField(index=True)
        at = peewee.DoubleField()
        by = peewee.TextField()
        what = peewee.TextField()
        text = peewee.TextField()

        class Meta:
            table_name = "referral_step"

    db.create_tables([Partner, PartnerAccount, Referral, ReferralReport, ReferralStep])
