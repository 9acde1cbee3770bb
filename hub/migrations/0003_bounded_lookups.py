"""What each frame asks of the database stays the same however long the history is."""


def up(migrator, db):
    """Remember when an epoch was heard; index what a frame looks up.

    Partial indices hold only the few hub envelopes that a question is about, never all that were delivered.
    """
    for statement in (
        "ALTER TABLE epoch ADD COLUMN heard_at DOUBLE PRECISION NOT NULL DEFAULT 0",
        "ALTER TABLE epoch ADD COLUMN claimed BOOLEAN NOT NULL DEFAULT FALSE",
        "UPDATE epoch SET heard_at = start_latest, claimed = TRUE",
        "DROP INDEX epoch_tag",
        "CREATE INDEX epoch_heard ON epoch (tag, heard_at DESC)",
        "DROP INDEX down_node",
        "CREATE INDEX down_waiting ON down (node, id) WHERE NOT delivered",
        "CREATE INDEX down_delivered ON down (node, generation, counter) WHERE delivered",
        "CREATE INDEX down_ref ON down (what, ref)",
    ):
        db.execute_sql(statement)
