"""What a box sent that was shut out by then, and a person took in."""

import peewee


def up(migrator, db):
    """Add the columns; NULL is no."""
    migrator.migrate(
        *(
            migrator.add_column(table, "from_shut_out", peewee.BooleanField(null=True))
            for table in ("report", "addition", "withdrawal")
        )
    )
