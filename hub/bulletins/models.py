"""Tables of bulletins. Times are Unix seconds, days count from 1970-01-01."""

from __future__ import annotations

import peewee


class Bulletin(peewee.Model):
    """One bulletin: what is said where (`area`: a code, empty for the whole region), who wrote it and who let
    it go. `serial` is that of the notice that carries it, `replaces` and `replaced_by` are other bulletins,
    `signal` the signal that it was written from. `state` is one of `hub.bulletins.services.STATES`."""

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


class BulletinAlert(peewee.Model):
    """One CAP message as it was made: an alert, an update or a cancel. `ends` is the last day that it stands
    in the feed, where `public` ones stand."""

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


class BulletinReceiver(peewee.Model):
    """An agency that is told of bulletins, by e-mail or by a webhook (`way`), below `area`. `secret` counts
    how often its secret was drawn anew; the secret itself is derived and stands nowhere."""

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


class BulletinDelivery(peewee.Model):
    """One message to one agency. `problem` is why the last try failed; `ended_at`: nobody tries any more."""

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


TABLES = (Bulletin, BulletinAlert, BulletinReceiver, BulletinDelivery)
