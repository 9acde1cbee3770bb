"""Tables of signals. Times are Unix seconds, weeks are Mondays and days are in days from 1970-01-01."""

from __future__ import annotations

import peewee


class Signal(peewee.Model):
    """One signal. What it was raised by stays (`origin`, `rule`, `sort`, `chance`), for evaluation; `lead` is
    the sighting that a list shows. `active` is false for what is closed or went into another signal.

    `reports` counts every report that was ever behind it, also those that were forgotten; `facts` is
    `hub.warning.facts` as JSON. `due_at` is when the 7-1-7 clock runs out that is running, `counted_from`
    when it was raised or opened again.
    """

    id = peewee.BigAutoField()
    origin = peewee.TextField()
    rule = peewee.TextField()
    sort = peewee.TextField()
    unit = peewee.TextField()
    level = peewee.TextField()
    chance = peewee.DoubleField(null=True)
    title = peewee.TextField()
    state = peewee.TextField()
    verdict = peewee.TextField(null=True)
    outcome = peewee.TextField(null=True)
    active = peewee.BooleanField()
    joined_into = peewee.BigIntegerField(null=True)
    lead = peewee.BigIntegerField(null=True)
    reports = peewee.BigIntegerField()
    facts = peewee.TextField()
    raised_at = peewee.DoubleField()
    raised_by = peewee.TextField()
    first_report_at = peewee.DoubleField(null=True)
    counted_from = peewee.DoubleField()
    notified_at = peewee.DoubleField(null=True)
    responded_at = peewee.DoubleField(null=True)
    closed_at = peewee.DoubleField(null=True)
    due_at = peewee.DoubleField(null=True)
    likelihood = peewee.BigIntegerField(null=True)
    consequence = peewee.BigIntegerField(null=True)
    monitor_day = peewee.BigIntegerField(null=True)
    assignee = peewee.TextField(null=True)
    late_detect = peewee.TextField(default="")
    late_notify = peewee.TextField(default="")
    late_respond = peewee.TextField(default="")
    last_step = peewee.BigIntegerField(default=0)

    class Meta:
        table_name = "signal"
        indexes = (
            (("active", "id"), False),
            (("active", "monitor_day"), False),
            (("state", "id"), False),
            (("raised_at", "id"), False),
            (("rule",), False),
        )


class SignalSighting(peewee.Model):
    """One finding that a signal rests on, or what a person raised it from (`rule` empty).

    `past` is the series as JSON: rows of week, count, late, usual, bound. `came_from` is the signal that was
    folded into this one with it; `case_number` the case from which a person raised it.
    """

    id = peewee.BigAutoField()
    signal = peewee.BigIntegerField(index=True)
    came_from = peewee.BigIntegerField(null=True)
    rule = peewee.TextField()
    sort = peewee.TextField()
    unit = peewee.TextField()
    group_name = peewee.TextField()
    group_value = peewee.TextField()
    week = peewee.BigIntegerField()
    window_weeks = peewee.BigIntegerField()
    count = peewee.DoubleField()
    usual_low = peewee.DoubleField()
    usual_high = peewee.DoubleField()
    chance = peewee.DoubleField(null=True)
    reporters = peewee.BigIntegerField()
    past = peewee.TextField()
    case_number = peewee.TextField()
    at = peewee.DoubleField()
    by = peewee.TextField()

    class Meta:
        table_name = "signal_sighting"
        indexes = ((("unit", "rule", "week"), False),)


class SignalReport(peewee.Model):
    """A report behind a signal: which sighting brought it, which one saw it last (None: a person put it
    there), and of what week that was. What a person took away stays as `removed`: no rule brings it back."""

    id = peewee.BigAutoField()
    signal = peewee.BigIntegerField()
    report = peewee.TextField(index=True)
    first = peewee.BigIntegerField(null=True, column_name="first_sighting")
    last = peewee.BigIntegerField(null=True, column_name="last_sighting")
    week = peewee.BigIntegerField()
    removed = peewee.BooleanField(default=False)

    class Meta:
        table_name = "signal_report"
        indexes = ((("signal", "report"), True), (("signal", "id"), False))


class SignalStep(peewee.Model):
    """One line of the history. Rows are added, never changed but by forgetting. `was` and `becomes` are
    states, numbers of signals or weeks, or names of accounts: see `hub.warning.services.WHATS`."""

    id = peewee.BigAutoField()
    signal = peewee.BigIntegerField(index=True)
    at = peewee.DoubleField()
    by = peewee.TextField()
    what = peewee.TextField()
    was = peewee.TextField()
    becomes = peewee.TextField()
    reason = peewee.TextField()

    class Meta:
        table_name = "signal_step"


TABLES = (Signal, SignalSighting, SignalReport, SignalStep)
