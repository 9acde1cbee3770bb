"""Areas, locks, second factors, sessions and failures of accounts. A frozen copy of the models."""

import peewee


def up(migrator, db):
    """Add what an account may see and how it signs in; those that stand see the whole region."""

    class UserArea(db.Model):
        user = peewee.TextField()
        code = peewee.TextField()

        class Meta:
            table_name = "user_area"
            primary_key = peewee.CompositeKey("user", "code")

    class UserSession(db.Model):
        id = peewee.TextField(primary_key=True)
        user = peewee.TextField(index=True)
        stage = peewee.TextField()
        begun_at = peewee.DoubleField()
        seen_at = peewee.DoubleField(index=True)

        class Meta:
            table_name = "user_session"

    class RecoveryCode(db.Model):
        user = peewee.TextField()
        hash = peewee.TextField()

        class Meta:
            table_name = "recovery_code"
            primary_key = peewee.CompositeKey("user", "hash")

    class SignInFailure(db.Model):
        key = peewee.TextField(primary_key=True)
        count = peewee.DoubleField()
        last_at = peewee.DoubleField(index=True)
        until = peewee.DoubleField()

        class Meta:
            table_name = "sign_in_failure"

    db.create_tables([UserArea, UserSession, RecoveryCode, SignInFailure])
    migrator.migrate(
        migrator.add_column("user", "locked", peewee.BooleanField(default=False)),
        migrator.add_column("user", "must_change", peewee.BooleanField(default=False)),
        migrator.add_column("user", "totp_sealed", peewee.BlobField(null=True)),
        migrator.add_column("user", "totp_pending", peewee.BlobField(null=True)),
        migrator.add_column("user", "totp_step", peewee.BigIntegerField(default=0)),
    )
