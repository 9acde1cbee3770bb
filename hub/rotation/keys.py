"""The hub's sealing keys as its database knows them, in step with hub.key whatever was cut off."""

from __future__ import annotations

from typing import Any

from hub.audit.log import AuditLog
from hub.keyring import Keyring
from hub.models import Epoch, Node
from hub.rotation.models import HubKey
from hub.services import COMMAND_LINE
from sync.clock import Clock
from sync.sealing.derivation import KeyPair, key_id
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter


class KnownKeys:
    """Keeps the rows. hub.key says what is: it is written first, in one step; rows follow at each start."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, clock: Clock, audit: AuditLog, keyring: Keyring
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._audit = audit
        self._keyring = keyring

    def rows(self) -> list[Any]:
        """Return all keys that there are or were, the oldest first."""
        connect(self._db)
        return list(HubKey.select().order_by(HubKey.number).execute(self._db))

    def follow(self, held: tuple[KeyPair, ...]) -> None:
        """Take note of the keys in hub.key, the newest first."""
        known = {bytes(row.id) for row in self.rows()}
        new = [pair for pair in reversed(held) if key_id(pair.public) not in known]
        if new:
            self._writer.run(lambda: self._add(new))
        rows = self.rows()
        mine = {key_id(pair.public) for pair in held}
        newest = next(row for row in rows if bytes(row.id) == key_id(held[0].public))
        gone = [
            row
            for row in rows
            if bytes(row.id) not in mine and row.destroyed_at is None and row.number < newest.number
        ]
        if gone:
            self._writer.run(lambda: self._destroyed(gone))

    def _add(self, new: list[KeyPair]) -> None:
        for pair in new:
            self._add_one(pair)

    def _add_one(self, pair: KeyPair) -> None:
        """A first key has the number 0, as the nodes that were enrolled with it count it."""
        before = self.rows()
        at, name = self._clock.wall_s(), key_id(pair.public)
        number = max(int(before[-1].number) + 1, int(at)) if before else 0
        if before:
            self._audit.note(COMMAND_LINE, "hub key drawn", f"hub-key {name.hex()}")
            for model in (Epoch, Node):
                # Whatever has no key was of the only one that there was.
                model.update(hub_key=before[-1].id).where(model.hub_key.is_null()).execute(self._db)
        HubKey.insert(id=name, public=pair.public, number=number, made_at=at, made_by=COMMAND_LINE).execute(
            self._db
        )

    def _destroyed(self, gone: list[Any]) -> None:
        for row in gone:
            self._audit.note(COMMAND_LINE, "hub key destroyed", f"hub-key {bytes(row.id).hex()}")
            at = self._clock.wall_s()
            HubKey.update(destroyed_at=at).where(HubKey.id == row.id).execute(self._db)

    def newest_is_here(self) -> bool:
        """Return whether hub.key holds the newest key that this database knows."""
        return bytes(self.rows()[-1].id) == self._keyring.newest
