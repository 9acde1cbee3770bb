"""The duty roster, its rings and messages. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables, and the index of what rings or waits to be sent."""

    class DutyShift(db.Model):
        id = peewee.BigAutoField()
        account = peewee.TextField()
        level = peewee.BigIntegerField()
        weekday = peewee.BigIntegerField()
        begins = peewee.BigIntegerField()
        ends = peewee.BigIntegerField()
        only_urgent = peewee.BooleanField(default=False)

        class Meta:
            table_name = "duty_shift"

    class DutyChange(db.Model):
        id = peewee.BigAutoField()
        day = peewee.BigIntegerField(index=True)
        account = peewee.TextField(null=True)
        level = peewee.BigIntegerField(null=True)
        begins = peewee.BigIntegerField(null=True)
        ends = peewee.BigIntegerField(null=True)
        only_urgent = peewee.BooleanField(default=False)

        class Meta:
            table_name = "duty_change"

    class DutyContact(db.Model):
        account = peewee.TextField(primary_key=True)
        mail = peewee.TextField(default="")
        phone = peewee.TextField(default="")

        class Meta:
            table_name = "duty_contact"

    class DutyRing(db.Model):
        id = peewee.BigAutoField()
        report = peewee.TextField(index=True)
        village = peewee.TextField()
        begun_at = peewee.DoubleField()
        level = peewee.BigIntegerField()
        level_at = peewee.DoubleField()
        seen_at = peewee.DoubleField(null=True)
        seen_by = peewee.TextField(null=True)
        ended_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "duty_ring"

    class DutyMessage(db.Model):
        id = peewee.BigAutoField()
        account = peewee.TextField()
        way = peewee.TextField()
        count = peewee.BigIntegerField()
        made_at = peewee.DoubleField()
        tries = peewee.BigIntegerField(default=0)
        next_try_at = peewee.DoubleField()
        sent_at = peewee.DoubleField(null=True)
        ended_at = peewee.DoubleField(null=True)
        problem = peewee.TextField(null=True)

        class Meta:
            table_name = "duty_message"

    class DutyCall(db.Model):
        id = peewee.BigAutoField()
        ring = peewee.BigIntegerField(index=True)
        message = peewee.BigIntegerField(index=True)
        account = peewee.TextField()
        level = peewee.BigIntegerField()

        class Meta:
            table_name = "duty_call"

    class DutyWay(db.Model):
        way = peewee.TextField(primary_key=True)
        used_at = peewee.DoubleField()
        failing_since = peewee.DoubleField(null=True)
        problem = peewee.TextField(null=True)

        class Meta:
            table_name = "duty_way"

    db.create_tables([DutyShift, DutyChange, DutyContact, DutyRing, DutyMessage, DutyCall, DutyWay])
    db.execute_sql("CREATE UNIQUE INDEX duty_ring_open ON duty_ring (report) WHERE ended_at IS NULL")
    waiting = "sent_at IS NULL AND ended_at IS NULL"
    db.execute_sql(f"CREATE INDEX duty_message_waiting ON duty_message (next_try_at) WHERE {waiting}")
