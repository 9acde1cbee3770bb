"""Tables of exports: what was taken out, public numbers as they were published, tokens of
programs."""

from __future__ import annotations

import peewee


class ExportMade(peewee.Model):
    """One export: who took how many rows when. What it was stands in the log of accesses."""

    id = peewee.BigAutoField()
    by = peewee.TextField()
    at = peewee.DoubleField()
    rows = peewee.BigIntegerField()

    class Meta:
        table_name = "export_made"
        indexes = ((("by", "at"), False),)


class PublicTable(peewee.Model):
    """The public numbers of one quarter, made once: `body` holds what is shown and nothing that is hidden."""

    quarter = peewee.TextField(primary_key=True)
    body = peewee.TextField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()

    class Meta:
        table_name = "public_table"


class ApiToken(peewee.Model):
    """A token of a program. `hash` is SHA-256 of the secret, which is kept nowhere. Scopes and areas stand
    one a line."""

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
