"""The triage score of each report, in the order of the inbox too, and the counters of routes. Frozen copies
of the models; the hub scores what is here already in a job."""

import peewee

SECONDS = 10_000_000_000
RANKS = 400
LAST_RANK = 399


def up(migrator, db):
    """Create the tables; make room for a rank between departure and age in the keys of the order."""

    class TriageScore(db.Model):
        report = peewee.TextField(primary_key=True)
        points = peewee.BigIntegerField()
        band = peewee.TextField()
        version = peewee.TextField()
        rules = peewee.TextField()
        day = peewee.BigIntegerField()
        staff_band = peewee.TextField(null=True)

        class Meta:
            table_name = "triage_score"

    class TriageOverride(db.Model):
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

    class WeekFlow(db.Model):
        unit = peewee.TextField()
        week = peewee.BigIntegerField()
        kind = peewee.TextField()
        through = peewee.TextField()
        destination = peewee.TextField()
        reports = peewee.BigIntegerField()

        class Meta:
            table_name = "week_flow"
            primary_key = peewee.CompositeKey("unit", "week", "kind", "through", "destination")

    db.create_tables([TriageScore, TriageOverride, WeekFlow])
    db.execute_sql("ALTER TABLE triage ADD COLUMN band TEXT NOT NULL DEFAULT ''")
    db.execute_sql("CREATE INDEX triage_band ON triage (band, sort_key, report)")
    db.execute_sql(
        f"UPDATE triage SET sort_key = (sort_key / {SECONDS} * {RANKS} + {LAST_RANK}) * {SECONDS} "  # noqa: S608
        f"+ sort_key - sort_key / {SECONDS} * {SECONDS}"
    )
