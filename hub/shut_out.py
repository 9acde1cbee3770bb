"""Tells a box that was shut out or replaced, and asks all the same, that it counts no more; and nothing else.

The word is signed with the hub's signing key, which no box and no card has, and sealed for the box that asks.
Only who holds the keys of that box is answered: a question proves them. What waits for the box stays here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.keyring import Keyring
from hub.models import Node
from hub.outgoing import Outgoing
from sync.errors import MalformedWire
from sync.link.hearing import KnownEpoch
from sync.link.hub_session import HubSession
from sync.storage.database import connect
from sync.wire.bundle_codec import NodeSection, UpBundle
from sync.wire.frame_codec import DownFrame, SharedFrame, UpFrame, decode_frame, encode_frame

MOST_BY_COURIER = 64
"""Boxes that these villages had before, in a file for a courier."""


class ShutOut:
    """Answers of this kind. Threads may share it."""

    def __init__(self, database: Any, keyring: Keyring, outgoing: Outgoing) -> None:
        self._db = database
        self._keyring = keyring
        self._outgoing = outgoing

    def frame_for(self, payload: bytes) -> bytes | None:
        """Return the frame that answers a frame of such a box; None unless the box itself asked."""
        try:
            frame = decode_frame(payload)
        except MalformedWire:
            return None
        if not isinstance(frame, UpFrame) or frame.poll is None:
            return None
        found = self._keyring.shut_out(frame.epoch_tag, frame.epoch)
        if isinstance(frame, SharedFrame):
            placed = HubSession.place(frame, found)
            return None if placed is None else self._frame(placed.epoch.node_number)
        poll = frame.poll
        asked = [one for one in found if one.keys.poll_fits(one.id, poll.signed_bytes(), poll.mac)]
        return self._frame(asked[0].node_number) if asked else None

    def sections_for(self, bundle: UpBundle) -> tuple[NodeSection, ...]:
        """Return what answers the bundle of such a box; nothing unless a claim in it is the box's own."""
        numbers = set()
        for section in bundle.epochs:
            claim = section.claim
            if claim is None:
                continue
            found: Sequence[KnownEpoch] = self._keyring.shut_out(section.epoch_id[0], section.block)
            signed = claim.signed_bytes()
            numbers |= {one.node_number for one in found if one.keys.poll_fits(one.id, signed, claim.mac)}
        return tuple(self._section(number) for number in sorted(numbers))

    def sections_for_courier(self, villages_of: Sequence[int]) -> tuple[NodeSection, ...]:
        """Return the word to the boxes that the villages of these boxes had before."""
        connect(self._db)
        spoken = Node.retired & ~Node.door & Node.static_public.is_null(False)
        rows = Node.select().where(spoken).order_by(Node.number.desc()).execute(self._db)
        villages = {
            str(row.village)
            for row in Node.select(Node.village).where(Node.number.in_(list(villages_of))).execute(self._db)
        }
        numbers = [int(row.number) for row in rows if row.village in villages][:MOST_BY_COURIER]
        return tuple(self._section(number) for number in sorted(numbers))

    def _section(self, number: int) -> NodeSection:
        return NodeSection(number, (), (self._frame(number),))

    def _frame(self, number: int) -> bytes:
        word = self._outgoing.revocation(number)
        return encode_frame(DownFrame(word.counter, word.sealed, word.generation))
