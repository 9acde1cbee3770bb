"""Tokens of programs. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class ApiToken(db.Model):
        id = peewee.BigAutoField()
        hash = peewee.BlobField()
        purpose = peewee.TextField()
        scopes = peewee.TextField()
        areas = peewee.TextField()
        made_at = peewee.DoubleField()
        made_by = peewee.TextField()
        expires_at = peewee.DoubleField()
        revoked_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "api_token"

    db.create_tables([ApiToken])
