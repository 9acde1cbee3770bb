"""Frames that a gateway has for the air: one for each place, so that a slow radio is never behind the hub.

The hub answers again and again what it does not see arrive, and a radio that shares its channel with ten
villages sends a few frames a minute. A queue that kept every copy would grow, each answer in it would be
older than the one before, and nothing new would ever be heard.
"""

from __future__ import annotations

from sync.errors import MalformedWire
from sync.link.events import OutgoingFrame
from sync.wire.frame_codec import (
    DownFragmentFrame,
    DownFrame,
    ReceiptFrame,
    UnknownEpochFrame,
    decode_frame,
)

MAX_WAITING = 64
"""The oldest hub envelope is dropped for a newer one: the hub repeats it."""
_Place = tuple[int, object]


class AirQueue:
    """Not thread-safe: the owner serialises."""

    def __init__(self) -> None:
        self._answers: dict[_Place, OutgoingFrame] = {}
        """Receipts and hints: a node that has one stops asking, so they go first."""
        self._others: dict[_Place, OutgoingFrame] = {}

    def __len__(self) -> int:
        return len(self._answers) + len(self._others)

    def put(self, frame: OutgoingFrame) -> None:
        """Take a frame; it replaces an older one of its place, and goes when that would have gone."""
        is_answer, what = _place_of(frame.payload)
        (self._answers if is_answer else self._others)[frame.to, what] = frame
        while len(self) > MAX_WAITING:
            waiting = self._others or self._answers
            del waiting[next(iter(waiting))]

    def next(self) -> OutgoingFrame | None:
        """Return the frame that goes now, or None."""
        waiting = self._answers or self._others
        return waiting.pop(next(iter(waiting))) if waiting else None


def _place_of(payload: bytes) -> tuple[bool, object]:
    """Return whether this answers a node, and what it is about; frames of a later version stand alone."""
    try:
        frame = decode_frame(payload)
    except MalformedWire:
        return False, payload
    if isinstance(frame, ReceiptFrame | UnknownEpochFrame):
        return True, frame.epoch_tag
    if isinstance(frame, DownFragmentFrame):
        return False, (frame.counter, frame.index)
    if isinstance(frame, DownFrame):
        return False, frame.counter
    return False, payload
