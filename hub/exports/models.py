"""Tables of exports: what was taken out, public numbers as they were published."""

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
