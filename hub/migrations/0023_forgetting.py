"""What was forgotten, by id; a key for each report, and under which an envelope is kept. Frozen copies.

The rows that stand are encrypted after the migration, in pieces: see `hub.retention.contents`.
"""

import peewee


def up(migrator, db):
    """Create the tables; name the owner of an envelope."""

    class ForgottenReport(db.Model):
        id = peewee.TextField(primary_key=True)
        node = peewee.BigIntegerField()
        kind = peewee.TextField()
        epoch = peewee.BlobField()
        age_minutes = peewee.BigIntegerField()
        received_at = peewee.DoubleField(index=True)
        destination = peewee.TextField(null=True)
        forgotten_at = peewee.DoubleField()

        class Meta:
            table_name = "forgotten_report"

    class ReportKey(db.Model):
        owner = peewee.TextField(primary_key=True)
        wrapped = peewee.BlobField()

        class Meta:
            table_name = "report_key"

    db.create_tables([ForgottenReport, ReportKey])
    db.execute_sql("ALTER TABLE envelope ADD COLUMN owner TEXT")
