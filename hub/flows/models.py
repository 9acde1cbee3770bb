"""The table of the picture of routes."""

from __future__ import annotations

import peewee


class WeekFlow(peewee.Model):
    """How many reports of a kind came in the week of a Monday (days from 1970-01-01) from a province or a
    regency (`unit`), by where the way leads through (`hub.flows.transit`) and the country of destination;
    both are empty where nobody said. Kept by `hub.flows.flow_counts`."""

    unit = peewee.TextField()
    week = peewee.BigIntegerField()
    kind = peewee.TextField()
    through = peewee.TextField()
    destination = peewee.TextField()
    reports = peewee.BigIntegerField()

    class Meta:
        table_name = "week_flow"
        primary_key = peewee.CompositeKey("unit", "week", "kind", "through", "destination")
