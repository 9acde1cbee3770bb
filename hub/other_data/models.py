"""Tables of the series of other offices. Weeks are Mondays in days from 1970-01-01, times Unix seconds."""

from __future__ import annotations

import peewee


class OtherSeries(peewee.Model):
    """One series. `unit` is an area code (empty: the whole region), `place` a post in it or empty;
    `office_key` is the office folded, `settings` JSON; `made_in` the import that made it; `due` counts
    what changed since it was judged, `judged_week` which week was running then, `problem` why it could
    not be."""

    id = peewee.BigAutoField()
    name = peewee.TextField()
    office = peewee.TextField()
    office_key = peewee.TextField()
    kind = peewee.TextField()
    unit = peewee.TextField()
    place = peewee.TextField()
    note = peewee.TextField()
    method = peewee.TextField()
    settings = peewee.TextField()
    stale_weeks = peewee.BigIntegerField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    made_in = peewee.BigIntegerField(null=True)
    shown = peewee.BooleanField()
    due = peewee.BigIntegerField()
    judged_week = peewee.BigIntegerField(null=True)
    problem = peewee.TextField()

    class Meta:
        table_name = "other_series"
        indexes = ((("office_key", "name", "kind", "unit", "place"), True), (("name", "id"), False))


class OtherCount(peewee.Model):
    """What an office counted in one week, and the import that brought it. No row: no number."""

    series = peewee.BigIntegerField()
    week = peewee.BigIntegerField()
    count = peewee.BigIntegerField()
    batch = peewee.BigIntegerField()

    class Meta:
        table_name = "other_count"
        primary_key = peewee.CompositeKey("series", "week")


class OtherImport(peewee.Model):
    """One file. `state` is draft, dropped, done or undone; `cells` holds what is kept of it as JSON while it
    is a draft, `mapping` what its columns mean, `left_out` which columns went before anything was stored."""

    id = peewee.BigAutoField()
    series = peewee.BigIntegerField()
    office = peewee.TextField()
    state = peewee.TextField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    cells = peewee.TextField()
    mapping = peewee.TextField()
    left_out = peewee.TextField()
    numbers = peewee.BigIntegerField()

    class Meta:
        table_name = "other_import"
        indexes = ((("state", "id"), False),)


class OtherChange(peewee.Model):
    """What an import made of a week: the count before (null: none), the import that brought it, and after."""

    batch = peewee.BigIntegerField()
    series = peewee.BigIntegerField()
    week = peewee.BigIntegerField()
    before = peewee.BigIntegerField(null=True)
    before_batch = peewee.BigIntegerField(null=True)
    after = peewee.BigIntegerField()

    class Meta:
        table_name = "other_change"
        primary_key = peewee.CompositeKey("batch", "series", "week")
        indexes = ((("series", "batch"), False),)


class OtherMapping(peewee.Model):
    """What the columns of an office's last file meant, as JSON."""

    office_key = peewee.TextField(primary_key=True)
    mapping = peewee.TextField()

    class Meta:
        table_name = "other_mapping"


class OtherFinding(peewee.Model):
    """A week of a series that its method found to be more than usual."""

    series = peewee.BigIntegerField()
    week = peewee.BigIntegerField()
    rule = peewee.TextField()
    count = peewee.DoubleField()
    usual_low = peewee.DoubleField()
    usual_high = peewee.DoubleField()
    chance = peewee.DoubleField()
    found_at = peewee.DoubleField()

    class Meta:
        table_name = "other_finding"
        primary_key = peewee.CompositeKey("series", "week")
