"""What falls due and what is held. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class RetentionDue(db.Model):
        report = peewee.TextField(primary_key=True)
        village = peewee.TextField()
        category = peewee.TextField()
        due_at = peewee.DoubleField()
        approved_by = peewee.TextField(null=True)
        approved_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "retention_due"
            indexes = ((("due_at", "report"), False),)

    class RetentionHold(db.Model):
        id = peewee.BigAutoField()
        kind = peewee.TextField()
        ref = peewee.TextField()
        by = peewee.TextField()
        at = peewee.DoubleField()
        reason = peewee.TextField()
        until_day = peewee.BigIntegerField()
        lifted_by = peewee.TextField(null=True)
        lifted_at = peewee.DoubleField(null=True)
        lift_reason = peewee.TextField(default="")

        class Meta:
            table_name = "retention_hold"
            indexes = ((("kind", "ref"), False),)

    db.create_tables([RetentionDue, RetentionHold])
