"""The seams between the protocol and whatever carries its bytes. Protocols only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sync.identifiers import BROADCAST as BROADCAST


@dataclass(frozen=True)
class HeardPayload:
    """One application payload heard on the air.

    `source` is the radio number of the sender as the radio reports it: a hint for where to answer,
    never an authentication. `hops` is how many relays passed it on, where the radio tells.
    """

    payload: bytes
    source: int
    rssi_dbm: float | None = None
    snr_db: float | None = None
    hops: int | None = None


@dataclass(frozen=True)
class RadioState:
    """What is known of a radio: for pacing, health pages and `doctor`."""

    connected: bool
    own_number: int | None
    queue_free: int | None
    """Free places in the radio's own transmit queue, where it tells."""
    problem: str | None
    """One line for a person when something is wrong, with what to do; None when all is well."""
    channel_utilisation: float | None = None
    """Share of recent time, 0 to 1, in which the radio found the channel in use, its own frames counted;
    None where it does not tell."""
    payloads_dropped: int = 0
    """Payloads, since the start, that `send` had accepted and that then were not sent: the radio refused them
    or left. They may be handed over again at once; nobody has heard them."""
    region_duty_cycle: float = 1.0
    """Share of the time on the air, above 0 and at most 1, that the radio's region allows."""


class Radio(Protocol):
    """An unreliable datagram radio: a payload may be lost, doubled, late or out of order.

    No call blocks on the radio's own I/O and none raises because of it: a radio that is gone
    shows in `state()`, and payloads handed to it meanwhile are dropped, as the air drops them.
    """

    def payload_limit(self) -> int:
        """Return the largest payload in bytes, as it will travel with the radio's settings."""
        ...

    def airtime_ms(self, payload_bytes: int) -> float:
        """Return the time on air of one payload of that size at the radio's preset."""
        ...

    def send(self, payload: bytes, to: int) -> bool:
        """Hand one payload over for radio number `to` (or `BROADCAST`).

        Return False when it was not accepted: radio gone, or its queue full.
        """
        ...

    def receive(self, timeout_s: float) -> HeardPayload | None:
        """Return the next payload heard, waiting at most `timeout_s` real seconds."""
        ...

    def state(self) -> RadioState:
        """Return what is known of the radio now."""
        ...

    def close(self) -> None:
        """Let go of the port and stop all threads; may be called twice."""
        ...
