"""What a machine made of a report's words or sounds, when an officer asked. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class MachineReading(db.Model):
        id = peewee.BigAutoField()
        report = peewee.TextField()
        kind = peewee.TextField()
        of = peewee.TextField()
        state = peewee.TextField()
        asked_by = peewee.TextField()
        asked_at = peewee.DoubleField()
        content = peewee.TextField()
        correction = peewee.TextField()
        corrected_by = peewee.TextField()
        corrected_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "machine_reading"
            indexes = ((("report", "id"), False), (("state", "id"), False))

    db.create_tables([MachineReading])
