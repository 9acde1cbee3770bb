"""The table of clocks of Law 27/2022. It names nobody: who asked is known to whoever took the request."""

from __future__ import annotations

import peewee


class RightsClock(peewee.Model):
    """One request, or one breach. `about` is report, case, person or hub, `ref` its id; `village` is that of
    a report. `details` is JSON that only a breach has. `closed_how` is reason, forgotten or corrected."""

    id = peewee.BigAutoField()
    kind = peewee.TextField()
    about = peewee.TextField()
    ref = peewee.TextField()
    village = peewee.TextField()
    way = peewee.TextField()
    received_at = peewee.DoubleField()
    due_at = peewee.DoubleField()
    opened_by = peewee.TextField()
    opened_at = peewee.DoubleField()
    details = peewee.TextField(default="")
    closed_by = peewee.TextField(null=True)
    closed_at = peewee.DoubleField(null=True)
    closed_how = peewee.TextField(default="")
    close_reason = peewee.TextField(default="")

    class Meta:
        table_name = "rights_clock"
        indexes = ((("closed_at", "due_at"), False), (("about", "ref"), False))
