"""Cases and what they hold. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class CaseFile(db.Model):
        id = peewee.BigAutoField()
        year = peewee.BigIntegerField()
        serial = peewee.BigIntegerField()
        number = peewee.TextField(unique=True)
        title = peewee.TextField()
        state = peewee.TextField()
        outcome = peewee.TextField(null=True)
        opened_at = peewee.DoubleField()
        opened_by = peewee.TextField()
        merged_into = peewee.BigIntegerField(null=True)

        class Meta:
            table_name = "case_file"
            indexes = ((("year", "serial"), True), (("state", "id"), False))

    class CaseReport(db.Model):
        report = peewee.TextField(primary_key=True)
        case = peewee.BigIntegerField(index=True)

        class Meta:
            table_name = "case_report"

    class CasePerson(db.Model):
        id = peewee.BigAutoField()
        case = peewee.BigIntegerField(index=True)
        name = peewee.TextField()
        phones = peewee.TextField()
        note = peewee.TextField()

        class Meta:
            table_name = "case_person"

    class CasePlace(db.Model):
        id = peewee.BigAutoField()
        case = peewee.BigIntegerField(index=True)
        text = peewee.TextField()

        class Meta:
            table_name = "case_place"

    class CaseTask(db.Model):
        id = peewee.BigAutoField()
        case = peewee.BigIntegerField(index=True)
        text = peewee.TextField()
        due_day = peewee.BigIntegerField()
        assignee = peewee.TextField(null=True)
        done_at = peewee.DoubleField(null=True)
        done_by = peewee.TextField(null=True)

        class Meta:
            table_name = "case_task"

    class CaseStep(db.Model):
        id = peewee.BigAutoField()
        case = peewee.BigIntegerField(index=True)
        at = peewee.DoubleField()
        by = peewee.TextField()
        what = peewee.TextField()
        detail = peewee.TextField()
        reason = peewee.TextField()

        class Meta:
            table_name = "case_step"

    class CaseMerge(db.Model):
        id = peewee.BigAutoField()
        source = peewee.BigIntegerField(index=True)
        target = peewee.BigIntegerField(index=True)
        moved = peewee.TextField()
        undone = peewee.BooleanField(default=False)

        class Meta:
            table_name = "case_merge"

    db.create_tables([CaseFile, CaseReport, CasePerson, CasePlace, CaseTask, CaseStep, CaseMerge])
