"""Tables of the weekly watch: which weeks were judged, and what was found. Nothing in them tells of
people."""

from __future__ import annotations

import peewee


class WatchRun(peewee.Model):
    """One judged week, by its Monday in days from 1970-01-01: rule, budget of false findings, how many series
    were judged, how many findings were handed on."""

    week = peewee.BigIntegerField(primary_key=True)
    rule = peewee.TextField()
    budget = peewee.DoubleField()
    series = peewee.BigIntegerField()
    findings = peewee.BigIntegerField()
    at = peewee.DoubleField()

    class Meta:
        table_name = "watch_run"


class WatchFinding(peewee.Model):
    """A finding of a run, to look up later; `category` is the group and the value, with a colon between."""

    id = peewee.BigAutoField()
    week = peewee.BigIntegerField(index=True)
    sort = peewee.TextField()
    unit = peewee.TextField()
    category = peewee.TextField()
    count = peewee.DoubleField()
    chance = peewee.DoubleField()

    class Meta:
        table_name = "watch_finding"
