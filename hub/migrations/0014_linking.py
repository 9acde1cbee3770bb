"""Linking: evidence, suggestions, decisions, groups. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables; every report that is here is to be linked."""

    class LinkDue(db.Model):
        report = peewee.CharField(primary_key=True)
        version = peewee.IntegerField(default=1)
        since = peewee.DoubleField(index=True)

        class Meta:
            table_name = "link_due"

    class LinkEvidence(db.Model):
        number = peewee.AutoField()
        report = peewee.CharField(unique=True)
        version = peewee.IntegerField(index=True)
        body = peewee.TextField()
        keys = peewee.BlobField()

        class Meta:
            table_name = "link_evidence"

    class LinkPosting(db.Model):
        key = peewee.BigIntegerField(primary_key=True)
        count = peewee.IntegerField()
        reports = peewee.BlobField()

        class Meta:
            table_name = "link_posting"

    class LinkCount(db.Model):
        word = peewee.CharField(primary_key=True)
        count = peewee.IntegerField()

        class Meta:
            table_name = "link_count"

    class LinkSuggestion(db.Model):
        id = peewee.AutoField()
        kind = peewee.CharField()
        one = peewee.CharField()
        other = peewee.CharField(index=True)
        bits = peewee.DoubleField()
        rank = peewee.DoubleField()
        pieces = peewee.TextField()
        strong = peewee.BooleanField()
        state = peewee.CharField()
        made_at = peewee.DoubleField()

        class Meta:
            table_name = "link_suggestion"
            indexes = (
                (("kind", "one", "other"), True),
                (("one",), False),
                (("state", "rank", "id"), False),
            )

    class LinkDecision(db.Model):
        id = peewee.AutoField()
        kind = peewee.CharField()
        one = peewee.CharField(index=True)
        other = peewee.CharField(index=True)
        same = peewee.BooleanField()
        by = peewee.CharField()
        at = peewee.DoubleField()
        reason = peewee.TextField()
        band = peewee.IntegerField(null=True)
        undone_by = peewee.CharField(null=True)
        undone_at = peewee.DoubleField(null=True)
        undo_reason = peewee.TextField(default="")

        class Meta:
            table_name = "link_decision"

    class LinkDecisionPiece(db.Model):
        decision = peewee.IntegerField()
        piece = peewee.CharField()

        class Meta:
            table_name = "link_decision_piece"
            primary_key = peewee.CompositeKey("decision", "piece")

    class LinkGroup(db.Model):
        number = peewee.IntegerField(primary_key=True)
        kind = peewee.CharField()
        reports = peewee.IntegerField()
        first_at = peewee.DoubleField()
        last_at = peewee.DoubleField()

        class Meta:
            table_name = "link_group"
            indexes = ((("kind", "last_at", "number"), False),)

    class LinkMember(db.Model):
        kind = peewee.CharField()
        report = peewee.CharField()
        group = peewee.IntegerField(index=True, column_name="group_number")

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
