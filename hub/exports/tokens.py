"""Tokens of programs: made for a purpose, kept as a hash, ended by time or by hand. For `TokenServices`.

A token is "kt", its number and 43 letters of 32 random bytes. The row is found by its number, which is no
secret; the hash of the secret is compared in constant time, with one of nothing where there is no such row.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Any

from hub.account_services import AccountRefused
from hub.accounts.areas import check_areas, may_see
from hub.exports.api_services import (
    FILE_SCOPE,
    MOST_DAYS,
    PURPOSE_MAX_CHARACTERS,
    SCOPES,
    Program,
    TokenRow,
    UnknownToken,
)
from hub.exports.ledger import Note
from hub.exports.models import ApiToken
from hub.exports.services import ExportRefused
from hub.languages import N_
from hub.services import SignedIn
from hub.storage.statements import insert_new
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_TOKEN = re.compile(r"kt([0-9]{1,9})_([A-Za-z0-9_-]{43})", re.ASCII)
_NOTHING = hashlib.sha256(b"").digest()
DAY_S = 86_400


class ApiTokens:
    """Makes, revokes, checks. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock, note: Note) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note

    def rows(self) -> list[TokenRow]:
        """See `TokenServices.rows`."""
        connect(self._db)
        return [
            TokenRow(
                id=row.id,
                purpose=row.purpose,
                scopes=tuple(row.scopes.split()),
                areas=tuple(row.areas.split()),
                made_at=row.made_at,
                made_by=row.made_by,
                expires_at=row.expires_at,
                revoked_at=row.revoked_at,
                lives=self._lives(row),
            )
            for row in ApiToken.select().order_by(ApiToken.id.desc()).execute(self._db)
        ]

    def _lives(self, row: Any) -> bool:
        return row.revoked_at is None and self._clock.wall_s() < row.expires_at

    def make(
        self, purpose: str, scopes: tuple[str, ...], areas: tuple[str, ...], days: int, *, who: SignedIn
    ) -> str:
        """See `TokenServices.make`."""
        purpose = " ".join(purpose.split())
        if not purpose or len(purpose) > PURPOSE_MAX_CHARACTERS or not purpose.isprintable():
            raise ExportRefused(
                N_("Tulis untuk apa token ini: 1 sampai %(most)s huruf.", most=PURPOSE_MAX_CHARACTERS)
            )
        if not scopes or not (set(scopes) <= set(SCOPES) or scopes == (FILE_SCOPE,)):
            raise ExportRefused(N_("Pilih apa yang boleh dibaca."))
        if not 1 <= days <= MOST_DAYS:
            raise ExportRefused(N_("Masa berlaku 1 sampai %(most)s hari.", most=MOST_DAYS))
        try:
            areas = check_areas(areas)
        except AccountRefused:
            raise ExportRefused(N_("Kode wilayah seperti 52, 52.02, 52.02.08, atau 52.02.08.2001.")) from None
        if who.areas and (not areas or not all(may_see(who, area) for area in areas)):
            raise ExportRefused(N_("Pilih wilayah di dalam wilayah Anda sendiri."))
        secret = secrets.token_urlsafe(32)

        def job() -> int:
            now = self._clock.wall_s()
            self._note(who, "token made", f"token {' '.join(sorted(scopes))}", purpose)
            return insert_new(
                self._db,
                ApiToken,
                hash=_hash(secret),
                purpose=purpose,
                scopes="\n".join(sorted(scopes)),
                areas="\n".join(areas),
                made_at=now,
                made_by=who.name,
                expires_at=now + days * DAY_S,
            )

        return f"kt{self._writer.run(job)}_{secret}"

    def revoke(self, number: int, *, who: SignedIn) -> None:
        """See `TokenServices.revoke`."""

        def job() -> None:
            if not ApiToken.select().where(ApiToken.id == number).exists(self._db):
                raise UnknownToken
            self._note(who, "token revoked", f"token {number}", "")
            lives = (ApiToken.id == number) & ApiToken.revoked_at.is_null()
            ApiToken.update(revoked_at=self._clock.wall_s()).where(lives).execute(self._db)

        self._writer.run(job)

    def program(self, token: str) -> Program | None:
        """See `TokenServices.program`."""
        match = _TOKEN.fullmatch(token)
        number, secret = (int(match[1]), match[2]) if match else (0, "")
        connect(self._db)
        row = ApiToken.select().where(ApiToken.id == number).first(self._db)
        right = hmac.compare_digest(_hash(secret), _NOTHING if row is None else bytes(row.hash))
        if row is None or not right or not secret or not self._lives(row):
            return None
        who = SignedIn(f"token {row.id}", "analyst", tuple(row.areas.split()))
        return Program(who, frozenset(row.scopes.split()))


def _hash(secret: str) -> bytes:
    """Return the hash; a fast one is enough for 32 random bytes."""
    return hashlib.sha256(secret.encode("ascii")).digest()
