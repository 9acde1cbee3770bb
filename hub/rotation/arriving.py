"""What arriving envelopes tell of the rotation: which key a node seals for, and what came too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hub.keyring import Keyring
from hub.models import Envelope, Epoch, Node
from hub.rotation.models import HubKey, LateEpoch, NodeHubKey
from hub.storage.statements import put
from sync.identifiers import EnvelopeId, epoch_id
from sync.link.hearing import KnownEpoch
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.control_records import HubKeyHeld
from sync.wire.frame_codec import EpochBlock


class KeysArriving:
    """Notes it. `reseal` seals anew what waits for a node (`Outgoing.seal_for_key`)."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, keyring: Keyring, reseal: Callable[[int], object]
    ) -> None:
        self._db = database
        self._writer = writer
        self._keyring = keyring
        self._reseal = reseal

    def heard(self, epoch: KnownEpoch, at: float) -> None:
        """An epoch has proven itself: its node holds the key it is sealed for. In a job of the writer."""
        if self._keyring.newest == self._keyring.oldest:
            return
        node = self._keyring.node(epoch.node_number)
        if node is None or not self._keyring.is_newer(epoch.hub_key, node.hub_key):
            return
        Node.update(hub_key=epoch.hub_key).where(Node.number == epoch.node_number).execute(self._db)
        row = {"node": epoch.node_number, "key": epoch.hub_key, "taken_at": at}
        put(NodeHubKey, row).execute(self._db)
        self._reseal(epoch.node_number)

    def fell_back(self, epoch: bytes, node_number: int) -> bool:
        """A node's card was restored from an old copy: it may know an older key only. In a job of the writer.

        Returns whether it does. That may be wrong, because a courier came late. No word of before can tell:
        one that comes late, too, hides what a restored card seals. So the node is told anew (`KeyTeller`),
        and gives its word again.
        """
        row = Epoch.select(Epoch.hub_key).where(Epoch.id == epoch).first(self._db)
        node = self._keyring.node(node_number)
        if row is None or node is None or row.hub_key is None or node.hub_key is None:
            return False
        if not self._keyring.has(row.hub_key) or not self._keyring.is_newer(
            bytes(node.hub_key), bytes(row.hub_key)
        ):
            return False
        nothing = {"told_at": None, "taken_at": None, "epoch": None, "counter": None, "bulk": None}
        NodeHubKey.update(nothing).where(
            (NodeHubKey.node == node_number) & (NodeHubKey.key == node.hub_key)
        ).execute(self._db)
        Node.update(hub_key=row.hub_key).where(Node.number == node_number).execute(self._db)
        return True

    def held(self, node_number: int, place: EnvelopeId, told: HubKeyHeld, at: float) -> None:
        """A node told the ends of all that it sealed for earlier keys. In a job of the writer."""
        row = {"node": node_number, "key": told.key, "epoch": place.epoch, "counter": place.counter}
        put(NodeHubKey, {**row, "bulk": told.bulk, "taken_at": at}).execute(self._db)

    def refused(self, block: EpochBlock, places: Sequence[EnvelopeId], at: float) -> None:
        """Nothing of an epoch could be opened: note it where a node of ours sealed it for a key that is gone.

        What is here already is not late: its box did not hear of it yet, and learns it by the backup mark.
        The rest stays sealed on the box, which gets no receipt for it.
        """
        connect(self._db)
        gone = HubKey.select().where(HubKey.destroyed_at.is_null(False)).exists(self._db)
        if not places or not gone or not self._keyring.made_by_node(block):
            return
        epoch = epoch_id(block.enc)
        here = Envelope.select(Envelope.lane, Envelope.counter).where(Envelope.epoch == epoch)
        late = {(int(p.lane), p.counter) for p in places} - set(here.tuples().execute(self._db))
        if late:
            row = {"epoch": epoch, "node": block.node_number, "envelopes": len(late), "at": at}
            self._writer.run(lambda: put(LateEpoch, row).execute(self._db))
