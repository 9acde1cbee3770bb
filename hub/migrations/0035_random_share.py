"""The random share of low-ranked reports that is verified. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables, and the column and the index of the inbox that show what waits for it."""

    class RandomDraw(db.Model):
        report = peewee.TextField(primary_key=True)
        chance = peewee.DoubleField()
        drawn = peewee.BooleanField()
        excused = peewee.BooleanField()

        class Meta:
            table_name = "random_draw"

    class RandomExcuse(db.Model):
        id = peewee.BigAutoField()
        report = peewee.TextField(index=True)
        at = peewee.DoubleField()
        by = peewee.TextField()
        excused = peewee.BooleanField()
        reason = peewee.TextField()

        class Meta:
            table_name = "random_excuse"

    db.create_tables([RandomDraw, RandomExcuse])
    db.execute_sql("ALTER TABLE triage ADD COLUMN drawn BOOLEAN NOT NULL DEFAULT FALSE")
    db.execute_sql("CREATE INDEX triage_drawn ON triage (drawn, sort_key, report)")
