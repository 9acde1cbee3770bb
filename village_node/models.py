"""The node's tables. Nothing in them can be read without the hub's key or a receipt code.

The classes carry no database: every query names its own (`.execute(database)`), so that two nodes can live
in one process.
"""

from __future__ import annotations

import peewee


class Setting(peewee.Model):
    """Small facts of this box: boot number, hub generation, highest time seen."""

    key = peewee.CharField(primary_key=True)
    value = peewee.BlobField()

    class Meta:
        table_name = "setting"


class Epoch(peewee.Model):
    """One start of the node. `closed` = its end was announced to the hub; `hub_key` is the id of the hub's
    key for which it is sealed, None = that of the enrolment."""

    id = peewee.BlobField(primary_key=True)
    enc = peewee.BlobField()
    boot = peewee.IntegerField()
    closed = peewee.BooleanField(default=False)
    hub_key = peewee.BlobField(null=True)

    class Meta:
        table_name = "epoch"


class Envelope(peewee.Model):
    """A sealed envelope. `receipted_in` is the hub generation whose receipt covers it, None = waits."""

    epoch = peewee.BlobField()
    lane = peewee.IntegerField()
    counter = peewee.IntegerField()
    sealed = peewee.BlobField()
    urgent = peewee.BooleanField()
    boot = peewee.IntegerField()
    mono_s = peewee.IntegerField()
    receipted_in = peewee.IntegerField(null=True)

    class Meta:
        table_name = "envelope"
        primary_key = peewee.CompositeKey("epoch", "lane", "counter")


class Receipt(peewee.Model):
    """A receipt by its `find` (see `sync.sealing.receipt_code`) and the envelope that it stands for."""

    find = peewee.BlobField(primary_key=True)
    epoch = peewee.BlobField()
    counter = peewee.IntegerField()

    class Meta:
        table_name = "receipt"


class ReceiptSign(peewee.Model):
    """What else leads to a receipt: its four pictures as one number, and the find of its duress code."""

    find = peewee.BlobField(primary_key=True)
    pictures = peewee.IntegerField()
    duress_find = peewee.BlobField(unique=True)

    class Meta:
        table_name = "receipt_sign"


class FollowUp(peewee.Model):
    """An addition or a withdrawal under a receipt. Its steps stand under `key`, which looks like a find and
    which no code opens; `kind` is a number of `sync.wire.numbers.UpRecord`."""

    key = peewee.BlobField(primary_key=True)
    find = peewee.BlobField(index=True)
    kind = peewee.IntegerField()

    class Meta:
        table_name = "follow_up"


class Attached(peewee.Model):
    """Which counters of the bulk lane hold the pictures and sounds of a receipt or a follow-up."""

    key = peewee.BlobField(primary_key=True)
    epoch = peewee.BlobField()
    first = peewee.IntegerField()
    last = peewee.IntegerField()

    class Meta:
        table_name = "attached"


class Step(peewee.Model):
    """A step of a ladder that was reached, and when, as far as this box can tell."""

    find = peewee.BlobField()
    step = peewee.IntegerField()
    boot = peewee.IntegerField()
    mono_s = peewee.IntegerField()
    wall_s = peewee.IntegerField(null=True)

    class Meta:
        table_name = "step"
        primary_key = peewee.CompositeKey("find", "step")


class FormUse(peewee.Model):
    """A one-use form token that was used, as its hash, committed with the report."""

    token_hash = peewee.BlobField(primary_key=True)
    epoch = peewee.BlobField()
    counter = peewee.IntegerField()

    class Meta:
        table_name = "form_use"


class Answer(peewee.Model):
    """An answer from the hub, sealed under a receipt code."""

    generation = peewee.IntegerField()
    counter = peewee.IntegerField()
    find = peewee.BlobField(index=True)
    asks = peewee.BooleanField()
    written_at_s = peewee.IntegerField()
    sealed = peewee.BlobField()

    class Meta:
        table_name = "answer"
        primary_key = peewee.CompositeKey("generation", "counter")


class DownSeen(peewee.Model):
    """Hub envelopes that arrived, by generation, as ranges."""

    generation = peewee.IntegerField(primary_key=True)
    ranges = peewee.BlobField()

    class Meta:
        table_name = "down_seen"


