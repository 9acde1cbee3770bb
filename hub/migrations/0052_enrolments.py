"""When an enrolment ends, who compared the fingerprint, and when a box was revoked."""

import peewee


def up(migrator, db):
    """Add the columns; enrolments of before have no end."""
    migrator.migrate(
        migrator.add_column("node", "binds_until", peewee.BigIntegerField(null=True)),
        migrator.add_column("node", "compared_at", peewee.BigIntegerField(null=True)),
        migrator.add_column("node", "compared_by", peewee.TextField(null=True)),
        migrator.add_column("node", "revoked_at", peewee.BigIntegerField(null=True)),
    )
