"""The hub's tables on SQLite. Queries name their database, as on the node."""

from __future__ import annotations

import peewee


class Setting(peewee.Model):
    """Small facts: the generation, the last counter."""

    key = peewee.TextField(primary_key=True)
    value = peewee.BlobField()

    class Meta:
        table_name = "setting"


class Node(peewee.Model):
    """An enrolled node. `static_public` is bound by the first epoch that speaks with the pre-shared key.

    A retired node was replaced or revoked: nothing that it says counts any more. A door is the hub's own,
    without a box: see `hub.openrosa.doors`.
    """

    number = peewee.BigIntegerField(primary_key=True)
    village = peewee.TextField(index=True)
    village_name = peewee.TextField()
    psk = peewee.BlobField()
    enrolled_at = peewee.BigIntegerField()
    static_public = peewee.BlobField(null=True)
    refused_keys = peewee.BigIntegerField(default=0)
    retired = peewee.BooleanField(default=False)
    door = peewee.BooleanField(default=False)
    radio_gateway = peewee.BigIntegerField(null=True)
    radio_number = peewee.BigIntegerField(null=True)
    last_heard_at = peewee.BigIntegerField(null=True)
    hub_key = peewee.BlobField(null=True)
    """Id of the hub's key under which hub and node speak; None: of the oldest that the hub has."""
    binds_until = peewee.BigIntegerField(null=True)
    """No box is bound after it, Unix seconds; None: of an earlier version, which had no end."""
    compared_at = peewee.BigIntegerField(null=True)
    compared_by = peewee.TextField(null=True)
    """Who compared the fingerprint by voice, and when; None: nobody did."""
    revoked_at = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "node"


class Epoch(peewee.Model):
    """An epoch that has proven itself. Its start lies between two dates, Unix seconds.

    `heard_at` is when something new of it came last: the order in which epochs with one tag are tried.
    `claimed` tells that its first claim came, with what the node had then.
    """

    id = peewee.BlobField(primary_key=True)
    node = peewee.BigIntegerField(index=True)
    enc = peewee.BlobField()
    tag = peewee.BigIntegerField()
    start_earliest = peewee.DoubleField()
    start_latest = peewee.DoubleField()
    heard_at = peewee.DoubleField(default=0)
    claimed = peewee.BooleanField(default=False)
    hub_key = peewee.BlobField(null=True)
    """Id of the hub's key that opens it; None: the oldest that the hub has."""

    class Meta:
        table_name = "epoch"


class Held(peewee.Model):
    """Which counters of a lane are settled: received or void. `committed` is what the node `told_by` says it
    has, once it closed the epoch."""

    epoch = peewee.BlobField()
    lane = peewee.BigIntegerField()
    settled = peewee.BlobField()
    committed = peewee.BlobField(null=True)
    told_by = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "held"
        primary_key = peewee.CompositeKey("epoch", "lane")


class Envelope(peewee.Model):
    """Every envelope as it came, so that a later version can open what this one could not read.

    One with an `owner` is encrypted once more, under the key of that report: see `hub.retention.contents`.
    """

    epoch = peewee.BlobField()
    lane = peewee.BigIntegerField()
    counter = peewee.BigIntegerField()
    sealed = peewee.BlobField()
    via = peewee.TextField()
    received_at = peewee.DoubleField()
    readable = peewee.BooleanField()
    owner = peewee.TextField(null=True)

    class Meta:
        table_name = "envelope"
        primary_key = peewee.CompositeKey("epoch", "lane", "counter")


class Report(peewee.Model):
    """One report. `body` is its JSON, encrypted, `age_minutes` the age of its epoch when it was taken, and
    `destination` the ISO code of the country that it names: pictures count that without reading bodies.
    `signs` are the groups of its indicators, as `hub.counting.entries.signs_of` writes them; None where an
    earlier version of the hub took it and nobody looked since. `from_shut_out` where a person took it in of a
    box that was shut out by then, as with additions and withdrawals; None is no."""

    id = peewee.TextField(primary_key=True)
    epoch = peewee.BlobField()
    counter = peewee.BigIntegerField()
    node = peewee.BigIntegerField()
    urgent_unread = peewee.BooleanField()
    kind = peewee.TextField()
    body = peewee.TextField()
    age_minutes = peewee.BigIntegerField()
    via = peewee.TextField()
    received_at = peewee.DoubleField()
    read_at = peewee.DoubleField(null=True)
    acted_on_at = peewee.DoubleField(null=True)
    destination = peewee.TextField(null=True)
    signs = peewee.TextField(null=True)
    from_shut_out = peewee.BooleanField(null=True)

    class Meta:
        table_name = "report"


