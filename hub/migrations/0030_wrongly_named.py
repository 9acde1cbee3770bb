"""People of interest who were wrongly named. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class WronglyNamed(db.Model):
        id = peewee.BigAutoField()
        person = peewee.BigIntegerField(index=True)
        by = peewee.TextField()
        at = peewee.DoubleField()
        reason = peewee.TextField()
        undone_by = peewee.TextField(null=True)
        undone_at = peewee.DoubleField(null=True)
        undo_reason = peewee.TextField(default="")

        class Meta:
            table_name = "wrongly_named"

    class WronglyNamedReport(db.Model):
        report = peewee.TextField(primary_key=True)
        mark = peewee.BigIntegerField(index=True)

        class Meta:
            table_name = "wrongly_named_report"

    db.create_tables([WronglyNamed, WronglyNamedReport])
