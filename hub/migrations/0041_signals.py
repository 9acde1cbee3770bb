"""Signals of the early warning. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Signal(db.Model):
        id = peewee.BigAutoField()
        origin = peewee.TextField()
        rule = peewee.TextField()
        sort = peewee.TextField()
        unit = peewee.TextField()
        level = peewee.TextField()
        chance = peewee.DoubleField(null=True)
        title = peewee.TextField()
        state = peewee.TextField()
        verdict = peewee.TextField(null=True)
        outcome = peewee.TextField(null=True)
        active = peewee.BooleanField()
        joined_into = peewee.BigIntegerField(null=True)
        lead = peewee.BigIntegerField(null=True)
        reports = peewee.BigIntegerField()
        facts = peewee.TextField()
        raised_at = peewee.DoubleField()
        raised_by = peewee.TextField()
        first_report_at = peewee.DoubleField(null=True)
        counted_from = peewee.DoubleField()
        notified_at = peewee.DoubleField(null=True)
        responded_at = peewee.DoubleField(null=True)
        closed_at = peewee.DoubleField(null=True)
        due_at = peewee.DoubleField(null=True)
        likelihood = peewee.BigIntegerField(null=True)
        consequence = peewee.BigIntegerField(null=True)
        monitor_day = peewee.BigIntegerField(null=True)
        assignee = peewee.TextField(null=True)
        late_detect = peewee.TextField(default="")
        late_notify = peewee.TextField(default="")
        late_respond = peewee.TextField(default="")
        last_step = peewee.BigIntegerField(default=0)

        class Meta:
            table_name = "signal"
            indexes = (
                (("active", "id"), False),
                (("active", "monitor_day"), False),
                (("state", "id"), False),
                (("raised_at", "id"), False),
                (("rule",), False),
            )

    class SignalSighting(db.Model):
        id = peewee.BigAutoField()
        signal = peewee.BigIntegerField(index=True)
        came_from = peewee.BigIntegerField(null=True)
        rule = peewee.TextField()
        sort = peewee.TextField()
        unit = peewee.TextField()
        group_name = peewee.TextField()
        group_value = peewee.TextField()
        week = peewee.BigIntegerField()
        window_weeks = peewee.BigIntegerField()
        count = peewee.DoubleField()
        usual_low = peewee.DoubleField()
        usual_high = peewee.DoubleField()
        chance = peewee.DoubleField(null=True)
        reporters = peewee.BigIntegerField()
        past = peewee.TextField()
        case_number = peewee.TextField()
        at = peewee.DoubleField()
        by = peewee.TextField()

        class Meta:
            table_name = "signal_sighting"
            indexes = ((("unit", "rule", "week"), False),)

    class SignalReport(db.Model):
        id = peewee.BigAutoField()
        signal = peewee.BigIntegerField()
        report = peewee.TextField(index=True)
        first = peewee.BigIntegerField(null=True, column_name="first_sighting")
        last = peewee.BigIntegerField(null=True, column_name="last_sighting")
        week = peewee.BigIntegerField()
        removed = peewee.BooleanField(default=False)

        class Meta:
            table_name = "signal_report"
            indexes = ((("signal", "report"), True), (("signal", "id"), False))

    class SignalStep(db.Model):
        id = peewee.BigAutoField()
        signal = peewee.BigIntegerField(index=True)
        at = peewee.DoubleField()
        by = peewee.TextField()
        what = peewee.TextField()
        was = peewee.TextField()
        becomes = peewee.TextField()
        reason = peewee.TextField()

        class Meta:
            table_name = "signal_step"

    db.create_tables([Signal, SignalSighting, SignalReport, SignalStep])
