"""Pictures of a receipt, and the find of its duress code. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class ReceiptSign(db.Model):
        find = peewee.BlobField(primary_key=True)
        pictures = peewee.IntegerField()
        duress_find = peewee.BlobField(unique=True)

        class Meta:
            table_name = "receipt_sign"
            indexes = ((("pictures",), False),)

    db.create_tables([ReceiptSign])
