"""Tables of imports."""

from __future__ import annotations

import peewee


class ImportBatch(peewee.Model):
    """One file. `state` is draft, dropped, done or undone; `cells` holds its header and rows as JSON
    while it is a draft, `columns` what each column means. Times are Unix seconds."""

    id = peewee.BigAutoField()
    source = peewee.TextField()
    state = peewee.TextField()
    made_at = peewee.DoubleField()
    made_by = peewee.TextField()
    cells = peewee.TextField()
    columns = peewee.TextField()
    count = peewee.BigIntegerField()

    class Meta:
        table_name = "import_batch"
        indexes = ((("state", "id"), False),)


class ImportedCase(peewee.Model):
    """Where a case came from: `source` folded, the number that it has there, and what was told, as JSON."""

    case = peewee.BigIntegerField(primary_key=True)
    batch = peewee.BigIntegerField(index=True)
    source = peewee.TextField()
    source_id = peewee.TextField()
    told = peewee.TextField()

    class Meta:
        table_name = "imported_case"
        indexes = ((("source", "source_id"), True),)
