"""Tables of accounts."""

from __future__ import annotations

import peewee


class User(peewee.Model):
    """An account. `totp_sealed` is the secret of its second factor, encrypted; `totp_pending` one that is
    being set up; `totp_step` the last step whose code was used. `must_change`: the password is a
    one-time code. `language`: the tag of that of its pages."""

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    password_hash = peewee.TextField()
    locked = peewee.BooleanField(default=False)
    must_change = peewee.BooleanField(default=False)
    totp_sealed = peewee.BlobField(null=True)
    totp_pending = peewee.BlobField(null=True)
    totp_step = peewee.BigIntegerField(default=0)
    language = peewee.TextField(default="id")

    class Meta:
        table_name = "user"


class UserArea(peewee.Model):
    """An area that an account may see; an account with none sees the whole region."""

    user = peewee.TextField()
    code = peewee.TextField()

    class Meta:
        table_name = "user_area"
        primary_key = peewee.CompositeKey("user", "code")


class UserSession(peewee.Model):
    """A session, by the hash of the id in its cookie. Times are Unix seconds."""

    id = peewee.TextField(primary_key=True)
    user = peewee.TextField(index=True)
    stage = peewee.TextField()
    begun_at = peewee.DoubleField()
    seen_at = peewee.DoubleField(index=True)

    class Meta:
        table_name = "user_session"


class RecoveryCode(peewee.Model):
    """A recovery code that was not used yet, as a keyed hash."""

    user = peewee.TextField()
    hash = peewee.TextField()

    class Meta:
        table_name = "recovery_code"
        primary_key = peewee.CompositeKey("user", "hash")


class SignInFailure(peewee.Model):
    """Wrong sign-ins under one name (by a keyed hash: it may be no name), or of all together."""

    key = peewee.TextField(primary_key=True)
    count = peewee.DoubleField()
    last_at = peewee.DoubleField(index=True)
    until = peewee.DoubleField()

    class Meta:
        table_name = "sign_in_failure"
