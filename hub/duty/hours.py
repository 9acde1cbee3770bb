"""Tells villages when somebody at the hub reads their reports: the plan's hours as a signed setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hub.accounts.areas import may_see
from hub.duty.models import DutyHours
from hub.duty.plan import Plan, Shift, shifts_on, week_of
from hub.duty.roster import Roster
from hub.models import Node
from hub.outgoing import Outgoing
from hub.services import SignedIn
from hub.storage.statements import put
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.settings_records import (
    MAX_FREE_DAYS,
    MAX_WEEK_PARTS,
    StaffedHours,
    encode_setting,
)

EVERY_S = 1800
"""Some changes of the plan in a row then go out as one setting: each costs every village a packet."""
_EPOCH = date(1970, 1, 1)


class HoursSender:
    """Sends each node the hours of those whose areas cover its village, when it was told others."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        outgoing: Outgoing,
        roster: Roster,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._outgoing = outgoing
        self._roster = roster

    def jobs(self) -> list[Job]:
        """Return the look of each half hour."""
        return [Job("duty-hours", EVERY_S, self._turn)]

    def _turn(self) -> None:
        self.turn()

    def turn(self) -> int:
        """Queue the hours of each node that was told others; return to how many."""
        connect(self._db)
        spoken = ~Node.retired & Node.static_public.is_null(False)
        nodes = list(Node.select().where(spoken).order_by(Node.number).execute(self._db))
        told = {row.node: bytes(row.body) for row in DutyHours.select().execute(self._db)}
        plan, accounts, now = self._roster.plan(), self._roster.accounts(), self._roster.local_now()
        offset = now.utcoffset() or timedelta()
        sent = 0
        for node in nodes:
            hours = hours_of(
                covering(plan, accounts, node.village), now.date(), int(offset.total_seconds()) // 60
            )
            body = encode_setting(hours)
            if told.get(node.number) == body or (node.number not in told and not hours.urgent):
                continue
            self._send(node.number, hours, body)
            sent += 1
        return sent

    def _send(self, node: int, hours: StaffedHours, body: bytes) -> None:
        def numbered(generation: int, serial: int) -> StaffedHours:
            return replace(hours, node_number=node, generation=generation, serial=serial)

        def job() -> None:
            self._outgoing.queue_setting(node, numbered)
            put(DutyHours, {"node": node, "body": body, "at": self._clock.wall_s()}).execute(self._db)

        self._writer.run(job)


def covering(plan: Plan, accounts: Mapping[str, SignedIn], village: str) -> Plan:
    """Return the part of a plan that is about a village: of accounts that may see it."""

    def sees_it(account: str) -> bool:
        return account in accounts and may_see(accounts[account], village)

    shifts = tuple(shift for shift in plan.shifts if sees_it(shift.account))
    changes = tuple(c for c in plan.changes if c.account is None or sees_it(c.account))
    return Plan(shifts, changes)


def hours_of(plan: Plan, today: date, offset_minutes: int) -> StaffedHours:
    """Return the hours of a plan, for no node yet. A day is free when a weekly shift that reads would begin
    on it and no shift that reads does."""
    reads = tuple(_few(week_of(shift for shift in plan.shifts if not shift.only_urgent)))
    urgent = tuple(_few(week_of(plan.shifts)))
    days = sorted({change.day for change in plan.changes if change.day >= today})
    free = [day for day in days if _would_read(plan.shifts, day) and not _reads(plan, day)]
    numbers = tuple((day - _EPOCH).days for day in free[:MAX_FREE_DAYS])
    return StaffedHours(0, 0, 0, offset_minutes, reads, urgent, numbers)


def _would_read(shifts: tuple[Shift, ...], day: date) -> bool:
    return any(shift.weekday == day.weekday() and not shift.only_urgent for shift in shifts)


def _reads(plan: Plan, day: date) -> bool:
    return any(not shift.only_urgent for shift in shifts_on(plan, day))


def _few(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join over the shortest gaps until no more parts are left than a setting holds."""
    while len(parts) > MAX_WEEK_PARTS:
        at = min(range(len(parts) - 1), key=lambda n: parts[n + 1][0] - parts[n][1])
        parts = [*parts[:at], (parts[at][0], parts[at + 1][1]), *parts[at + 2 :]]
    return parts
