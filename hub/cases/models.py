"""The tables of triage: what waits for its place, where a report stands in the inbox, its history, comments,
saved filters."""

from __future__ import annotations

import peewee


class Triage(peewee.Model):
    """Where one report stands. Its own table, so that lists read narrow rows in the order of an index.

    `sort_key` is `hub.cases.urgency.sort_key`; `departure_day` counts from 1970-01-01; `last_step` is the id
    of the newest `TriageStep`, by which a form tells that nobody else was quicker; `band` is the one of the
    triage score that holds, empty until there is a score; `drawn` tells that it waits for verification
    because it was drawn, see `hub.risk.random_share`.
    """

    report = peewee.TextField(primary_key=True)
    village = peewee.TextField()
    regency = peewee.TextField()
    kind = peewee.TextField()
    received_at = peewee.DoubleField()
    sort_key = peewee.BigIntegerField()
    unread = peewee.BooleanField()
    departure_day = peewee.BigIntegerField(null=True)
    stage = peewee.TextField()
    signal = peewee.TextField()
    verification = peewee.TextField()
    risk = peewee.TextField()
    response = peewee.TextField()
    outcome = peewee.TextField()
    assignee = peewee.TextField(null=True)
    last_step = peewee.BigIntegerField(default=0)
    band = peewee.TextField(default="")
    drawn = peewee.BooleanField(default=False)

    class Meta:
        table_name = "triage"


class Arrival(peewee.Model):
    """A report that is receipted and not yet in inbox, search and linking. `turn` goes before `id`: 0 for
    what is urgent, 1 for the rest, 2 for what could not be placed and waits for a start of the hub."""

    id = peewee.BigAutoField()
    turn = peewee.BigIntegerField()
    report = peewee.TextField()

    class Meta:
        table_name = "arrival"
        indexes = ((("turn", "id"), False),)


class TriageStep(peewee.Model):
    """One step of one report. Rows are added, never changed; `undoes` names the step that is taken back."""

    id = peewee.BigAutoField()
    report = peewee.TextField(index=True)
    at = peewee.DoubleField()
    by = peewee.TextField()
    state = peewee.TextField()
    was = peewee.TextField()
    becomes = peewee.TextField()
    reason = peewee.TextField()
    undoes = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "triage_step"


class Comment(peewee.Model):
    """What staff wrote for each other about a report or a case; never sent to a village."""

    id = peewee.BigAutoField()
    about = peewee.TextField(index=True)
    at = peewee.DoubleField()
    by = peewee.TextField()
    text = peewee.TextField()

    class Meta:
        table_name = "staff_comment"


class SavedFilter(peewee.Model):
    """A choice of the inbox that an account gave a name; `query` is the query string of its address."""

    id = peewee.BigAutoField()
    account = peewee.TextField()
    name = peewee.TextField()
    query = peewee.TextField()

    class Meta:
        table_name = "saved_filter"
        indexes = ((("account", "name"), True),)
