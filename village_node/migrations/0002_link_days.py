"""What the node's radio did, day by day. A frozen copy of the model."""

import peewee


def up(migrator, db):
    """Create the table."""

    class LinkDay(db.Model):
        day = peewee.IntegerField(primary_key=True)
        seconds = peewee.FloatField()
        frames_sent = peewee.IntegerField()
        airtime_ms = peewee.FloatField()
        frames_heard = peewee.IntegerField()
        questions_asked = peewee.IntegerField()
        questions_answered = peewee.IntegerField()
        silences = peewee.IntegerField()
        envelopes_sent = peewee.IntegerField()
        envelopes_again = peewee.IntegerField()
        round_trip_s_count = peewee.IntegerField()
        round_trip_s_total = peewee.FloatField()
        round_trip_s_highest = peewee.FloatField(null=True)
        rssi_dbm_count = peewee.IntegerField()
        rssi_dbm_total = peewee.FloatField()
        rssi_dbm_highest = peewee.FloatField(null=True)
        snr_db_count = peewee.IntegerField()
        snr_db_total = peewee.FloatField()
        snr_db_highest = peewee.FloatField(null=True)
        margin_db_count = peewee.IntegerField()
        margin_db_total = peewee.FloatField()
        margin_db_highest = peewee.FloatField(null=True)
        hops_count = peewee.IntegerField()
        hops_total = peewee.FloatField()
        hops_highest = peewee.FloatField(null=True)
        channel_used_count = peewee.IntegerField()
        channel_used_total = peewee.FloatField()
        channel_used_highest = peewee.FloatField(null=True)

        class Meta:
            table_name = "link_day"

    db.create_tables([LinkDay])
