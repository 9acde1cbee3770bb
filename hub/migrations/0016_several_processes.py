"""Claims of job runs, and forms that were used: what several processes must agree on."""

import peewee


def up(migrator, db):
    """Let a run be claimed; create the table of used forms."""

    class UsedForm(db.Model):
        id = peewee.TextField(primary_key=True)
        at = peewee.DoubleField(index=True)

        class Meta:
            table_name = "used_form"

    db.create_tables([UsedForm])
    db.execute_sql("ALTER TABLE job_run ADD COLUMN claimed_until DOUBLE PRECISION")