class AttachmentPiece(peewee.Model):
    """Piece `place` of `last` + 1 of an attachment of a report, named by its counter in the same epoch.
    The bytes are in the envelope of the bulk lane with this counter."""

    epoch = peewee.BlobField()
    report = peewee.BigIntegerField()
    number = peewee.BigIntegerField()
    place = peewee.BigIntegerField()
    last = peewee.BigIntegerField()
    media_type = peewee.BigIntegerField()
    bytes_here = peewee.BigIntegerField()
    counter = peewee.BigIntegerField()

    class Meta:
        table_name = "attachment_piece"
        primary_key = peewee.CompositeKey("epoch", "report", "number", "place")


class Addition(peewee.Model):
    """What a reporter added to the report with the id `report`, which may come later, or never.

    `question` is `Answer.written_at` of what it answers; `epoch` is that of its own envelope.
    """

    id = peewee.TextField(primary_key=True)
    node = peewee.BigIntegerField()
    report = peewee.TextField(index=True)
    text = peewee.TextField()
    urgent = peewee.BooleanField()
    question = peewee.BigIntegerField(null=True)
    epoch = peewee.BlobField()
    age_minutes = peewee.BigIntegerField()
    via = peewee.TextField()
    received_at = peewee.DoubleField()
    read_at = peewee.DoubleField(null=True)
    from_shut_out = peewee.BooleanField(null=True)

    class Meta:
        table_name = "addition"


class Withdrawal(peewee.Model):
    """A reporter took the report with the id `report` back."""

    id = peewee.TextField(primary_key=True)
    node = peewee.BigIntegerField()
    report = peewee.TextField(index=True)
    reason = peewee.BigIntegerField()
    epoch = peewee.BlobField()
    age_minutes = peewee.BigIntegerField()
    via = peewee.TextField()
    received_at = peewee.DoubleField()
    read_at = peewee.DoubleField(null=True)
    from_shut_out = peewee.BooleanField(null=True)

    class Meta:
        table_name = "withdrawal"


class Answer(peewee.Model):
    """What was written to a reporter. `written_at` is unique within a report: the node tells copies by it."""

    id = peewee.BigAutoField()
    report = peewee.TextField(index=True)
    text = peewee.TextField()
    asks = peewee.BooleanField()
    written_at = peewee.BigIntegerField()
    written_by = peewee.TextField()

    class Meta:
        table_name = "answer"


class Down(peewee.Model):
    """A hub envelope. What it says is kept by reference, so that a new generation can seal it again.

    `changed` is one more than that of any row before: who has seen a number asks for those above it.
    """

    id = peewee.BigAutoField()
    node = peewee.BigIntegerField()
    what = peewee.TextField()
    ref = peewee.TextField()
    generation = peewee.BigIntegerField()
    counter = peewee.BigIntegerField()
    sealed = peewee.BlobField()
    delivered = peewee.BooleanField(default=False)
    delivered_at = peewee.DoubleField(null=True)
    changed = peewee.BigIntegerField(default=0, index=True)

    class Meta:
        table_name = "down"


class Notice(peewee.Model):
    """A bulletin, an opportunity or a withdrawal, signed once for all villages. `issued` and `until` are days
    from 1970-01-01; to which villages it goes stands in `Down`."""

    serial = peewee.BigIntegerField(primary_key=True)
    kind = peewee.BigIntegerField()
    level = peewee.BigIntegerField()
    public = peewee.BooleanField()
    issued = peewee.BigIntegerField()
    until = peewee.BigIntegerField()
    text = peewee.TextField()
    withdraws = peewee.BigIntegerField(null=True)
    signed = peewee.BlobField()
    written_at = peewee.DoubleField()
    written_by = peewee.TextField()

    class Meta:
        table_name = "notice"


class NoticeSeen(peewee.Model):
    """A village read a notice or told others of it; `at` by the box's own date, if it has one."""

    notice = peewee.BigIntegerField()
    node = peewee.BigIntegerField()
    step = peewee.BigIntegerField()
    at = peewee.DoubleField(null=True)
    told_at = peewee.DoubleField()

    class Meta:
        table_name = "notice_seen"
        primary_key = peewee.CompositeKey("notice", "node", "step")


class ContentPack(peewee.Model):
    """A whole signed pack of material that villages are to have."""

    version = peewee.BigIntegerField(primary_key=True)
    data = peewee.BlobField()
    added_at = peewee.DoubleField()

    class Meta:
        table_name = "content_pack"


