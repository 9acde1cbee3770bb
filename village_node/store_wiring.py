"""Joins what a node keeps: enough to read its state and receipts beside a running server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sync.clock import Clock, SystemClock
from sync.sealing.receipt_code import receipt_salt
from sync.storage.database import migrate, open_sqlite
from sync.storage.writer import GroupCommitWriter
from village_node import folder as node_folder
from village_node.config import NodeConfig
from village_node.content_store import ContentStore
from village_node.damaged_store import refuse_damaged_log
from village_node.folder import CONTENT_FOLDER, DATABASE_FILE, Identity
from village_node.health import free_bytes
from village_node.link_days import LinkDays
from village_node.log import NodeLog

MIGRATIONS = Path(__file__).parent / "migrations"
STORE_FLOOR = 7
"""A program that knows so many migrations reads a store after all of ours: those above only add (a test holds
it), so that a box may go back to the version before without losing a report. A migration that takes something
away comes a release after the code that does without it, and raises this number; boxes that could not go back
refuse that release."""


class NodeStore:
    """The store alone: enough to read status and receipts beside a running server."""

    def __init__(self, config: NodeConfig, clock: Clock | None = None, *, sealing: bool = False) -> None:
        """`sealing`: this process holds the sealing lock. Raises DamagedLog, and what SQLite finds wrong."""
        self.config = config
        self.clock = clock or SystemClock(config.speed)
        self.identity: Identity = node_folder.load(config.folder)
        refuse_damaged_log(config.folder, sealing=sealing)
        self.database: Any = open_sqlite(config.folder / DATABASE_FILE)
        migrate(self.database, MIGRATIONS)
        self.writer = GroupCommitWriter(self.database)
        self.log = NodeLog(self.database, self.writer)
        self.link_days = LinkDays(self.database, self.writer)
        self.salt = receipt_salt(self.identity.enrolment.psk)
        self.material = ContentStore(config.folder / CONTENT_FOLDER, self.identity.enrolment.release_public)

    def close(self) -> None:
        """Commit what waits and close."""
        self.writer.close()
        self.database.close()

    def free_bytes(self) -> int:
        """Return the free space of the node's disk."""
        return free_bytes(self.config.folder)
