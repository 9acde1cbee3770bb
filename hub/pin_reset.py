"""Unset the PIN of a village's facilitator: a signed setting, and a code to read out on the telephone."""

from __future__ import annotations

import secrets
from typing import Any

from hub.audit.log import AuditLog
from hub.models import Node
from hub.outgoing import Outgoing
from hub.relay_boxes import box_of
from hub.services import UnknownVillage
from sync.passwords import hash_password, split_hash
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.settings_records import ResetPin

CODE_DIGITS = 8


class PinReset:
    """Implements `hub.services.PinServices`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        outgoing: Outgoing,
        audit: AuditLog,
    ) -> None:
        self._db = database
        self._writer = writer
        self._outgoing = outgoing
        self._audit = audit

    def reset_pin(self, node_number: int, *, by: str) -> str:
        """Queue the reset and return the code; raise UnknownVillage, also for a node that never spoke.

        The code is not kept: its hash travels, and who lost it resets again.
        """
        connect(self._db)
        node = Node.select().where((Node.number == node_number) & ~Node.retired).first(self._db)
        if node is None or node.static_public is None:
            raise UnknownVillage
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        salt, hashed = split_hash(hash_password(code))

        def numbered(generation: int, serial: int) -> ResetPin:
            return ResetPin(node_number, generation, serial, salt, hashed)

        def job() -> None:
            self._audit.note(by, "pin reset", f"node {node_number}")
            self._outgoing.queue_setting(node_number, numbered)

        self._writer.run(job)
        return code

    def node_of(self, village: str) -> int:
        """Return the number of a village's node that is in use; raise UnknownVillage."""
        connect(self._db)
        number = box_of(self._db, village)
        if number is None:
            raise UnknownVillage
        return number
