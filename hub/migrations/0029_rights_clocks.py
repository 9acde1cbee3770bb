"""The clocks of Law 27/2022, with those of withdrawals that came before. Frozen copies of the models."""

import peewee

CLOCK_S = 72 * 3600


def up(migrator, db):
    """Create the table; give each withdrawn report the clock that it should have had."""

    class RightsClock(db.Model):
        id = peewee.BigAutoField()
        kind = peewee.TextField()
        about = peewee.TextField()
        ref = peewee.TextField()
        village = peewee.TextField()
        way = peewee.TextField()
        received_at = peewee.DoubleField()
        due_at = peewee.DoubleField()
        opened_by = peewee.TextField()
        opened_at = peewee.DoubleField()
        details = peewee.TextField(default="")
        closed_by = peewee.TextField(null=True)
        closed_at = peewee.DoubleField(null=True)
        closed_how = peewee.TextField(default="")
        close_reason = peewee.TextField(default="")

        class Meta:
            table_name = "rights_clock"
            indexes = ((("closed_at", "due_at"), False), (("about", "ref"), False))

    class Node(db.Model):
        number = peewee.BigIntegerField(primary_key=True)
        village = peewee.TextField()

        class Meta:
            table_name = "node"

    class Withdrawal(db.Model):
        id = peewee.TextField(primary_key=True)
        node = peewee.BigIntegerField()
        report = peewee.TextField()
        received_at = peewee.DoubleField()

        class Meta:
            table_name = "withdrawal"

    db.create_tables([RightsClock])
    first = peewee.fn.MIN(Withdrawal.received_at)
    found = (
        Withdrawal.select(Withdrawal.report, Node.village, first)
        .join(Node, on=(Node.number == Withdrawal.node))
        .group_by(Withdrawal.report, Node.village)
    )
    rows = [
        {
            "kind": "withdrawal", "about": "report", "ref": report, "village": village, "way": "village",
            "received_at": at, "due_at": at + CLOCK_S, "opened_by": "retention", "opened_at": at,
            "details": "", "closed_how": "", "close_reason": "",
        }
        for report, village, at in found.order_by(first).tuples()
    ]  # fmt: skip
    for start in range(0, len(rows), 500):
        RightsClock.insert_many(rows[start : start + 500]).execute()
