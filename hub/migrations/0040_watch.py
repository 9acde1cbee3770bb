"""The weekly watch: judged weeks and what was found. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class WatchRun(db.Model):
        week = peewee.BigIntegerField(primary_key=True)
        rule = peewee.TextField()
        budget = peewee.DoubleField()
        series = peewee.BigIntegerField()
        findings = peewee.BigIntegerField()
        at = peewee.DoubleField()

        class Meta:
            table_name = "watch_run"

    class WatchFinding(db.Model):
        id = peewee.BigAutoField()
        week = peewee.BigIntegerField(index=True)
        sort = peewee.TextField()
        unit = peewee.TextField()
        category = peewee.TextField()
        count = peewee.DoubleField()
        chance = peewee.DoubleField()

        class Meta:
            table_name = "watch_finding"

    db.create_tables([WatchRun, WatchFinding])
