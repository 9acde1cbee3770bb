"""What was passed on to the hub above. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class ForwardedReport(db.Model):
        report = peewee.TextField(primary_key=True)
        envelope = peewee.TextField()
        code = peewee.TextField(null=True)
        forwarded_at = peewee.DoubleField()
        step = peewee.TextField(default="saved")
        looked_at = peewee.DoubleField(default=0)
        answers = peewee.BigIntegerField(default=0)

        class Meta:
            table_name = "forwarded_report"
            indexes = ((("looked_at", "report"), False),)

    class ForwardedFollowUp(db.Model):
        id = peewee.TextField(primary_key=True)
        report = peewee.TextField(index=True)
        forwarded_at = peewee.DoubleField()

        class Meta:
            table_name = "forwarded_follow_up"

    db.create_tables([ForwardedReport, ForwardedFollowUp])
