"""Tables of the weekly report: its figures, and to whom it goes by e-mail. Weeks are Mondays in days from
1970-01-01, times Unix seconds."""

from __future__ import annotations

import peewee


class WeeklyReport(peewee.Model):
    """The figures of one week, for all who see the same areas: `areas` are codes in order with blanks
    between, empty for the whole hub. `facts` is `hub.weekly.facts` as JSON. A `version` after the first is a
    correction, and the first stays."""

    id = peewee.BigAutoField()
    week = peewee.BigIntegerField()
    areas = peewee.TextField()
    version = peewee.BigIntegerField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    facts = peewee.TextField()

    class Meta:
        table_name = "weekly_report"
        indexes = ((("week", "areas", "version"), True),)


class WeeklyReceiver(peewee.Model):
    """An address to which each new report of the whole hub goes: which one (`audience`) in which language."""

    id = peewee.BigAutoField()
    address = peewee.TextField()
    audience = peewee.TextField()
    language = peewee.TextField()

    class Meta:
        table_name = "weekly_receiver"
        indexes = ((("address",), True),)


class WeeklyMail(peewee.Model):
    """One e-mail of one report. `problem` is why the last try failed; `ended_at`: nobody tries any more."""

    id = peewee.BigAutoField()
    report = peewee.BigIntegerField()
    receiver = peewee.BigIntegerField()
    tries = peewee.BigIntegerField(default=0)
    next_try_at = peewee.DoubleField()
    sent_at = peewee.DoubleField(null=True)
    ended_at = peewee.DoubleField(null=True)
    problem = peewee.TextField(null=True)

    class Meta:
        table_name = "weekly_mail"
        indexes = ((("report", "receiver"), True),)


TABLES = (WeeklyReport, WeeklyReceiver, WeeklyMail)
