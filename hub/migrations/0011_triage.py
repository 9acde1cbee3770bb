"""The inbox, the history of a report's states, comments and saved filters. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables and the indexes in whose order lists are read."""

    class Triage(db.Model):
        report = peewee.TextField(primary_key=True)
        village = peewee.TextField()
        regency = peewee.TextField()
        kind = peewee.TextField()
        received_at = peewee.DoubleField()
        sort_key = peewee.BigIntegerField()
        unread = peewee.BooleanField()
        departure_day = peewee.BigIntegerField(null=True)
        stage = peewee.TextField()
        signal = peewee.TextField()
        verification = peewee.TextField()
        risk = peewee.TextField()
        response = peewee.TextField()
        outcome = peewee.TextField()
        assignee = peewee.TextField(null=True)
        last_step = peewee.BigIntegerField(default=0)

        class Meta:
            table_name = "triage"

    class TriageStep(db.Model):
        id = peewee.BigAutoField()
        report = peewee.TextField(index=True)
        at = peewee.DoubleField()
        by = peewee.TextField()
        state = peewee.TextField()
        was = peewee.TextField()
        becomes = peewee.TextField()
        reason = peewee.TextField()
        undoes = peewee.BigIntegerField(null=True)

        class Meta:
            table_name = "triage_step"

    class Comment(db.Model):
        id = peewee.BigAutoField()
        about = peewee.TextField(index=True)
        at = peewee.DoubleField()
        by = peewee.TextField()
        text = peewee.TextField()

        class Meta:
            table_name = "staff_comment"

    class SavedFilter(db.Model):
        id = peewee.BigAutoField()
        account = peewee.TextField()
        name = peewee.TextField()
        query = peewee.TextField()

        class Meta:
            table_name = "saved_filter"
            indexes = ((("account", "name"), True),)

    db.create_tables([Triage, TriageStep, Comment, SavedFilter])
    for column in ("kind", "stage", "assignee", "unread", "village", "regency"):
        db.execute_sql(f"CREATE INDEX triage_{column} ON triage ({column}, sort_key, report)")
    db.execute_sql("CREATE INDEX triage_order ON triage (sort_key, report)")
    db.execute_sql("CREATE INDEX triage_departure ON triage (departure_day)")
