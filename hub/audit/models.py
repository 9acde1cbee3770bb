"""Tables of the log of accesses."""

from __future__ import annotations

import peewee


class AuditTree(peewee.Model):
    """One row: how many entries there are. Whoever appends changes it first, and so holds its lock until the
    commit: the order is one on every database."""

    id = peewee.BigIntegerField(primary_key=True)
    size = peewee.BigIntegerField()

    class Meta:
        table_name = "audit_tree"


class AuditEntry(peewee.Model):
    """One entry, see `hub.audit.entries.Entry`. Rows are added and never changed."""

    number = peewee.BigIntegerField(primary_key=True)
    at_ms = peewee.BigIntegerField(index=True)
    by = peewee.TextField()
    what = peewee.TextField()
    about = peewee.TextField()
    reason = peewee.TextField(default="")
    salt = peewee.BlobField()

    class Meta:
        table_name = "audit_entry"
        indexes = ((("by", "number"), False), (("what", "number"), False), (("about", "number"), False))


class AuditNode(peewee.Model):
    """The hash of a complete subtree of `2 ** level` entries; level 0 are the leaves."""

    level = peewee.BigIntegerField()
    place = peewee.BigIntegerField()
    hash = peewee.BlobField()

    class Meta:
        table_name = "audit_node"
        primary_key = peewee.CompositeKey("level", "place")


class AuditHead(peewee.Model):
    """A head that the hub signed, see `hub.audit.entries.Head`."""

    size = peewee.BigIntegerField(primary_key=True)
    at_s = peewee.BigIntegerField()
    signed = peewee.BlobField()

    class Meta:
        table_name = "audit_head"
