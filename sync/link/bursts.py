"""Which frames make up a burst: urgent ones first, what is due packed tightly, the last one asks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.link.conversation import Conversation, Pending
from sync.link.fragments import OutgoingPieces
from sync.link.packing import FOLLOWING_BYTES, FRAME_HEAD_BYTES, SHARED_HEAD_BYTES, Parcel, pack
from sync.wire.frame_blocks import MAC_BYTES

FRAGMENT_HEAD_BYTES = FRAME_HEAD_BYTES + 3 + 2 + MAC_BYTES
"""First byte, tag, counter, index, last, authentication code."""


@dataclass(frozen=True)
class Planned:
    """A frame that is decided but not built: it is built when it goes, with the age of that moment."""

    epoch: Conversation
    counters: tuple[int, ...] = ()
    piece: int | None = None
    following: int = 0
    """How many of its burst go after it."""
    asks: bool = False
    """It is the last of its burst: a receipt is awaited."""
    polls: bool = False
    """It holds a poll block and, until the hub is known to have it, the epoch's key."""


@dataclass(frozen=True)
class Room:
    """What frames may hold: `limit` bytes each; `poll_bytes` of the last are kept for a poll and a key."""

    limit: int
    poll_bytes: int
    max_frames: int
    must_poll: bool
    """Else the last frame needs no poll: the hub answers the end of a burst that brings anything new."""


def plan_burst(
    epoch: Conversation, sendable: list[Pending], room: Room, now: float, urgent_only: bool = False
) -> list[Planned]:
    """Return frames with what is due; what is not fills the room left in them and adds none.

    With `urgent_only` ordinary ones are not due, however long they have waited.
    """
    small: list[Parcel] = []
    large: list[Pending] = []
    for pending in sendable:
        parcel = Parcel(pending.id.counter, len(pending.sealed), pending.urgent, pending.due_at > now)
        if pending.pieces is None and parcel.alone_bytes() <= room.limit - FRAME_HEAD_BYTES:
            small.append(parcel)
        elif pending.urgent or (pending.due_at <= now and not urgent_only):
            large.append(pending)
    urgent_only |= any(p.urgent for p in large)
    # Before the pieces of an urgent report go urgent ones alone; others only fill their packets.
    small = [replace(p, filler=not p.urgent and (p.filler or urgent_only)) for p in small]
    small.sort(key=lambda p: (p.filler, not p.urgent, p.counter))
    # A piece is no news before its envelope is whole, so the hub must be asked.
    polls = room.must_poll or bool(large)
    frames: list[list[Parcel]] = []
    if any(not p.filler for p in small):
        frames = pack(
            small[: room.max_frames * 8],
            limit=room.limit,
            last_extra=FOLLOWING_BYTES if large else room.poll_bytes if polls else 0,
            max_frames=room.max_frames,
        )
    if urgent_only:
        # A frame that goes for its question's sake alone would bring them before urgent ones that follow.
        frames = [frame if any(p.urgent for p in frame) else [] for frame in frames]
    pieces = _plan_pieces(epoch, large, room.max_frames - len(frames), room.limit)
    plan = [Planned(epoch, tuple(sorted(p.counter for p in frame))) for frame in frames] + pieces
    if large and _frame_bytes(plan[-1]) + room.poll_bytes > room.limit:
        plan.append(Planned(epoch))  # no room for a poll beside a piece: it goes alone
    plan = [p for p in plan[:-1] if p.counters] + plan[-1:]
    last = len(plan) - 1
    return [
        replace(p, following=last - place, asks=place == last, polls=polls and place == last)
        for place, p in enumerate(plan)
    ]


def _plan_pieces(epoch: Conversation, large: list[Pending], room: int, limit: int) -> list[Planned]:
    planned: list[Planned] = []
    for pending in sorted(large, key=lambda p: (not p.urgent, p.id.counter)):
        if pending.pieces is None:
            pending.pieces = OutgoingPieces(pending.sealed, limit - FRAGMENT_HEAD_BYTES - FOLLOWING_BYTES)
            pending.unsent_pieces = set(pending.pieces.wanted)
        for index in sorted(pending.unsent_pieces)[: max(0, room - len(planned))]:
            planned.append(Planned(epoch, (pending.id.counter,), index))
    return planned


def _frame_bytes(planned: Planned) -> int:
    """Return an upper bound of what a planned frame takes without what asks."""
    waiting = [planned.epoch.pending[counter] for counter in planned.counters]
    if planned.piece is not None and waiting[0].pieces is not None:
        return FRAGMENT_HEAD_BYTES + MAC_BYTES + len(waiting[0].pieces.pieces[planned.piece])
    parcels = [Parcel(pending.id.counter, len(pending.sealed)) for pending in waiting]
    return SHARED_HEAD_BYTES + sum(parcel.in_company_bytes() for parcel in parcels)
