"""Additions and withdrawals under a receipt. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class FollowUp(db.Model):
        key = peewee.BlobField(primary_key=True)
        find = peewee.BlobField(index=True)
        kind = peewee.IntegerField()

        class Meta:
            table_name = "follow_up"

    db.create_tables([FollowUp])
