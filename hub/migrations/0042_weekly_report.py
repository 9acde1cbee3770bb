"""Weekly reports and their e-mail, and the indexes by which a week is found. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables and the indexes."""

    class WeeklyReport(db.Model):
        id = peewee.BigAutoField()
        week = peewee.BigIntegerField()
        areas = peewee.TextField()
        version = peewee.BigIntegerField()
        made_at = peewee.DoubleField()
        made_by = peewee.TextField()
        facts = peewee.TextField()

        class Meta:
            table_name = "weekly_report"
            indexes = ((("week", "areas", "version"), True),)

    class WeeklyReceiver(db.Model):
        id = peewee.BigAutoField()
        address = peewee.TextField()
        audience = peewee.TextField()
        language = peewee.TextField()

        class Meta:
            table_name = "weekly_receiver"
            indexes = ((("address",), True),)

    class WeeklyMail(db.Model):
        id = peewee.BigAutoField()
        report = peewee.BigIntegerField()
        receiver = peewee.BigIntegerField()
        tries = peewee.BigIntegerField(default=0)
        next_try_at = peewee.DoubleField()
        sent_at = peewee.DoubleField(null=True)
        ended_at = peewee.DoubleField(null=True)
        problem = peewee.TextField(null=True)

        class Meta:
            table_name = "weekly_mail"
            indexes = ((("report", "receiver"), True),)

    db.create_tables([WeeklyReport, WeeklyReceiver, WeeklyMail])
    for statement in (
        "CREATE INDEX duty_ring_begun ON duty_ring (begun_at)",
        "CREATE INDEX referral_step_at ON referral_step (at)",
        "CREATE INDEX rights_clock_opened ON rights_clock (opened_at)",
        "CREATE INDEX signal_closed ON signal (closed_at)",
    ):
        db.execute_sql(statement)
