"""What the radios of an area have in common. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class RadioPlan(db.Model):
        area = peewee.TextField(primary_key=True)
        settings = peewee.TextField()
        changed_at = peewee.DoubleField()

        class Meta:
            table_name = "radio_plan"

    db.create_tables([RadioPlan])
