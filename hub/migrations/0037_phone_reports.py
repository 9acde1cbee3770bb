"""Reports from phones with ODK Collect. Frozen copies of the models; doors are nodes without a box."""

import peewee


def up(migrator, db):
    """Create the tables, and the mark of doors."""

    class PhoneReport(db.Model):
        instance = peewee.TextField(primary_key=True)
        report = peewee.TextField(index=True)
        token = peewee.BigIntegerField()
        version = peewee.TextField()
        filed_at = peewee.DoubleField()

        class Meta:
            table_name = "phone_report"

    class PhoneFile(db.Model):
        instance = peewee.TextField()
        name = peewee.TextField()
        problem = peewee.TextField()

        class Meta:
            table_name = "phone_file"
            primary_key = peewee.CompositeKey("instance", "name")

    db.create_tables([PhoneReport, PhoneFile])
    db.execute_sql("ALTER TABLE node ADD COLUMN door BOOLEAN NOT NULL DEFAULT FALSE")
