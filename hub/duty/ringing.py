"""Rings the duty roster for urgent reports until they are opened, level by level. Implements
`hub.duty.services.DutyServices`.

What rings are the reports at the head of the inbox: urgent, and nobody has read what came. All that was told
is kept in rows before it goes out, so a restart forgets nothing and tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import peewee

from hub.accounts.areas import may_see, sees
from hub.audit.log import AuditLog
from hub.cases.models import Triage
from hub.cases.urgency import BAND, URGENT_UNREAD
from hub.duty.escalation import (
    MOST_TRIES,
    Standing,
    is_time,
    next_standing,
    wait_after,
    whom_to_tell,
)
from hub.duty.models import DutyCall, DutyMessage, DutyRing, DutyWay
from hub.duty.plan import on_duty
from hub.duty.roster import Roster
from hub.duty.services import Call, RingView, RosterView, WayState
from hub.duty.ways import HOOK, MAIL, WALL, WayFailed, Ways, load_ways, send
from hub.links.bulk import select_in
from hub.services import SignedIn
from hub.storage.statements import insert_new, put
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

EVERY_S = 60
LONGEST_S = 600
CALLS_AT_ONCE = 500
"""Rows of one statement: PostgreSQL takes 65,535 values, and a flood must not silence the bell."""
BY = "duty roster"
"""Whose name stands in the log beside what rang by itself."""
Send = Callable[[Ways, str, str, int, float], None]


@dataclass(frozen=True)
class _Ring:
    """A report that rings, as this look finds and leaves it. `number` None: it has no row yet."""

    report: str
    village: str
    number: int | None
    was: Standing | None
    now: Standing
    told: frozenset[str]
    tells: tuple[tuple[int, str], ...]


class Duty:
    """The duty roster at work. Threads may share it; the job runs in one process at a time."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        zone: tzinfo,
        audit: AuditLog,
        folder: Path,
        *,
        send: Send = send,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._audit = audit
        self._folder = folder
        self._send = send
        self.plan = Roster(database, writer, clock, zone, audit.note)
        self.add_shifts = self.plan.add_shifts
        self.remove_shift = self.plan.remove_shift
        self.add_change = self.plan.add_change
        self.remove_change = self.plan.remove_change
        self.set_contact = self.plan.set_contact

    def jobs(self) -> list[Job]:
        """Return the look of each minute."""
        return [Job("duty-ring", EVERY_S, self.turn, longest_s=LONGEST_S)]

    # -- ringing ----------------------------------------------------------------------------------

    def turn(self) -> None:
        """Begin, raise and end rings, then send what waits to be sent."""
        try:
            ways = load_ways(self._folder)
        except WayFailed:
            ways = Ways()  # `hub doctor` and the page say so; the wall rings all the same
        self._writer.run(lambda: self._ring(ways))
        self._deliver(ways)

    def _ring(self, ways: Ways) -> None:
        now = self._clock.wall_s()
        urgent = dict(Triage.select(Triage.report, Triage.village).where(_URGENT).tuples().execute(self._db))
        standing = list(DutyRing.select().where(DutyRing.ended_at.is_null()).execute(self._db))
        over = [row.id for row in standing if row.report not in urgent]
        rings = list(self._rings(urgent, {row.report: row for row in standing}, now))
        by_account: dict[str, list[tuple[_Ring, int]]] = {}
        for ring in rings:
            for level, account in ring.tells:
                by_account.setdefault(account, []).append((ring, level))
        messages = [
            (account, way, told)
            for account, told in sorted(by_account.items())
            for way in self._ways_of(account, ways)
        ]
        # Noted first, then changed (see `AuditLog.note`). For who has no other way, the wall is the ring.
        for account, way, told in messages:
            if way == WALL:
                self._note("rung", account, way, [(ring.report, level) for ring, level in told])
        if over:
            DutyRing.update(ended_at=now).where(DutyRing.id.in_(over)).execute(self._db)
        numbers = {ring.report: self._keep(ring, now) for ring in rings}
        for account, way, told in messages:
            message = insert_new(
                self._db,
                DutyMessage,
                account=account,
                way=way,
                count=len(told),
                made_at=now,
                tries=0,
                next_try_at=now,
                sent_at=now if way == WALL else None,
            )
            calls = [
                {"ring": numbers[ring.report], "message": message, "account": account, "level": level}
                for ring, level in told
            ]
            for start in range(0, len(calls), CALLS_AT_ONCE):
                DutyCall.insert_many(calls[start : start + CALLS_AT_ONCE]).execute(self._db)

    def _rings(self, urgent: dict[str, str], standing: dict[str, Any], now: float) -> Iterable[_Ring]:
        accounts = self.plan.accounts()
        here = {
            (level, name)
            for level, name in on_duty(self.plan.plan(), self.plan.local_now())
            if name in accounts
        }
        told: dict[int, set[str]] = {}
        numbers = [row.id for row in standing.values()]
        for ring, account in select_in(self._db, [DutyCall.ring, DutyCall.account], DutyCall.ring, numbers):
            told.setdefault(ring, set()).add(account)
        for report, village in urgent.items():
            row = standing.get(report)
            was = None if row is None else Standing(row.level, row.level_at)
            already = frozenset(() if row is None else told.get(row.id, ()))
            cover = [(level, name) for level, name in here if may_see(accounts[name], village)]
            levels = {level for level, _ in cover}
            stands = next_standing(was or Standing(1, now), now, levels, somebody_told=bool(already))
            tells = tuple(whom_to_tell(stands.level, cover, already))
            yield _Ring(report, village, None if row is None else row.id, was, stands, already, tells)

    def _keep(self, ring: _Ring, now: float) -> int:
        if ring.number is None:
            return insert_new(
                self._db,
                DutyRing,
                report=ring.report,
                village=ring.village,
                begun_at=now,
                level=ring.now.level,
                level_at=ring.now.since,
            )
        if ring.now != ring.was:
            DutyRing.update(level=ring.now.level, level_at=ring.now.since).where(
                DutyRing.id == ring.number
            ).execute(self._db)
        return ring.number

    def _ways_of(self, account: str, ways: Ways) -> list[str]:
        contact = self.plan.contact_of(account)
        usable = {MAIL: contact.mail, HOOK: contact.phone}
        return [way for way in ways.names if usable[way]] or [WALL]

    def _note(self, what: str, account: str, way: str, told: Iterable[tuple[str, int]]) -> None:
        for report, level in told:
            self._audit.note(BY, what, f"report {report}", f"{account}, {way}, level {level}")

    def read(self, report_id: str) -> None:
        """End the ring of a report that was opened; call in the transaction that marks it read.

        What a reporter adds a moment later is a ring of its own.
        """
        rings = (DutyRing.report == report_id) & DutyRing.ended_at.is_null()
        if DutyRing.select().where(rings).exists(self._db):
            DutyRing.update(ended_at=self._clock.wall_s()).where(rings).execute(self._db)

    # -- sending ----------------------------------------------------------------------------------

    def _deliver(self, ways: Ways) -> None:
        """Send what is due. A way that fails once is left alone until the next look."""
        connect(self._db)
        now = self._clock.wall_s()
        waiting = DutyMessage.sent_at.is_null() & DutyMessage.ended_at.is_null()
        failed: set[str] = set()
        for row in list(DutyMessage.select().where(waiting).order_by(DutyMessage.id).execute(self._db)):
            if row.way in failed or not is_time(row.next_try_at, now):
                continue
            told = self._told(row.id)
            if not any(rings for _, _, rings in told):
                self._set(row.id, ended_at=now)  # all of it was read meanwhile
                continue
            # Kept before the try: a message that kills the hub must not do so at every start.
            self._set(row.id, tries=row.tries + 1, next_try_at=now + wait_after(row.tries + 1))
            problem = self._try(ways, row, now)
            if problem is not None:
                failed.add(row.way)
            self._writer.run(partial(self._tried, row, told, problem))

    def _try(self, ways: Ways, row: Any, now: float) -> str | None:
        contact = self.plan.contact_of(row.account)
        address = contact.mail if row.way == MAIL else contact.phone
        if not address:
            return "the account has no address for this way any more"
        try:
            self._send(ways, row.way, address, row.count, now)
        except WayFailed as failed:
            return str(failed)
        return None

    def _tried(self, row: Any, told: list[tuple[str, int, bool]], problem: str | None) -> None:
        now = self._clock.wall_s()
        over = problem is not None and row.tries + 1 >= MOST_TRIES
        if problem is None or over:
            self._note(
                "rung" if problem is None else "ring failed", row.account, row.way, [t[:2] for t in told]
            )
        if problem is None:
            DutyMessage.update(sent_at=now, problem=None).where(DutyMessage.id == row.id).execute(self._db)
        else:
            ended = now if over else None
            DutyMessage.update(problem=problem, ended_at=ended).where(DutyMessage.id == row.id).execute(
                self._db
            )
        before = DutyWay.select().where(DutyWay.way == row.way).first(self._db)
        since = None if before is None else before.failing_since
        state = {
            "way": row.way,
            "used_at": now,
            "failing_since": None if problem is None else (now if since is None else since),
            "problem": problem,
        }
        put(DutyWay, state).execute(self._db)

    def _told(self, message: int) -> list[tuple[str, int, bool]]:
        """Return (report, level, whether it still rings) of all that a message tells of."""
        rows = (
            DutyCall.select(DutyRing.report, DutyCall.level, DutyRing.ended_at)
            .join(DutyRing, on=(DutyRing.id == DutyCall.ring))
            .where(DutyCall.message == message)
            .order_by(DutyRing.report)
            .tuples()
            .execute(self._db)
        )
        return [(report, level, ended_at is None) for report, level, ended_at in rows]

    def _set(self, message: int, **values: object) -> None:
        query = DutyMessage.update(**values).where(DutyMessage.id == message)
        self._writer.run(lambda: query.execute(self._db))

    # -- the wall ---------------------------------------------------------------------------------

    def unseen(self, *, who: SignedIn) -> int:
        """See `DutyServices.unseen`."""
        connect(self._db)
        silenced = DutyRing.select(peewee.Value(1)).where(
            (DutyRing.report == Triage.report) & DutyRing.ended_at.is_null() & DutyRing.seen_at.is_null(False)
        )
        query = Triage.select().where(_URGENT & sees(who, Triage.village) & ~peewee.fn.EXISTS(silenced))
        return int(query.count(self._db))

    def silence(self, *, by: SignedIn) -> None:
        """See `DutyServices.silence`."""
        self._writer.run(lambda: self._silence(by))

    def _silence(self, by: SignedIn) -> None:
        now = self._clock.wall_s()
        query = Triage.select(Triage.report, Triage.village).where(_URGENT & sees(by, Triage.village))
        urgent = dict(query.order_by(Triage.report).tuples().execute(self._db))
        rows = DutyRing.select().where(DutyRing.report.in_(list(urgent)) & DutyRing.ended_at.is_null())
        rings = {row.report: row for row in rows.execute(self._db)}
        new = [report for report in urgent if report not in rings or rings[report].seen_at is None]
        for report in new:
            self._audit.note(by, "ring seen", f"report {report}")
        for report in new:
            if report not in rings:  # it came since the last look of the job
                start = Standing(1, now)
                tells: tuple[tuple[int, str], ...] = ()
                self._keep(_Ring(report, urgent[report], None, None, start, frozenset(), tells), now)
            DutyRing.update(seen_at=now, seen_by=by.name).where(
                (DutyRing.report == report) & DutyRing.ended_at.is_null()
            ).execute(self._db)

    # -- looking ----------------------------------------------------------------------------------

    def roster(self, *, who: SignedIn) -> RosterView:
        """See `DutyServices.roster`."""
        shifts = self.plan.shifts(who)
        shown = set(self.plan.editable(who)) | {kept.shift.account for kept in shifts}
        accounts = self.plan.accounts()
        here = sorted(on_duty(self.plan.plan(), self.plan.local_now()))
        edits = who.role in ("supervisor", "administrator")
        return RosterView(
            now=tuple((level, name) for level, name in here if name in accounts and name in shown),
            shifts=shifts,
            changes=self.plan.changes(who),
            contacts=self.plan.contacts(who) if edits else (),
            editable=self.plan.editable(who) if edits else (),
            whole_office=edits and not who.areas,
            ways=self.ways(),
        )

    def ways(self) -> tuple[WayState, ...]:
        """Return how each way does."""
        connect(self._db)
        try:
            configured: tuple[str, ...] = load_ways(self._folder).names
            broken = None
        except WayFailed as failed:
            configured, broken = (), str(failed)
        kept = {row.way: row for row in DutyWay.select().execute(self._db)}
        found = []
        for way in (MAIL, HOOK):
            row, here = kept.get(way), way in configured
            since = None if row is None or not here else row.failing_since
            used_at = None if row is None else row.used_at
            problem = broken if broken else (None if since is None or row is None else row.problem)
            found.append(WayState(way, here or broken is not None, used_at, since, problem))
        return tuple(found)

    def rings_of(self, report_id: str) -> tuple[RingView, ...]:
        """See `DutyServices.rings_of`."""
        connect(self._db)
        found = []
        for ring in (
            DutyRing.select().where(DutyRing.report == report_id).order_by(DutyRing.id).execute(self._db)
        ):
            rows = (
                DutyCall.select(DutyCall, DutyMessage)
                .join(DutyMessage, on=(DutyMessage.id == DutyCall.message))
                .where(DutyCall.ring == ring.id)
                .order_by(DutyCall.id)
                .objects()
                .execute(self._db)
            )
            calls = tuple(
                Call(
                    row.account,
                    row.level,
                    row.way,
                    row.made_at,
                    row.sent_at,
                    row.tries,
                    row.ended_at is not None,
                )
                for row in rows
            )
            found.append(
                RingView(ring.begun_at, ring.level, ring.ended_at, ring.seen_at, ring.seen_by, calls)
            )
        return tuple(found)


_URGENT = Triage.sort_key < (URGENT_UNREAD + 1) * BAND
"""The inbox's own word for urgent and unread; a range of its index."""
