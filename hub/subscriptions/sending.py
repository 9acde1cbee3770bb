"""What waits for subscribers, and what became of it: a bulletin's message stands in a row from the
transaction that made it, is marked before a bot gets it and again after.

A bot that dies in between is asked nothing: after `LEASE_S` its messages are handed out again, and after
`MOST_LOST` such deaths never more. So one that dies each time sends a message at most `MOST_LOST` times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

import peewee

from hub.bulletins.checking import name_of
from hub.bulletins.models import Bulletin, BulletinAlert
from hub.bulletins.receivers import touch
from hub.bulletins.rows import draft_of
from hub.bulletins.services import CANCELLED, REPLACED, BulletinDraft
from hub.models import Setting
from hub.services import SignedIn
from hub.storage.statements import insert_rows, put
from hub.subscriptions.keeping import Note, Subscriptions
from hub.subscriptions.models import Subscriber, SubscriberMessage
from hub.subscriptions.services import (
    DROPPED,
    FAILED,
    HANDED,
    OUTCOMES,
    SENT,
    SMS,
    SMS_A_DAY,
    SMS_A_DAY_MOST,
    WAITING,
    WAYS,
    Handed,
    Reach,
    SentLine,
    SubscriptionRefused,
    WayLine,
)
from hub.subscriptions.texts import goes_out, sms_parts, subscriber_text
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

LEASE_S: Final = 900.0
MOST_LOST: Final = 2
WAITS_S: Final = (60, 300, 900, 3_600, 10_800, 21_600)
"""Seconds to the next try of what the network refused; after the last one it is given up."""
LATER_S: Final = 60.0
LONGEST_WAIT_S: Final = 3_600.0
MOST_AT_ONCE: Final = 30
DAY_S: Final = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_LIMIT, _FETCHED = "subscriptions-sms-a-day", "subscriptions-fetched:"


class SubscriberSending:
    """The queue. Threads may share it; what `queue` does runs in the transaction of the message."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        subscriptions: Subscriptions,
        *,
        today: Callable[[], date],
        note: Note,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._subscriptions = subscriptions
        self._today = today
        self._note = note
        self.counts = subscriptions.counts

    # -- queueing ---------------------------------------------------------------------------------

    def queue(self, alert: int, area: str, at: float, ended: int | None = None) -> None:
        """Let a message wait for whom it concerns, and for those who got the bulletin that it ends."""
        said = BulletinAlert.select().where(BulletinAlert.id == alert).get(self._db)
        draft = draft_of(Bulletin.select().where(Bulletin.id == said.bulletin).get(self._db))
        told = self._end_earlier(alert, ended, at)
        cancels = said.message == "Cancel"
        if not goes_out(draft) and not cancels:
            return
        rows = [
            row
            for row in Subscriber.select().execute(self._db)
            if row.id in told or (not cancels and touch(row.area, area))
        ]
        sizes: dict[str, int] = {}
        waiting = []
        for row in rows:
            parts = 0
            if row.way == SMS:
                if row.language not in sizes:
                    sizes[row.language] = sms_parts(draft, name_of(area), said.message, row.language)
                parts = sizes[row.language]
            waiting.append(_message(alert, row, parts, at))
        insert_rows(self._db, SubscriberMessage, waiting)

    def _end_earlier(self, alert: int, ended: int | None, at: float) -> set[int]:
        """Send no more what a bulletin said before its end; return who may have read it."""
        if ended is None:
            return set()
        said = BulletinAlert.select(BulletinAlert.id).where(BulletinAlert.bulletin == ended)
        earlier = SubscriberMessage.alert.in_(said) & (SubscriberMessage.alert != alert)
        waits = SubscriberMessage.state == WAITING
        self._update(earlier & waits, state=DROPPED, ended_at=at, problem="overtaken")
        told = earlier & SubscriberMessage.handed_at.is_null(False) & (SubscriberMessage.state != FAILED)
        rows = SubscriberMessage.select(SubscriberMessage.subscriber).where(told).distinct()
        return {int(row.subscriber) for row in rows.execute(self._db)}

    def _update(self, where: Any, **values: object) -> None:
        SubscriberMessage.update(values).where(where).execute(self._db)

    # -- handing out ------------------------------------------------------------------------------

    def take(self, way: str, most: int) -> list[Handed]:
        """Hand out what is due, marked as handed before it is returned; raise SubscriptionRefused."""
        if way not in WAYS:
            raise SubscriptionRefused(f"a way is one of {', '.join(WAYS)}")
        most = max(1, min(most, MOST_AT_ONCE))
        return self._writer.run(lambda: self._take(way, most))

    def _take(self, way: str, most: int) -> list[Handed]:
        now = self._clock.wall_s()
        put(Setting, {"key": _FETCHED + way, "value": str(int(now)).encode()}).execute(self._db)
        self._give_up_lost(way, now)
        limit = self.sms_a_day() if way == SMS else 0
        left = limit - self._sms_today(now) if way == SMS else most
        handed: list[Handed] = []
        rows = self._due(way, now, most, limit)
        addresses = self._subscriptions.addresses(
            Subscriber.select().where(Subscriber.id.in_([row.subscriber for row in rows])).execute(self._db)
        )
        for row in rows:
            here = SubscriberMessage.id == row.id
            if row.said.ends < self._day():
                self._update(here, state=DROPPED, ended_at=now, problem="over")
            elif row.said.message != "Cancel" and row.said.of.state in (CANCELLED, REPLACED):
                # It was with a bot when its end came, and did not go out.
                self._update(here, state=DROPPED, ended_at=now, problem="overtaken")
            elif row.subscriber not in addresses:
                self._update(here, state=DROPPED, ended_at=now, problem="unreadable")
            elif way == SMS and row.parts > left:
                break  # tomorrow; in their order, so that nothing long waits for ever
            else:
                left -= row.parts
                self._update(here, state=HANDED, handed_at=now, tries=row.tries + 1)
                handed.append(Handed(int(row.id), addresses[row.subscriber], self._text(row)))
        return handed

    def _due(self, way: str, now: float, most: int, limit: int) -> list[Any]:
        """Return what is due, of each bulletin in turn: one of a thousand messages keeps no later one back
        for days. What no day's limit fits waits until the limit is raised, and keeps nothing back either."""
        turn = peewee.fn.ROW_NUMBER().over(
            partition_by=[SubscriberMessage.alert],
            order_by=[SubscriberMessage.next_try_at, SubscriberMessage.id],
        )
        fits = (SubscriberMessage.parts <= limit) | (BulletinAlert.ends < self._day())
        query = (
            SubscriberMessage.select(
                SubscriberMessage, BulletinAlert, Bulletin, Subscriber.language, turn.alias("turn")
            )
            .join(BulletinAlert, on=(BulletinAlert.id == SubscriberMessage.alert), attr="said")
            .join(Bulletin, on=(Bulletin.id == BulletinAlert.bulletin), attr="of")
            .switch(SubscriberMessage)
            .join(
                Subscriber,
                peewee.JOIN.LEFT_OUTER,
                on=(Subscriber.id == SubscriberMessage.subscriber),
                attr="who",
            )
            .where(
                (SubscriberMessage.way == way)
                & (SubscriberMessage.state == WAITING)
                & (SubscriberMessage.next_try_at <= now)
                & (fits if limit else True)
            )
            .order_by(peewee.SQL("turn"), SubscriberMessage.next_try_at, SubscriberMessage.id)
            .limit(most)
        )
        return list(query.execute(self._db))

    def _text(self, row: Any) -> str:
        draft = draft_of(row.said.of)
        return subscriber_text(draft, name_of(draft.area), row.said.message, row.who.language, row.way)

    def _give_up_lost(self, way: str, now: float) -> None:
        lost = (SubscriberMessage.way == way) & (SubscriberMessage.state == HANDED)
        lost &= SubscriberMessage.handed_at < now - LEASE_S
        again = SubscriberMessage.lost + 1
        # A row about nobody any more (see `Subscriptions.ended`) is handed out no more.
        over = (SubscriberMessage.lost >= MOST_LOST - 1) | (SubscriberMessage.subscriber < 0)
        self._update(lost & over, state=SENT, ended_at=now, problem="unsure", lost=again)
        self._update(lost, state=WAITING, next_try_at=now, lost=again)

    def _sms_today(self, now: float) -> int:
        parts = peewee.fn.COALESCE(peewee.fn.SUM(SubscriberMessage.parts), 0)
        since = (SubscriberMessage.way == SMS) & (SubscriberMessage.handed_at > now - DAY_S)
        return int(SubscriberMessage.select(parts).where(since).scalar(self._db))

    def outcome(self, message: int, outcome: str, wait_s: float = 0.0) -> None:
        """Take what a bot says of a message; for one that was not handed out it changes nothing."""
        if outcome not in OUTCOMES:
            raise SubscriptionRefused(f"an outcome is one of {', '.join(OUTCOMES)}")
        self._writer.run(lambda: self._outcome(message, outcome, wait_s))

    def _outcome(self, message: int, outcome: str, wait_s: float) -> None:
        here = SubscriberMessage.id == message
        row = SubscriberMessage.select().where(here).first(self._db)
        if row is None or row.state != HANDED:
            return
        now, mine = self._clock.wall_s(), Subscriber.id == row.subscriber
        if outcome in ("sent", "unsure"):
            self._update(here, state=SENT, ended_at=now, problem="" if outcome == "sent" else outcome)
            if outcome == "sent":
                Subscriber.update(failing_since=None).where(mine).execute(self._db)
        elif outcome == "gone":
            self._update(here, state=FAILED, ended_at=now, problem="")
            self._subscriptions.ended(int(row.subscriber))
        elif outcome in ("busy", "away"):
            later = now + min(max(wait_s, LATER_S), LONGEST_WAIT_S)
            # Nothing went out: it is no try, and no part of the day's.
            self._update(
                here, state=WAITING, next_try_at=later, problem=outcome, tries=row.tries - 1, handed_at=None
            )
        elif outcome == "network" and row.tries <= len(WAITS_S):
            later = now + WAITS_S[row.tries - 1]
            self._update(here, state=WAITING, next_try_at=later, problem=outcome, handed_at=None)
        else:
            self._update(here, state=FAILED, ended_at=now, problem=outcome)
            unreached = mine & Subscriber.failing_since.is_null()
            Subscriber.update(failing_since=now).where(unreached).execute(self._db)

    # -- looking ----------------------------------------------------------------------------------

    def reach(self, draft: BulletinDraft) -> tuple[Reach, ...]:
        """See `SubscriptionServices.reach`."""
        connect(self._db)
        if not goes_out(draft):
            return ()
        rows = [row for row in Subscriber.select().execute(self._db) if touch(row.area, draft.area)]
        message = "Alert" if draft.replaces is None else "Update"
        found = []
        for way in WAYS:
            languages = [row.language for row in rows if row.way == way]
            sizes = [sms_parts(draft, name_of(draft.area), message, one) for one in set(languages)]
            if languages:
                limit = self.sms_a_day() if way == SMS else 0
                found.append(Reach(way, len(languages), max(sizes) if way == SMS else 1, limit))
        return tuple(found)

    def lines(self, limit: int) -> tuple[SentLine, ...]:
        """See `SubscriptionServices.lines`."""
        connect(self._db)
        fields = (SubscriberMessage.way, SubscriberMessage.state, SubscriberMessage.problem)
        count = peewee.fn.COUNT(SubscriberMessage.id)
        rows = (
            SubscriberMessage.select(BulletinAlert.bulletin, *fields, count)
            .join(BulletinAlert, on=(BulletinAlert.id == SubscriberMessage.alert))
            .group_by(BulletinAlert.bulletin, *fields)
            .tuples()
            .execute(self._db)
        )
        groups: dict[tuple[int, str], list[tuple[str, str, int]]] = {}
        for bulletin, way, state, problem, number in rows:
            groups.setdefault((int(bulletin), str(way)), []).append((str(state), str(problem), int(number)))
        newest = sorted(groups, key=lambda key: (-key[0], key[1]))[:limit]
        return tuple(_line(bulletin, way, groups[bulletin, way]) for bulletin, way in newest)

    def ways(self) -> tuple[WayLine, ...]:
        """See `SubscriptionServices.ways`."""
        connect(self._db)
        now, found = self._clock.wall_s(), []
        for way in WAYS:
            open_ = (SubscriberMessage.way == way) & SubscriberMessage.state.in_((WAITING, HANDED))
            waiting = SubscriberMessage.select().where(open_).count(self._db)
            row = Setting.select().where(Setting.key == _FETCHED + way).first(self._db)
            fetched = None if row is None else float(bytes(row.value))
            if way != SMS:
                found.append(WayLine(way, waiting, fetched))
                continue
            rows = SubscriberMessage.select(SubscriberMessage.parts).where(open_)
            parts = [int(row.parts) for row in rows.execute(self._db)]
            limit = self.sms_a_day()
            too_long = [one for one in parts if one > limit > 0]
            found.append(
                WayLine(
                    *(way, waiting, fetched, self._sms_today(now), limit),
                    parts=sum(parts) - sum(too_long),
                    too_long=len(too_long),
                    longest=max(too_long, default=0),
                )
            )
        return tuple(found)

    def sms_a_day(self) -> int:
        """Return how many parts of SMS may go out a day."""
        row = Setting.select().where(Setting.key == _LIMIT).first(self._db)
        return SMS_A_DAY if row is None else int(bytes(row.value))

    def set_sms_a_day(self, parts: int, *, who: SignedIn | str) -> None:
        """See `SubscriptionServices.set_sms_a_day`."""
        if not 0 <= parts <= SMS_A_DAY_MOST:
            raise SubscriptionRefused(f"0 to {SMS_A_DAY_MOST} parts a day")

        def job() -> None:
            self._note(who, "subscription limit set", f"subscription {parts}", "")
            put(Setting, {"key": _LIMIT, "value": str(parts).encode()}).execute(self._db)

        self._writer.run(job)

    def _day(self) -> int:
        return self._today().toordinal() - _EPOCH_ORDINAL


def _message(alert: int, row: Any, parts: int, at: float) -> dict[str, object]:
    return {
        "alert": alert,
        "subscriber": row.id,
        "way": row.way,
        "state": WAITING,
        "tries": 0,
        "lost": 0,
        "next_try_at": at,
        "parts": parts,
        "problem": "",
    }


def _line(bulletin: int, way: str, groups: Iterable[tuple[str, str, int]]) -> SentLine:
    states: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for state, problem, number in groups:
        states[state] += number
        if problem:
            problems[problem] += number
    waiting, failed = states[WAITING] + states[HANDED], states[DROPPED] + states[FAILED]
    return SentLine(bulletin, way, waiting, states[SENT], failed, tuple(sorted(problems.items())))
