"""Tells each village the hub's newest sealing key, signed, by whatever carrier reaches it."""

from __future__ import annotations

from typing import Any

from hub.keyring import Keyring
from hub.models import Node
from hub.outgoing import Outgoing
from hub.rotation.keys import KnownKeys
from hub.rotation.models import NodeHubKey
from hub.storage.statements import put
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.settings_records import HubKey

EVERY_S = 600


class KeyTeller:
    """Queues the signed setting once for each node that seals for another key, or whose word was undone."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        outgoing: Outgoing,
        keyring: Keyring,
        keys: KnownKeys,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._outgoing = outgoing
        self._keyring = keyring
        self._keys = keys

    def jobs(self) -> list[Job]:
        """Return the look of each ten minutes: a village that was enrolled before may speak at last."""
        return [Job("hub-key", EVERY_S, self._turn)]

    def _turn(self) -> None:
        self.turn()

    def turn(self) -> int:
        """Tell those that were not told; return how many."""
        newest = self._keyring.newest
        if not self._keys.newest_is_here():
            return 0  # this hub.key is an older copy
        [row] = [row for row in self._keys.rows() if bytes(row.id) == newest]
        connect(self._db)
        of_newest = NodeHubKey.select(NodeHubKey.node).where(NodeHubKey.key == newest)
        knows = of_newest.where(
            NodeHubKey.told_at.is_null(False) | NodeHubKey.epoch.is_null(False) | NodeHubKey.enrolled
        )
        spoken = ~Node.retired & Node.static_public.is_null(False) & Node.number.not_in(knows)
        # A node of the only key there ever was is told nothing. One that uses the newest, and whose word on
        # what it sealed before is not here, gives it again when it is told again.
        other = Node.hub_key.is_null(False) & (Node.hub_key != newest)
        silent = Node.number.in_(of_newest.where(NodeHubKey.taken_at.is_null(False)))
        nodes = [int(n.number) for n in Node.select().where(spoken & (other | silent)).execute(self._db)]
        for node in nodes:
            self._tell(node, int(row.number), bytes(row.public))
        return len(nodes)

    def _tell(self, node: int, number: int, public: bytes) -> None:
        def numbered(generation: int, serial: int) -> HubKey:
            return HubKey(node, generation, serial, number, public)

        def job() -> None:
            self._outgoing.queue_setting(node, numbered)
            told = {"node": node, "key": self._keyring.newest, "told_at": self._clock.wall_s()}
            put(NodeHubKey, told).execute(self._db)

        self._writer.run(job)
