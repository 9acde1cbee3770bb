"""Who is told of bulletins over the bots, and what waits for them. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class Subscriber(db.Model):
        id = peewee.BigAutoField()
        way = peewee.TextField()
        finder = peewee.TextField(unique=True)
        owner = peewee.TextField()
        address = peewee.TextField()
        area = peewee.TextField()
        language = peewee.TextField()
        since = peewee.DoubleField()
        epoch = peewee.TextField()
        counter = peewee.BigIntegerField()
        told_at = peewee.DoubleField()
        failing_since = peewee.DoubleField(null=True)

        class Meta:
            table_name = "subscriber"
            indexes = ((("way", "area"), False),)

    class SubscriptionStop(db.Model):
        finder = peewee.TextField(primary_key=True)
        epoch = peewee.TextField()
        counter = peewee.BigIntegerField()
        told_at = peewee.DoubleField()
        heard_at = peewee.DoubleField()

        class Meta:
            table_name = "subscription_stop"

    class SubscriberMessage(db.Model):
        id = peewee.BigAutoField()
        alert = peewee.BigIntegerField()
        subscriber = peewee.BigIntegerField(index=True)
        way = peewee.TextField()
        state = peewee.TextField()
        tries = peewee.BigIntegerField()
        lost = peewee.BigIntegerField()
        next_try_at = peewee.DoubleField()
        handed_at = peewee.DoubleField(null=True)
        ended_at = peewee.DoubleField(null=True)
        parts = peewee.BigIntegerField()
        problem = peewee.TextField()

        class Meta:
            table_name = "subscriber_message"
            indexes = (
                (("alert", "subscriber"), True),
                (("way", "state", "next_try_at"), False),
                (("way", "handed_at"), False),
            )

    db.create_tables([Subscriber, SubscriptionStop, SubscriberMessage])
