"""Tables of the duty roster. Times are Unix seconds; times of day are minutes from midnight, at the hub."""

from __future__ import annotations

import peewee


class DutyShift(peewee.Model):
    """Somebody's shift in each week. `weekday` 0 is Monday; it ends on the next day where `ends` is not after
    `begins`. `only_urgent`: on call, reads nothing else."""

    id = peewee.BigAutoField()
    account = peewee.TextField()
    level = peewee.BigIntegerField()
    weekday = peewee.BigIntegerField()
    begins = peewee.BigIntegerField()
    ends = peewee.BigIntegerField()
    only_urgent = peewee.BooleanField(default=False)

    class Meta:
        table_name = "duty_shift"


class DutyChange(peewee.Model):
    """What is different on one day, counted from 1970-01-01. Without a level: no weekly shifts on it, of one
    account or, without an account, of all. With one: a further shift."""

    id = peewee.BigAutoField()
    day = peewee.BigIntegerField(index=True)
    account = peewee.TextField(null=True)
    level = peewee.BigIntegerField(null=True)
    begins = peewee.BigIntegerField(null=True)
    ends = peewee.BigIntegerField(null=True)
    only_urgent = peewee.BooleanField(default=False)

    class Meta:
        table_name = "duty_change"


class DutyContact(peewee.Model):
    """How an account is told; empty: not in this way."""

    account = peewee.TextField(primary_key=True)
    mail = peewee.TextField(default="")
    phone = peewee.TextField(default="")

    class Meta:
        table_name = "duty_contact"


class DutyRing(peewee.Model):
    """One urgent report that waits to be opened: which level it has reached, and since when. It ends when the
    report was read, or is not urgent any more. `seen_by` stopped the sound for it."""

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


class DutyMessage(peewee.Model):
    """One message to one account by one way, about `count` reports. `problem` is why the last try failed;
    `ended_at`: nobody tries any more."""

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


class DutyCall(peewee.Model):
    """Which message told of which ring, and as which level its account was on duty."""

    id = peewee.BigAutoField()
    ring = peewee.BigIntegerField(index=True)
    message = peewee.BigIntegerField(index=True)
    account = peewee.TextField()
    level = peewee.BigIntegerField()

    class Meta:
        table_name = "duty_call"


class DutyWay(peewee.Model):
    """How a way did when it was used last: since when it fails, and why."""

    way = peewee.TextField(primary_key=True)
    used_at = peewee.DoubleField()
    failing_since = peewee.DoubleField(null=True)
    problem = peewee.TextField(null=True)

    class Meta:
        table_name = "duty_way"


class DutyHours(peewee.Model):
    """Which hours a node was told last, as the body of a setting without its place."""

    node = peewee.BigIntegerField(primary_key=True)
    body = peewee.BlobField()
    at = peewee.DoubleField()

    class Meta:
        table_name = "duty_hours"
