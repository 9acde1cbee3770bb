"""How well each node is heard, and what the hub's own radio did, day by day. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Create the tables."""

    class LinkDay(db.Model):
        node = peewee.BigIntegerField()
        day = peewee.BigIntegerField()
        frames_heard = peewee.BigIntegerField()
        questions_heard = peewee.BigIntegerField()
        questions_missed = peewee.BigIntegerField()
        receipts_lost = peewee.BigIntegerField()
        bundles = peewee.BigIntegerField()
        radio_envelopes = peewee.BigIntegerField()
        gateway_envelopes = peewee.BigIntegerField()
        http_envelopes = peewee.BigIntegerField()
        courier_envelopes = peewee.BigIntegerField()
        receipts_sent = peewee.BigIntegerField()
        downs_sent = peewee.BigIntegerField()
        airtime_ms = peewee.DoubleField()
        rssi_dbm_count = peewee.BigIntegerField()
        rssi_dbm_total = peewee.DoubleField()
        rssi_dbm_highest = peewee.DoubleField(null=True)
        snr_db_count = peewee.BigIntegerField()
        snr_db_total = peewee.DoubleField()
        snr_db_highest = peewee.DoubleField(null=True)
        margin_db_count = peewee.BigIntegerField()
        margin_db_total = peewee.DoubleField()
        margin_db_highest = peewee.DoubleField(null=True)
        hops_count = peewee.BigIntegerField()
        hops_total = peewee.DoubleField()
        hops_highest = peewee.DoubleField(null=True)

        class Meta:
            table_name = "link_day"
            primary_key = peewee.CompositeKey("node", "day")
            indexes = ((("day",), False),)

    class RadioDay(db.Model):
        day = peewee.BigIntegerField(primary_key=True)
        seconds = peewee.DoubleField()
        frames_sent = peewee.BigIntegerField()
        airtime_ms = peewee.DoubleField()
        frames_heard = peewee.BigIntegerField()
        foreign_frames = peewee.BigIntegerField()
        channel_used_count = peewee.BigIntegerField()
        channel_used_total = peewee.DoubleField()
        channel_used_highest = peewee.DoubleField(null=True)

        class Meta:
            table_name = "radio_day"

    class Contact(db.Model):
        node = peewee.BigIntegerField()
        via = peewee.TextField()
        at = peewee.DoubleField()

        class Meta:
            table_name = "contact"
            primary_key = peewee.CompositeKey("node", "via")

    db.create_tables([LinkDay, RadioDay, Contact])
