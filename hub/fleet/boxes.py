"""Keeps how the boxes are, and in which order they need a person. Implements `services.FleetServices`.

The order is worked out anew every ten minutes and kept, so that a page of it is a few rows of an index.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Final

import peewee

from hub.accounts.areas import sees
from hub.boxes import key_of_box
from hub.fleet.models import FleetBox, FleetTrouble
from hub.fleet.services import BoxView, FleetPart, UpdateView
from hub.fleet.troubles import DAY_S, BoxState, needs_person, place_of, silent_days, troubles_of
from hub.link_counts import COURIER
from hub.link_days import LinkDays
from hub.models import Node
from hub.services import SignedIn
from hub.storage.statements import insert_rows
from sync.clock import Clock
from sync.scheduling import Job
from sync.sealing.long_beacon import check_long, read_long
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.beacons import (
    Beacon,
    BeaconFlag,
    ClockTrust,
    DetailTag,
    DiskFree,
    LongBeacon,
    QueueAge,
    RadioGrade,
)

SETTLE_EVERY_S: Final = 600
WEEK_S: Final = 7 * DAY_S
STALE_S: Final = 2 * DAY_S
"""After so long anything counts as news: a card may have been restored from an older copy."""
_TOTALS: Final = 0x10000
_CHUNK: Final = 500
_NOTHING: Final[dict[str, object]] = {
    "told_at": None,
    "told_online": False,
    "clock": 0,
    "disk": 0,
    "queue": 0,
    "radio": 0,
    "flags": 0,
    "margin_db": None,
    "answered_percent": None,
    "temperature_c": None,
    "starts": 0,
    "unclean": 0,
    "marked_at": None,
    "marked_starts": 0,
    "marked_unclean": 0,
    "uptime_days": 0,
    "software": "",
    "content": 0,
    "boot": 0,
    "uptime_s": 0,
    "figures": "{}",
}


class FleetBoxes:
    """The boxes in the database. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock, links: LinkDays) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._links = links
        self.halting: Callable[[], set[int]] = set
        """Gives the boxes that halt a rollout."""
        self.updates: Callable[[Collection[int]], Mapping[int, UpdateView]] = lambda nodes: {}
        """Gives what boxes said of the versions that they run, try or left."""

    def jobs(self) -> list[Job]:
        """Return the look at all boxes."""
        return [Job("fleet", SETTLE_EVERY_S, self.settle)]

    # -- hearing ----------------------------------------------------------------------------------

    def hear(self, node: int, beacon: Beacon, at: float) -> None:
        """Keep a beacon that came among the envelopes, in their transaction; an older one is no news."""
        row = FleetBox.select().where(FleetBox.node == node).first(self._db)
        if row is not None and _is_news(row, beacon.starts, beacon.uptime_days, at):
            self._keep(row, beacon, at, told_online=False)
        elif row is None and self._enrol(node):
            self.hear(node, beacon, at)

    def hear_online(self, data: bytes, at: float) -> None:
        """Keep a longer beacon; raise MalformedWire, or SealBroken for one of no node of this hub in use."""
        long = read_long(data)
        check_long(data, key_of_box(self._db, long.node))
        self._writer.run(lambda: self._hear_long(long, at))

    def _hear_long(self, long: LongBeacon, at: float) -> None:
        row = FleetBox.select().where(FleetBox.node == long.node).first(self._db)
        if row is None:
            self._enrol(long.node)
            row = FleetBox.select().where(FleetBox.node == long.node).first(self._db)
        fresh = row.told_at is not None and 0 <= at - row.told_at < STALE_S
        if fresh and (long.boot, long.uptime_s) <= (row.boot, row.uptime_s):
            return
        figures = {DetailTag(tag).name.lower(): value for tag, value in long.figures.items()}
        more = {"boot": long.boot, "uptime_s": long.uptime_s, "figures": json.dumps(figures)}
        self._keep(row, long.beacon, at, told_online=True, **more)

    def _keep(self, row: Any, beacon: Beacon, at: float, *, told_online: bool, **more: object) -> None:
        values: dict[str, object] = {
            "told_at": at,
            "told_online": told_online,
            "clock": int(beacon.clock),
            "disk": int(beacon.disk),
            "queue": int(beacon.queue),
            "radio": int(beacon.radio),
            "flags": int(beacon.flags),
            "margin_db": beacon.margin_db,
            "answered_percent": beacon.answered_percent,
            "temperature_c": beacon.temperature_c,
            "starts": beacon.starts,
            "unclean": beacon.unclean,
            "uptime_days": beacon.uptime_days,
            "software": ".".join(map(str, beacon.software)),
            "content": beacon.content,
            **more,
        }
        if row.marked_at is None:
            values |= {"marked_at": at, "marked_starts": beacon.starts, "marked_unclean": beacon.unclean}
        elif not 0 <= at - row.marked_at < WEEK_S:
            # From the last beacon of the week before: what happened between the two counts in this one.
            values |= {"marked_at": row.told_at, "marked_starts": row.starts, "marked_unclean": row.unclean}
        FleetBox.update(values).where(FleetBox.node == row.node).execute(self._db)

    def _enrol(self, node: int) -> bool:
        query = _in_use().where(Node.number == node)
        rows = [self._new_row(one) for one in query.tuples().execute(self._db)]
        insert_rows(self._db, FleetBox, rows)
        return bool(rows)

    def _new_row(self, node: tuple[int, str, str, int]) -> dict[str, object]:
        number, village, name, enrolled_at = node
        box = BoxState(number, float(enrolled_at), None, None)
        place = place_of(box, (), self._clock.wall_s())
        head = {"node": number, "village": village, "village_name": name, "enrolled_at": float(enrolled_at)}
        return {**head, "place": place, "needs_person": False, **_NOTHING}

    # -- looking at all ---------------------------------------------------------------------------

    def settle(self) -> None:
        """Take up new boxes, drop those out of use, order all, and keep which troubles began and ended."""
        contacts, halting = self._links.contacts(), self._writer.read(self.halting)
        self._writer.run(lambda: self._settle(contacts, halting, self._clock.wall_s()))

    def _settle(
        self, contacts: Mapping[int, Mapping[str, float]], halting: Collection[int], now: float
    ) -> None:
        nodes = {int(row[0]): row for row in _in_use().tuples().execute(self._db)}
        boxes = {row.node: row for row in FleetBox.select().execute(self._db)}
        gone = [node for node in boxes if node not in nodes]
        for part in _parts(gone):
            FleetBox.delete().where(FleetBox.node.in_(part)).execute(self._db)
            # Nobody needs to hear that the trouble of a box is over that is in use no more.
            FleetTrouble.delete().where(FleetTrouble.node.in_(part)).execute(self._db)
        new = [self._new_row(row) for node, row in nodes.items() if node not in boxes]
        for chunk in _parts(new):
            insert_rows(self._db, FleetBox, chunk)
        if new:
            boxes = {row.node: row for row in FleetBox.select().execute(self._db)}
        standing: dict[int, dict[str, int]] = {}
        open_ones = FleetTrouble.select().where(FleetTrouble.over_at.is_null())
        for row in open_ones.execute(self._db):
            standing.setdefault(row.node, {})[row.kind] = row.id
        begun: list[dict[str, object]] = []
        over: list[int] = []
        for node, row in boxes.items():
            if node not in nodes:
                continue
            box = _state(row, contacts.get(node, {}), node in halting, now)
            kinds = troubles_of(box, now)
            place, needs = place_of(box, kinds, now), needs_person(kinds)
            if (place, needs) != (row.place, row.needs_person):
                FleetBox.update(place=place, needs_person=needs).where(FleetBox.node == node).execute(
                    self._db
                )
            was = standing.get(node, {})
            calling = [kind for kind in kinds if needs_person((kind,))]
            begun += [{"node": node, "kind": k, "begun_at": now} for k in calling if k not in was]
            over += [trouble for kind, trouble in was.items() if kind not in calling]
        for chunk in _parts(begun):
            insert_rows(self._db, FleetTrouble, chunk)
        for numbers in _parts(over):
            ended = FleetTrouble.id.in_(numbers)
            # What nobody was told of need not be told to be over.
            FleetTrouble.delete().where(ended & FleetTrouble.told_at.is_null()).execute(self._db)
            FleetTrouble.update(over_at=now).where(ended).execute(self._db)

    # -- reading ----------------------------------------------------------------------------------

    def part(self, *, who: SignedIn | str, after: int, limit: int) -> FleetPart:
        """See `FleetServices.part`."""
        connect(self._db)
        query = FleetBox.select().where((FleetBox.place > after) & sees(who, FleetBox.village))
        rows = list(query.order_by(FleetBox.place).limit(limit + 1).execute(self._db))
        shown = rows[:limit]
        contacts = self._links.contacts({row.node for row in shown})
        now = self._clock.wall_s()
        halting = self.halting()
        updates = self.updates([row.node for row in shown])
        views = tuple(
            replace(
                _view(row, contacts.get(row.node, {}), now, row.node in halting),
                update=updates.get(row.node),
            )
            for row in shown
        )
        return FleetPart(views, shown[-1].place if len(rows) > limit else None)

    def counts(self, *, who: SignedIn | str) -> tuple[int, int]:
        """See `FleetServices.counts`."""
        connect(self._db)
        own = sees(who, FleetBox.village)
        needing = FleetBox.select().where(FleetBox.needs_person & own)
        return FleetBox.select().where(own).count(self._db), needing.count(self._db)

    def needing_by_village(self, *, who: SignedIn | str) -> dict[str, int]:
        """See `FleetServices.needing_by_village`."""
        connect(self._db)
        query = (
            FleetBox.select(FleetBox.village, peewee.fn.COUNT(FleetBox.node))
            .where(FleetBox.needs_person & sees(who, FleetBox.village))
            .group_by(FleetBox.village)
        )
        return {str(village): int(count) for village, count in query.tuples().execute(self._db)}


