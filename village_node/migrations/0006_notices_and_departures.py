"""Notices from the hub, and the ledger of letters for agencies. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Notice(db.Model):
        serial = peewee.IntegerField(primary_key=True)
        signed = peewee.BlobField()
        boot = peewee.IntegerField()
        mono_s = peewee.IntegerField()
        wall_s = peewee.IntegerField(null=True)
        withdrawn = peewee.BooleanField(default=False)
        read = peewee.BooleanField(default=False)
        announced = peewee.BooleanField(default=False)

        class Meta:
            table_name = "notice"

    class Departure(db.Model):
        id = peewee.AutoField()
        entry = peewee.IntegerField(index=True)
        agency = peewee.TextField()
        destination = peewee.CharField()
        letter_on = peewee.CharField()
        people = peewee.IntegerField()
        removed = peewee.BooleanField(default=False)
        noted_on = peewee.CharField(null=True)
        boot = peewee.IntegerField()
        mono_s = peewee.IntegerField()

        class Meta:
            table_name = "departure"

    db.create_tables([Notice, Departure])
