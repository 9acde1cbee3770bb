"""What is wrong with a box, who must be called, and in which order the boxes stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust, DiskFree, QueueAge, RadioGrade

DAY_S: Final = 86_400
SILENT_DAYS: Final = 3
"""A box calls every six hours. Two days without power or radio are usual in a village."""
NEVER_HEARD_DAYS: Final = 7
MUTE_DAYS: Final = 7
"""A box tells once a day how it is. One that calls and does not tell cannot write to its card any more."""
UNCLEAN_IN_A_WEEK: Final = 5
HOT_C: Final = 80
"""Where a Raspberry Pi begins to slow itself down."""
_KINDS: Final = (
    ("damaged", 90),
    ("full", 80),
    ("silent", 70),
    ("mute", 65),
    ("never", 60),
    ("halts", 58),
    ("queue", 55),
    ("nearly_full", 50),
    ("power_low", 45),
    ("unclean", 40),
    ("unplugged", 35),
    ("hot", 30),
    ("clock", 20),
    ("weak", 10),
)
KINDS: Final = tuple(kind for kind, _ in _KINDS)
WEIGHTS: Final = dict(_KINDS)
PERSON_WEIGHT: Final = 20
"""From this weight on somebody must be called."""
_MOST: Final = 1_000_000


@dataclass(frozen=True)
class BoxState:
    """What the hub knows of a box. Times are Unix seconds; None: never. `unclean` is how many starts of the
    running week followed a power cut or a crash; `halts`: it went back from what a rollout brought, refused
    it, or is silent since; `told_at`: when it told how it is, or was enrolled; `called_at`: when it was heard
    by radio or internet, where nothing keeps it from telling."""

    node: int
    enrolled_at: float
    contact_at: float | None
    beacon: Beacon | None
    unclean: int = 0
    halts: bool = False
    told_at: float | None = None
    called_at: float | None = None


def troubles_of(box: BoxState, now: float) -> tuple[str, ...]:
    """Return what is wrong, the worst first; words of `KINDS`."""
    found = {"halts"} if box.halts else set()
    if box.contact_at is None:
        if now - box.enrolled_at >= NEVER_HEARD_DAYS * DAY_S:
            found.add("never")
    elif silent_days(box, now) >= SILENT_DAYS:
        found.add("silent")
    elif mute_days(box) >= MUTE_DAYS:
        found.add("mute")
    beacon = box.beacon
    if beacon is not None:
        found.update(kind for kind, is_so in _of_beacon(beacon, box.unclean) if is_so)
    return tuple(kind for kind in KINDS if kind in found)


def _of_beacon(beacon: Beacon, unclean: int) -> Sequence[tuple[str, bool]]:
    return (
        ("damaged", BeaconFlag.DATABASE_DAMAGED in beacon.flags),
        ("full", beacon.disk is DiskFree.FULL),
        ("nearly_full", beacon.disk is DiskFree.NEARLY_FULL),
        ("queue", beacon.queue is QueueAge.WEEK),
        ("power_low", BeaconFlag.POWER_LOW_NOW in beacon.flags),
        ("unclean", unclean >= UNCLEAN_IN_A_WEEK),
        ("unplugged", BeaconFlag.RADIO_UNPLUGGED in beacon.flags),
        ("hot", beacon.temperature_c is not None and beacon.temperature_c >= HOT_C),
        ("clock", beacon.clock is ClockTrust.UNKNOWN),
        ("weak", beacon.radio in (RadioGrade.WEAK, RadioGrade.NONE)),
    )


def silent_days(box: BoxState, now: float) -> int:
    """Return for how many whole days nothing came; 0 for a box that was never heard."""
    return 0 if box.contact_at is None else max(0, int((now - box.contact_at) // DAY_S))


def mute_days(box: BoxState) -> int:
    """Return for how many whole days it called without telling how it is."""
    if box.called_at is None or box.told_at is None:
        return 0
    return max(0, int((box.called_at - box.told_at) // DAY_S))


def needs_person(kinds: Sequence[str]) -> bool:
    """Return whether somebody must be called."""
    return any(WEIGHTS[kind] >= PERSON_WEIGHT for kind in kinds)


def place_of(box: BoxState, kinds: Sequence[str], now: float) -> int:
    """Return where a box stands in the list, unlike any other's: the worst trouble first, then the longest
    silence, then by number."""
    worst = max((WEIGHTS[kind] for kind in kinds), default=0)
    urgency = worst * 1000 + min(silent_days(box, now), 999)
    return (_MOST - urgency) << 32 | box.node
