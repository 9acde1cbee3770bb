"""Nodes and epochs that the hub can open; binds each node's key once (design D1)."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from hub.models import Epoch, Held, Node
from sync.errors import SealBroken
from sync.identifiers import Lane, epoch_id
from sync.link.hearing import KnownEpoch
from sync.link.ranges import RangeSet
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, binding_mac
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.frame_codec import EpochBlock

MAX_CACHED = 1024
"""Epochs whose chains are in memory: deriving one again costs under a millisecond."""
MAX_UNPROVEN = 256
"""Epochs that were announced and of which nothing has opened yet: junk must not fill memory."""


class Keyring:
    """Implements `sync.link.hub_session.EpochDirectory` over the database. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, hub: KeyPair) -> None:
        self._db = database
        self._writer = writer
        self._hub = hub
        self._cache: OrderedDict[bytes, KnownEpoch] = OrderedDict()
        self._unproven: OrderedDict[bytes, KnownEpoch] = OrderedDict()
        self._lock = threading.RLock()

    def static_keys(self, node: Node) -> StaticKeys:
        """Return the keys between hub and a bound node."""
        return StaticKeys(own_private=self._hub.private, other_public=_bound_key(node), psk=bytes(node.psk))

    def node(self, number: int) -> Node | None:
        """Return an enrolled node."""
        connect(self._db)
        found: Node | None = Node.select().where(Node.number == number).first(self._db)
        return found

    def by_tag(self, tag: int) -> Sequence[KnownEpoch]:
        """Return the epochs whose id starts with this byte."""
        connect(self._db)
        with self._lock:
            unproven = [e for e in self._unproven.values() if e.id[0] == tag]
            of_node = Node.select(Node.number).where(~Node.retired)
            rows = list(Epoch.select().where((Epoch.tag == tag) & Epoch.node.in_(of_node)).execute(self._db))
            proven = [self._known(row) for row in rows]
            # The one that was heard last is tried first: cached entries move to the end when used.
            order = {epoch: place for place, epoch in enumerate(self._cache)}
            return unproven + sorted(proven, key=lambda e: -order.get(e.id, 0))

    def by_id(self, epoch: bytes) -> KnownEpoch | None:
        """Return one epoch, proven or not."""
        connect(self._db)
        with self._lock:
            if epoch in self._unproven:
                return self._unproven[epoch]
            row = Epoch.select().where(Epoch.id == epoch).first(self._db)
            return None if row is None else self._known(row)

    def bound_nodes(self, village: str | None = None) -> list[int]:
        """Return the numbers of nodes that have spoken, or of that village's."""
        connect(self._db)
        spoken = Node.static_public.is_null(False) & ~Node.retired
        query = Node.select(Node.number).where(spoken).order_by(Node.number)
        if village is not None:
            query = query.where(Node.village == village)
        return [int(node.number) for node in query.execute(self._db)]

    def epochs_of(self, node_number: int) -> list[KnownEpoch]:
        """Return the proven epochs of a node."""
        connect(self._db)
        with self._lock:
            rows = list(Epoch.select().where(Epoch.node == node_number).execute(self._db))
            return [self._known(row) for row in rows]

    def _known(self, row: Epoch) -> KnownEpoch:
        name = bytes(row.id)
        known = self._cache.get(name)
        if known is None:
            node = self.node(int(row.node))
            if node is None:
                raise LookupError("an epoch without its node")
            known = self._derive(bytes(row.enc), node, _bound_key(node))
            held = Held.select().where((Held.epoch == name) & (Held.lane == int(Lane.REPORT))).first(self._db)
            if held is not None:
                known.opening.expect_up_to(Lane.REPORT, RangeSet.from_bytes(bytes(held.settled)).last())
            self._cache[name] = known
            while len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        return known

    def _derive(self, enc: bytes, node: Node, node_public: bytes) -> KnownEpoch:
        opening = OpeningEpoch.derive(
            enc, hub=self._hub, node_public=node_public, psk=bytes(node.psk), node_number=int(node.number)
        )
        keys = StaticKeys(own_private=self._hub.private, other_public=node_public, psk=bytes(node.psk))
        return KnownEpoch(opening.id, int(node.number), keys, opening)

    def heard(self, epoch: KnownEpoch) -> None:
        """An envelope of this epoch opened: it is tried first from now on."""
        with self._lock:
            if epoch.id in self._cache:
                self._cache.move_to_end(epoch.id)

    def proven(self, epoch: KnownEpoch) -> None:
        """The epoch is committed: it needs no place among the unproven any more."""
        with self._lock:
            if self._unproven.pop(epoch.id, None) is not None:
                self._cache[epoch.id] = epoch

    def learn(self, block: EpochBlock) -> KnownEpoch | None:
        """Derive an epoch from its block; bind the node's key when it is the first (see `_key_of`)."""
        node = self.node(block.node_number)
        if node is None or node.retired:
            return None
        name = epoch_id(block.enc)
        known = self.by_id(name)
        if known is not None:
            return known if known.node_number == block.node_number else None
        public = self._key_of(node, block)
        if public is None:
            return None
        try:
            known = self._derive(block.enc, node, public)
        except SealBroken:
            return None
        with self._lock:
            self._unproven[name] = known
            while len(self._unproven) > MAX_UNPROVEN:
                self._unproven.popitem(last=False)
        return known

    def _key_of(self, node: Node, block: EpochBlock) -> bytes | None:
        bound = None if node.static_public is None else bytes(node.static_public)
        if block.node_public is None or block.binding is None or block.node_public == bound:
            return bound
        expected = binding_mac(bytes(node.psk), block.enc, block.node_public, int(node.number))
        if not hmac.compare_digest(expected, block.binding):
            return None
        number, public = int(node.number), block.node_public

        def job() -> int:
            changed: int = (
                Node.update(static_public=public)
                .where((Node.number == number) & Node.static_public.is_null())
                .execute(self._db)
            )
            if not changed:
                # Somebody else has the enrolment too: refused, counted, and shown to a person.
                Node.update(refused_keys=Node.refused_keys + 1).where(
                    (Node.number == number) & (Node.static_public != public)
                ).execute(self._db)
            return changed

        self._writer.run(job)
        again = self.node(number)
        return public if again is not None and _bound_key(again) == public else None


def _bound_key(node: Node) -> bytes:
    if node.static_public is None:
        raise LookupError("the node has not spoken yet")
    return bytes(node.static_public)
