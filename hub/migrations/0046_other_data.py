"""Series of other offices: counts, imports and findings. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class OtherSeries(db.Model):
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

    class OtherCount(db.Model):
        series = peewee.BigIntegerField()
        week = peewee.BigIntegerField()
        count = peewee.BigIntegerField()
        batch = peewee.BigIntegerField()

        class Meta:
            table_name = "other_count"
            primary_key = peewee.CompositeKey("series", "week")

    class OtherImport(db.Model):
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

    class OtherChange(db.Model):
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

    class OtherMapping(db.Model):
        office_key = peewee.TextField(primary_key=True)
        mapping = peewee.TextField()

        class Meta:
            table_name = "other_mapping"

    class OtherFinding(db.Model):
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

    db.create_tables([OtherSeries, OtherCount, OtherImport, OtherChange, OtherMapping, OtherFinding])
