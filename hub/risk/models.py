"""The tables of the triage score: one row for each report, and what staff said otherwise.

Neither holds a place, a sex or an age: a score is of one report, and there is nothing here to add up by area.
"""

from __future__ import annotations

import peewee


class TriageScore(peewee.Model):
    """The score of a report as it was last worked out: `band` by the table `version`, `rules` their codes
    with spaces between. `staff_band` is what a person put in its place, or None. `day` counts from
    1970-01-01."""

    report = peewee.TextField(primary_key=True)
    points = peewee.BigIntegerField()
    band = peewee.TextField()
    version = peewee.TextField()
    rules = peewee.TextField()
    day = peewee.BigIntegerField()
    staff_band = peewee.TextField(null=True)

    class Meta:
        table_name = "triage_score"


class TriageOverride(peewee.Model):
    """One change of a band by a person. Rows are added, never changed: `undoes` names the one taken back.

    `computed`, `points` and `version` are the score at that moment, `becomes` empty where the computed band
    holds again; `reason` is sealed with the report's key.
    """

    id = peewee.BigAutoField()
    report = peewee.TextField(index=True)
    at = peewee.DoubleField()
    by = peewee.TextField()
    computed = peewee.TextField()
    points = peewee.BigIntegerField()
    version = peewee.TextField()
    was = peewee.TextField()
    becomes = peewee.TextField()
    reason = peewee.TextField()
    undoes = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "triage_override"


class RandomDraw(peewee.Model):
    """The draw of a report when it first came into the lowest band: the `chance` it had, whether it was
    `drawn` for verification, and whether a person `excused` it since."""

    report = peewee.TextField(primary_key=True)
    chance = peewee.DoubleField()
    drawn = peewee.BooleanField()
    excused = peewee.BooleanField()

    class Meta:
        table_name = "random_draw"


class RandomExcuse(peewee.Model):
    """A person took a drawn report out (`excused`) or back in. Rows are added, never changed; `reason` is
    sealed with the report's key."""

    id = peewee.BigAutoField()
    report = peewee.TextField(index=True)
    at = peewee.DoubleField()
    by = peewee.TextField()
    excused = peewee.BooleanField()
    reason = peewee.TextField()

    class Meta:
        table_name = "random_excuse"


class WeightTable(peewee.Model):
    """A refitted table of weights: `points` is JSON, by sign. Rows are added, never changed.

    It was fitted on `labels` labels, `confirmed` of them confirmed, of reports that came before `until` (Unix
    seconds); `calibration` is JSON: how points became chances in these, for it and the one it challenges.
    """

    version = peewee.TextField(primary_key=True)
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    against = peewee.TextField()
    points = peewee.TextField()
    until = peewee.DoubleField()
    labels = peewee.BigIntegerField()
    confirmed = peewee.BigIntegerField()
    calibration = peewee.TextField()

    class Meta:
        table_name = "weight_table"


class WeightSwitch(peewee.Model):
    """A step between tables: `what` is proposed, switched, rejected or undone, `version` the table that it is
    about (undone: the one that holds again). Rows are added, never changed."""

    id = peewee.BigAutoField()
    at = peewee.DoubleField()
    by = peewee.TextField()
    what = peewee.TextField()
    version = peewee.TextField()
    reason = peewee.TextField()

    class Meta:
        table_name = "weight_switch"


class ShadowScore(peewee.Model):
    """What the table on trial said of a new report. No list and no page of a report shows it."""

    report = peewee.TextField(primary_key=True)
    version = peewee.TextField(index=True)
    points = peewee.BigIntegerField()
    band = peewee.TextField()

    class Meta:
        table_name = "shadow_score"
