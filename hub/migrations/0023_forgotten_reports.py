"""What was forgotten, by id. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class ForgottenReport(db.Model):
        id = peewee.TextField(primary_key=True)
        node = peewee.BigIntegerField()
        kind = peewee.TextField()
        epoch = peewee.BlobField()
        age_minutes = peewee.BigIntegerField()
        received_at = peewee.DoubleField(index=True)
        forgotten_at = peewee.DoubleField()

        class Meta:
            table_name = "forgotten_report"

    db.create_tables([ForgottenReport])
