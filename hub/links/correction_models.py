"""Tables of people of interest who were wrongly named."""

from __future__ import annotations

import peewee


class WronglyNamed(peewee.Model):
    """Somebody decided that a person of interest was wrongly named; one that was undone stays, for the
    history. `person` is the number that it had."""

    id = peewee.BigAutoField()
    person = peewee.BigIntegerField(index=True)
    by = peewee.TextField()
    at = peewee.DoubleField()
    reason = peewee.TextField()
    undone_by = peewee.TextField(null=True)
    undone_at = peewee.DoubleField(null=True)
    undo_reason = peewee.TextField(default="")

    class Meta:
        table_name = "wrongly_named"


class WronglyNamedReport(peewee.Model):
    """A report that names such a person, while that stands: taken away when it is undone."""

    report = peewee.TextField(primary_key=True)
    mark = peewee.BigIntegerField(index=True)

    class Meta:
        table_name = "wrongly_named_report"
