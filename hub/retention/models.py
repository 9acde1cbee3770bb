"""The table of what was forgotten: it names reports by id and counts them, and says nothing of anybody."""

from __future__ import annotations

import peewee


class ForgottenReport(peewee.Model):
    """A report, or an addition to one, of which nothing else is left: what comes of it again is dropped.

    `kind` is empty for an addition. The columns beside the id are what counts by week and area need: see
    `hub.models.Report`.
    """

    id = peewee.TextField(primary_key=True)
    node = peewee.BigIntegerField()
    kind = peewee.TextField()
    epoch = peewee.BlobField()
    age_minutes = peewee.BigIntegerField()
    received_at = peewee.DoubleField(index=True)
    destination = peewee.TextField(null=True)
    forgotten_at = peewee.DoubleField()
    signs = peewee.TextField(null=True)

    class Meta:
        table_name = "forgotten_report"
