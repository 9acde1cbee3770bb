"""Cases and what they hold. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class CaseFile(db.Model):
        id = peewee.AutoField()
        year = peewee.IntegerField()
        serial = peewee.IntegerField()
        number = peewee.CharField(unique=True)
        title = peewee.CharField()
        state = peewee.CharField()
        outcome = peewee.CharField(null=True)
        opened_at = peewee.DoubleField()
        opened_by = peewee.CharField()
        merged_into = peewee.IntegerField(null=True)

        class Meta:
            table_name = "case_file"
            indexes = ((("year", "serial"), True), (("state", "id"), False))

    class CaseReport(db.Model):
        report = peewee.CharField(primary_key=True)
        case = peewee.IntegerField(index=True)

        class Meta:
            table_name = "case_report"

    class CasePerson(db.Model):
        id = peewee.AutoField()
        case = peewee.IntegerField(index=True)
        name = peewee.CharField()
        phones = peewee.TextField()
        note = peewee.TextField()

        class Meta:
            table_name = "case_person"

    class CasePlace(db.Model):
        id = peewee.AutoField()
        case = peewee.IntegerField(index=True)
        text = peewee.CharField()

        class Meta:
            table_name = "case_place"

    class CaseTask(db.Model):
        id = peewee.AutoField()
        case = peewee.IntegerField(index=True)
        text = peewee.CharField()
        due_day = peewee.IntegerField()
        assignee = peewee.CharField(null=True)
        done_at = peewee.DoubleField(null=True)
        done_by = peewee.CharField(null=True)

        class Meta:
            table_name = "case_task"

    class CaseStep(db.Model):
        id = peewee.AutoField()
        case = peewee.IntegerField(index=True)
        at = peewee.DoubleField()
        by = peewee.CharField()
        what = peewee.CharField()
        detail = peewee.TextField()
        reason = peewee.TextField()

        class Meta:
            table_name = "case_step"

    class CaseMerge(db.Model):
        id = peewee.AutoField()
        source = peewee.IntegerField(index=True)
        target = peewee.IntegerField(index=True)
        moved = peewee.TextField()
        undone = peewee.BooleanField(default=False)

        class Meta:
            table_name = "case_merge"

    db.create_tables([CaseFile, CaseReport, CasePerson, CasePlace, CaseTask, CaseStep, CaseMerge])
