"""Doors: a node of the hub's own for each village, under which reports from phones are sealed.

So such a report takes the way of every other: an envelope that opens, is checked, stored under a key of its
own and forgotten as they are. A door has no box: it counts as retired, so that nothing from outside can speak
for it. Each filled-in form is an epoch of its own, which began when the form was finished. It has no tag, so
that no frame from the air is ever tried against it.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from hub.keyring import Keyring
from hub.models import Epoch, Node
from hub.storage.statements import insert_rows
from sync.link.hearing import KnownEpoch
from sync.sealing.derivation import KeyPair, expand
from sync.sealing.epoch import SealingEpoch
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

NO_TAG: Final = -1
"""Tags of epochs that frames may be of are bytes."""


class Doors:
    """Opens doors. Their private keys are derived from the folder's secret and are not in the database."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        keyring: Keyring,
        *,
        hub_public: bytes,
        folder_key: bytes,
    ) -> None:
        self._db = database
        self._writer = writer
        self._keyring = keyring
        self._hub_public = hub_public
        self._folder_key = folder_key

    def of_village(self, village: str) -> int:
        """Return the number of a village's door, made at its first report; raise LookupError for a village
        that no node was ever enrolled for."""
        connect(self._db)
        found = self._found(village)
        return self._writer.run(lambda: self._made(village)) if found is None else found

    def _found(self, village: str) -> int | None:
        doors = Node.select().where((Node.village == village) & Node.door).order_by(Node.number)
        for door in doors.execute(self._db):
            if bytes(door.static_public) == self._keys(door.number).public:
                return int(door.number)
        return None  # or the folder's secret is another one since: a new door then

    def _made(self, village: str) -> int:
        found = self._found(village)
        if found is not None:  # another thread was quicker
            return found
        boxes = Node.select().where((Node.village == village) & ~Node.door).order_by(Node.number.desc())
        box = boxes.first(self._db)
        if box is None:
            raise LookupError("no such village")
        last = Node.select(Node.number).order_by(Node.number.desc()).first(self._db)
        number = int(last.number) + 1
        row = {
            "number": number,
            "village": village,
            "village_name": box.village_name,
            "psk": secrets.token_bytes(32),
            "enrolled_at": 0,  # forms may have been filled in before the door was made
            "static_public": self._keys(number).public,
            "retired": True,
            "door": True,
        }
        Node.insert(row).execute(self._db)
        return number

    def _keys(self, number: int) -> KeyPair:
        return KeyPair.from_private(expand(self._folder_key, "hub-door", context=number.to_bytes(4, "big")))

    def open(self, number: int) -> tuple[SealingEpoch, KnownEpoch]:
        """Return both ends of a new epoch of a door."""
        node = self._keyring.node(number)
        if node is None:
            raise LookupError("no such door")
        sealing = SealingEpoch.open(
            hub_public=self._hub_public,
            node_static=self._keys(number),
            psk=bytes(node.psk),
            node_number=number,
        )
        return sealing, self._keyring.of_door(sealing.enc, node)

    def keep(self, epoch: KnownEpoch, began_at: float, at: float) -> None:
        """Store an epoch; in a job of the writer, before its envelopes."""
        row = {
            "id": epoch.id,
            "node": epoch.node_number,
            "enc": epoch.opening.enc,
            "tag": NO_TAG,
            "hub_key": epoch.hub_key,
            "start_earliest": began_at,
            "start_latest": began_at,
            "heard_at": at,
            "claimed": True,
        }
        insert_rows(self._db, Epoch, [row])
