"""What was exported, and public numbers. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class ExportMade(db.Model):
        id = peewee.BigAutoField()
        by = peewee.TextField()
        at = peewee.DoubleField()
        rows = peewee.BigIntegerField()

        class Meta:
            table_name = "export_made"
            indexes = ((("by", "at"), False),)

    class PublicTable(db.Model):
        quarter = peewee.TextField(primary_key=True)
        body = peewee.TextField()
        made_at = peewee.DoubleField()
        made_by = peewee.TextField()

        class Meta:
            table_name = "public_table"

    db.create_tables([ExportMade, PublicTable])
