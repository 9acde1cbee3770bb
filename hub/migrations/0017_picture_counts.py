"""What the pictures and the wall count, indexed: no count reads the body of a report."""


def up(migrator, db):
    """Index all that counts by week and area need; keep what is unread or waits in small partial indices."""
    for statement in (
        "CREATE INDEX report_counts ON report (received_at, kind, node, epoch, age_minutes)",
        "CREATE INDEX report_unread ON report (node) WHERE read_at IS NULL",
        "CREATE INDEX report_waiting ON report (id, node) WHERE read_at IS NOT NULL AND acted_on_at IS NULL",
    ):
        db.execute_sql(statement)
