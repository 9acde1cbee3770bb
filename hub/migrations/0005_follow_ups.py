"""What reporters send after their reports. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Addition(db.Model):
        id = peewee.TextField(primary_key=True)
        node = peewee.BigIntegerField()
        report = peewee.TextField(index=True)
        text = peewee.TextField()
        urgent = peewee.BooleanField()
        question = peewee.BigIntegerField(null=True)
        epoch = peewee.BlobField()
        age_minutes = peewee.BigIntegerField()
        via = peewee.TextField()
        received_at = peewee.DoubleField()
        read_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "addition"

    class Withdrawal(db.Model):
        id = peewee.TextField(primary_key=True)
        node = peewee.BigIntegerField()
        report = peewee.TextField(index=True)
        reason = peewee.BigIntegerField()
        epoch = peewee.BlobField()
        age_minutes = peewee.BigIntegerField()
        via = peewee.TextField()
        received_at = peewee.DoubleField()
        read_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "withdrawal"

    db.create_tables([Addition, Withdrawal])
