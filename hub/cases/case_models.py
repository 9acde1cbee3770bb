"""The tables of cases. Ids of people of interest are the hub's own: linking may point at them."""

from __future__ import annotations

import peewee


class CaseFile(peewee.Model):
    """One case. `number` is year and serial, such as 2027-0012; `merged_into` is the id of another case."""

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


class CaseReport(peewee.Model):
    """A report is in one case at most."""

    report = peewee.CharField(primary_key=True)
    case = peewee.IntegerField(index=True)

    class Meta:
        table_name = "case_report"


class CasePerson(peewee.Model):
    """Somebody of interest; `phones` one a line, as typed."""

    id = peewee.AutoField()
    case = peewee.IntegerField(index=True)
    name = peewee.CharField()
    phones = peewee.TextField()
    note = peewee.TextField()

    class Meta:
        table_name = "case_person"


class CasePlace(peewee.Model):
    """A place that matters, in words or as an area code."""

    id = peewee.AutoField()
    case = peewee.IntegerField(index=True)
    text = peewee.CharField()

    class Meta:
        table_name = "case_place"


class CaseTask(peewee.Model):
    """Something to do; `due_day` counts from 1970-01-01."""

    id = peewee.AutoField()
    case = peewee.IntegerField(index=True)
    text = peewee.CharField()
    due_day = peewee.IntegerField()
    assignee = peewee.CharField(null=True)
    done_at = peewee.DoubleField(null=True)
    done_by = peewee.CharField(null=True)

    class Meta:
        table_name = "case_task"


class CaseStep(peewee.Model):
    """One line of a case's history. Rows are added, never changed."""

    id = peewee.AutoField()
    case = peewee.IntegerField(index=True)
    at = peewee.DoubleField()
    by = peewee.CharField()
    what = peewee.CharField()
    detail = peewee.TextField()
    reason = peewee.TextField()

    class Meta:
        table_name = "case_step"


class CaseMerge(peewee.Model):
    """A merge, with what moved as JSON (table to ids), so that it can be undone."""

    id = peewee.AutoField()
    source = peewee.IntegerField(index=True)
    target = peewee.IntegerField(index=True)
    moved = peewee.TextField()
    undone = peewee.BooleanField(default=False)

    class Meta:
        table_name = "case_merge"
