"""Tables of reports from phones. Nothing in them tells of people: hashes of random names, and numbers."""

from __future__ import annotations

import peewee


class PhoneReport(peewee.Model):
    """A report that a phone filed: `instance` is the SHA-256 of the form's instanceID, so that one that comes
    twice is one report. `token` is the number of the token that it came with."""

    instance = peewee.TextField(primary_key=True)
    report = peewee.TextField(index=True)
    token = peewee.BigIntegerField()
    version = peewee.TextField()
    filed_at = peewee.DoubleField()

    class Meta:
        table_name = "phone_report"


class PhoneFile(peewee.Model):
    """A picture or a sound that a form names. `name` is the SHA-256 of its file's name, `problem` why
    it was not kept, empty for one that was. One that has not come yet has no row."""

    instance = peewee.TextField()
    name = peewee.TextField()
    problem = peewee.TextField()

    class Meta:
        table_name = "phone_file"
        primary_key = peewee.CompositeKey("instance", "name")
