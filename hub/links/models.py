"""Tables of linking. Times are Unix seconds; `kind` is "recruiter" or "event" where two things are joined."""

from __future__ import annotations

import peewee


class LinkDue(peewee.Model):
    """A report whose text is new or has grown: to be linked. `version` tells whether it grew meanwhile."""

    report = peewee.TextField(primary_key=True)
    version = peewee.BigIntegerField(default=1)
    since = peewee.DoubleField(index=True)

    class Meta:
        table_name = "link_due"


class LinkEvidence(peewee.Model):
    """What links a report, as `hub.linking.evidence_text` writes it; `keys` are those it is found under,
    8 bytes each. `number` stands for the report in `LinkPosting`."""

    number = peewee.BigAutoField()
    report = peewee.TextField(unique=True)
    version = peewee.BigIntegerField(index=True)
    body = peewee.TextField()
    keys = peewee.BlobField()

    class Meta:
        table_name = "link_evidence"


class LinkPosting(peewee.Model):
    """Which reports are found under a key, 4 bytes each. A key that too many share keeps its count alone."""

    key = peewee.BigIntegerField(primary_key=True)
    count = peewee.BigIntegerField()
    reports = peewee.BlobField()

    class Meta:
        table_name = "link_posting"


class LinkCount(peewee.Model):
    """In how many reports a word of a name, a concept, an area or a country stands; and totals."""

    word = peewee.TextField(primary_key=True)
    count = peewee.BigIntegerField()

    class Meta:
        table_name = "link_count"


class LinkSuggestion(peewee.Model):
    """Two reports that may belong together, `one` < `other`, with the evidence. `state` follows from what
    people decided: see `hub.links.states`. The best `rank` is shown first. What is not `strong` lies a little
    below the threshold: it is kept for groups and not shown."""

    id = peewee.BigAutoField()
    kind = peewee.TextField()
    one = peewee.TextField()
    other = peewee.TextField(index=True)
    bits = peewee.DoubleField()
    rank = peewee.DoubleField()
    pieces = peewee.TextField()
    strong = peewee.BooleanField()
    state = peewee.TextField()
    made_at = peewee.DoubleField()

    class Meta:
        table_name = "link_suggestion"
        indexes = (
            (("kind", "one", "other"), True),
            (("one",), False),
            (("state", "rank", "id"), False),
        )


class LinkDecision(peewee.Model):
    """What somebody decided about two reports, `one` < `other`: that they belong together, or not. A
    decision that was undone stays, for the history. `band` is `hub.links.measures.band_of` of the evidence
    that was shown, None where there was none."""

    id = peewee.BigAutoField()
    kind = peewee.TextField()
    one = peewee.TextField(index=True)
    other = peewee.TextField(index=True)
    same = peewee.BooleanField()
    by = peewee.TextField()
    at = peewee.DoubleField()
    reason = peewee.TextField()
    band = peewee.BigIntegerField(null=True)
    undone_by = peewee.TextField(null=True)
    undone_at = peewee.DoubleField(null=True)
    undo_reason = peewee.TextField(default="")

    class Meta:
        table_name = "link_decision"


class LinkDecisionPiece(peewee.Model):
    """Which kinds of evidence spoke for a pair that was decided, and how it stands, for counting."""

    decision = peewee.BigIntegerField()
    piece = peewee.TextField()

    class Meta:
        table_name = "link_decision_piece"
        primary_key = peewee.CompositeKey("decision", "piece")


class LinkGroup(peewee.Model):
    """Reports that decisions join: a person of interest, or an event. `number` is that of the oldest
    decision in it that holds, so that a merge taken back gives the numbers that were."""

    number = peewee.BigIntegerField(primary_key=True)
    kind = peewee.TextField()
    reports = peewee.BigIntegerField()
    first_at = peewee.DoubleField()
    last_at = peewee.DoubleField()

    class Meta:
        table_name = "link_group"
        indexes = ((("kind", "last_at", "number"), False),)


class LinkMember(peewee.Model):
    """A report of a group."""

    kind = peewee.TextField()
    report = peewee.TextField()
    group = peewee.BigIntegerField(index=True, column_name="group_number")

    class Meta:
        table_name = "link_member"
        primary_key = peewee.CompositeKey("report", "kind")


TABLES = (
    LinkDue,
    LinkEvidence,
    LinkPosting,
    LinkCount,
    LinkSuggestion,
    LinkDecision,
    LinkDecisionPiece,
    LinkGroup,
    LinkMember,
)
