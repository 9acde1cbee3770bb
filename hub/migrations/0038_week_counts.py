"""Counters of reports by week, and the indexes of reports that are left to do. Frozen copies of the models;
the hub fills the counters at its next start."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class WeekCount(db.Model):
        week = peewee.BigIntegerField()
        unit = peewee.TextField()
        kind = peewee.TextField()
        reports = peewee.BigIntegerField()

        class Meta:
            table_name = "week_count"
            primary_key = peewee.CompositeKey("week", "unit", "kind")

    class WeekDestination(db.Model):
        unit = peewee.TextField()
        week = peewee.BigIntegerField()
        kind = peewee.TextField()
        destination = peewee.TextField()
        reports = peewee.BigIntegerField()

        class Meta:
            table_name = "week_destination"
            primary_key = peewee.CompositeKey("unit", "week", "kind", "destination")

    db.create_tables([WeekCount, WeekDestination])
    for statement in (
        "DROP INDEX report_counts",
        "DROP INDEX report_order",
        "DROP INDEX report_node",
        "DROP INDEX report_unread",
        "DROP INDEX report_waiting",
        "CREATE INDEX report_received ON report (received_at, id)",
        "CREATE INDEX report_node_received ON report (node, received_at)",
        "CREATE INDEX report_urgent ON report (received_at, node) WHERE urgent_unread",
        "CREATE INDEX report_unread ON report (node, id) WHERE read_at IS NULL",
        "CREATE INDEX report_waiting ON report (node, id) WHERE read_at IS NOT NULL AND acted_on_at IS NULL",
        "DROP INDEX down_ref",
        "CREATE INDEX down_ref ON down (what, ref, delivered, node)",
        "CREATE INDEX forgotten_report_node ON forgotten_report (node, received_at)",
    ):
        db.execute_sql(statement)
