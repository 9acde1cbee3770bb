"""Who vouches for the system's date on an installed box: a chip with a good battery, the internet, a person.

A Pi has no clock. After a night without power its system takes up the date that it noted last, which looks
right and is not. On a box that scripts/install-node made, /run/kentongan-clock therefore says "none" at each
start, and `kentongan-clock` (scripts/box/files/clock) writes "chip", "chip-stopped" or "person" over it.
Without that file, as on a laptop, the machine's own clock vouches.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from sync.clock import Clock
from village_node.log import NodeLog
from village_node.timekeeping import TimeKeeper

STATEMENT = Path("/run/kentongan-clock")
"""In memory: what was true before a power cut says nothing after it."""
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd makes it when a server of the internet has told the time in this start."""


class ClockSource(Enum):
    """Where the system's date comes from."""

    MACHINE = "machine"
    """This is no box of the installer's: a clock of its own is taken to be there."""
    CHIP = "chip"
    CHIP_STOPPED = "chip-stopped"
    """The chip's battery is flat, or it was never set: it shows the year 2000."""
    NETWORK = "network"
    PERSON = "person"
    NONE = "none"
    """What the system noted before it went off."""

    @property
    def vouches(self) -> bool:
        """Whether the system's date may be believed, where it is not plainly wrong."""
        return self not in (ClockSource.NONE, ClockSource.CHIP_STOPPED)


def clock_source(statement: Path = STATEMENT, synchronised: Path = SYNCHRONISED) -> ClockSource:
    """Return where the system's date comes from now; the internet may come later in a start."""
    try:
        said = statement.read_text("ascii").strip()
    except FileNotFoundError:
        return ClockSource.MACHINE
    except (OSError, UnicodeDecodeError):
        said = ""
    if synchronised.exists():
        return ClockSource.NETWORK
    known = {
        source.value: source for source in (ClockSource.CHIP, ClockSource.CHIP_STOPPED, ClockSource.PERSON)
    }
    return known.get(said, ClockSource.NONE)


def time_keeper(clock: Clock, boot: int, log: NodeLog) -> TimeKeeper:
    """Return what gives stamps on this machine, with the latest time that its log saw."""
    return TimeKeeper(
        clock, boot, highest_seen_s=log.number("highest_wall_s"), vouched=lambda: clock_source().vouches
    )
