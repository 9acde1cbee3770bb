"""Signed releases of the program, and what boxes say of them. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class FleetRelease(db.Model):
        name = peewee.TextField(primary_key=True)
        version = peewee.TextField()
        machine = peewee.TextField()
        leaves = peewee.TextField()
        part = peewee.BlobField()
        size = peewee.BigIntegerField()
        changes = peewee.TextField()
        made_at = peewee.TextField()
        added_at = peewee.DoubleField()

        class Meta:
            table_name = "fleet_release"

    class FleetReleasePart(db.Model):
        id = peewee.BigAutoField()
        release = peewee.TextField()
        place = peewee.BigIntegerField()
        data = peewee.BlobField()

        class Meta:
            table_name = "fleet_release_part"
            indexes = ((("release", "place"), True),)

    class FleetUpdate(db.Model):
        node = peewee.BigIntegerField(primary_key=True)
        running = peewee.TextField()
        trial = peewee.TextField()
        left = peewee.TextField()
        trouble = peewee.BigIntegerField()
        told_at = peewee.DoubleField(null=True)
        offered = peewee.TextField()
        fetched = peewee.TextField()

        class Meta:
            table_name = "fleet_update"

    db.create_tables([FleetRelease, FleetReleasePart, FleetUpdate])
