"""The append-only log of accesses; the notes of before are its first entries. A frozen copy of the models."""

import hashlib
import json
import secrets

import peewee


def up(migrator, db):
    """Create the tables, carry the old notes over in their order, and drop their table."""

    class AuditTree(db.Model):
        id = peewee.BigIntegerField(primary_key=True)
        size = peewee.BigIntegerField()

        class Meta:
            table_name = "audit_tree"

    class AuditEntry(db.Model):
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

    class AuditNode(db.Model):
        level = peewee.BigIntegerField()
        place = peewee.BigIntegerField()
        hash = peewee.BlobField()

        class Meta:
            table_name = "audit_node"
            primary_key = peewee.CompositeKey("level", "place")

    class AuditHead(db.Model):
        size = peewee.BigIntegerField(primary_key=True)
        at_s = peewee.BigIntegerField()
        signed = peewee.BlobField()

        class Meta:
            table_name = "audit_head"

    class Access(db.Model):
        id = peewee.BigAutoField()
        at = peewee.DoubleField()
        by = peewee.TextField()
        what = peewee.TextField()
        report = peewee.TextField()

        class Meta:
            table_name = "access"

    db.create_tables([AuditTree, AuditEntry, AuditNode, AuditHead])
    peaks = {}
    size = 0
    for row in Access.select().order_by(Access.id).iterator():
        about = row.report if row.report.startswith("node ") else f"report {row.report}"
        entry = {
            "about": about,
            "at_ms": int(row.at * 1000),
            "by": row.by,
            "number": size,
            "reason": "",
            "what": "pin reset" if row.what == "reset_pin" else row.what,
        }
        salt = secrets.token_bytes(16)
        AuditEntry.insert({**entry, "salt": salt}).execute()
        data = salt + json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
        level, place, found = 0, size, hashlib.sha256(b"\x00" + data).digest()
        AuditNode.insert(level=level, place=place, hash=found).execute()
        while place & 1:
            found = hashlib.sha256(b"\x01" + peaks.pop(level) + found).digest()
            level, place = level + 1, place >> 1
            AuditNode.insert(level=level, place=place, hash=found).execute()
        peaks[level] = found
        size += 1
    AuditTree.insert(id=1, size=size).execute()
    db.drop_tables([Access])
