"""Which envelopes share which packet: as few packets as possible, urgent ones in the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sync.wire.frame_blocks import MAC_BYTES, TAG_BYTES
from sync.wire.frame_codec import many_envelope_bytes, varint_bytes

FRAME_HEAD_BYTES = 2
"""First byte and epoch tag."""
FOLLOWING_BYTES = 1
"""How many frames follow, in every frame of a burst but the last."""
SHARED_HEAD_BYTES = FRAME_HEAD_BYTES + MAC_BYTES
"""Of a frame with several envelopes: one code for them all instead of their tags."""


@dataclass(frozen=True)
class Parcel:
    """An envelope to be packed."""

    counter: int
    sealed_bytes: int
    urgent: bool = False
    filler: bool = False
    """Goes only where room is left: no frame is added for it."""

    def in_company_bytes(self) -> int:
        """Return an upper bound of what it takes in a frame of several: its tag is left off."""
        return many_envelope_bytes(self.counter, -1, self.sealed_bytes - TAG_BYTES)

    def alone_bytes(self) -> int:
        """Return what it takes as the only one in a frame: with its tag, without a length."""
        return varint_bytes(self.counter) + self.sealed_bytes


@dataclass
class _Bin:
    room: int
    room_alone: int
    parcels: list[Parcel] = field(default_factory=list)
    used: int = 0

    def fits(self, parcel: Parcel) -> bool:
        if not self.parcels:
            return parcel.alone_bytes() <= self.room_alone or parcel.in_company_bytes() <= self.room
        return self.used + parcel.in_company_bytes() <= self.room

    def add(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)
        self.used += parcel.in_company_bytes()


def pack(parcels: Sequence[Parcel], *, limit: int, last_extra: int, max_frames: int) -> list[list[Parcel]]:
    """Return the frames of one burst; what does not fit into `max_frames` is left for the next.

    `last_extra` bytes are kept free in the last frame (epoch and poll block), in the others the byte that
    says how many follow. Urgent parcels come first, in the order given; of the rest each frame takes the
    largest and the set that fills it best (minimum bin slack, Gupta and Ho 1999), the last frame before the
    others, for it has the least room; fillers at the end. The last frame may come out empty. A parcel that is
    too large even for a frame of its own must not be given.
    """
    wanted = sum(p.in_company_bytes() for p in parcels if not p.filler) + last_extra
    fewest = min(max_frames, max(1, wanted // (limit - SHARED_HEAD_BYTES)))
    for count in range(fewest, max_frames + 1):
        bins = [_bin(limit, FOLLOWING_BYTES) for _ in range(count - 1)]
        bins.append(_bin(limit, last_extra))
        if _place(parcels, bins) or count == max_frames:
            return [bin_.parcels for bin_ in bins]
    return []


def _bin(limit: int, extra: int) -> _Bin:
    room = limit - SHARED_HEAD_BYTES - extra
    # A poll beside one envelope shares a code with it. Without one the envelope goes as it is, and where it
    # fills the packet alone, without saying how many follow.
    return _Bin(room, room if extra > FOLLOWING_BYTES else limit - FRAME_HEAD_BYTES)


def _place(parcels: Sequence[Parcel], bins: list[_Bin]) -> bool:
    """Put parcels into these frames; say whether all but fillers found a place."""
    unplaced = [p for p in parcels if p.urgent and not _put(p, bins)]
    rest = sorted((p for p in parcels if not p.urgent and not p.filler), key=lambda p: -p.sealed_bytes)
    _fill(bins[-1], rest)
    for bin_ in bins[:-1]:
        largest = next((p for p in rest if bin_.fits(p)), None)
        if largest is not None:
            bin_.add(largest)
            rest.remove(largest)
            _fill(bin_, rest)
    fillers = [p for p in parcels if p.filler]
    for bin_ in bins:
        _fill(bin_, fillers)
    return not unplaced and not rest


def _put(parcel: Parcel, bins: list[_Bin]) -> bool:
    place = next((b for b in bins if b.fits(parcel)), None)
    if place is not None:
        place.add(parcel)
    return place is not None


def _fill(bin_: _Bin, parcels: list[Parcel]) -> None:
    """Move into the frame those of the parcels that leave the least room in it."""
    room = bin_.room - bin_.used
    reached: dict[int, tuple[Parcel, ...]] = {0: ()}
    for parcel in parcels:
        size = parcel.in_company_bytes()
        for total in sorted(reached, reverse=True):
            if total + size <= room:
                reached.setdefault(total + size, (*reached[total], parcel))
    best = reached[max(reached)]
    if not best and not bin_.parcels:
        # The only one in a frame needs no length, so it may fit where it would not in company.
        best = tuple(p for p in parcels if bin_.fits(p))[:1]
    for parcel in best:
        bin_.add(parcel)
        parcels.remove(parcel)
