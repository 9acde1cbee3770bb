"""What can be searched, with an index of words for each database. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table and its index."""

    class SearchDoc(db.Model):
        id = peewee.BigAutoField()
        what = peewee.TextField()
        ref = peewee.TextField()
        report = peewee.TextField(index=True)
        village = peewee.TextField()
        at = peewee.DoubleField()
        text = peewee.TextField()
        digits = peewee.TextField()

        class Meta:
            table_name = "search_doc"
            indexes = ((("what", "ref"), False),)

    db.create_tables([SearchDoc])
    if isinstance(db, peewee.SqliteDatabase):
        # The texts stay in their own table: the index holds words and places alone.
        db.execute_sql(
            "CREATE VIRTUAL TABLE search_words USING fts5(text, digits, content='search_doc', "
            "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
        )
    else:
        db.execute_sql("ALTER TABLE search_doc ADD COLUMN words tsvector")
        db.execute_sql("CREATE INDEX search_doc_words ON search_doc USING gin (words)")
