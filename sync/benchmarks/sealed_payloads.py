"""What a record becomes on the air once its epoch is receipted: really sealed, framed, cut, opened again."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sync.airtime import PRESETS, payload_airtime_ms
from sync.identifiers import Lane
from sync.link.fragments import OutgoingPieces
from sync.link.node_session import NodeSession
from sync.link.settings import LinkSettings
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, Sealed, SealingEpoch
from sync.wire.control_records import split_age, with_age
from sync.wire.frame_codec import (
    MAC_BYTES,
    DataFrame,
    EpochBlock,
    FragmentFrame,
    SharedFrame,
    decode_frame,
    encode_frame,
)

AGE_MINUTES = 60
"""The age of the epoch that every envelope says: within its first two hours, which takes one byte."""
_NODE_NUMBER = 1
_FRAMES_OF_A_BURST = 4
"""An envelope goes in one of the first of them: before it at most the epoch's key."""


@dataclass(frozen=True)
class Payloads:
    """One record on the air. `alone` is a DATA frame with it and nothing else, though it be longer than a
    packet; `frames` are the payloads of the packets that carry it."""

    alone: bytes
    frames: tuple[bytes, ...]


class SealedPath:
    """A node's epoch and the hub's end of it; counters rise from 0 as they do in a fresh epoch."""

    def __init__(self) -> None:
        hub, node = (KeyPair.from_private(bytes([n]) * 32) for n in (1, 2))
        psk = bytes(32)
        self._keys = StaticKeys(own_private=node.private, other_public=hub.public, psk=psk)
        self._sealing = SealingEpoch.open(
            hub_public=hub.public, node_static=node, psk=psk, node_number=_NODE_NUMBER
        )
        self._opening = OpeningEpoch.derive(
            self._sealing.enc, hub=hub, node_public=node.public, psk=psk, node_number=_NODE_NUMBER
        )

    def send(self, record: bytes, limit: int) -> Payloads:
        """Seal and frame a record for packets of `limit` bytes, as the node's session cuts it.

        Raises SealBroken or ValueError where the hub would not have it back.
        """
        sealed = self._sealing.seal(Lane.REPORT, with_age(AGE_MINUTES, record))
        tag, counter = sealed.id.epoch[0], sealed.id.counter
        alone = encode_frame(DataFrame(tag, ((counter, sealed.ciphertext),)))
        piece_bytes = self._piece_bytes(sealed, limit)
        frames = [alone]
        if piece_bytes is not None:
            cut = OutgoingPieces(sealed.ciphertext, piece_bytes)
            frames = [
                encode_frame(
                    FragmentFrame(
                        tag, counter, index, cut.last, piece, bytes(MAC_BYTES), following=cut.last - index
                    )
                )
                for index, piece in enumerate(cut.pieces)
            ]
        self._check(counter, frames, record)
        return Payloads(alone, tuple(frames))

    def _piece_bytes(self, sealed: Sealed, limit: int) -> int | None:
        """Return how much of the envelope a session puts into a packet; None: all of it into one."""
        session = NodeSession(
            keys=self._keys,
            payload_limit=lambda: limit,
            airtime_ms=lambda size: payload_airtime_ms(size, PRESETS["ShortTurbo"]),
            rng=random.Random(1),  # noqa: S311 - waits, no secrets
            now=0.0,
            settings=LinkSettings(duty_cycle=1.0),
            bound=True,
        )
        session.add_epoch(sealed.id.epoch, EpochBlock(_NODE_NUMBER, self._sealing.enc), opened_at=0.0)
        session.offer(sealed.id, sealed.ciphertext, urgent=False, due_at=0.0)
        for second in range(_FRAMES_OF_A_BURST):
            for outgoing in session.frames_to_send(float(second)):
                frame = decode_frame(outgoing.payload)
                if isinstance(frame, FragmentFrame):
                    return len(frame.data)
                if isinstance(frame, DataFrame | SharedFrame) and frame.envelopes:
                    return None
        raise ValueError("the session did not send the envelope")

    def _check(self, counter: int, frames: list[bytes], record: bytes) -> None:
        ciphertext = b""
        for payload in frames:
            frame = decode_frame(payload)
            if isinstance(frame, DataFrame):
                ciphertext = frame.envelopes[0][1]
            elif isinstance(frame, FragmentFrame):
                ciphertext += frame.data
        opened = self._opening.open(Lane.REPORT, counter, ciphertext)
        if split_age(opened.plain) != (AGE_MINUTES, record):
            raise ValueError("another record came back")
