"""The areas that a text lies in among its words, on PostgreSQL. Frozen."""

import peewee

AT_ONCE = 20_000


def up(migrator, db):
    """Add them to what is kept; a hub of five million texts takes some minutes for it."""
    if isinstance(db, peewee.SqliteDatabase):
        return
    last = db.execute_sql("SELECT COALESCE(MAX(id), 0) FROM search_doc").fetchone()[0]
    for first in range(0, last + 1, AT_ONCE):
        db.execute_sql(
            "UPDATE search_doc SET words = words || to_tsvector('simple', "
            "'xwilayah' || left(village, 2) || ' xwilayah' || replace(left(village, 5), '.', '') || "
            "' xwilayah' || replace(left(village, 8), '.', '') || ' xwilayah' || replace(village, '.', '')) "
            "WHERE id > %s AND id <= %s AND village <> ''",
            (first, first + AT_ONCE),
        )
