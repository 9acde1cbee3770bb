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

MAX_TRIED = 8
"""Epochs that a frame without its key is tried against, of those with its tag: the ones heard last.

Hundreds of nodes on the air share 256 tags, so that more than eight in one conversation are rare, and an
epoch that is not among them costs its node one block of 32 bytes (`UnknownEpochFrame`). Trying all of them
would cost more with each power cut of each village.
"""
MAX_CACHED = 256 * MAX_TRIED
"""Epochs whose chains are in memory: all that may be tried, so that no frame makes the hub derive anew."""
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
        """Return the epochs whose id starts with this byte and that were heard last, the last one first.

        At most `MAX_TRIED` proven ones and as many unproven ones. A retired node's keep their place and are
        left out: looking for others instead would mean walking through all that ever were.
        """
        connect(self._db)
        with self._lock:
            unproven = [e for e in reversed(self._unproven.values()) if e.id[0] == tag][:MAX_TRIED]
            rows = (
                Epoch.select(Epoch.id, Epoch.node, Epoch.enc, Node.retired)
                .join(Node, on=(Epoch.node == Node.number))
                .where(Epoch.tag == tag)
                .order_by(Epoch.heard_at.desc())
                .limit(MAX_TRIED)
                .tuples()
                .execute(self._db)
            )
            return unproven + [self._known(*row) for *row, retired in rows if not retired]

    def by_id(self, epoch: bytes) -> KnownEpoch | None:
        """Return one epoch, proven or not."""
        connect(self._db)
        with self._lock:
            if epoch in self._unproven:
                return self._unproven[epoch]
            row = Epoch.select().where(Epoch.id == epoch).first(self._db)
            return None if row is None else self._known(row.id, row.node, row.enc)

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
            return [self._known(row.id, row.node, row.enc) for row in rows]

    def _known(self, epoch: bytes, node_number: int, enc: bytes) -> KnownEpoch:
        name = bytes(epoch)
        known = self._cache.get(name)
        if known is not None:
            self._cache.move_to_end(name)
        else:
            node = self.node(int(node_number))
            if node is None:
                raise LookupError("an epoch without its node")
            known = self._derive(bytes(enc), node, _bound_key(node))
            for held in Held.select().where(Held.epoch == name).execute(self._db):
                known.opening.expect_up_to(Lane(held.lane), RangeSet.from_bytes(bytes(held.settled)).last())
            self._keep(known)
        return known

    def _keep(self, known: KnownEpoch) -> None:
        self._cache[known.id] = known
        while len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)

    def _derive(self, enc: bytes, node: Node, node_public: bytes) -> KnownEpoch:
        opening = OpeningEpoch.derive(
            enc, hub=self._hub, node_public=node_public, psk=bytes(node.psk), node_number=int(node.number)
        )
        opening.opened_elsewhere = lambda lane: self._opened_up_to(opening.id, lane)
        keys = StaticKeys(own_private=self._hub.private, other_public=node_public, psk=bytes(node.psk))
        return KnownEpoch(opening.id, int(node.number), keys, opening)

    def _opened_up_to(self, epoch: bytes, lane: Lane) -> int:
        """Return the highest counter that is settled of a lane: another process may have taken it."""
        connect(self._db)
        row = Held.select().where((Held.epoch == epoch) & (Held.lane == int(lane))).first(self._db)
        return -1 if row is None else RangeSet.from_bytes(bytes(row.settled)).last()

    def of_door(self, enc: bytes, node: Node) -> KnownEpoch:
        """Return the hub's end of a new epoch of one of its own doors, see `hub.openrosa.doors`."""
        return self._derive(enc, node, _bound_key(node))

    def proven(self, epoch: KnownEpoch) -> None:
        """The epoch is committed: it needs no place among the unproven any more."""
        with self._lock:
            if self._unproven.pop(epoch.id, None) is not None:
                self._keep(epoch)

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
