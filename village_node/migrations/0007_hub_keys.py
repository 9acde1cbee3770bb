"""For which key of the hub each epoch is sealed; NULL: for that of the enrolment."""


def up(migrator, db):
    """Add the column."""
    db.execute_sql("ALTER TABLE epoch ADD COLUMN hub_key BLOB")