def _in_use() -> Any:
    fields = Node.number, Node.village, Node.village_name, Node.enrolled_at
    return Node.select(*fields).where(~Node.retired & ~Node.door)


def _parts(rows: Iterable[Any]) -> Iterable[list[Any]]:
    several = list(rows)
    return (several[start : start + _CHUNK] for start in range(0, len(several), _CHUNK))


def _is_news(row: Any, starts: int, uptime_days: int, at: float) -> bool:
    """Totals of starts go on from zero: a later one is less than half a round ahead."""
    if row.told_at is None or not 0 <= at - row.told_at < STALE_S:
        return True
    ahead = (starts - row.starts) % _TOTALS
    return bool(uptime_days >= row.uptime_days if ahead == 0 else ahead < _TOTALS // 2)


def _beacon(row: Any) -> Beacon | None:
    if row.told_at is None:
        return None
    major, minor, patch = map(int, row.software.split("."))
    return Beacon(
        clock=ClockTrust(row.clock),
        disk=DiskFree(row.disk),
        queue=QueueAge(row.queue),
        radio=RadioGrade(row.radio),
        flags=reduce(or_, (flag for flag in BeaconFlag if flag & row.flags), BeaconFlag(0)),
        margin_db=row.margin_db,
        answered_percent=row.answered_percent,
        temperature_c=row.temperature_c,
        starts=row.starts,
        unclean=row.unclean,
        uptime_days=row.uptime_days,
        software=(major, minor, patch),
        content=row.content,
    )


def since_mark(total: int, marked: int) -> int:
    """Return how many events there were since a total was marked; 0 where a card of before counts on."""
    more = (total - marked) % _TOTALS
    return more if more < _TOTALS // 2 else 0


def moments_until(now: float, contacts: Mapping[str, float], told_at: float | None) -> list[float]:
    """Return when a box was heard, without what was written down while this machine's date ran ahead: until
    that day comes a dead box would be fine."""
    return [at for at in (*contacts.values(), told_at) if at is not None and at < now + DAY_S]


def _state(row: Any, contacts: Mapping[str, float], halts: bool, now: float) -> BoxState:
    unclean = since_mark(row.unclean, row.marked_unclean)
    heard = moments_until(now, contacts, row.told_at)
    # A courier may carry the same word twice: the box writes no other while one waits.
    called = [at for via, at in contacts.items() if via != COURIER]
    return BoxState(
        row.node,
        row.enrolled_at,
        max(heard, default=None),
        _beacon(row),
        unclean,
        halts,
        told_at=row.enrolled_at if row.told_at is None else row.told_at,
        called_at=max(called, default=None),
    )


def _view(row: Any, contacts: Mapping[str, float], now: float, halts: bool) -> BoxView:
    box = _state(row, contacts, halts, now)
    kinds = troubles_of(box, now)
    return BoxView(
        node=row.node,
        village=row.village,
        village_name=row.village_name,
        contacts=contacts,
        troubles=kinds,
        silent_days=silent_days(box, now),
        needs_person=needs_person(kinds),
        beacon=box.beacon,
        told_at=row.told_at,
        told_online=row.told_online,
        starts=since_mark(row.starts, row.marked_starts),
        unclean=box.unclean,
        since=row.marked_at,
        figures=json.loads(row.figures),
    )
