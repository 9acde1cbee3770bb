"""Tables of what falls due and of what is held. Neither says what a report is about."""

from __future__ import annotations

import peewee


class RetentionDue(peewee.Model):
    """A report that falls due within 30 days, as the last night found it."""

    report = peewee.TextField(primary_key=True)
    village = peewee.TextField()
    category = peewee.TextField()
    due_at = peewee.DoubleField()
    approved_by = peewee.TextField(null=True)
    approved_at = peewee.DoubleField(null=True)

    class Meta:
        table_name = "retention_due"
        indexes = ((("due_at", "report"), False),)


class RetentionHold(peewee.Model):
    """Somebody holds a report, or a case with all its reports. `until_day` counts from 1970-01-01, UTC."""

    id = peewee.BigAutoField()
    kind = peewee.TextField()
    ref = peewee.TextField()
    by = peewee.TextField()
    at = peewee.DoubleField()
    reason = peewee.TextField()
    until_day = peewee.BigIntegerField()
    lifted_by = peewee.TextField(null=True)
    lifted_at = peewee.DoubleField(null=True)
    lift_reason = peewee.TextField(default="")

    class Meta:
        table_name = "retention_hold"
        indexes = ((("kind", "ref"), False),)
