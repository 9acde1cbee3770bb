"""Tables of the gaps. Times are Unix seconds, days texts as 2026-11-26."""

from __future__ import annotations

import peewee


class Gap(peewee.Model):
    """Questions that are alike. `alike` is a keyed hash of their words; `state` is one of
    `services.STATES`, with who decided it, when and why. The others are the answer for the next pack of
    material, empty until there is one: `lines` and `asks` hold a line each, `lesson` is a key or empty."""

    id = peewee.BigAutoField()
    alike = peewee.TextField(unique=True)
    state = peewee.TextField()
    decided_by = peewee.TextField()
    decided_at = peewee.DoubleField(null=True)
    why = peewee.TextField()
    title = peewee.TextField()
    lines = peewee.TextField()
    asks = peewee.TextField()
    source = peewee.TextField()
    dated = peewee.TextField()
    address = peewee.TextField()
    verified = peewee.BooleanField()

    class Meta:
        table_name = "gap"


class GapQuestion(peewee.Model):
    """One question, by the name of its envelope. `text` is under a key of its own, `language` a number of
    `sync.wire.numbers.AskedIn`."""

    id = peewee.TextField(primary_key=True)
    gap = peewee.BigIntegerField()
    node = peewee.BigIntegerField()
    language = peewee.BigIntegerField()
    text = peewee.TextField()
    via = peewee.TextField()
    received_at = peewee.DoubleField()

    class Meta:
        table_name = "gap_question"
        indexes = ((("gap", "received_at"), False), (("received_at",), False))
