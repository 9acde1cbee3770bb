"""The hub's tables on SQLite. Queries name their database, as on the node."""

from __future__ import annotations

import peewee


class Setting(peewee.Model):
    """Small facts: the generation, the last counter."""

    key = peewee.CharField(primary_key=True)
    value = peewee.BlobField()

    class Meta:
        table_name = "setting"


class Node(peewee.Model):
    """An enrolled node. `static_public` is bound by the first epoch that speaks with the pre-shared key.

    A retired node was replaced: nothing that it says counts any more.
    """

    number = peewee.IntegerField(primary_key=True)
    village = peewee.CharField(index=True)
    village_name = peewee.CharField()
    psk = peewee.BlobField()
    enrolled_at = peewee.IntegerField()
    static_public = peewee.BlobField(null=True)
    refused_keys = peewee.IntegerField(default=0)
    retired = peewee.BooleanField(default=False)
    radio_gateway = peewee.IntegerField(null=True)
    radio_number = peewee.IntegerField(null=True)
    last_heard_at = peewee.IntegerField(null=True)

    class Meta:
        table_name = "node"


class Epoch(peewee.Model):
    """An epoch that has proven itself. Its start lies between two dates, Unix seconds.

    `heard_at` is when something new of it came last: the order in which epochs with one tag are tried.
    `claimed` tells that its first claim came, with what the node had then.
    """

    id = peewee.BlobField(primary_key=True)
    node = peewee.IntegerField(index=True)
    enc = peewee.BlobField()
    tag = peewee.IntegerField()
    start_earliest = peewee.FloatField()
    start_latest = peewee.FloatField()
    heard_at = peewee.FloatField(default=0)
    claimed = peewee.BooleanField(default=False)

    class Meta:
        table_name = "epoch"


class Held(peewee.Model):
    """Which counters of a lane are settled: received or void. `committed` is what the node says it has,
    once it closed the epoch."""

    epoch = peewee.BlobField()
    lane = peewee.IntegerField()
    settled = peewee.BlobField()
    committed = peewee.BlobField(null=True)

    class Meta:
        table_name = "held"
        primary_key = peewee.CompositeKey("epoch", "lane")


class Envelope(peewee.Model):
    """Every envelope as it came, so that a later version can open what this one could not read."""

    epoch = peewee.BlobField()
    lane = peewee.IntegerField()
    counter = peewee.IntegerField()
    sealed = peewee.BlobField()
    via = peewee.CharField()
    received_at = peewee.FloatField()
    readable = peewee.BooleanField()

    class Meta:
        table_name = "envelope"
        primary_key = peewee.CompositeKey("epoch", "lane", "counter")


class Report(peewee.Model):
    """One report. `body` is its JSON, `age_minutes` the age of its epoch when it was taken."""

    id = peewee.CharField(primary_key=True)
    epoch = peewee.BlobField()
    counter = peewee.IntegerField()
    node = peewee.IntegerField(index=True)
    urgent_unread = peewee.BooleanField()
    kind = peewee.CharField()
    body = peewee.TextField()
    age_minutes = peewee.IntegerField()
    via = peewee.CharField()
    received_at = peewee.FloatField()
    read_at = peewee.FloatField(null=True)
    acted_on_at = peewee.FloatField(null=True)

    class Meta:
        table_name = "report"


class AttachmentPiece(peewee.Model):
    """Piece `place` of `last` + 1 of an attachment of a report, named by its counter in the same epoch.
    The bytes are in the envelope of the bulk lane with this counter."""

    epoch = peewee.BlobField()
    report = peewee.IntegerField()
    number = peewee.IntegerField()
    place = peewee.IntegerField()
    last = peewee.IntegerField()
    media_type = peewee.IntegerField()
    bytes_here = peewee.IntegerField()
    counter = peewee.IntegerField()

    class Meta:
        table_name = "attachment_piece"
        primary_key = peewee.CompositeKey("epoch", "report", "number", "place")


class Addition(peewee.Model):
    """What a reporter added to the report with the id `report`, which may come later, or never.

    `question` is `Answer.written_at` of what it answers; `epoch` is that of its own envelope.
    """

    id = peewee.CharField(primary_key=True)
    node = peewee.IntegerField()
    report = peewee.CharField(index=True)
    text = peewee.TextField()
    urgent = peewee.BooleanField()
    question = peewee.IntegerField(null=True)
    epoch = peewee.BlobField()
    age_minutes = peewee.IntegerField()
    via = peewee.CharField()
    received_at = peewee.FloatField()
    read_at = peewee.FloatField(null=True)

    class Meta:
        table_name = "addition"


class Withdrawal(peewee.Model):
    """A reporter took the report with the id `report` back."""

    id = peewee.CharField(primary_key=True)
    node = peewee.IntegerField()
    report = peewee.CharField(index=True)
    reason = peewee.IntegerField()
    epoch = peewee.BlobField()
    age_minutes = peewee.IntegerField()
    via = peewee.CharField()
    received_at = peewee.FloatField()
    read_at = peewee.FloatField(null=True)

    class Meta:
        table_name = "withdrawal"


class Answer(peewee.Model):
    """What was written to a reporter. `written_at` is unique within a report: the node tells copies by it."""

    id = peewee.AutoField()
    report = peewee.CharField(index=True)
    text = peewee.TextField()
    asks = peewee.BooleanField()
    written_at = peewee.IntegerField()
    written_by = peewee.CharField()

    class Meta:
        table_name = "answer"


