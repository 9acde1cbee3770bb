"""Limits and waits of the link, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkSettings:
    """Settings of one end of the link. Times in seconds of the `now` that is passed in."""

    burst_frames: int = 16
    """Frames before a receipt is asked for: a radio's transmit queue holds 16."""
    window: int = 256
    """How far a burst may run ahead of the lowest counter that is not receipted."""
    urgent_window: int = 512
    """The same for urgent envelopes, which a backlog must not hold up: as far as a receipt's bitmap goes."""
    gap_s: float = 0.15
    """Silence between two of our frames: others get a turn, and the receiver's stream is read."""
    duty_cycle: float = 0.10
    """Share of the time on the air. Indonesia's 920-923 MHz band: disputed; a tenth is polite."""
    budget_burst_ms: float = 360_000.0
    """What may be saved up: the tenth of one hour."""
    polite_cap: float = 0.25
    """On a channel that others keep busy, ordinary frames take what is left below this share; the firmware
    holds back what can wait at the same share."""
    polite_free_share: float = 0.10
    """As long as others use no more, nothing is spaced."""
    polite_least_share: float = 0.02
    """Nobody is silenced: on LongFast a full packet in two minutes."""
    beacon_s: float = 6 * 3600.0
    """A poll after that long without contact, so that the hub can reach the node and the page knows."""
    first_poll_within_s: float = 10.0
    """When power comes back to a region, not all its boxes speak in the same second."""
    first_timeout_s: float = 8.0
    ack_delay_s: float = 1.5
    """Wait before acknowledging hub envelopes: several share one acknowledgement."""
    ack_again_s: float = 10.0
    """Wait between acknowledgements of what was acknowledged: half of what the hub waits for the first."""
    silent_before_broadcast: int = 3
    """After so many silent waits the learned address of the hub or gateway is dropped and all are asked."""
    ask_time_every_s: float = 1800.0
    """So old may the hub's time be before a burst asks for it: a Pi's crystal drifts a tenth of a second in
    that time."""
    first_time_within_s: float = 600.0
    """A node that was answered, but never told the time in this start, asks for it after so long."""
    quiet_margin_s: float = 1.5
    """How much later than it should have come a frame counts as lost: turns of others, and of the radios."""
    receipt_repeats: int = 1
    """How often the hub says again, unasked, what a burst lacked when nothing of the next one comes."""
    down_window: int = 4
    """Hub envelopes on the way to one node at once: the acknowledgement covers 9."""
