"""Who is told of bulletins, and who is no more. The address lies under a key of its own, and stopping deletes
the key, so that no older copy of the database can tell it either.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

from hub.exports.suppression import hidden_paths, with_totals
from hub.models import Epoch
from hub.retention.contents import ReportContents
from hub.services import COMMAND_LINE, SignedIn
from hub.storage.statements import insert_new, put
from hub.storage.wiping import wipe_deleted
from hub.subscriptions.models import Subscriber, SubscriberMessage, SubscriptionStop
from hub.subscriptions.ordering import HERE, Wished, begins_after, stops_after
from hub.subscriptions.services import (
    LANGUAGES,
    SMS,
    TELEGRAM,
    WAITING,
    WAYS,
    AreaCount,
    Standing,
    SubscriptionRefused,
)
from sync.areas.table import area_names, area_table
from sync.clock import Clock
from sync.identifiers import EnvelopeId
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.subscriptions import Subscription, is_phone, usual_number

ADDRESS: Final = "subscriber"
DAY_S: Final = 86_400
UNREACHED_DAYS: Final = 60
"""Whom nothing reached for so long is told no more."""
STOPS_KEPT_DAYS: Final = 400
"""A wish from before a stop may lie in a village for a year."""
MESSAGES_KEPT_DAYS: Final = 90
DISTRICT_CHARACTERS: Final = 5
_CHAT = re.compile("-?[1-9][0-9]{0,19}")
_TABLES = ("subscriber", "subscription_stop", "subscriber_message", "report_key")
Note = Callable[[SignedIn | str, str, str, str], object]


class Subscriptions:
    """Keeps them. Threads may share it. `key` makes the hashes by which somebody is found again."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        contents: ReportContents,
        *,
        key: bytes,
        note: Note,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._contents = contents
        self._key = key
        self._note = note

    # -- wishes -----------------------------------------------------------------------------------

    def standing(self, way: str, address: str) -> Standing | None:
        """Return what somebody is told of; None: of nothing. Raises SubscriptionRefused for no address."""
        connect(self._db)
        row = self._row(self._finder(way, _usual(way, address)))
        return None if row is None else Standing(row.area, row.language)

    def begin(self, way: str, address: str, area: str, language: str) -> None:
        """Tell somebody from now on, or of another area; raise SubscriptionRefused."""
        _check(area, language)
        address, wished = _usual(way, address), Wished(HERE, 0, self._clock.wall_s())
        self._writer.run(lambda: self._begin(way, address, area, language, wished))

    def stop(self, way: str, address: str) -> bool:
        """Tell somebody no more and wipe all that is known of them; return whether they were told."""
        address, wished = _usual(way, address), Wished(HERE, 0, self._clock.wall_s())
        ended = self._writer.run(lambda: self._stop(way, address, wished))
        wipe_deleted(self._db, _TABLES)
        return ended

    def heard(self, place: EnvelopeId, wish: Subscription, age_minutes: int, at: float) -> None:
        """Take a wish that a village passed on, in the transaction of its envelope."""
        epoch = Epoch.select(Epoch.start_earliest).where(Epoch.id == place.epoch).first(self._db)
        begun = at if epoch is None else float(epoch.start_earliest)
        wished = Wished(place.epoch.hex(), place.counter, min(at, begun + 60 * age_minutes))
        if not wish.wanted:
            self._stop(SMS, wish.phone, wished)
        elif not wish.area or wish.area in area_table():
            self._begin(SMS, wish.phone, wish.area, LANGUAGES[wish.language], wished)

    def forget(self, address: str, *, who: SignedIn | str) -> bool:
        """Wipe what is known of a number or a chat, by whatever way; return whether anything was."""
        ways = [way for way in WAYS if _is_address(way, address)]
        if not ways:
            raise SubscriptionRefused("give the number with its country code, or the number of the chat")
        self._writer.run(lambda: self._note(who, "subscription forgotten", "subscription one", ""))
        ended = [self.stop(way, address) for way in ways]
        return any(ended)

    def ended(self, subscriber: int) -> None:
        """There is nobody any more: wipe the row; in a job of the writer."""
        row = Subscriber.select().where(Subscriber.id == subscriber).first(self._db)
        if row is not None:
            self._wipe(row)

    # -- rows -------------------------------------------------------------------------------------

    def _begin(self, way: str, address: str, area: str, language: str, wished: Wished) -> None:
        finder = self._finder(way, address)
        stop = SubscriptionStop.select().where(SubscriptionStop.finder == finder).first(self._db)
        if stop is not None:
            if not _is_newer(wished, stop):
                return
            SubscriptionStop.delete().where(SubscriptionStop.finder == finder).execute(self._db)
        row = self._row(finder)
        told = {"area": area, "language": language, **asdict(wished)}
        if row is not None:
            if _is_newer(wished, row):
                Subscriber.update(told).where(Subscriber.id == row.id).execute(self._db)
            return
        owner = f"subscriber {secrets.token_hex(16)}"
        insert_new(
            self._db,
            Subscriber,
            way=way,
            finder=finder,
            owner=owner,
            address=self._contents.seal(owner, ADDRESS, address),
            since=self._clock.wall_s(),
            failing_since=None,
            **told,
        )

    def _stop(self, way: str, address: str, wished: Wished) -> bool:
        finder = self._finder(way, address)
        row = self._row(finder)
        if row is not None and wished.epoch != HERE and not stops_after(wished, _wished(row)):
            return False
        before = SubscriptionStop.select().where(SubscriptionStop.finder == finder).first(self._db)
        if way == SMS and (before is None or before.told_at <= wished.told_at):
            stop = {"finder": finder, "heard_at": self._clock.wall_s(), **asdict(wished)}
            put(SubscriptionStop, stop).execute(self._db)
        if row is not None:
            self._wipe(row)
        return row is not None

    def _wipe(self, row: Any) -> None:
        mine = SubscriberMessage.subscriber == row.id
        SubscriberMessage.delete().where(mine & (SubscriberMessage.state == WAITING)).execute(self._db)
        # The rest is counted, and is about nobody: a later row may have the number of this one.
        SubscriberMessage.update(subscriber=SubscriberMessage.id * -1).where(mine).execute(self._db)
        self._contents.forget([row.owner])
        Subscriber.delete().where(Subscriber.id == row.id).execute(self._db)

    def _row(self, finder: str) -> Any:
        return Subscriber.select().where(Subscriber.finder == finder).first(self._db)

    def _finder(self, way: str, address: str) -> str:
        return hmac.new(self._key, f"{way}:{address}".encode(), "sha256").hexdigest()[:40]

    def addresses(self, rows: Iterable[Any]) -> dict[int, str]:
        """Return the addresses of rows of `Subscriber`; those whose key is gone are left out."""
        opened = self._contents.opened(rows, ADDRESS, "address", "owner")
        return {int(row.id): str(row.address) for row in opened}

    # -- counts -----------------------------------------------------------------------------------

    def counts(self) -> tuple[AreaCount, ...]:
        """See `SubscriptionServices.counts`."""
        connect(self._db)
        rows = Subscriber.select(Subscriber.area, Subscriber.way).tuples().execute(self._db)
        leaves: Counter[tuple[str, ...]] = Counter(
            (str(area)[:DISTRICT_CHARACTERS], str(way)) for area, way in rows
        )
        hidden = hidden_paths(with_totals(leaves))
        return tuple(
            AreaCount(area, area_names().name_of(area) or "", way, None if (area, way) in hidden else count)
            for (area, way), count in sorted(leaves.items())
        )

    # -- what goes by itself ----------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Return what is done once a day."""
        return [Job("subscriptions", DAY_S, self.tidy)]

    def tidy(self) -> None:
        """Tell nobody any more whom nothing reaches, or whose address no key opens; drop what is old."""
        connect(self._db)
        now = self._clock.wall_s()
        rows = list(Subscriber.select().execute(self._db))
        since = {int(row.id): row.failing_since for row in rows}
        readable = self.addresses(rows)
        over = now - UNREACHED_DAYS * DAY_S
        gone = [one for one, at in since.items() if one not in readable or (at is not None and at < over)]

        def job() -> None:
            for one in gone:
                self.ended(one)
            if gone:
                self._note(COMMAND_LINE, "subscribers dropped", f"subscription {len(gone)}", "")
            old = SubscriptionStop.heard_at < now - STOPS_KEPT_DAYS * DAY_S
            SubscriptionStop.delete().where(old).execute(self._db)
            done = SubscriberMessage.ended_at < now - MESSAGES_KEPT_DAYS * DAY_S
            SubscriberMessage.delete().where(done).execute(self._db)

        self._writer.run(job)
        if gone:
            wipe_deleted(self._db, _TABLES)


def _is_newer(begin: Wished, row: Any) -> bool:
    """Return whether a wish to begin is newer than that of a row: what comes to the hub itself always is."""
    return begin.epoch == HERE or begins_after(begin, _wished(row))


def _wished(row: Any) -> Wished:
    return Wished(row.epoch, int(row.counter), float(row.told_at))


def _check(area: str, language: str) -> None:
    if area and area not in area_table():
        raise SubscriptionRefused(
            "an area is a code of the list such as 52, 52.02, 52.02.08 or 52.02.08.2001"
        )
    if language not in LANGUAGES:
        raise SubscriptionRefused(f"a language is one of {', '.join(LANGUAGES)}")


def _is_address(way: str, address: str) -> bool:
    if way == SMS:
        return is_phone(usual_number(address))
    return _CHAT.fullmatch(address) is not None


def _usual(way: str, address: str) -> str:
    if way not in WAYS or not _is_address(way, address):
        raise SubscriptionRefused(
            f"an address is a number with its country code ({SMS}) or that of a chat ({TELEGRAM})"
        )
    return usual_number(address) if way == SMS else address
