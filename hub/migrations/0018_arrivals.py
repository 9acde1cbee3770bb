"""Reports that wait for their place in inbox, search and linking. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table; what a hub has already placed does not go through it."""

    class Arrival(db.Model):
        id = peewee.BigAutoField()
        turn = peewee.BigIntegerField()
        report = peewee.TextField()

        class Meta:
            table_name = "arrival"
            indexes = ((("turn", "id"), False),)

    db.create_tables([Arrival])
