"""The inbox, the history of a report's states, comments and saved filters. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables and the indexes in whose order lists are read."""

    class Triage(db.Model):
        report = peewee.CharField(primary_key=True)
        village = peewee.CharField()
        regency = peewee.CharField()
        kind = peewee.CharField()
        received_at = peewee.DoubleField()
        sort_key = peewee.BigIntegerField()
        unread = peewee.BooleanField()
        departure_day = peewee.IntegerField(null=True)
        stage = peewee.CharField()
        signal = peewee.CharField()
        verification = peewee.CharField()
        risk = peewee.CharField()
        response = peewee.CharField()
        outcome = peewee.CharField()
        assignee = peewee.CharField(null=True)
        last_step = peewee.IntegerField(default=0)

        class Meta:
            table_name = "triage"

    class TriageStep(db.Model):
        id = peewee.AutoField()
        report = peewee.CharField(index=True)
        at = peewee.DoubleField()
        by = peewee.CharField()
        state = peewee.CharField()
        was = peewee.CharField()
        becomes = peewee.CharField()
        reason = peewee.TextField()
        undoes = peewee.IntegerField(null=True)

        class Meta:
            table_name = "triage_step"

    class Comment(db.Model):
        id = peewee.AutoField()
        about = peewee.CharField(index=True)
        at = peewee.DoubleField()
        by = peewee.CharField()
        text = peewee.TextField()

        class Meta:
            table_name = "staff_comment"

    class SavedFilter(db.Model):
        id = peewee.AutoField()
        account = peewee.CharField()
        name = peewee.CharField()
        query = peewee.CharField()

        class Meta:
            table_name = "saved_filter"
            indexes = ((("account", "name"), True),)

    db.create_tables([Triage, TriageStep, Comment, SavedFilter])
    for column in ("kind", "stage", "assignee", "unread", "village", "regency"):
        db.execute_sql(f"CREATE INDEX triage_{column} ON triage ({column}, sort_key, report)")
    db.execute_sql("CREATE INDEX triage_order ON triage (sort_key, report)")
    db.execute_sql("CREATE INDEX triage_departure ON triage (departure_day)")
