"""Rotation of the sealing key: which key each epoch and node uses. Frozen copies of the models."""

import peewee


def up(migrator, db):
    """Create the tables and add the columns."""
    blob = "BYTEA" if "Postgres" in type(db).__name__ else "BLOB"
    db.execute_sql(f"ALTER TABLE epoch ADD COLUMN hub_key {blob}")
    db.execute_sql(f"ALTER TABLE node ADD COLUMN hub_key {blob}")
    db.execute_sql("ALTER TABLE held ADD COLUMN told_by BIGINT")

    class HubKey(db.Model):
        id = peewee.BlobField(primary_key=True)
        public = peewee.BlobField()
        number = peewee.BigIntegerField()
        made_at = peewee.DoubleField()
        made_by = peewee.TextField()
        destroyed_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "hub_key"

    class NodeHubKey(db.Model):
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

    class KeptKey(db.Model):
        epoch = peewee.BlobField()
        lane = peewee.BigIntegerField()
        counter = peewee.BigIntegerField()
        owner = peewee.TextField(null=True, index=True)
        wrapped = peewee.BlobField()

        class Meta:
            table_name = "kept_key"
            primary_key = peewee.CompositeKey("epoch", "lane", "counter")

    class LateEpoch(db.Model):
        epoch = peewee.BlobField(primary_key=True)
        node = peewee.BigIntegerField()
        envelopes = peewee.BigIntegerField()
        at = peewee.DoubleField()

        class Meta:
            table_name = "late_epoch"

    db.create_tables([HubKey, NodeHubKey, KeptKey, LateEpoch])
