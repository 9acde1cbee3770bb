"""The second factor of accounts: secrets encrypted at rest, no code used twice, recovery codes as hashes."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.accounts.models import RecoveryCode, User
from hub.accounts.totp import matching_step
from sync.clock import Clock
from sync.sealing.derivation import expand
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

RECOVERY_CODES = 10
_NONCE_BYTES = 12
_SECRET_BYTES = 20
"""160 bits, as RFC 4226 recommends."""


class SecondFactor:
    """Sets up and checks second factors. `folder_key` is a secret of the hub's folder."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock, folder_key: bytes) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._seal_key = expand(folder_key, "hub-second-factor")
        self._code_key = expand(folder_key, "hub-recovery-code")

    def _seal(self, name: str, secret: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._seal_key).encrypt(nonce, secret.encode("ascii"), name.encode())

    def _open(self, name: str, sealed: bytes) -> str | None:
        """Return the secret; None when it is another account's, or of another folder."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self._seal_key).decrypt(nonce, rest, name.encode()).decode("ascii")
        except (InvalidTag, ValueError):
            return None

    def _user(self, name: str) -> Any:
        connect(self._db)
        return User.select().where(User.name == name).first(self._db)

    def pending(self, name: str) -> str:
        """Return the secret that is being set up, the same until it is used; "" for an unknown account."""

        def job() -> str:
            user = self._user(name)
            if user is None:
                return ""
            secret = None if user.totp_pending is None else self._open(name, bytes(user.totp_pending))
            if secret is None:
                secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")
                sealed = self._seal(name, secret)
                User.update(totp_pending=sealed).where(User.name == name).execute(self._db)
            return secret

        return self._writer.run(job)

    def confirm(self, name: str, code: str) -> tuple[str, ...] | None:
        """Use the pending secret from now on if `code` is of it; return new recovery codes, or None."""
        now = self._clock.wall_s()

        def job() -> tuple[str, ...] | None:
            user = self._user(name)
            if user is None or user.totp_pending is None:
                return None
            secret = self._open(name, bytes(user.totp_pending))
            step = None if secret is None else matching_step(secret, code, now, after=0)
            if step is None:
                return None
            User.update(totp_sealed=user.totp_pending, totp_pending=None, totp_step=step).where(
                User.name == name
            ).execute(self._db)
            return self._new_codes(name)

        return self._writer.run(job)

    def _new_codes(self, name: str) -> tuple[str, ...]:
        RecoveryCode.delete().where(RecoveryCode.user == name).execute(self._db)
        codes = []
        for _ in range(RECOVERY_CODES):
            letters = base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
            codes.append("-".join(letters[at : at + 4] for at in range(0, 16, 4)))
            RecoveryCode.insert(user=name, hash=self._hash(name, codes[-1])).execute(self._db)
        return tuple(codes)

    def _hash(self, name: str, code: str) -> str:
        # 80 random bits: a keyed hash is enough; ten slow ones would cost a quarter second a look.
        plain = re.sub(r"[\s-]", "", code).lower()
        return hmac.digest(
            self._code_key, f"{name}\0{plain}".encode("utf-8", "surrogatepass"), "sha256"
        ).hex()

    def accepts(self, name: str, code: str) -> bool:
        """Return whether a code of the authenticator or a recovery code is right; each is taken once."""
        now = self._clock.wall_s()

        def job() -> bool:
            user = self._user(name)
            if user is None or user.totp_sealed is None:
                return False
            secret = self._open(name, bytes(user.totp_sealed))
            step = None if secret is None else matching_step(secret, code, now, after=int(user.totp_step))
            if step is not None:
                # The condition is the guard: of two processes with one code, one changes the row.
                mine = (User.name == name) & (User.totp_step < step)
                return bool(User.update(totp_step=step).where(mine).execute(self._db))
            used = (RecoveryCode.user == name) & (RecoveryCode.hash == self._hash(name, code))
            return bool(RecoveryCode.delete().where(used).execute(self._db))

        return self._writer.run(job)

    def remove(self, name: str) -> None:
        """Forget secret and recovery codes; in a job of the writer or outside."""

        def job() -> None:
            User.update(totp_sealed=None, totp_pending=None).where(User.name == name).execute(self._db)
            RecoveryCode.delete().where(RecoveryCode.user == name).execute(self._db)

        self._writer.run(job)

    def codes_left(self, name: str) -> int:
        """Return how many recovery codes were not used."""
        connect(self._db)
        return int(RecoveryCode.select().where(RecoveryCode.user == name).count(self._db))
