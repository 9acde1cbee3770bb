"""Awareness sessions: totals only. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class AwarenessSession(db.Model):
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

    class QuizTally(db.Model):
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

    class QuizFormUse(db.Model):
        token_hash = peewee.BlobField(primary_key=True)
        session = peewee.IntegerField()

        class Meta:
            table_name = "quiz_form_use"

    db.create_tables([AwarenessSession, QuizTally, QuizFormUse])
