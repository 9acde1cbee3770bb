"""Which hours of the duty roster each village was told, and the destination of each report. Frozen copies."""

import json

import peewee

AT_ONCE = 500


def up(migrator, db):
    """Create the table and the column; read the destinations of the reports that are here."""

    class DutyHours(db.Model):
        node = peewee.BigIntegerField(primary_key=True)
        body = peewee.BlobField()
        at = peewee.DoubleField()

        class Meta:
            table_name = "duty_hours"

    class Report(db.Model):
        id = peewee.TextField(primary_key=True)
        body = peewee.TextField()
        destination = peewee.TextField(null=True)

        class Meta:
            table_name = "report"

    db.create_tables([DutyHours])
    db.execute_sql("ALTER TABLE report ADD COLUMN destination TEXT")
    # What migration 0017 made, with the destination in it: the countries are counted by the same index.
    db.execute_sql("DROP INDEX report_counts")
    db.execute_sql(
        "CREATE INDEX report_counts ON report (received_at, kind, node, epoch, age_minutes, destination)"
    )
    after = ""
    while True:
        query = (
            Report.select(Report.id, Report.body).where(Report.id > after).order_by(Report.id).limit(AT_ONCE)
        )
        found = list(query.tuples().execute(db))
        if not found:
            return
        after = found[-1][0]
        by_country = {}
        for name, body in found:
            country = (json.loads(body).get("offer") or {}).get("destination")
            if country:
                by_country.setdefault(country, []).append(name)
        for country, names in by_country.items():
            Report.update(destination=country).where(Report.id.in_(names)).execute(db)
