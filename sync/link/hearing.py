"""What the hub hears: epochs that it knows, envelopes of a frame, where to answer, what it owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.link.ranges import RangeSet
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch
from sync.wire.frame_codec import EpochBlock, PollBlock, SharedFrame


@dataclass(frozen=True)
class RadioPath:
    """Where to answer: the gateway that heard a frame (0 = the hub's own radio) and the radio number."""

    gateway: int
    number: int


@dataclass(frozen=True)
class KnownEpoch:
    """An epoch that the hub can open, and the keys of its node."""

    id: bytes
    node_number: int
    keys: StaticKeys
    opening: OpeningEpoch
    hub_key: bytes = b""
    """Id of the hub's key for which it is derived."""
    otherwise: tuple[KnownEpoch, ...] = ()
    """The same epoch as derived for other keys of the hub; which is right shows when something fits."""

    @property
    def candidates(self) -> tuple[KnownEpoch, ...]:
        """Return all that it may be."""
        return (self, *self.otherwise)


class EpochDirectory(Protocol):
    """Where the session finds epochs; implemented by the hub's intake."""

    def by_tag(self, tag: int) -> Sequence[KnownEpoch]:
        """Return the epochs whose id starts with this byte, those heard last first."""
        ...

    def learn(self, block: EpochBlock) -> KnownEpoch | None:
        """Derive an epoch from its block and remember it for a while; None when it cannot be right.

        Where the hub has several keys the epoch says with `candidates` what it may be.
        """
        ...


@dataclass(frozen=True)
class Arrival:
    """One envelope of the report lane and the epochs that it may belong to."""

    candidates: tuple[KnownEpoch, ...]
    counter: int
    sealed: bytes


@dataclass(frozen=True)
class Heard:
    """What one frame brought. Commit the arrivals, then call `answer`."""

    path: RadioPath
    tag: int
    arrivals: tuple[Arrival, ...]
    poll: tuple[KnownEpoch, PollBlock] | None
    acknowledged: tuple[int, RangeSet] | None = None
    """(node number, hub envelopes of the current generation that the node has)."""
    following: int = 0
    """How many frames of this burst are still to come, as the frame says."""
    lacks_key: bool = False
    """It asked, about an epoch whose key did not come with it."""
    unplaced: SharedFrame | None = None
    """The frame itself where its epoch is not known yet: keep it for `place`."""


@dataclass(frozen=True)
class Placed:
    """The epoch of a shared frame, and its envelopes with their tags."""

    epoch: KnownEpoch
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True)
class Owed:
    """A receipt to give unasked: the question of a burst did not come, or nothing came after its answer."""

    epoch: KnownEpoch
    path: RadioPath
