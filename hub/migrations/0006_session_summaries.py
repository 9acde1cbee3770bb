"""Summaries of awareness sessions, as they came. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the table."""

    class SessionSummary(db.Model):
        node = peewee.BigIntegerField()
        key = peewee.BigIntegerField()
        revision = peewee.BigIntegerField()
        record = peewee.BlobField()
        via = peewee.TextField()
        received_at = peewee.DoubleField()

        class Meta:
            table_name = "session_summary"
            primary_key = peewee.CompositeKey("node", "key")

    db.create_tables([SessionSummary])
