"""Notices to villages, packs of material, and what villages say of both. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables, and note when a hub envelope arrived."""

    class Notice(db.Model):
        serial = peewee.IntegerField(primary_key=True)
        kind = peewee.IntegerField()
        level = peewee.IntegerField()
        public = peewee.BooleanField()
        issued = peewee.IntegerField()
        until = peewee.IntegerField()
        text = peewee.TextField()
        withdraws = peewee.IntegerField(null=True)
        signed = peewee.BlobField()
        written_at = peewee.FloatField()
        written_by = peewee.CharField()

        class Meta:
            table_name = "notice"

    class NoticeSeen(db.Model):
        notice = peewee.IntegerField()
        node = peewee.IntegerField()
        step = peewee.IntegerField()
        at = peewee.FloatField(null=True)
        told_at = peewee.FloatField()

        class Meta:
            table_name = "notice_seen"
            primary_key = peewee.CompositeKey("notice", "node", "step")

    class ContentPack(db.Model):
        version = peewee.IntegerField(primary_key=True)
        data = peewee.BlobField()
        added_at = peewee.FloatField()

        class Meta:
            table_name = "content_pack"

    class NodeContent(db.Model):
        node = peewee.IntegerField(primary_key=True)
        version = peewee.IntegerField()
        files = peewee.BlobField()
        trouble = peewee.IntegerField()
        of_version = peewee.IntegerField()
        told_at = peewee.FloatField()

        class Meta:
            table_name = "node_content"

    db.create_tables([Notice, NoticeSeen, ContentPack, NodeContent])
    db.execute_sql("ALTER TABLE down ADD COLUMN delivered_at REAL")
