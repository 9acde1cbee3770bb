"""Bulletins and their CAP messages. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Bulletin(db.Model):
        id = peewee.BigAutoField()
        state = peewee.TextField()
        status = peewee.TextField()
        topic = peewee.TextField()
        level = peewee.BigIntegerField()
        certainty = peewee.TextField()
        area = peewee.TextField()
        until = peewee.BigIntegerField()
        public = peewee.BooleanField()
        text = peewee.TextField()
        text_en = peewee.TextField()
        template = peewee.TextField(null=True)
        signal = peewee.BigIntegerField(null=True)
        replaces = peewee.BigIntegerField(null=True)
        replaced_by = peewee.BigIntegerField(null=True)
        written_by = peewee.TextField()
        written_at = peewee.DoubleField()
        decided_by = peewee.TextField(null=True)
        decided_at = peewee.DoubleField(null=True)
        reason = peewee.TextField(default="")
        serial = peewee.BigIntegerField(null=True)
        ended_by = peewee.TextField(null=True)
        ended_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "bulletin"
            indexes = ((("state", "until"), False), (("signal",), False))

    class BulletinAlert(db.Model):
        id = peewee.BigAutoField()
        bulletin = peewee.BigIntegerField(index=True)
        message = peewee.TextField()
        identifier = peewee.TextField(unique=True)
        sent_at = peewee.DoubleField()
        ends = peewee.BigIntegerField()
        public = peewee.BooleanField()
        headline = peewee.TextField()
        xml = peewee.TextField()

        class Meta:
            table_name = "bulletin_alert"
            indexes = ((("public", "ends"), False),)

    db.create_tables([Bulletin, BulletinAlert])
