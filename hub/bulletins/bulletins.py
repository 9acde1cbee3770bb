"""Bulletins from draft to their end: written by one, approved by another, sent as a notice. Implements
`hub.bulletins.services.BulletinServices`.

What is sent is a notice (`hub.notices`): signing, villages, acknowledgements are its. Approval looks again at
everything that a draft is looked at for: the hub may know more people by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import peewee

from content.catalogue import Catalogue
from hub.accounts.areas import sees
from hub.bulletins.cap import CapAlert, MessageType, reference_to, to_xml
from hub.bulletins.checking import LENGTHS, Checker, covers, name_of, refuse_unchecked, wrong_choices
from hub.bulletins.messages import Sender, cap_alert, sent_text
from hub.bulletins.models import Bulletin, BulletinAlert
from hub.bulletins.rows import draft_of, seen_of
from hub.bulletins.services import (
    CANCELLED,
    DRAFT,
    DROPPED,
    EXPIRED,
    EXPLAINED,
    REASON_MAX_CHARACTERS,
    REPLACED,
    SENT,
    WAITING,
    BulletinDraft,
    BulletinRefused,
    BulletinRow,
    BulletinView,
    DeliveryRow,
    FeedEntry,
    Template,
    Told,
    UnknownBulletin,
)
from hub.languages import N_
from hub.notice_services import UnknownNotice
from hub.notices import Notices
from hub.services import SignedIn
from hub.storage.statements import insert_new
from hub.warning.services import BulletinLine
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.notices import MAX_NOTICE_CHARACTERS

PROVINCE_CHARACTERS = 2
_FED_AT_ONCE = 100
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
Note = Callable[[SignedIn, str, str], object]


class Bulletins:
    """Keeps them. Threads may share it. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        notices: Notices,
        sender: Sender,
        note: Note,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._notices = notices
        self._sender = sender
        self._note = note
        self.deliver: Callable[[int, str, float, int | None], None] = lambda alert, area, at, ended: None
        """Queues a message for agencies, in the transaction that makes it; `ended` is the bulletin that it
        ends."""
        self.deliveries: Callable[[int], tuple[DeliveryRow, ...]] = lambda bulletin: ()
        self.told: list[Told] = []
        """Further ways to tell people; called after the commit."""
        self.today = notices.today
        self._checker = Checker(database, notices)
        self.check, self.areas = self._checker.check, self._checker.areas

    # -- choosing and checking --------------------------------------------------------------------

    def templates(self) -> tuple[Template, ...]:
        """See `BulletinServices.templates`."""
        english = {text.key: text.text for text in Catalogue(language="en").radio_texts()}
        texts = Catalogue().radio_texts()
        return tuple(Template(text.key, text.text, english.get(text.key, "")) for text in texts)

    # -- writing ----------------------------------------------------------------------------------

    def save(self, bulletin: int | None, draft: BulletinDraft, *, who: SignedIn) -> int:
        """See `BulletinServices.save`. A draft may be too long or name somebody: it goes nowhere yet."""
        wrong = wrong_choices(draft)
        if wrong or not covers(who, draft.area):
            raise BulletinRefused(wrong[0].text if wrong else EXPLAINED["area"])
        if max(len(draft.text), len(draft.text_en)) > MAX_NOTICE_CHARACTERS:
            raise BulletinRefused(N_("Paling banyak %(most)s huruf.", most=MAX_NOTICE_CHARACTERS))

        def job() -> int:
            if draft.replaces is not None:
                self._get(draft.replaces, (SENT, EXPIRED, CANCELLED), who, whole=True)
            if bulletin is not None:
                self._own(bulletin, DRAFT, who)
            self._note(who, "bulletin written", f"bulletin {bulletin or 'new'}")
            fields = {**asdict(draft), "until": draft.until.toordinal() - _EPOCH_ORDINAL}
            fields |= {"written_at": self._clock.wall_s(), "state": DRAFT}
            if bulletin is None:
                return insert_new(self._db, Bulletin, written_by=who.name, **fields)
            self._set(bulletin, **fields)
            return bulletin

        return self._writer.run(job)

    def submit(self, bulletin: int, *, who: SignedIn) -> None:
        """See `BulletinServices.submit`."""

        def job() -> None:
            row = self._own(bulletin, DRAFT, who)
            self._refuse_problems(row, who)
            self._note(who, "bulletin proposed", f"bulletin {bulletin}")
            self._set(bulletin, state=WAITING, reason="", decided_by=None, decided_at=None)

        self._writer.run(job)

    def take_back(self, bulletin: int, *, who: SignedIn) -> None:
        """See `BulletinServices.take_back`."""
        self._move(bulletin, WAITING, DRAFT, "bulletin taken back", who)

    def drop(self, bulletin: int, *, who: SignedIn) -> None:
        """See `BulletinServices.drop`."""
        self._move(bulletin, DRAFT, DROPPED, "bulletin dropped", who)

    def _move(self, bulletin: int, before: str, after: str, what: str, who: SignedIn) -> None:
        def job() -> None:
            self._own(bulletin, before, who)
            self._note(who, what, f"bulletin {bulletin}")
            self._set(bulletin, state=after)

        self._writer.run(job)

    def give_back(self, bulletin: int, reason: str, *, who: SignedIn) -> None:
        """See `BulletinServices.give_back`."""
        reason = " ".join(reason.split())

        def job() -> None:
            self._get(bulletin, (WAITING,), who, whole=True)
            if not 0 < len(reason) <= REASON_MAX_CHARACTERS:
                raise BulletinRefused(
                    N_("Tulis alasan: 1 sampai %(most)s huruf.", most=REASON_MAX_CHARACTERS)
                )
            self._note(who, "bulletin given back", f"bulletin {bulletin}")
            now = self._clock.wall_s()
            self._set(bulletin, state=DRAFT, reason=reason, decided_by=who.name, decided_at=now)

        self._writer.run(job)

    # -- sending and ending -----------------------------------------------------------------------

    def approve(self, bulletin: int, seen: str, *, who: SignedIn) -> None:
        """See `BulletinServices.approve`."""

        def job() -> BulletinDraft:
            row = self._get(bulletin, (WAITING,), who, whole=True)
            if row.written_by == who.name:
                raise BulletinRefused(EXPLAINED["own"])
            if seen_of(row) != seen:
                raise BulletinRefused(EXPLAINED["changed"])
            self._refuse_problems(row, who)
            refuse_unchecked(draft_of(row), who)
            self._note(who, "bulletin approved", f"bulletin {bulletin}")
            draft, now = draft_of(row), self._clock.wall_s()
            notice = self._checker.notice(draft, self._checker.nodes(draft.area, who))
            serial = self._notices.write(notice, by=who)
            ended = self._take_the_place(row, who, now)
            self._announce(bulletin, draft, "Alert" if ended is None else "Update", ended, who)
            self._set(bulletin, state=SENT, serial=serial, decided_by=who.name, decided_at=now, reason="")
            return draft

        draft = self._writer.run(job)
        for way in self.told:
            if draft.replaces is not None:
                way.bulletin_ended(draft.replaces)
            way.bulletin_sent(bulletin, sent_text(draft, name_of(draft.area)), draft.area, draft.until)

    def _take_the_place(self, row: Any, who: SignedIn, now: float) -> int | None:
        """End the bulletin that this one replaces, in the same transaction and after the new notice.

        So a village has the new words before the old ones go. Return which one the new message brings up to
        date. Whoever found a public warning in the feed finds no drill and nothing for agencies alone: for
        them the old one is cancelled, and the new one a message of its own.
        """
        if row.replaces is None:
            return None
        old = self._get(row.replaces, (SENT, EXPIRED, CANCELLED), who, whole=True)
        if old.state == CANCELLED:
            return None
        self._end_notice(old, who)
        continues = row.status == old.status and (row.public or not old.public)
        if not continues:
            self._announce(old.id, draft_of(old), "Cancel", old.id, who)
        self._set(old.id, state=REPLACED, replaced_by=row.id, ended_by=who.name, ended_at=now)
        return int(old.id) if continues else None

    def cancel(self, bulletin: int, *, who: SignedIn) -> None:
        """See `BulletinServices.cancel`. One person may: what is wrong must go at once."""

        def job() -> None:
            row = self._get(bulletin, (SENT,), who, whole=True)
            self._note(who, "bulletin cancelled", f"bulletin {bulletin}")
            self._end_notice(row, who)
            self._announce(bulletin, draft_of(row), "Cancel", bulletin, who)
            self._set(bulletin, state=CANCELLED, ended_by=who.name, ended_at=self._clock.wall_s())

        self._writer.run(job)
        for way in self.told:
            way.bulletin_ended(bulletin)

    def _end_notice(self, row: Any, who: SignedIn) -> None:
        try:
            self._notices.withdraw(int(row.serial), by=who)
        except UnknownNotice:
            raise UnknownBulletin from None

    def _ended(self, bulletin: int | None) -> list[Any]:
        """Return the messages of a bulletin that a later one ends."""
        rows = BulletinAlert.select().where(BulletinAlert.bulletin == bulletin).order_by(BulletinAlert.id)
        return [row for row in rows.execute(self._db) if row.message in ("Alert", "Update")]

    def _announce(
        self, bulletin: int, draft: BulletinDraft, message: MessageType, ended: int | None, who: SignedIn
    ) -> None:
        before = self._ended(ended)
        references = [reference_to(_named(self._sender.id, one.identifier, one.sent_at)) for one in before]
        until = draft.until.toordinal() - _EPOCH_ORDINAL
        now = self._clock.wall_s()
        provinces = [area.code for area in self.areas(who=who) if len(area.code) == PROVINCE_CHARACTERS]
        alert = cap_alert(
            draft,
            message=message,
            identifier=f"{self._sender.id}-{bulletin}-{message.lower()}-{int(now)}",
            sender=self._sender,
            sent=now,
            area_name=name_of(draft.area),
            codes=[draft.area] if draft.area else provinces,
            references=references,
        )
        number = insert_new(
            self._db,
            BulletinAlert,
            bulletin=bulletin,
            message=message,
            identifier=alert.identifier,
            sent_at=float(int(now)),
            # As long as what it ends would stand there alone.
            ends=max([until, *(int(one.ends) for one in before)]),
            public=draft.public and draft.status == "Actual",
            headline=alert.infos[0].headline,
            xml=to_xml(alert),
        )
        self.deliver(number, draft.area, now, ended)

    def expire(self) -> None:
        """Mark what is over: villages hide it by themselves."""
        over = (Bulletin.state == SENT) & (Bulletin.until < self._day())
        query = Bulletin.update(state=EXPIRED, ended_at=self._clock.wall_s()).where(over)
        self._writer.run(lambda: query.execute(self._db))

    # -- looking ----------------------------------------------------------------------------------

    def rows(self, *, who: SignedIn, before: int | None, limit: int) -> list[BulletinRow]:
        """See `BulletinServices.rows`."""
        connect(self._db)
        query = Bulletin.select().where(_visible(who)).order_by(Bulletin.id.desc()).limit(limit)
        if before is not None:
            query = query.where(Bulletin.id < before)
        return [self._shown(row) for row in query.execute(self._db)]

    def view(self, bulletin: int, *, who: SignedIn, first: int, limit: int) -> BulletinView:
        """See `BulletinServices.view`."""
        connect(self._db)
        row = self._get(bulletin, None, who, whole=False)
        shown = self._shown(row)
        try:
            notice = None
            if row.serial is not None:
                notice = self._notices.view(int(row.serial), by=who, first=first, limit=limit)
        except UnknownNotice:
            notice = None
        whole, own = covers(who, row.area), row.written_by == who.name
        supervises = who.role == "supervisor"
        return BulletinView(
            row=shown,
            sent_text=sent_text(shown.draft, shown.area_name),
            seen=seen_of(row),
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            ended_by=row.ended_by,
            ended_at=row.ended_at,
            replaced_by=row.replaced_by,
            notice=notice,
            deliveries=self.deliveries(bulletin),
            may_edit=own and row.state in (DRAFT, WAITING),
            may_decide=whole and supervises and not own and row.state == WAITING,
            may_end=whole and who.role in ("supervisor", "administrator") and shown.state == SENT,
        )

    def of_signal(self, signal_id: int) -> tuple[BulletinLine, ...]:
        """See `hub.warning.services.BulletinsOfSignal`."""
        connect(self._db)
        query = Bulletin.select().where(Bulletin.signal == signal_id).order_by(Bulletin.id.desc())
        found = []
        for row in query.execute(self._db):
            notice = None if row.serial is None else self._notices.row(int(row.serial))
            counts = (0, 0, 0) if notice is None else (notice.villages, notice.delivered, notice.seen)
            found.append(BulletinLine(row.id, self._shown(row).state, *counts))
        return tuple(found)

    def of_notice(self, serial: int) -> int | None:
        """See `BulletinServices.of_notice`."""
        connect(self._db)
        row = Bulletin.select(Bulletin.id).where(Bulletin.serial == serial).first(self._db)
        return None if row is None else int(row.id)

    @property
    def sender_key(self) -> str:
        """See `BulletinServices.sender_key`."""
        return self._sender.key

    def feed(self) -> tuple[FeedEntry, ...]:
        """See `BulletinServices.feed`."""
        connect(self._db)
        query = BulletinAlert.select().where(BulletinAlert.public & (BulletinAlert.ends >= self._day()))
        rows = query.order_by(BulletinAlert.id.desc()).limit(_FED_AT_ONCE)
        return tuple(
            FeedEntry(row.identifier, row.headline, row.message, row.sent_at, row.xml)
            for row in rows.execute(self._db)
        )

    def _shown(self, row: Any) -> BulletinRow:
        over = row.state == SENT and row.until < self._day()
        draft = draft_of(row)
        state = EXPIRED if over else row.state
        return BulletinRow(row.id, state, draft, name_of(draft.area), row.written_by, row.written_at)

    # -- rows -------------------------------------------------------------------------------------

    def _day(self) -> int:
        return self.today().toordinal() - _EPOCH_ORDINAL

    def _set(self, bulletin: int, **values: object) -> None:
        Bulletin.update(values).where(Bulletin.id == bulletin).execute(self._db)

    def _get(self, bulletin: int, states: tuple[str, ...] | None, who: SignedIn, *, whole: bool) -> Any:
        row = Bulletin.select().where((Bulletin.id == bulletin) & _visible(who)).first(self._db)
        if row is None or (whole and not covers(who, row.area)):
            raise UnknownBulletin
        if states is not None and row.state not in states:
            raise BulletinRefused(EXPLAINED["state"])
        return row

    def _own(self, bulletin: int, state: str, who: SignedIn) -> Any:
        row = self._get(bulletin, None, who, whole=True)
        if row.written_by != who.name or row.state != state:
            raise BulletinRefused(EXPLAINED["state"])
        return row

    def _refuse_problems(self, row: Any, who: SignedIn) -> None:
        problems = self._checker.check(draft_of(row), who=who).problems
        if problems:
            raise BulletinRefused(problems[0].text)


def _visible(who: SignedIn) -> Any:
    """Return the condition that a bulletin's area lies in an account's, or around it."""
    if not who.areas:
        return peewee.Value(True) == peewee.Value(True)
    around = {code[:length] for code in who.areas for length in LENGTHS if length < len(code)}
    return reduce(or_, [sees(who, Bulletin.area), Bulletin.area.in_(sorted(around))])


def _named(sender: str, identifier: str, sent_at: float) -> CapAlert:
    return CapAlert(identifier, sender, sent_at, "Actual", "Alert", True, ())
