"""What a session tells its owner. The owner commits first and tells the session afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from sync.identifiers import Lane
from sync.link.ranges import RangeSet


@dataclass(frozen=True)
class OutgoingFrame:
    """A frame to send now, and the radio number it goes to."""

    payload: bytes
    to: int


@dataclass(frozen=True)
class Carried:
    """These envelopes of this epoch went into a frame: they are on their way."""

    epoch: bytes
    counters: tuple[int, ...]


@dataclass(frozen=True)
class Held:
    """The hub holds these counters of a lane of this epoch, as of `generation`."""

    epoch: bytes
    counters: RangeSet
    generation: int
    lane: Lane = Lane.REPORT


@dataclass(frozen=True)
class GenerationSeen:
    """The hub speaks with a newer generation: it was restarted or restored, what it holds must be asked."""

    generation: int


@dataclass(frozen=True)
class HubTime:
    """The hub's clock stood at `unix_s` somewhere between these two instants of our monotonic clock."""

    unix_s: int
    asked_at: float
    heard_at: float


@dataclass(frozen=True)
class DownArrived:
    """One hub envelope, opened. Commit it, then call `down_stored`."""

    generation: int
    counter: int
    plain: bytes


@dataclass(frozen=True)
class HubSilent:
    """A wait for the hub ended without an answer, this many times in a row."""

    times: int


NodeEvent = Carried | Held | GenerationSeen | HubTime | DownArrived | HubSilent
