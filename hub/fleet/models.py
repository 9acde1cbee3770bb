"""Tables of the fleet. Times are Unix seconds; states are the numbers of `sync.wire.beacons`."""

from __future__ import annotations

import peewee


class FleetBox(peewee.Model):
    """A box in use, how it said it is, and where it stands in the list.

    `place` orders the list, who needs a person first, see `troubles.place_of`. `told_at` is None before the
    first beacon; `told_online` whether the last came over the internet. `boot` and `uptime_s` are of the last
    longer beacon. `marked_*` are the totals at the beginning of the running week: events are counted from
    there. `figures` is JSON of what only the longer beacon tells.
    """

    node = peewee.BigIntegerField(primary_key=True)
    village = peewee.TextField()
    village_name = peewee.TextField()
    enrolled_at = peewee.DoubleField()
    place = peewee.BigIntegerField()
    needs_person = peewee.BooleanField()
    told_at = peewee.DoubleField(null=True)
    told_online = peewee.BooleanField()
    clock = peewee.BigIntegerField()
    disk = peewee.BigIntegerField()
    queue = peewee.BigIntegerField()
    radio = peewee.BigIntegerField()
    flags = peewee.BigIntegerField()
    margin_db = peewee.BigIntegerField(null=True)
    answered_percent = peewee.BigIntegerField(null=True)
    temperature_c = peewee.BigIntegerField(null=True)
    starts = peewee.BigIntegerField()
    unclean = peewee.BigIntegerField()
    marked_at = peewee.DoubleField(null=True)
    marked_starts = peewee.BigIntegerField()
    marked_unclean = peewee.BigIntegerField()
    uptime_days = peewee.BigIntegerField()
    software = peewee.TextField()
    content = peewee.BigIntegerField()
    boot = peewee.BigIntegerField()
    uptime_s = peewee.BigIntegerField()
    figures = peewee.TextField()

    class Meta:
        table_name = "fleet_box"
        indexes = ((("place",), False), (("needs_person", "village"), False))


class FleetTrouble(peewee.Model):
    """A trouble of a box that needs a person, one of `troubles.KINDS`, from when it was seen to when it was
    over, and when it was told. The row goes once it was told that it is over."""

    id = peewee.BigAutoField()
    node = peewee.BigIntegerField()
    kind = peewee.TextField()
    begun_at = peewee.DoubleField()
    told_at = peewee.DoubleField(null=True)
    over_at = peewee.DoubleField(null=True)

    class Meta:
        table_name = "fleet_trouble"
        indexes = ((("over_at", "node"), False),)


class FleetReceiver(peewee.Model):
    """Who is told of troubles by e-mail."""

    address = peewee.TextField(primary_key=True)
    language = peewee.TextField()

    class Meta:
        table_name = "fleet_receiver"


class FleetRollout(peewee.Model):
    """What goes to boxes in stages: `kind` and `what` say what, `whom` the choice of boxes in words of the
    command line. `condition` is one of `rollouts.Condition`, as the last look found it."""

    id = peewee.BigAutoField()
    kind = peewee.TextField()
    what = peewee.TextField()
    whom = peewee.TextField()
    reason = peewee.TextField()
    made_by = peewee.TextField()
    made_at = peewee.DoubleField()
    condition = peewee.TextField()
    ended_at = peewee.DoubleField(null=True)
    ended_by = peewee.TextField(null=True)
    undone_at = peewee.DoubleField(null=True)

    class Meta:
        table_name = "fleet_rollout"
        indexes = ((("condition",), False),)


class FleetRolloutBox(peewee.Model):
    """One box of a rollout, see `rollouts.RolloutBox`. `ref` names what it was sent, `before` what it had."""

    id = peewee.BigAutoField()
    rollout = peewee.BigIntegerField()
    node = peewee.BigIntegerField()
    village = peewee.TextField()
    village_name = peewee.TextField()
    stage = peewee.BigIntegerField()
    step = peewee.TextField()
    since = peewee.DoubleField()
    left_out = peewee.BooleanField()
    ref = peewee.TextField()
    before = peewee.TextField()

    class Meta:
        table_name = "fleet_rollout_box"
        indexes = ((("rollout", "stage"), False), (("node", "ref"), False))


class FleetSettings(peewee.Model):
    """What a box said of settings that the hub sent: `kept` is JSON of the set that it keeps, `kept_ref` its
    name; `state` one of `SettingsState`, about the newest set of which it said anything, `ref`."""

    node = peewee.BigIntegerField(primary_key=True)
    kept = peewee.TextField()
    kept_ref = peewee.TextField()
    state = peewee.BigIntegerField()
    ref = peewee.TextField()
    told_at = peewee.DoubleField()

    class Meta:
        table_name = "fleet_settings"


class FleetSettingsSent(peewee.Model):
    """Which set a (generation, serial) of the hub names, for the words of boxes about it."""

    ref = peewee.TextField(primary_key=True)
    node = peewee.BigIntegerField()
    what = peewee.TextField()

    class Meta:
        table_name = "fleet_settings_sent"
