"""Which hours of the duty roster each village was told. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class DutyHours(db.Model):
        node = peewee.BigIntegerField(primary_key=True)
        body = peewee.BlobField()
        at = peewee.DoubleField()

        class Meta:
            table_name = "duty_hours"

    db.create_tables([DutyHours])
