"""The table of what can be searched. Its index of words is made by the migration, one for each database."""

from __future__ import annotations

import peewee


class SearchDoc(peewee.Model):
    """One text that can be found: of a report, an addition, a comment or a case; `ref` is its id there.

    `report` is the report that it belongs to, empty for a case; `village` limits who finds it. Newer rows
    have higher ids, and pages go down by them.
    """

    id = peewee.BigAutoField()
    what = peewee.CharField()
    ref = peewee.CharField()
    report = peewee.CharField(index=True)
    village = peewee.CharField()
    at = peewee.DoubleField()
    text = peewee.TextField()
    digits = peewee.TextField()

    class Meta:
        table_name = "search_doc"
        indexes = ((("what", "ref"), False),)
