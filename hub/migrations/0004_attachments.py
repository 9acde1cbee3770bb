"""Pieces of attachments, each by the envelope that holds its bytes. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the table."""

    class AttachmentPiece(db.Model):
        epoch = peewee.BlobField()
        report = peewee.IntegerField()
        number = peewee.IntegerField()
        place = peewee.IntegerField()
        last = peewee.IntegerField()
        media_type = peewee.IntegerField()
        bytes_here = peewee.IntegerField()
        counter = peewee.IntegerField()

        class Meta:
            table_name = "attachment_piece"
            primary_key = peewee.CompositeKey("epoch", "report", "number", "place")

    db.create_tables([AttachmentPiece])
