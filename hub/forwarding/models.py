"""Tables of what was passed on to the hub above. Times are Unix seconds."""

from __future__ import annotations

import peewee


class ForwardedReport(peewee.Model):
    """A report that was handed to the hub's own node. `envelope` is its id there; `code` its receipt code
    there, encrypted under the report's key, or null where it was lost with a restart between two steps.
    `step` is the last one that the hub above told, `answers` how many it wrote."""

    report = peewee.TextField(primary_key=True)
    envelope = peewee.TextField()
    code = peewee.TextField(null=True)
    forwarded_at = peewee.DoubleField()
    step = peewee.TextField(default="saved")
    looked_at = peewee.DoubleField(default=0)
    answers = peewee.BigIntegerField(default=0)

    class Meta:
        table_name = "forwarded_report"
        indexes = ((("looked_at", "report"), False),)


class ForwardedFollowUp(peewee.Model):
    """An addition or a withdrawal that was passed on, by its id."""

    id = peewee.TextField(primary_key=True)
    report = peewee.TextField(index=True)
    forwarded_at = peewee.DoubleField()

    class Meta:
        table_name = "forwarded_follow_up"
