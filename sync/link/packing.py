"""Which envelopes share which packet: as few packets as possible, urgent ones in the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sync.wire.frame_codec import many_envelope_bytes

FRAME_HEAD_BYTES = 2
"""First byte and epoch tag."""


@dataclass(frozen=True)
class Parcel:
    """An envelope to be packed."""

    counter: int
    sealed_bytes: int
    urgent: bool = False
    filler: bool = False
    """Goes only where room is left: no frame is added for it."""

    def in_company_bytes(self) -> int:
        """Return an upper bound of what it takes in a frame of many."""
        return many_envelope_bytes(self.counter, -1, self.sealed_bytes)

    def alone_bytes(self) -> int:
        """Return what it takes as the only one in a frame: no length."""
        return many_envelope_bytes(self.counter, -1, self.sealed_bytes) - max(
            1, (self.sealed_bytes.bit_length() + 6) // 7
        )


@dataclass
class _Bin:
    room: int
    parcels: list[Parcel] = field(default_factory=list)
    used: int = 0

    def fits(self, parcel: Parcel) -> bool:
        if not self.parcels:
            return parcel.alone_bytes() <= self.room
        return self.used + parcel.in_company_bytes() <= self.room

    def add(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)
        self.used += parcel.in_company_bytes()


def pack(
    parcels: Sequence[Parcel], *, limit: int, first_extra: int, last_extra: int, max_frames: int
) -> list[list[Parcel]]:
    """Return the frames of one burst; what does not fit into `max_frames` is left for the next.

    `first_extra` and `last_extra` bytes are kept free in the first and last frame (epoch and poll block).
    Urgent parcels come first, in the order given; the rest by best fit, largest first (BFD packs within
    11/9 of the fewest bins), fillers last. The first and the last frame may come out empty, where parcels
    are too large to stand beside what is kept free there. A parcel that is too large even for a frame of its
    own must not be given.
    """
    for count in range(1, max_frames + 1):
        bins = _bins(count, limit - FRAME_HEAD_BYTES, first_extra, last_extra)
        if _place(parcels, bins) or count == max_frames:
            return [bin_.parcels for bin_ in bins]
    return []


def _bins(count: int, room: int, first_extra: int, last_extra: int) -> list[_Bin]:
    bins = [_Bin(room) for _ in range(count)]
    bins[0].room -= first_extra
    bins[-1].room -= last_extra if count > 1 else max(0, last_extra - first_extra)
    return bins


def _place(parcels: Sequence[Parcel], bins: list[_Bin]) -> bool:
    everything = True
    urgent = [p for p in parcels if p.urgent]
    rest = sorted((p for p in parcels if not p.urgent), key=lambda p: (p.filler, -p.sealed_bytes))
    for parcel in urgent:
        place = next((b for b in bins if b.fits(parcel)), None)
        everything &= _put(parcel, place)
    for parcel in rest:
        fitting = [b for b in bins if b.fits(parcel)]
        place = min(fitting, key=lambda b: b.room - b.used) if fitting else None
        everything &= _put(parcel, place) or parcel.filler
    return everything


def _put(parcel: Parcel, place: _Bin | None) -> bool:
    if place is None:
        return False
    place.add(parcel)
    return True