class Down(peewee.Model):
    """A hub envelope. What it says is kept by reference, so that a new generation can seal it again."""

    id = peewee.AutoField()
    node = peewee.IntegerField()
    what = peewee.CharField()
    ref = peewee.CharField()
    generation = peewee.IntegerField()
    counter = peewee.IntegerField()
    sealed = peewee.BlobField()
    delivered = peewee.BooleanField(default=False)
    delivered_at = peewee.FloatField(null=True)

    class Meta:
        table_name = "down"


class Notice(peewee.Model):
    """A bulletin, an opportunity or a withdrawal, signed once for all villages. `issued` and `until` are days
    from 1970-01-01; to which villages it goes stands in `Down`."""

    serial = peewee.IntegerField(primary_key=True)
    kind = peewee.IntegerField()
    level = peewee.IntegerField()
    public = peewee.BooleanField()
    issued = peewee.IntegerField()
    until = peewee.IntegerField()
    text = peewee.TextField()
    withdraws = peewee.IntegerField(null=True)
    signed = peewee.BlobField()
    written_at = peewee.FloatField()
    written_by = peewee.CharField()

    class Meta:
        table_name = "notice"


class NoticeSeen(peewee.Model):
    """A village read a notice or told others of it; `at` by the box's own date, if it has one."""

    notice = peewee.IntegerField()
    node = peewee.IntegerField()
    step = peewee.IntegerField()
    at = peewee.FloatField(null=True)
    told_at = peewee.FloatField()

    class Meta:
        table_name = "notice_seen"
        primary_key = peewee.CompositeKey("notice", "node", "step")


class ContentPack(peewee.Model):
    """A whole signed pack of material that villages are to have."""

    version = peewee.IntegerField(primary_key=True)
    data = peewee.BlobField()
    added_at = peewee.FloatField()

    class Meta:
        table_name = "content_pack"


class NodeContent(peewee.Model):
    """Which material a node shows, as it told last, and what went wrong with a newer one."""

    node = peewee.IntegerField(primary_key=True)
    version = peewee.IntegerField()
    files = peewee.BlobField()
    trouble = peewee.IntegerField()
    of_version = peewee.IntegerField()
    told_at = peewee.FloatField()

    class Meta:
        table_name = "node_content"


class JobRun(peewee.Model):
    """When a job ran last."""

    name = peewee.CharField(primary_key=True)
    wall_s = peewee.IntegerField()

    class Meta:
        table_name = "job_run"


class LinkDay(peewee.Model):
    """What the hub heard of one node on one day, see `hub.link_counts.NodeCounts`."""

    node = peewee.IntegerField()
    day = peewee.IntegerField()
    frames_heard = peewee.IntegerField()
    questions_heard = peewee.IntegerField()
    questions_missed = peewee.IntegerField()
    receipts_lost = peewee.IntegerField()
    bundles = peewee.IntegerField()
    radio_envelopes = peewee.IntegerField()
    gateway_envelopes = peewee.IntegerField()
    http_envelopes = peewee.IntegerField()
    courier_envelopes = peewee.IntegerField()
    receipts_sent = peewee.IntegerField()
    downs_sent = peewee.IntegerField()
    airtime_ms = peewee.FloatField()
    rssi_dbm_count = peewee.IntegerField()
    rssi_dbm_total = peewee.FloatField()
    rssi_dbm_highest = peewee.FloatField(null=True)
    snr_db_count = peewee.IntegerField()
    snr_db_total = peewee.FloatField()
    snr_db_highest = peewee.FloatField(null=True)
    margin_db_count = peewee.IntegerField()
    margin_db_total = peewee.FloatField()
    margin_db_highest = peewee.FloatField(null=True)
    hops_count = peewee.IntegerField()
    hops_total = peewee.FloatField()
    hops_highest = peewee.FloatField(null=True)

    class Meta:
        table_name = "link_day"
        primary_key = peewee.CompositeKey("node", "day")


class RadioDay(peewee.Model):
    """What the hub's own radio did on one day, see `hub.link_counts.OwnCounts`."""

    day = peewee.IntegerField(primary_key=True)
    seconds = peewee.FloatField()
    frames_sent = peewee.IntegerField()
    airtime_ms = peewee.FloatField()
    frames_heard = peewee.IntegerField()
    foreign_frames = peewee.IntegerField()
    channel_used_count = peewee.IntegerField()
    channel_used_total = peewee.FloatField()
    channel_used_highest = peewee.FloatField(null=True)

    class Meta:
        table_name = "radio_day"


class Contact(peewee.Model):
    """When a node was last heard by each carrier, Unix seconds."""

    node = peewee.IntegerField()
    via = peewee.CharField()
    at = peewee.FloatField()

    class Meta:
        table_name = "contact"
        primary_key = peewee.CompositeKey("node", "via")


class SessionSummary(peewee.Model):
    """The totals of one awareness session of a village, `sync.wire.session_summary`, in its last revision."""

    node = peewee.IntegerField()
    key = peewee.IntegerField()
    revision = peewee.IntegerField()
    record = peewee.BlobField()
    via = peewee.CharField()
    received_at = peewee.FloatField()

    class Meta:
        table_name = "session_summary"
        primary_key = peewee.CompositeKey("node", "key")
