"""Pieces of attachments, each by the envelope that holds its bytes. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the table."""

    class AttachmentPiece(db.Model):
        epoch = peewee.BlobField()
        report = peewee.BigIntegerField()
        number = peewee.BigIntegerField()
        place = peewee.BigIntegerField()
        last = peewee.BigIntegerField()
        media_type = peewee.BigIntegerField()
        bytes_here = peewee.BigIntegerField()
        counter = peewee.BigIntegerField()

        class Meta:
            table_name = "attachment_piece"
            primary_key = peewee.CompositeKey("epoch", "report", "number", "place")

    db.create_tables([AttachmentPiece])
