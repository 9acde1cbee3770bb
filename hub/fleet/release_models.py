"""Tables of releases. Versions are words such as "1.2.3", empty for none; times are Unix seconds."""

from __future__ import annotations

import peewee


class FleetRelease(peewee.Model):
    """A signed release. `name` is version and machine; `head` is signature and manifest as they came."""

    name = peewee.TextField(primary_key=True)
    version = peewee.TextField()
    machine = peewee.TextField()
    leaves = peewee.TextField()
    part = peewee.BlobField()
    size = peewee.BigIntegerField()
    changes = peewee.TextField()
    made_at = peewee.TextField()
    added_at = peewee.DoubleField()

    class Meta:
        table_name = "fleet_release"


class FleetReleasePart(peewee.Model):
    """The bytes of a release in parts of `CHUNK_BYTES`, the first with `place` 0."""

    id = peewee.BigAutoField()
    release = peewee.TextField()
    place = peewee.BigIntegerField()
    data = peewee.BlobField()

    class Meta:
        table_name = "fleet_release_part"
        indexes = ((("release", "place"), True),)


class FleetUpdate(peewee.Model):
    """Which version a box said that it runs, tries and left, with a number of `UpdateTrouble`; and which one
    it may fetch (`offered`). `fetched` is the offered version once all of it was handed out."""

    node = peewee.BigIntegerField(primary_key=True)
    running = peewee.TextField()
    trial = peewee.TextField()
    left = peewee.TextField()
    trouble = peewee.BigIntegerField()
    told_at = peewee.DoubleField(null=True)
    offered = peewee.TextField()
    fetched = peewee.TextField()

    class Meta:
        table_name = "fleet_update"
