"""How well each node is heard, and what the hub's own radio did, day by day. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class LinkDay(db.Model):
        node = peewee.IntegerField()
        day = peewee.IntegerField()
        frames_heard = peewee.IntegerField()
        questions_heard = peewee.IntegerField()
        questions_missed = peewee.IntegerField()
        receipts_lost = peewee.IntegerField()
        bundles = peewee.IntegerField()
        radio_envelopes = peewee.IntegerField()
        gateway_envelopes = peewee.IntegerField()
        http_envelopes = peewee.IntegerField()
        courier_envelopes = peewee.IntegerField()
        receipts_sent = peewee.IntegerField()
        downs_sent = peewee.IntegerField()
        airtime_ms = peewee.FloatField()
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

        class Meta:
            table_name = "link_day"
            primary_key = peewee.CompositeKey("node", "day")
            indexes = ((("day",), False),)

    class RadioDay(db.Model):
        day = peewee.IntegerField(primary_key=True)
        seconds = peewee.FloatField()
        frames_sent = peewee.IntegerField()
        airtime_ms = peewee.FloatField()
        frames_heard = peewee.IntegerField()
        foreign_frames = peewee.IntegerField()
        channel_used_count = peewee.IntegerField()
        channel_used_total = peewee.FloatField()
        channel_used_highest = peewee.FloatField(null=True)

        class Meta:
            table_name = "radio_day"

    class Contact(db.Model):
        node = peewee.IntegerField()
        via = peewee.CharField()
        at = peewee.FloatField()

        class Meta:
            table_name = "contact"
            primary_key = peewee.CompositeKey("node", "via")

    db.create_tables([LinkDay, RadioDay, Contact])
