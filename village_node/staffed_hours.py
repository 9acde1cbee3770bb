"""When the hub's staff read reports, as the hub signed it last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sync.errors import MalformedWire, SealBroken
from sync.sealing.signing import open_signed
from sync.wire.control_records import SignedSetting
from sync.wire.settings_records import SETTING_LABEL, StaffedHours, decode_setting
from village_node.log import NodeLog
from village_node.timekeeping import TimeKeeper

DAY_S = 86_400
_HOURS, _LAST = "hub_hours", "last_hours"
_FIRST_WEEKDAY = 3
"""1970-01-01 was a Thursday."""

Now = Literal["reading", "urgent", "nobody", "closed", "unknown"]


@dataclass(frozen=True)
class Staffed:
    """The hours, and how it is now: any report is read, urgent ones alone, none, the office is closed today,
    or the box does not know its date."""

    hours: StaffedHours
    now: Now


class HubHours:
    """Keeps the newest of them. Threads may share it."""

    def __init__(
        self, log: NodeLog, times: TimeKeeper, *, hub_signing_public: bytes, node_number: int
    ) -> None:
        self._log = log
        self._times = times
        self._hub = hub_signing_public
        self._node_number = node_number

    def take_setting(self, record: SignedSetting) -> None:
        """Keep hours that the hub signed for this node and that are newer; anything else changes nothing.

        Their place is apart from that of a reset of the PIN: neither may hide the other that comes later.
        """
        setting = self._open(record.signed)
        if setting is None or setting.node_number != self._node_number:
            return
        place = f"{setting.generation:010}.{setting.serial:020}"
        if place > (self._log.text(_LAST) or ""):
            self._log.set_texts({_LAST: place, _HOURS: record.signed.hex()})

    def _open(self, signed: bytes) -> StaffedHours | None:
        try:
            setting = decode_setting(open_signed(self._hub, SETTING_LABEL, signed))
        except (SealBroken, MalformedWire):
            return None
        return setting if isinstance(setting, StaffedHours) else None

    def staffed(self) -> Staffed | None:
        """Return them, or None when the hub said nothing, or that nobody is on its plan."""
        kept = self._log.text(_HOURS)
        hours = None if kept is None else self._open(bytes.fromhex(kept))
        if hours is None or not (hours.reads or hours.urgent):
            return None
        return Staffed(hours, now_at(hours, self._times.trusted_wall_s()))


def now_at(hours: StaffedHours, wall_s: int | None) -> Now:
    """Return how it is at a time in Unix seconds; None where the box does not know it."""
    if wall_s is None:
        return "unknown"
    local_s = wall_s + 60 * hours.offset_minutes
    day, second = divmod(local_s, DAY_S)
    if day in hours.free_days:
        return "closed"
    minute = (day + _FIRST_WEEKDAY) % 7 * 1440 + second // 60
    if any(begin <= minute < end for begin, end in hours.reads):
        return "reading"
    return "urgent" if any(begin <= minute < end for begin, end in hours.urgent) else "nobody"
