"""The node's first tables: epochs, sealed envelopes, receipts, answers. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Setting(db.Model):
        key = peewee.CharField(primary_key=True)
        value = peewee.BlobField()

        class Meta:
            table_name = "setting"

    class Epoch(db.Model):
        id = peewee.BlobField(primary_key=True)
        enc = peewee.BlobField()
        boot = peewee.IntegerField()
        closed = peewee.BooleanField(default=False)

        class Meta:
            table_name = "epoch"

    class Envelope(db.Model):
        epoch = peewee.BlobField()
        lane = peewee.IntegerField()
        counter = peewee.IntegerField()
        sealed = peewee.BlobField()
        urgent = peewee.BooleanField()
        boot = peewee.IntegerField()
        mono_s = peewee.IntegerField()
        receipted_in = peewee.IntegerField(null=True)

        class Meta:
            table_name = "envelope"
            primary_key = peewee.CompositeKey("epoch", "lane", "counter")
            indexes = ((("receipted_in",), False),)

    class Receipt(db.Model):
        find = peewee.BlobField(primary_key=True)
        epoch = peewee.BlobField()
        counter = peewee.IntegerField()

        class Meta:
            table_name = "receipt"
            indexes = ((("epoch", "counter"), False),)

    class Step(db.Model):
        find = peewee.BlobField()
        step = peewee.IntegerField()
        boot = peewee.IntegerField()
        mono_s = peewee.IntegerField()
        wall_s = peewee.IntegerField(null=True)

        class Meta:
            table_name = "step"
            primary_key = peewee.CompositeKey("find", "step")

    class FormUse(db.Model):
        token_hash = peewee.BlobField(primary_key=True)
        epoch = peewee.BlobField()
        counter = peewee.IntegerField()

        class Meta:
            table_name = "form_use"

    class Answer(db.Model):
        generation = peewee.IntegerField()
        counter = peewee.IntegerField()
        find = peewee.BlobField(index=True)
        asks = peewee.BooleanField()
        written_at_s = peewee.IntegerField()
        sealed = peewee.BlobField()

        class Meta:
            table_name = "answer"
            primary_key = peewee.CompositeKey("generation", "counter")
            # A restarted hub may send an answer again under a new generation: it is the same answer.
            indexes = ((("find", "written_at_s"), True),)

    class DownSeen(db.Model):
        generation = peewee.IntegerField(primary_key=True)
        ranges = peewee.BlobField()

        class Meta:
            table_name = "down_seen"

    class JobRun(db.Model):
        name = peewee.CharField(primary_key=True)
        wall_s = peewee.IntegerField()

        class Meta:
            table_name = "job_run"

    db.create_tables([Setting, Epoch, Envelope, Receipt, Step, FormUse, Answer, DownSeen, JobRun])
