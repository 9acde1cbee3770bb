"""What reporters send after their reports. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Addition(db.Model):
        id = peewee.CharField(primary_key=True)
        node = peewee.IntegerField()
        report = peewee.CharField(index=True)
        text = peewee.TextField()
        urgent = peewee.BooleanField()
        question = peewee.IntegerField(null=True)
        epoch = peewee.BlobField()
        age_minutes = peewee.IntegerField()
        via = peewee.CharField()
        received_at = peewee.FloatField()
        read_at = peewee.FloatField(null=True)

        class Meta:
            table_name = "addition"

    class Withdrawal(db.Model):
        id = peewee.CharField(primary_key=True)
        node = peewee.IntegerField()
        report = peewee.CharField(index=True)
        reason = peewee.IntegerField()
        epoch = peewee.BlobField()
        age_minutes = peewee.IntegerField()
        via = peewee.CharField()
        received_at = peewee.FloatField()
        read_at = peewee.FloatField(null=True)

        class Meta:
            table_name = "withdrawal"

    db.create_tables([Addition, Withdrawal])
