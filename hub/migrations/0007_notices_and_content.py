"""Notices to villages, packs of material, and what villages say of both. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables, and note when a hub envelope arrived."""

    class Notice(db.Model):
        serial = peewee.BigIntegerField(primary_key=True)
        kind = peewee.BigIntegerField()
        level = peewee.BigIntegerField()
        public = peewee.BooleanField()
        issued = peewee.BigIntegerField()
        until = peewee.BigIntegerField()
        text = peewee.TextField()
        withdraws = peewee.BigIntegerField(null=True)
        signed = peewee.BlobField()
        written_at = peewee.DoubleField()
        written_by = peewee.TextField()

        class Meta:
            table_name = "notice"

    class NoticeSeen(db.Model):
        notice = peewee.BigIntegerField()
        node = peewee.BigIntegerField()
        step = peewee.BigIntegerField()
        at = peewee.DoubleField(null=True)
        told_at = peewee.DoubleField()

        class Meta:
            table_name = "notice_seen"
            primary_key = peewee.CompositeKey("notice", "node", "step")

    class ContentPack(db.Model):
        version = peewee.BigIntegerField(primary_key=True)
        data = peewee.BlobField()
        added_at = peewee.DoubleField()

        class Meta:
            table_name = "content_pack"

    class NodeContent(db.Model):
        node = peewee.BigIntegerField(primary_key=True)
        version = peewee.BigIntegerField()
        files = peewee.BlobField()
        trouble = peewee.BigIntegerField()
        of_version = peewee.BigIntegerField()
        told_at = peewee.DoubleField()

        class Meta:
            table_name = "node_content"

    db.create_tables([Notice, NoticeSeen, ContentPack, NodeContent])
    db.execute_sql("ALTER TABLE down ADD COLUMN delivered_at DOUBLE PRECISION")