class NodeContent(peewee.Model):
    """Which material a node shows, as it told last, and what went wrong with a newer one."""

    node = peewee.BigIntegerField(primary_key=True)
    version = peewee.BigIntegerField()
    files = peewee.BlobField()
    trouble = peewee.BigIntegerField()
    of_version = peewee.BigIntegerField()
    told_at = peewee.DoubleField()

    class Meta:
        table_name = "node_content"


class JobRun(peewee.Model):
    """When a job ran last, and until when whoever runs it now has it for itself."""

    name = peewee.TextField(primary_key=True)
    wall_s = peewee.BigIntegerField()
    claimed_until = peewee.DoubleField(null=True)

    class Meta:
        table_name = "job_run"


class UsedForm(peewee.Model):
    """A form that was carried out, by a random id; the oldest are dropped."""

    id = peewee.TextField(primary_key=True)
    at = peewee.DoubleField(index=True)

    class Meta:
        table_name = "used_form"


class LinkDay(peewee.Model):
    """What the hub heard of one node on one day, see `hub.link_counts.NodeCounts`."""

    node = peewee.BigIntegerField()
    day = peewee.BigIntegerField()
    frames_heard = peewee.BigIntegerField()
    questions_heard = peewee.BigIntegerField()
    questions_missed = peewee.BigIntegerField()
    receipts_lost = peewee.BigIntegerField()
    bundles = peewee.BigIntegerField()
    radio_envelopes = peewee.BigIntegerField()
    gateway_envelopes = peewee.BigIntegerField()
    http_envelopes = peewee.BigIntegerField()
    courier_envelopes = peewee.BigIntegerField()
    receipts_sent = peewee.BigIntegerField()
    downs_sent = peewee.BigIntegerField()
    airtime_ms = peewee.DoubleField()
    rssi_dbm_count = peewee.BigIntegerField()
    rssi_dbm_total = peewee.DoubleField()
    rssi_dbm_highest = peewee.DoubleField(null=True)
    snr_db_count = peewee.BigIntegerField()
    snr_db_total = peewee.DoubleField()
    snr_db_highest = peewee.DoubleField(null=True)
    margin_db_count = peewee.BigIntegerField()
    margin_db_total = peewee.DoubleField()
    margin_db_highest = peewee.DoubleField(null=True)
    hops_count = peewee.BigIntegerField()
    hops_total = peewee.DoubleField()
    hops_highest = peewee.DoubleField(null=True)

    class Meta:
        table_name = "link_day"
        primary_key = peewee.CompositeKey("node", "day")


class RadioDay(peewee.Model):
    """What the hub's own radio did on one day, see `hub.link_counts.OwnCounts`."""

    day = peewee.BigIntegerField(primary_key=True)
    seconds = peewee.DoubleField()
    frames_sent = peewee.BigIntegerField()
    airtime_ms = peewee.DoubleField()
    frames_heard = peewee.BigIntegerField()
    foreign_frames = peewee.BigIntegerField()
    channel_used_count = peewee.BigIntegerField()
    channel_used_total = peewee.DoubleField()
    channel_used_highest = peewee.DoubleField(null=True)

    class Meta:
        table_name = "radio_day"


class Contact(peewee.Model):
    """When a node was last heard by each carrier, Unix seconds."""

    node = peewee.BigIntegerField()
    via = peewee.TextField()
    at = peewee.DoubleField()

    class Meta:
        table_name = "contact"
        primary_key = peewee.CompositeKey("node", "via")


class SessionSummary(peewee.Model):
    """The totals of one awareness session of a village, `sync.wire.session_summary`, in its last revision."""

    node = peewee.BigIntegerField()
    key = peewee.BigIntegerField()
    revision = peewee.BigIntegerField()
    record = peewee.BlobField()
    via = peewee.TextField()
    received_at = peewee.DoubleField()

    class Meta:
        table_name = "session_summary"
        primary_key = peewee.CompositeKey("node", "key")


class WeekCount(peewee.Model):
    """How many reports of a kind were taken in the week of a Monday, days from 1970-01-01: in the hub (`unit`
    is empty) or in one regency. Kept by `hub.week_counts`."""

    week = peewee.BigIntegerField()
    unit = peewee.TextField()
    kind = peewee.TextField()
    reports = peewee.BigIntegerField()

    class Meta:
        table_name = "week_count"
        primary_key = peewee.CompositeKey("week", "unit", "kind")


class WeekDestination(peewee.Model):
    """The same by country of destination, which is empty where a report names none."""

    unit = peewee.TextField()
    week = peewee.BigIntegerField()
    kind = peewee.TextField()
    destination = peewee.TextField()
    reports = peewee.BigIntegerField()

    class Meta:
        table_name = "week_destination"
        primary_key = peewee.CompositeKey("unit", "week", "kind", "destination")
