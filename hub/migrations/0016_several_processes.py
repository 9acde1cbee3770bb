"""Claims of job runs, used forms, changes of hub envelopes: what several processes must agree on."""

import peewee


def up(migrator, db):
    """Let a run be claimed and a change be found; create the table of used forms."""

    class UsedForm(db.Model):
        id = peewee.TextField(primary_key=True)
        at = peewee.DoubleField(index=True)

        class Meta:
            table_name = "used_form"

    db.create_tables([UsedForm])
    db.execute_sql("ALTER TABLE job_run ADD COLUMN claimed_until DOUBLE PRECISION")
    db.execute_sql("ALTER TABLE down ADD COLUMN changed BIGINT NOT NULL DEFAULT 0")
    db.execute_sql("UPDATE down SET changed = id")
    db.execute_sql("CREATE INDEX down_changed ON down (changed)")
