"""The radio settings of areas, as they are kept."""

from __future__ import annotations

import peewee


class RadioPlanRow(peewee.Model):
    """The plan of one area; the empty code stands for every other. `settings` is JSON and holds a key."""

    area = peewee.TextField(primary_key=True)
    settings = peewee.TextField()
    changed_at = peewee.DoubleField()

    class Meta:
        table_name = "radio_plan"
