"""Nodes and epochs that the hub can open; binds each node's key once (design D1)."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hub.models import Epoch, Held, Node
from sync.errors import SealBroken
from sync.identifiers import Lane, epoch_id
from sync.link.hearing import KnownEpoch
from sync.link.ranges import RangeSet
from sync.sealing.derivation import KeyPair, key_id
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

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        hub: Sequence[KeyPair],
        wall_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`hub` are the hub's sealing keys, the newest first. `wall_s` is asked whether an enrolment has
        ended."""
        self._wall_s = wall_s
        self._db = database
        self._writer = writer
        self._hub = {key_id(pair.public): pair for pair in hub}
        self._cache: OrderedDict[bytes, KnownEpoch] = OrderedDict()
        self._unproven: OrderedDict[bytes, KnownEpoch] = OrderedDict()
        self._lock = threading.RLock()
        self.late: frozenset[int] = frozenset()
        """Retired boxes from which a person at the hub takes what they still hold."""

    def is_late(self, node: int) -> bool | None:
        """Return True while a person takes in what this box still held, else None: see `Report`."""
        return True if node in self.late else None

    @property
    def newest(self) -> bytes:
        """Return the id of the key for which villages are to seal."""
        return next(iter(self._hub))

    @property
    def oldest(self) -> bytes:
        """Return the id of the key that is being retired, or of the only one."""
        return next(reversed(self._hub))

    def has(self, key: bytes | None) -> bool:
        """Return whether the hub still has a key; None is the oldest."""
        return key is None or bytes(key) in self._hub

    def is_newer(self, key: bytes, than: bytes | None) -> bool:
        """Return whether a key that the hub has is newer than another; None is the oldest."""
        names = list(self._hub)
        old = self.oldest if than is None else bytes(than)
        return old not in names or names.index(key) < names.index(old)

    def static_keys(self, node: Node) -> StaticKeys:
        """Return the keys under which hub and a bound node speak."""
        key = self.oldest if node.hub_key is None else bytes(node.hub_key)
        return self._static(node, _bound_key(node), self._hub.get(key, self._hub[self.newest]))

    def keys_with(self, node: Node, fit: Callable[[StaticKeys], bool]) -> StaticKeys | None:
        """Return those that fit, of all under which a bound node may speak; the hub learns late which."""
        all_of_them = (self._static(node, _bound_key(node), pair) for pair in self._hub.values())
        return next((keys for keys in all_of_them if fit(keys)), None)

    @staticmethod
    def _static(node: Node, node_public: bytes, hub: KeyPair) -> StaticKeys:
        return StaticKeys(own_private=hub.private, other_public=node_public, psk=bytes(node.psk))

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
            found = [e for e in reversed(self._unproven.values()) if e.id[0] == tag][:MAX_TRIED]
            unproven = [one for epoch in found for one in epoch.candidates]
            rows = (
                Epoch.select(Epoch.id, Epoch.node, Epoch.enc, Epoch.hub_key, Node.retired)
                .join(Node, on=(Epoch.node == Node.number))
                .where(Epoch.tag == tag)
                .order_by(Epoch.heard_at.desc())
                .limit(MAX_TRIED)
                .tuples()
                .execute(self._db)
            )
            proven = [self._known(*row) for *row, retired in rows if not retired and self.has(row[3])]
            return unproven + proven

    def by_id(self, epoch: bytes) -> KnownEpoch | None:
        """Return one epoch, proven or not; None also for one whose key the hub has no more."""
        connect(self._db)
        with self._lock:
            known = self._unproven.get(epoch)
            if known is not None and not known.otherwise:
                return known
            row = Epoch.select().where(Epoch.id == epoch).first(self._db)
            if row is None:
                return known
            return self._known(row.id, row.node, row.enc, row.hub_key) if self.has(row.hub_key) else None

    def bound_nodes(self, village: str | None = None, *, retired: bool = False) -> list[int]:
        """Return the numbers of nodes in use that have spoken, or of that village's; or of `retired` ones."""
        connect(self._db)
        spoken = Node.static_public.is_null(False) & (Node.retired == retired) & ~Node.door
        query = Node.select(Node.number).where(spoken).order_by(Node.number)
        if village is not None:
            query = query.where(Node.village == village)
        return [int(node.number) for node in query.execute(self._db)]

    def epochs_of(self, node_number: int) -> list[KnownEpoch]:
        """Return the proven epochs of a node."""
        connect(self._db)
        with self._lock:
            rows = list(Epoch.select().where(Epoch.node == node_number).execute(self._db))
            return [self._known(r.id, r.node, r.enc, r.hub_key) for r in rows if self.has(r.hub_key)]

    def _known(self, epoch: bytes, node_number: int, enc: bytes, hub_key: bytes | None) -> KnownEpoch:
        name = bytes(epoch)
        known = self._cache.get(name)
        if known is not None:
            self._cache.move_to_end(name)
        else:
            node = self.node(int(node_number))
            if node is None:
                raise LookupError("an epoch without its node")
            key = self.oldest if hub_key is None else bytes(hub_key)
            known = self._derive(bytes(enc), node, _bound_key(node), key)
            for held in Held.select().where(Held.epoch == name).execute(self._db):
                known.opening.expect_up_to(Lane(held.lane), RangeSet.from_bytes(bytes(held.settled)).last())
            self._keep(known)
        return known

    def _keep(self, known: KnownEpoch) -> None:
        self._cache[known.id] = known
        while len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)

    def _derive(self, enc: bytes, node: Node, node_public: bytes, key: bytes) -> KnownEpoch:
        hub = self._hub[key]
        opening = OpeningEpoch.derive(
            enc, hub=hub, node_public=node_public, psk=bytes(node.psk), node_number=int(node.number)
        )
        opening.opened_elsewhere = lambda lane: self._opened_up_to(opening.id, lane)
        keys = self._static(node, node_public, hub)
        return KnownEpoch(opening.id, int(node.number), keys, opening, key)

    def _opened_up_to(self, epoch: bytes, lane: Lane) -> int:
        """Return the highest counter that is settled of a lane: another process may have taken it."""
        connect(self._db)
        row = Held.select().where((Held.epoch == epoch) & (Held.lane == int(lane))).first(self._db)
        return -1 if row is None else RangeSet.from_bytes(bytes(row.settled)).last()

    def of_door(self, enc: bytes, node: Node) -> KnownEpoch:
        """Return the hub's end of a new epoch of one of its own doors, see `hub.openrosa.doors`."""
        return self._derive(enc, node, _bound_key(node), self.newest)

    def proven(self, epoch: KnownEpoch) -> None:
        """The epoch is committed: it needs no place among the unproven any more."""
        with self._lock:
            if self._unproven.pop(epoch.id, None) is not None:
                self._keep(replace(epoch, otherwise=()))

    def shut_out(self, tag: int, block: EpochBlock | None) -> Sequence[KnownEpoch]:
        """Return the epochs of retired boxes that something with this tag, or this block, may be of.

        Nothing of them is kept here, and nothing that they hold is opened: `hub.shut_out` answers them.
        """
        connect(self._db)
        if block is not None:
            node = self.node(block.node_number)
            if node is None or not node.retired or node.door or node.static_public is None:
                return []
            try:
                return [self._derive(block.enc, node, _bound_key(node), key) for key in self._hub]
            except SealBroken:
                return []
        rows = (
            Epoch.select(Epoch.id, Epoch.node, Epoch.enc, Epoch.hub_key)
            .join(Node, on=(Epoch.node == Node.number))
            .where((Epoch.tag == tag) & Node.retired & ~Node.door)
            .order_by(Epoch.heard_at.desc())
            .limit(MAX_TRIED)
            .tuples()
            .execute(self._db)
        )
        with self._lock:
            return [self._known(*row) for row in rows if self.has(row[3])]

    def learn(self, block: EpochBlock) -> KnownEpoch | None:
        """Derive an epoch from its block; bind the node's key when it is the first (see `_key_of`)."""
        node = self.node(block.node_number)
        if node is None or (node.retired and node.number not in self.late):
            return None
        name = epoch_id(block.enc)
        if self._is_gone(name):
            return None
        known = self.by_id(name)
        if known is not None:
            return known if known.node_number == block.node_number else None
        public = self._key_of(node, block)
        if public is None:
            return None
        try:
            first, *others = [self._derive(block.enc, node, public, key) for key in self._hub]
        except SealBroken:
            return None
        known = replace(first, otherwise=tuple(others))
        with self._lock:
            self._unproven[name] = known
            while len(self._unproven) > MAX_UNPROVEN:
                self._unproven.popitem(last=False)
        return known

    def _is_gone(self, epoch: bytes) -> bool:
        """Whether it is a proven epoch whose key the hub has no more."""
        connect(self._db)
        row = Epoch.select(Epoch.hub_key).where(Epoch.id == epoch).first(self._db)
        return row is not None and not self.has(row.hub_key)

    def made_by_node(self, block: EpochBlock) -> bool:
        """Return whether an enrolled node made this block, whatever it is sealed for: its binding says so."""
        node = self.node(block.node_number)
        if node is None or block.node_public is None or block.binding is None:
            return False
        expected = binding_mac(bytes(node.psk), block.enc, block.node_public, int(node.number))
        bound = None if node.static_public is None else bytes(node.static_public)
        return block.node_public == bound and hmac.compare_digest(expected, block.binding)

    def _key_of(self, node: Node, block: EpochBlock) -> bytes | None:
        bound = None if node.static_public is None else bytes(node.static_public)
        if block.node_public is None or block.binding is None or block.node_public == bound:
            return bound
        expected = binding_mac(bytes(node.psk), block.enc, block.node_public, int(node.number))
        if not hmac.compare_digest(expected, block.binding):
            return None
        number, public = int(node.number), block.node_public
        usable = Node.binds_until.is_null() | (Node.binds_until >= int(self._wall_s()))

        def job() -> int:
            changed: int = (
                Node.update(static_public=public)
                .where((Node.number == number) & Node.static_public.is_null() & usable)
                .execute(self._db)
            )
            if not changed:
                # Somebody else has the enrolment too, or it had ended: refused, counted, shown to a person.
                Node.update(refused_keys=Node.refused_keys + 1).where(
                    (Node.number == number) & ((Node.static_public != public) | Node.static_public.is_null())
                ).execute(self._db)
            return changed

        self._writer.run(job)
        again = self.node(number)
        if again is None or again.static_public is None:
            return None
        return public if _bound_key(again) == public else None


def _bound_key(node: Node) -> bytes:
    if node.static_public is None:
        raise LookupError("the node has not spoken yet")
    return bytes(node.static_public)
