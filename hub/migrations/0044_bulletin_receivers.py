"""Agencies that are told of bulletins. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class BulletinReceiver(db.Model):
        id = peewee.BigAutoField()
        name = peewee.TextField()
        way = peewee.TextField()
        address = peewee.TextField()
        area = peewee.TextField()
        active = peewee.BooleanField()
        secret = peewee.BigIntegerField()
        made_by = peewee.TextField()
        made_at = peewee.DoubleField()

        class Meta:
            table_name = "bulletin_receiver"

    class BulletinDelivery(db.Model):
        id = peewee.BigAutoField()
        alert = peewee.BigIntegerField(index=True)
        receiver = peewee.BigIntegerField(index=True)
        tries = peewee.BigIntegerField(default=0)
        next_try_at = peewee.DoubleField()
        sent_at = peewee.DoubleField(null=True)
        ended_at = peewee.DoubleField(null=True)
        problem = peewee.TextField(null=True)

        class Meta:
            table_name = "bulletin_delivery"

    db.create_tables([BulletinReceiver, BulletinDelivery])
