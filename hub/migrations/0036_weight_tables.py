"""Refitted tables of weights, steps between them, scores in the shadow. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class WeightTable(db.Model):
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

    class WeightSwitch(db.Model):
        id = peewee.BigAutoField()
        at = peewee.DoubleField()
        by = peewee.TextField()
        what = peewee.TextField()
        version = peewee.TextField()
        reason = peewee.TextField()

        class Meta:
            table_name = "weight_switch"

    class ShadowScore(db.Model):
        report = peewee.TextField(primary_key=True)
        version = peewee.TextField(index=True)
        points = peewee.BigIntegerField()
        band = peewee.TextField()

        class Meta:
            table_name = "shadow_score"

    db.create_tables([WeightTable, WeightSwitch, ShadowScore])