class JobRun(peewee.Model):
    """When a job ran last: a row of ours, because the scheduler forgets."""

    name = peewee.CharField(primary_key=True)
    wall_s = peewee.IntegerField()

    class Meta:
        table_name = "job_run"


class LinkDay(peewee.Model):
    """What the radio did on one day (`sync.link_quality.day_number`); columns of `link_meter.LinkCounts`.

    Day 0 sums up hours of which nobody ever learnt the date.
    """

    day = peewee.IntegerField(primary_key=True)
    seconds = peewee.FloatField()
    frames_sent = peewee.IntegerField()
    airtime_ms = peewee.FloatField()
    frames_heard = peewee.IntegerField()
    questions_asked = peewee.IntegerField()
    questions_answered = peewee.IntegerField()
    silences = peewee.IntegerField()
    envelopes_sent = peewee.IntegerField()
    envelopes_again = peewee.IntegerField()
    round_trip_s_count = peewee.IntegerField()
    round_trip_s_total = peewee.FloatField()
    round_trip_s_highest = peewee.FloatField(null=True)
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
    channel_used_count = peewee.IntegerField()
    channel_used_total = peewee.FloatField()
    channel_used_highest = peewee.FloatField(null=True)

    class Meta:
        table_name = "link_day"


class AwarenessSession(peewee.Model):
    """An awareness session: what is taught, when, and how many came, as totals.

    `lessons` are keys with spaces between, `attendance` counts with spaces between (`SessionSummary`),
    `changes` the last changes of it that can be undone. `key` names the session at the hub, `number` on
    phones; `sent` is how often its summary went out.
    """

    id = peewee.AutoField()
    key = peewee.IntegerField()
    sent = peewee.IntegerField(default=0)
    held_on = peewee.CharField(null=True)
    part = peewee.CharField()
    lessons = peewee.CharField()
    quiz = peewee.CharField()
    state = peewee.CharField()
    deleted = peewee.BooleanField(default=False)
    attendance = peewee.CharField()
    changes = peewee.CharField(default="")
    open_round = peewee.CharField(default="")
    number = peewee.IntegerField()

    class Meta:
        table_name = "awareness_session"


class QuizTally(peewee.Model):
    """How many chose a, b or c at a question of a round, by hands that were counted or by phones."""

    session = peewee.IntegerField()
    round = peewee.CharField()
    source = peewee.CharField()
    question = peewee.IntegerField()
    a = peewee.IntegerField()
    b = peewee.IntegerField()
    c = peewee.IntegerField()

    class Meta:
        table_name = "quiz_tally"
        primary_key = peewee.CompositeKey("session", "round", "source", "question")


class QuizFormUse(peewee.Model):
    """A form of the quiz that counted, as the hash of its token; forgotten when its round ends."""

    token_hash = peewee.BlobField(primary_key=True)
    session = peewee.IntegerField()

    class Meta:
        table_name = "quiz_form_use"


class Notice(peewee.Model):
    """A notice from the hub with its signature, when it came, and what the village did with it.

    A row with an empty `signed` and `withdrawn` stands for one whose withdrawal came first.
    """

    serial = peewee.IntegerField(primary_key=True)
    signed = peewee.BlobField()
    boot = peewee.IntegerField()
    mono_s = peewee.IntegerField()
    wall_s = peewee.IntegerField(null=True)
    withdrawn = peewee.BooleanField(default=False)
    read = peewee.BooleanField(default=False)
    announced = peewee.BooleanField(default=False)

    class Meta:
        table_name = "notice"


class Departure(peewee.Model):
    """A line of the departure ledger: which agency asked for the village's letter, for where, for how many,
    and when; never for whom. A correction is a further row of the same `entry`: the last one counts."""

    id = peewee.AutoField()
    entry = peewee.IntegerField(index=True)
    agency = peewee.TextField()
    destination = peewee.CharField()
    letter_on = peewee.CharField()
    people = peewee.IntegerField()
    removed = peewee.BooleanField(default=False)
    noted_on = peewee.CharField(null=True)
    boot = peewee.IntegerField()
    mono_s = peewee.IntegerField()

    class Meta:
        table_name = "departure"
