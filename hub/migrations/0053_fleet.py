"""How the boxes are, their troubles, and who is told. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class FleetBox(db.Model):
        node = peewee.BigIntegerField(primary_key=True)
        village = peewee.TextField()
        village_name = peewee.TextField()
        enrolled_at = peewee.DoubleField()
        place = peewee.BigIntegerField()
        needs_person = peewee.BooleanField()
        told_at = peewee.DoubleField(null=True)
        told_online = peewee.BooleanField()
        clock = peewee.BigIntegerField()
        disk = peewee.BigIntegerField()
        queue = peewee.BigIntegerField()
        radio = peewee.BigIntegerField()
        flags = peewee.BigIntegerField()
        margin_db = peewee.BigIntegerField(null=True)
        answered_percent = peewee.BigIntegerField(null=True)
        temperature_c = peewee.BigIntegerField(null=True)
        starts = peewee.BigIntegerField()
        unclean = peewee.BigIntegerField()
        marked_at = peewee.DoubleField(null=True)
        marked_starts = peewee.BigIntegerField()
        marked_unclean = peewee.BigIntegerField()
        uptime_days = peewee.BigIntegerField()
        software = peewee.TextField()
        content = peewee.BigIntegerField()
        boot = peewee.BigIntegerField()
        uptime_s = peewee.BigIntegerField()
        figures = peewee.TextField()

        class Meta:
            table_name = "fleet_box"
            indexes = ((("place",), False), (("needs_person", "village"), False))

    class FleetTrouble(db.Model):
        id = peewee.BigAutoField()
        node = peewee.BigIntegerField()
        kind = peewee.TextField()
        begun_at = peewee.DoubleField()
        told_at = peewee.DoubleField(null=True)
        over_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "fleet_trouble"
            indexes = ((("over_at", "node"), False),)

    class FleetReceiver(db.Model):
        address = peewee.TextField(primary_key=True)
        language = peewee.TextField()

        class Meta:
            table_name = "fleet_receiver"

    db.create_tables([FleetBox, FleetTrouble, FleetReceiver])
