"""Tables of subscriptions. Times are Unix seconds, days count from 1970-01-01."""

from __future__ import annotations

import peewee


class Subscriber(peewee.Model):
    """Somebody who asked to be told. `finder` is a keyed hash of way and address, `address` the number or
    chat under a key of its own (that of `owner`), and stands nowhere else. `epoch`, `counter` and `told_at`
    say which wish it was, the first two empty and 0 where it came to the hub itself. `failing_since`: nothing
    has arrived from then on."""

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


class SubscriptionStop(peewee.Model):
    """Somebody stopped: an earlier wish to begin that arrives later, by another carrier, begins nothing."""

    finder = peewee.TextField(primary_key=True)
    epoch = peewee.TextField()
    counter = peewee.BigIntegerField()
    told_at = peewee.DoubleField()
    heard_at = peewee.DoubleField()

    class Meta:
        table_name = "subscription_stop"


class SubscriberMessage(peewee.Model):
    """One message of a bulletin (`alert`) to one subscriber. `state` is one of
    `hub.subscriptions.services.MESSAGE_STATES`, `problem` a key of `PROBLEMS` or empty. `lost` counts
    how often it was handed to a bot that never said what became of it; `parts` are those of an SMS."""

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


TABLES = (Subscriber, SubscriptionStop, SubscriberMessage)
