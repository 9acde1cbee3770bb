"""Tables of counters by week and village, and of how late reports come. Kept by `hub.week_counts`."""

from __future__ import annotations

import peewee


class VillageWeeks(peewee.Model):
    """Reports of one village and category in 52 weeks: `counts` is 52 whole numbers of 4 bytes,
    little-endian, of which `hub.counting.spans` says the weeks. The category is written as in
    `hub.counting.entries`."""

    village = peewee.TextField()
    category = peewee.TextField()
    span = peewee.BigIntegerField()
    counts = peewee.BlobField()

    class Meta:
        table_name = "village_weeks"
        primary_key = peewee.CompositeKey("village", "category", "span")


class WeekDelay(peewee.Model):
    """How many reports of a regency that were taken in the week of a Monday (days from 1970-01-01) came so
    many weeks later."""

    unit = peewee.TextField()
    taken = peewee.BigIntegerField()
    late = peewee.BigIntegerField()
    reports = peewee.BigIntegerField()

    class Meta:
        table_name = "week_delay"
        primary_key = peewee.CompositeKey("unit", "taken", "late")
