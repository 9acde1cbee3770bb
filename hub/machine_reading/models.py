"""The table of machine reading. Times are Unix seconds."""

from __future__ import annotations

import peewee


class MachineReading(peewee.Model):
    """A reading that an officer asked for. `kind`, `of` and `state` as in `services`; `content` is JSON of a
    `services.Reading` and `correction` what an officer made of it, both under the report's key, empty until
    there is one."""

    id = peewee.BigAutoField()
    report = peewee.TextField()
    kind = peewee.TextField()
    of = peewee.TextField()
    state = peewee.TextField()
    asked_by = peewee.TextField()
    asked_at = peewee.DoubleField()
    content = peewee.TextField()
    correction = peewee.TextField()
    corrected_by = peewee.TextField()
    corrected_at = peewee.DoubleField(null=True)

    class Meta:
        table_name = "machine_reading"
        indexes = ((("report", "id"), False), (("state", "id"), False))
