"""Tables of the rotation of the sealing key. Private keys stand in hub.key and never here."""

from __future__ import annotations

import peewee


class HubKey(peewee.Model):
    """A sealing key that this hub has or had, named by its key id. `number` grows from key to key."""

    id = peewee.BlobField(primary_key=True)
    public = peewee.BlobField()
    number = peewee.BigIntegerField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    destroyed_at = peewee.DoubleField(null=True)

    class Meta:
        table_name = "hub_key"


class NodeHubKey(peewee.Model):
    """What is known of one node and one key: told by the hub, enrolled with it, seen to seal for it.

    `epoch`, `counter` and `bulk` are the place of the node's word that all it sealed for earlier keys is told
    of: below `counter` of the report lane and `bulk` of the bulk lane of that epoch.
    """

    node = peewee.BigIntegerField()
    key = peewee.BlobField()
    told_at = peewee.DoubleField(null=True)
    taken_at = peewee.DoubleField(null=True)
    enrolled = peewee.BooleanField(default=False)
    epoch = peewee.BlobField(null=True)
    counter = peewee.BigIntegerField(null=True)
    bulk = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "node_hub_key"
        primary_key = peewee.CompositeKey("node", "key")


class KeptKey(peewee.Model):
    """The message key of one envelope, encrypted under the key of its report: it outlives the sealing key."""

    epoch = peewee.BlobField()
    lane = peewee.BigIntegerField()
    counter = peewee.BigIntegerField()
    owner = peewee.TextField(null=True, index=True)
    wrapped = peewee.BlobField()

    class Meta:
        table_name = "kept_key"
        primary_key = peewee.CompositeKey("epoch", "lane", "counter")


class LateEpoch(peewee.Model):
    """An epoch of a node, sealed for a key that is destroyed, and how many envelopes of it were offered."""

    epoch = peewee.BlobField(primary_key=True)
    node = peewee.BigIntegerField()
    envelopes = peewee.BigIntegerField()
    at = peewee.DoubleField()

    class Meta:
        table_name = "late_epoch"
