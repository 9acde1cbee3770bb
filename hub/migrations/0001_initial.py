"""The hub's first tables. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Setting(db.Model):
        key = peewee.CharField(primary_key=True)
        value = peewee.BlobField()

        class Meta:
            table_name = "setting"

    class Node(db.Model):
        number = peewee.IntegerField(primary_key=True)
        village = peewee.CharField(index=True)
        village_name = peewee.CharField()
        psk = peewee.BlobField()
        enrolled_at = peewee.IntegerField()
        static_public = peewee.BlobField(null=True)
        refused_keys = peewee.IntegerField(default=0)
        retired = peewee.BooleanField(default=False)
        radio_gateway = peewee.IntegerField(null=True)
        radio_number = peewee.IntegerField(null=True)
        last_heard_at = peewee.IntegerField(null=True)

        class Meta:
            table_name = "node"

    class Epoch(db.Model):
        id = peewee.BlobField(primary_key=True)
        node = peewee.IntegerField(index=True)
        enc = peewee.BlobField()
        tag = peewee.IntegerField(index=True)
        start_earliest = peewee.FloatField()
        start_latest = peewee.FloatField()

        class Meta:
            table_name = "epoch"

    class Held(db.Model):
        epoch = peewee.BlobField()
        lane = peewee.IntegerField()
        settled = peewee.BlobField()
        committed = peewee.BlobField(null=True)

        class Meta:
            table_name = "held"
            primary_key = peewee.CompositeKey("epoch", "lane")

    class Envelope(db.Model):
        epoch = peewee.BlobField()
        lane = peewee.IntegerField()
        counter = peewee.IntegerField()
        sealed = peewee.BlobField()
        via = peewee.CharField()
        received_at = peewee.FloatField()
        readable = peewee.BooleanField()

        class Meta:
            table_name = "envelope"
            primary_key = peewee.CompositeKey("epoch", "lane", "counter")

    class Report(db.Model):
        id = peewee.CharField(primary_key=True)
        epoch = peewee.BlobField()
        counter = peewee.IntegerField()
        node = peewee.IntegerField(index=True)
        urgent_unread = peewee.BooleanField()
        kind = peewee.CharField()
        body = peewee.TextField()
        age_minutes = peewee.IntegerField()
        via = peewee.CharField()
        received_at = peewee.FloatField()
        read_at = peewee.FloatField(null=True)
        acted_on_at = peewee.FloatField(null=True)

        class Meta:
            table_name = "report"

    class Answer(db.Model):
        id = peewee.AutoField()
        report = peewee.CharField(index=True)
        text = peewee.TextField()
        asks = peewee.BooleanField()
        written_at = peewee.IntegerField()
        written_by = peewee.CharField()

        class Meta:
            table_name = "answer"

    class Down(db.Model):
        id = peewee.AutoField()
        node = peewee.IntegerField(index=True)
        what = peewee.CharField()
        ref = peewee.CharField()
        generation = peewee.IntegerField()
        counter = peewee.IntegerField()
        sealed = peewee.BlobField()
        delivered = peewee.BooleanField(default=False)

        class Meta:
            table_name = "down"

    class User(db.Model):
        name = peewee.CharField(primary_key=True)
        role = peewee.CharField()
        password_hash = peewee.CharField()

        class Meta:
            table_name = "user"

    class Access(db.Model):
        id = peewee.AutoField()
        at = peewee.FloatField()
        by = peewee.CharField()
        what = peewee.CharField()
        report = peewee.CharField()

        class Meta:
            table_name = "access"

    class JobRun(db.Model):
        name = peewee.CharField(primary_key=True)
        wall_s = peewee.IntegerField()

        class Meta:
            table_name = "job_run"

    db.create_tables([Setting, Node, Epoch, Held, Envelope, Report, Answer, Down, User, Access, JobRun])
    db.execute_sql("CREATE INDEX report_order ON report (urgent_unread DESC, received_at DESC, id)")
