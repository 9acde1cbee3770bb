"""Counters by village and category, and of how late reports come. Frozen copies of the models; the hub fills
them at its next start."""

import peewee


def up(migrator, db):
    """Create the tables, and the groups of a report's indicators."""

    class VillageWeeks(db.Model):
        village = peewee.TextField()
        category = peewee.TextField()
        span = peewee.BigIntegerField()
        counts = peewee.BlobField()

        class Meta:
            table_name = "village_weeks"
            primary_key = peewee.CompositeKey("village", "category", "span")

    class WeekDelay(db.Model):
        unit = peewee.TextField()
        taken = peewee.BigIntegerField()
        late = peewee.BigIntegerField()
        reports = peewee.BigIntegerField()

        class Meta:
            table_name = "week_delay"
            primary_key = peewee.CompositeKey("unit", "taken", "late")

    db.create_tables([VillageWeeks, WeekDelay])
    for statement in (
        "ALTER TABLE report ADD COLUMN signs TEXT",
        "ALTER TABLE forgotten_report ADD COLUMN signs TEXT",
        "CREATE INDEX report_without_signs ON report (id) WHERE signs IS NULL",
    ):
        db.execute_sql(statement)
