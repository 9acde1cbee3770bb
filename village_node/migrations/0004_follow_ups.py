"""Additions and withdrawals under a receipt, and where attachments are. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class FollowUp(db.Model):
        key = peewee.BlobField(primary_key=True)
        find = peewee.BlobField(index=True)
        kind = peewee.IntegerField()

        class Meta:
            table_name = "follow_up"

    class Attached(db.Model):
        key = peewee.BlobField(primary_key=True)
        epoch = peewee.BlobField()
        first = peewee.IntegerField()
        last = peewee.IntegerField()

        class Meta:
            table_name = "attached"

    db.create_tables([FollowUp, Attached])
