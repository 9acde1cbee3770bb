"""Summaries of awareness sessions, as they came. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the table."""

    class SessionSummary(db.Model):
        node = peewee.IntegerField()
        key = peewee.IntegerField()
        revision = peewee.IntegerField()
        record = peewee.BlobField()
        via = peewee.CharField()
        received_at = peewee.FloatField()

        class Meta:
            table_name = "session_summary"
            primary_key = peewee.CompositeKey("node", "key")

    db.create_tables([SessionSummary])
