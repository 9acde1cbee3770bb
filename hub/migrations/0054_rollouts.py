"""What goes to boxes in stages, and which settings boxes say that they run. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class FleetRollout(db.Model):
        id = peewee.BigAutoField()
        kind = peewee.TextField()
        what = peewee.TextField()
        whom = peewee.TextField()
        reason = peewee.TextField()
        made_by = peewee.TextField()
        made_at = peewee.DoubleField()
        condition = peewee.TextField()
        ended_at = peewee.DoubleField(null=True)
        ended_by = peewee.TextField(null=True)
        undone_at = peewee.DoubleField(null=True)

        class Meta:
            table_name = "fleet_rollout"
            indexes = ((("condition",), False),)

    class FleetRolloutBox(db.Model):
        id = peewee.BigAutoField()
        rollout = peewee.BigIntegerField()
        node = peewee.BigIntegerField()
        village = peewee.TextField()
        village_name = peewee.TextField()
        stage = peewee.BigIntegerField()
        step = peewee.TextField()
        since = peewee.DoubleField()
        left_out = peewee.BooleanField()
        ref = peewee.TextField()
        before = peewee.TextField()

        class Meta:
            table_name = "fleet_rollout_box"
            indexes = ((("rollout", "stage"), False), (("node", "ref"), False))

    class FleetSettings(db.Model):
        node = peewee.BigIntegerField(primary_key=True)
        kept = peewee.TextField()
        kept_ref = peewee.TextField()
        state = peewee.BigIntegerField()
        ref = peewee.TextField()
        told_at = peewee.DoubleField()

        class Meta:
            table_name = "fleet_settings"

    class FleetSettingsSent(db.Model):
        ref = peewee.TextField(primary_key=True)
        node = peewee.BigIntegerField()
        what = peewee.TextField()

        class Meta:
            table_name = "fleet_settings_sent"

    db.create_tables([FleetRollout, FleetRolloutBox, FleetSettings, FleetSettingsSent])
