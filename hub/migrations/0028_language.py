"""The language in which each account reads the pages: Indonesian, until it chooses another."""


def up(migrator, db):
    """Add the column."""
    db.execute_sql("ALTER TABLE \"user\" ADD COLUMN language TEXT NOT NULL DEFAULT 'id'")
