"""The tables of triage: where a report stands in the inbox, its history, comments, saved filters."""

from __future__ import annotations

import peewee


class Triage(peewee.Model):
    """Where one report stands. Its own table, so that lists read narrow rows in the order of an index.

    `sort_key` is `hub.cases.urgency.sort_key`; `departure_day` counts from 1970-01-01; `last_step` is the id
    of the newest `TriageStep`, by which a form tells that nobody else was quicker.
    """

    report = peewee.CharField(primary_key=True)
    village = peewee.CharField()
    regency = peewee.CharField()
    kind = peewee.CharField()
    received_at = peewee.DoubleField()
    sort_key = peewee.BigIntegerField()
    unread = peewee.BooleanField()
    departure_day = peewee.IntegerField(null=True)
    stage = peewee.CharField()
    signal = peewee.CharField()
    verification = peewee.CharField()
    risk = peewee.CharField()
    response = peewee.CharField()
    outcome = peewee.CharField()
    assignee = peewee.CharField(null=True)
    last_step = peewee.IntegerField(default=0)

    class Meta:
        table_name = "triage"


class TriageStep(peewee.Model):
    """One step of one report. Rows are added, never changed; `undoes` names the step that is taken back."""

    id = peewee.AutoField()
    report = peewee.CharField(index=True)
    at = peewee.DoubleField()
    by = peewee.CharField()
    state = peewee.CharField()
    was = peewee.CharField()
    becomes = peewee.CharField()
    reason = peewee.TextField()
    undoes = peewee.IntegerField(null=True)

    class Meta:
        table_name = "triage_step"


class Comment(peewee.Model):
    """What staff wrote for each other about a report or a case; never sent to a village."""

    id = peewee.AutoField()
    about = peewee.CharField(index=True)
    at = peewee.DoubleField()
    by = peewee.CharField()
    text = peewee.TextField()

    class Meta:
        table_name = "staff_comment"


class SavedFilter(peewee.Model):
    """A choice of the inbox that an account gave a name; `query` is the query string of its address."""

    id = peewee.AutoField()
    account = peewee.CharField()
    name = peewee.CharField()
    query = peewee.CharField()

    class Meta:
        table_name = "saved_filter"
        indexes = ((("account", "name"), True),)
