"""The hub's first tables. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Setting(db.Model):
        key = peewee.TextField(primary_key=True)
        value = peewee.BlobField()

        class Meta:
            table_name = "setting"

    class Node(db.Model):
        number = peewee.BigIntegerField(primary_key=True)
        village = peewee.TextField(index=True)
        village_name = peewee.TextField()
        psk = peewee.BlobField()
        enrolled_at = peewee.BigIntegerField()
        static_public = peewee.BlobField(null=True)
        refused_keys = peewee.BigIntegerField(default=0)
        retired = peewee.BooleanField(default=False)
        radio_gateway = peewee.BigIntegerField(null=True)
        radio_number = peewee.BigIntegerField(null=True)
        last_heard_at = peewee.BigIntegerField(null=True)

        class Meta:
            table_name = "node"

    class Epoch(db.Model):
        id = peewee.BlobField(primary_key=True)
        node = peewee.BigIntegerField(index=True)
        enc = peewee.BlobField()
        tag = peewee.BigIntegerField(index=True)
        start_earliest = peewee.DoubleField()
        start_latest = peewee.DoubleField()

        class Meta:
            table_name = "epoch"

    class Held(db.Model):
        epoch = peewee.BlobField()
        lane = peewee.BigIntegerField()
        settled = peewee.BlobField()
        committed = peewee.BlobField(null=True)

        class Meta:
            table_name = "held"
            primary_key = peewee.CompositeKey("epoch", "lane")

    class Envelope(db.Model):
        epoch = peewee.BlobField()
        lane = peewee.BigIntegerField()
        counter = peewee.BigIntegerField()
        sealed = peewee.BlobField()
        via = peewee.TextField()
        received_at = peewee.DoubleField()
        readable = peewee.BooleanField()

        class Meta:
            table_name = "envelope"
            primary_key = peewee.CompositeKey("epoch", "lane", "counter")

    class Report(db.Model):
        id = peewee.TextField(primary_key=True)
        epoch = peewee.BlobField()
        counter = peewee.BigIntegerField()
        node = peewee.BigIntegerField(index=True)
        urgent_unread = peewee.BooleanField()
        kind = peewee.TextField()
        body = peewee.TextField()
        age_minutes = peewee.BigIntegerField()
        via = peewee.TextField()
        received_at = peewee.DoubleField()
        read_at = peewee.DoubleField(null=True)
        acted_on_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "report"

    class Answer(db.Model):
        id = peewee.BigAutoField()
        report = peewee.TextField(index=True)
        text = peewee.TextField()
        asks = peewee.BooleanField()
        written_at = peewee.BigIntegerField()
        written_by = peewee.TextField()

        class Meta:
            table_name = "answer"

    class Down(db.Model):
        id = peewee.BigAutoField()
        node = peewee.BigIntegerField(index=True)
        what = peewee.TextField()
        ref = peewee.TextField()
        generation = peewee.BigIntegerField()
        counter = peewee.BigIntegerField()
        sealed = peewee.BlobField()
        delivered = peewee.BooleanField(default=False)

        class Meta:
            table_name = "down"

    class User(db.Model):
        name = peewee.TextField(primary_key=True)
        role = peewee.TextField()
        password_hash = peewee.TextField()

        class Meta:
            table_name = "user"

    class Access(db.Model):
        id = peewee.BigAutoField()
        at = peewee.DoubleField()
        by = peewee.TextField()
        what = peewee.TextField()
        report = peewee.TextField()

        class Meta:
            table_name = "access"

    class JobRun(db.Model):
        name = peewee.TextField(primary_key=True)
        wall_s = peewee.BigIntegerField()

        class Meta:
            table_name = "job_run"

    db.create_tables([Setting, Node, Epoch, Held, Envelope, Report, Answer, Down, User, Access, JobRun])
    db.execute_sql("CREATE INDEX report_order ON report (urgent_unread DESC, received_at DESC, id)")
