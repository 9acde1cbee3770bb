"""Questions that no village could answer, and their answers. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Gap(db.Model):
        id = peewee.BigAutoField()
        alike = peewee.TextField(unique=True)
        state = peewee.TextField()
        decided_by = peewee.TextField()
        decided_at = peewee.DoubleField(null=True)
        why = peewee.TextField()
        title = peewee.TextField()
        lines = peewee.TextField()
        asks = peewee.TextField()
        source = peewee.TextField()
        dated = peewee.TextField()
        address = peewee.TextField()
        verified = peewee.BooleanField()

        class Meta:
            table_name = "gap"

    class GapQuestion(db.Model):
        id = peewee.TextField(primary_key=True)
        gap = peewee.BigIntegerField()
        node = peewee.BigIntegerField()
        language = peewee.BigIntegerField()
        text = peewee.TextField()
        via = peewee.TextField()
        received_at = peewee.DoubleField()

        class Meta:
            table_name = "gap_question"
            indexes = ((("gap", "received_at"), False), (("received_at",), False))

    db.create_tables([Gap, GapQuestion])
