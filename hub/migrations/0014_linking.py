"""Linking: evidence, suggestions, decisions, groups. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables; every report that is here is to be linked."""

    class LinkDue(db.Model):
        report = peewee.TextField(primary_key=True)
        version = peewee.BigIntegerField(default=1)
        since = peewee.DoubleField(index=True)

        class Meta:
            table_name = "link_due"

    class LinkEvidence(db.Model):
        number = peewee.BigAutoField()
        report = peewee.TextField(unique=True)
        version = peewee.BigIntegerField(index=True)
        body = peewee.TextField()
        keys = peewee.BlobField()

        class Meta:
            table_name = "link_evidence"

    class LinkPosting(db.Model):
        key = peewee.BigIntegerField(primary_key=True)
        count = peewee.BigIntegerField()
        reports = peewee.BlobField()

        class Meta:
            table_name = "link_posting"

    class LinkCount(db.Model):
        word = peewee.TextField(primary_key=True)
        count = peewee.BigIntegerField()

        class Meta:
            table_name = "link_count"

    class LinkSuggestion(db.Model):
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

    class LinkDecision(db.Model):
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

    class LinkDecisionPiece(db.Model):
        decision = peewee.BigIntegerField()
        piece = peewee.TextField()

        class Meta:
            table_name = "link_decision_piece"
            primary_key = peewee.CompositeKey("decision", "piece")

    class LinkGroup(db.Model):
        number = peewee.BigIntegerField(primary_key=True)
        kind = peewee.TextField()
        reports = peewee.BigIntegerField()
        first_at = peewee.DoubleField()
        last_at = peewee.DoubleField()

        class Meta:
            table_name = "link_group"
            indexes = ((("kind", "last_at", "number"), False),)

    class LinkMember(db.Model):
        kind = peewee.TextField()
        report = peewee.TextField()
        group = peewee.BigIntegerField(index=True, column_name="group_number")

        class Meta:
            table_name = "link_member"
            primary_key = peewee.CompositeKey("report", "kind")

    db.create_tables(
        [
            LinkDue,
            LinkEvidence,
            LinkPosting,
            LinkCount,
            LinkSuggestion,
            LinkDecision,
            LinkDecisionPiece,
            LinkGroup,
            LinkMember,
        ]
    )
    db.execute_sql("INSERT INTO link_due (report, version, since) SELECT id, 1, received_at FROM report")
