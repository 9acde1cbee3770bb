"""Imports of cases, and where imported cases came from. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class ImportBatch(db.Model):
        id = peewee.BigAutoField()
        source = peewee.TextField()
        state = peewee.TextField()
        made_at = peewee.DoubleField()
        made_by = peewee.TextField()
        cells = peewee.TextField()
        columns = peewee.TextField()
        count = peewee.BigIntegerField()

        class Meta:
            table_name = "import_batch"
            indexes = ((("state", "id"), False),)

    class ImportedCase(db.Model):
        case = peewee.BigIntegerField(primary_key=True)
        batch = peewee.BigIntegerField(index=True)
        source = peewee.TextField()
        source_id = peewee.TextField()
        told = peewee.TextField()

        class Meta:
            table_name = "imported_case"
            indexes = ((("source", "source_id"), True),)

    db.create_tables([ImportBatch, ImportedCase])
