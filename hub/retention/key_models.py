"""The table of keys: a report without its row here cannot be read by anybody, wherever its copies lie."""

from __future__ import annotations

import peewee


class ReportKey(peewee.Model):
    """The key of what one report, the pieces of one addition, or one version of a referral holds; wrapped
    under the folder's key."""

    owner = peewee.TextField(primary_key=True)
    wrapped = peewee.BlobField()

    class Meta:
        table_name = "report_key"
