"""Which frames make up a burst: urgent ones first, what is due packed tightly, the last one asks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.link.conversation import Conversation, Pending
from sync.link.fragments import OutgoingPieces
from sync.link.packing import FRAME_HEAD_BYTES, Parcel, pack

POLL_BYTES = 20
"""Upper bound of a poll block: 2 + 2 + 4 + 3 + 1 + 8."""
FRAGMENT_HEAD_BYTES = 2 + 3 + 2 + 8


@dataclass(frozen=True)
class Planned:
    """A frame that is decided but not built: it is built when it goes, with the age of that moment."""

    epoch: Conversation
    counters: tuple[int, ...] = ()
    piece: int | None = None
    with_epoch: bool = False
    with_poll: bool = False


@dataclass(frozen=True)
class Room:
    """What frames may hold: `limit` bytes each, with `epoch_bytes` kept where the epoch's key rides along."""

    limit: int
    epoch_bytes: int
    max_frames: int


def plan_burst(epoch: Conversation, sendable: list[Pending], room: Room, now: float) -> list[Planned]:
    """Return frames with what is due; what is not fills the room left in them and adds none."""
    small: list[Parcel] = []
    large: list[Pending] = []
    for pending in sendable:
        parcel = Parcel(pending.id.counter, len(pending.sealed), pending.urgent, pending.due_at > now)
        if pending.pieces is None and parcel.alone_bytes() <= room.limit - FRAME_HEAD_BYTES:
            small.append(parcel)
        elif pending.urgent or pending.due_at <= now:
            large.append(pending)
    urgent_large = any(p.urgent for p in large)
    # Before the pieces of an urgent report go urgent ones alone; others only fill their packets.
    small = [replace(p, filler=not p.urgent and (p.filler or urgent_large)) for p in small]
    small.sort(key=lambda p: (p.filler, not p.urgent, p.counter))
    key_first = bool(room.epoch_bytes) and not epoch.key_went
    frames: list[list[Parcel]] = []
    if any(not p.filler for p in small):
        frames = pack(
            small[: room.max_frames * 8],
            limit=room.limit,
            first_extra=room.epoch_bytes if key_first else 0,
            last_extra=room.epoch_bytes + POLL_BYTES,
            max_frames=room.max_frames,
        )
    elif key_first:
        frames = [[]]  # pieces leave no room for the epoch's key: it goes ahead
    pieces = _plan_pieces(epoch, large, room.max_frames - len(frames), room.limit)
    plan = [Planned(epoch, tuple(sorted(p.counter for p in frame))) for frame in frames] + pieces
    ends = {0} if key_first else set()
    ends.add(len(plan) - 1)
    return [
        replace(
            p,
            with_epoch=bool(room.epoch_bytes) and p.piece is None and place in ends,
            with_poll=place == len(plan) - 1,
        )
        for place, p in enumerate(plan)
        if p.counters or place in ends  # an empty one carries the key or the poll
    ]


def _plan_pieces(epoch: Conversation, large: list[Pending], room: int, limit: int) -> list[Planned]:
    planned: list[Planned] = []
    for pending in sorted(large, key=lambda p: (not p.urgent, p.id.counter)):
        if pending.pieces is None:
            pending.pieces = OutgoingPieces(pending.sealed, limit - FRAGMENT_HEAD_BYTES - POLL_BYTES)
            pending.unsent_pieces = set(pending.pieces.wanted)
        for index in sorted(pending.unsent_pieces)[: max(0, room - len(planned))]:
            planned.append(Planned(epoch, (pending.id.counter,), index))
    return planned
