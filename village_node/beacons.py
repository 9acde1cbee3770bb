"""Tells the hub how this box is: at most once a day among the envelopes, and with exchanges by internet.

The moment of a beacon has nothing to do with when somebody filed. What it says of the queue is what the
status page says (`Health`), in steps.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sync.carriers.https import HubClient
from sync.clock import Clock
from sync.errors import CarrierError
from sync.identifiers import EnvelopeId
from sync.sealing.long_beacon import seal_long
from sync.storage.writer import StorageError
from sync.wire.beacons import (
    Beacon,
    BeaconFlag,
    ClockTrust,
    DetailTag,
    DiskFree,
    LongBeacon,
    QueueAge,
    RadioGrade,
    encode_beacon,
)
from village_node.log import NodeLog
from village_node.log_rows import MADE_ANEW
from village_node.services import NotTaken
from village_node.software import software_version
from village_node.starts import Starts
from village_node.taking import MIN_FREE_BYTES
from village_node.timekeeping import TimeKeeper
from village_node.vitals import load_percent, memory_free_mib, temperature_c

_log = logging.getLogger(__name__)
DAY_S: Final = 86_400
LOOK_EVERY_S: Final = 600.0
FIRST_AFTER_S: Final = 3600
"""A box that knows no date tells once in a start, after an hour: starts in a row are not told each."""
ONLINE_EVERY_S: Final = 600.0
"""Urgent reports make exchanges of their own: a beacon does not follow each."""
MIB: Final = 1024 * 1024
NEARLY_FULL_BYTES: Final = 256 * MIB
LOW_BYTES: Final = 1024 * MIB
_AT, _PLACE, _BOOT = "beacon_at", "beacon_place", "beacon_boot"
Send = Callable[[bytes, Callable[[EnvelopeId], None]], None]


class Beacons:
    """Makes and sends beacons. Threads may share it."""

    def __init__(
        self,
        *,
        log: NodeLog,
        times: TimeKeeper,
        clock: Clock,
        starts: Starts,
        status: Callable[[], dict[str, Any]],
        content: Callable[[], int],
        folder: Path,
        send: Send,
        online: tuple[HubClient, int, bytes] | None,
    ) -> None:
        """`online`: the hub on the internet, the number of this node, its pre-shared key."""
        self._online = online
        self._log = log
        self._times = times
        self._clock = clock
        self._starts = starts
        self._status = status
        self._content = content
        self._folder = folder
        self._send = send
        self._begun = clock.monotonic_s()
        self._online_at: float | None = None

    def beacon(self) -> Beacon:
        """Return how the box is now."""
        return beacon_of(
            self._status(),
            clock=self._clock_trust(),
            starts=self._starts.boot,
            unclean=self._starts.unclean,
            uptime_s=self._uptime_s(),
            content=self._content(),
            damaged=bool(self._log.number("store_damaged") or self._log.number(MADE_ANEW)),
            temperature_c=temperature_c(),
        )

    def _clock_trust(self) -> ClockTrust:
        if self._times.knows_hub_time:
            return ClockTrust.HUB
        return ClockTrust.UNKNOWN if self._times.trusted_wall_s() is None else ClockTrust.OWN

    def _uptime_s(self) -> int:
        return int(self._clock.monotonic_s() - self._begun)

    # -- among the envelopes ----------------------------------------------------------------------

    def run(self, closing: threading.Event) -> None:
        """Look now and then whether a beacon is due, until `closing`."""
        while not closing.is_set():
            self._clock.wait(closing, LOOK_EVERY_S)
            if not closing.is_set():
                self.turn()

    def turn(self) -> None:
        """Send the beacon of the day, if it is due and the internet does not carry it anyway."""
        if not self._is_due() or self._tells_online():
            return
        now = self._times.trusted_wall_s()

        def keep(place: EnvelopeId) -> None:
            self._log.set_texts({_PLACE: str(place)})
            self._log.set_number(_BOOT, self._starts.boot)
            if now is not None:
                self._log.set_number(_AT, now)

        try:
            self._send(encode_beacon(self.beacon()), keep)
        except (NotTaken, StorageError) as error:
            _log.warning("the hub was not told how this box is (%s)", type(error).__name__)

    def _is_due(self) -> bool:
        now, last = self._times.trusted_wall_s(), self._log.number(_AT)
        if now is None:
            due = self._uptime_s() >= FIRST_AFTER_S and self._log.number(_BOOT) != self._starts.boot
        else:
            due = not last <= now < last + DAY_S
        # While no carrier comes, one that waits is enough.
        return due and not self._log.waits(self._log.text(_PLACE))

    def _tells_online(self) -> bool:
        told = self._online_at
        return told is not None and self._clock.monotonic_s() - told < DAY_S

    # -- over the internet ------------------------------------------------------------------------

    def tell_online(self) -> None:
        """Tell the hub after an exchange with it. An older hub refuses: that is no failed exchange."""
        now, told = self._clock.monotonic_s(), self._online_at
        if self._online is None or (told is not None and now - told < ONLINE_EVERY_S):
            return
        client, node_number, psk = self._online
        long = LongBeacon(node_number, self._starts.boot, self._uptime_s(), self.beacon(), self._figures())
        try:
            client.health(seal_long(long, psk))
        except CarrierError as error:
            _log.info("the hub took no beacon: %s", error)
        else:
            self._online_at = now

    def _figures(self) -> dict[int, int]:
        link = (self._status().get("link") or {}).get("last_24_hours") or {}
        disk = shutil.disk_usage(self._folder)
        found = {
            DetailTag.DISK_FREE_MIB: disk.free // (64 * MIB) * 64,
            DetailTag.DISK_SIZE_MIB: disk.total // MIB,
            DetailTag.MEMORY_FREE_MIB: memory_free_mib(),
            DetailTag.ROUND_TRIP_MS: _times(link.get("round_trip_s_mean"), 1000),
            DetailTag.CHANNEL_USED_PERMILLE: _times(link.get("channel_used_mean"), 1000),
            DetailTag.AIRTIME_PERMILLE: _times(link.get("airtime_share"), 1000),
            DetailTag.UPTIME_S: self._uptime_s(),
            DetailTag.LOAD_PERCENT: load_percent(),
        }
        return {int(tag): value for tag, value in found.items() if value is not None}


def _times(value: float | None, factor: int) -> int | None:
    return None if value is None else max(0, round(value * factor))


def beacon_of(
    status: dict[str, Any],
    *,
    clock: ClockTrust,
    starts: int,
    unclean: int,
    uptime_s: int,
    content: int,
    damaged: bool,
    temperature_c: int | None,
) -> Beacon:
    """Return the beacon that says what a status (`Health.status`) says. Pure."""
    link = status.get("link") or {}
    day = link.get("last_24_hours") or {}
    radio, internet = status.get("radio"), status.get("internet")
    flags = BeaconFlag(0)
    for condition, flag in (
        (damaged, BeaconFlag.DATABASE_DAMAGED),
        (status.get("power") == "low_now", BeaconFlag.POWER_LOW_NOW),
        (status.get("power") in ("low_now", "low_before"), BeaconFlag.POWER_LOW_BEFORE),
        (radio is not None and not radio["connected"], BeaconFlag.RADIO_UNPLUGGED),
        (internet is not None and internet["reached"], BeaconFlag.INTERNET),
    ):
        if condition:
            flags |= flag
    share, margin = day.get("answered_share"), day.get("margin_db_mean")
    return Beacon(
        clock=clock,
        disk=disk_class(status["disk_free_bytes"], takes=status["takes_reports"]),
        queue=queue_class(status["reports_waiting"] == "some", status["waiting_days"]),
        radio=RadioGrade[str(link.get("grade", "unknown")).upper()],
        flags=flags,
        margin_db=None if margin is None else round(margin),
        answered_percent=None if share is None else round(100 * share),
        temperature_c=temperature_c,
        starts=starts,
        unclean=unclean,
        uptime_days=uptime_s // DAY_S,
        software=software_version(),
        content=content,
    )


def disk_class(free_bytes: int, *, takes: bool) -> DiskFree:
    """Return in which class free space lies; `takes` whether reports are taken."""
    if not takes or free_bytes < MIN_FREE_BYTES:
        return DiskFree.FULL
    if free_bytes < NEARLY_FULL_BYTES:
        return DiskFree.NEARLY_FULL
    return DiskFree.LOW if free_bytes < LOW_BYTES else DiskFree.ENOUGH


def queue_class(waits: bool, days: int | None) -> QueueAge:
    """Return in which class the oldest waiting report lies, by whole days."""
    if not waits:
        return QueueAge.NOTHING
    if days is None:
        return QueueAge.UNDATED
    steps = ((1, QueueAge.DAY), (3, QueueAge.DAYS), (7, QueueAge.HALF_WEEK))
    return next((step for limit, step in steps if days < limit), QueueAge.WEEK)
