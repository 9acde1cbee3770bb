"""Notices to villages: bulletins and opportunities, signed once, sent to each, and followed until seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import peewee

from content.catalogue import Catalogue
from hub.accounts.areas import sees
from hub.audit.log import AuditLog
from hub.languages import N_
from hub.linking.words import plain_dashes
from hub.models import Down, Node, Notice, NoticeSeen
from hub.notice_services import (
    NoticeDraft,
    NoticeRefused,
    NoticeRow,
    NoticeView,
    NoticeVillage,
    UnknownNotice,
    VillageChoice,
)
from hub.outgoing import NOTICE, Outgoing
from hub.services import COMMAND_LINE, SignedIn
from hub.storage.statements import run
from sync.clock import Clock
from sync.link_quality import day_number
from sync.sealing.signing import sign
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.notices import MAX_NOTICE_CHARACTERS, BulletinSeen, NoticeWithdrawal, encode_notice
from sync.wire.notices import Notice as WireNotice
from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind, SeenStep

LABEL = "bulletin"
Who = SignedIn | str
LONGEST_DAYS = 366
"""A notice that nobody takes back ends by itself."""
_ALL_SPOKEN = """SELECT number, village, village_name FROM node
WHERE NOT retired AND static_public IS NOT NULL ORDER BY village"""
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s.()/_*\u2022\u00b7-]{0,2}\d){7,}")
"""Eight digits or more: a telephone number, or an identity card's."""
_HARMLESS = re.compile(
    r"(?i)(?:rp\.?\s*|idr\s*)\d[\d.,]*|(?<![\d+])(?<!\d\.)[1-9]\d{0,2}(?:\.\d{3})+(?!\d)"
    r"|(?<!\d)(?<!\d[-/.])\d{1,2}([-/.])\d{1,2}\1\d{2,4}(?![-/.]?\d)|(?<!\d)\d{4}-\d\d-\d\d(?![-/.]?\d)"
    r"|(?<!\d)(?<!\d[-/.])[0-2]?\d[.:][0-5]\d ?- ?[0-2]?\d[.:][0-5]\d(?! ?[-/.]? ?\d)"
)
"""Amounts, dates, and from when to when."""


class Notices:
    """Writes notices and keeps what villages say of them. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        outgoing: Outgoing,
        clock: Clock,
        audit: AuditLog,
        signing_private: bytes,
    ) -> None:
        self._db = database
        self._writer = writer
        self._outgoing = outgoing
        self._clock = clock
        self._audit = audit
        self._signing_private = signing_private

    # -- writing ----------------------------------------------------------------------------------

    def choices(self, *, by: Who = COMMAND_LINE) -> list[VillageChoice]:
        """Return the villages that `by` may write to: those of its areas of which a box has spoken."""
        connect(self._db)
        if isinstance(by, SignedIn) and by.areas:
            spoken = ~Node.retired & Node.static_public.is_null(False) & sees(by, Node.village)
            query = Node.select(Node.number, Node.village, Node.village_name).where(spoken)
            rows = query.order_by(Node.village).tuples().execute(self._db)
        else:  # a whole country: peewee takes as long for ten thousand rows as all else of the page
            rows = run(self._db, _ALL_SPOKEN).fetchall()
        return [VillageChoice(int(number), village, name) for number, village, name in rows]

    def check(self, draft: NoticeDraft, *, by: Who = COMMAND_LINE) -> None:
        """Raise NoticeRefused with what is allowed, in Indonesian."""
        text = draft.text.strip()
        if not 0 < len(text) <= MAX_NOTICE_CHARACTERS:
            raise NoticeRefused(
                N_("Tulis 1 sampai %(most)s huruf.", most=MAX_NOTICE_CHARACTERS),
                "text",
            )
        levels = BulletinLevel if draft.kind is NoticeKind.BULLETIN else OpportunityKind
        if draft.kind is NoticeKind.WITHDRAWAL or draft.level not in levels.__members__.values():
            raise NoticeRefused(N_("Pilih salah satu dari daftar."), "level")
        days = (draft.until - self.today()).days
        if not 0 <= days <= LONGEST_DAYS:
            raise NoticeRefused(
                N_(
                    "Pilih tanggal dari hari ini sampai %(longest_days)s hari lagi.",
                    longest_days=LONGEST_DAYS,
                ),
                "until",
            )
        known = {choice.node for choice in self.choices(by=by)}
        if not draft.nodes or not set(draft.nodes) <= known:
            raise NoticeRefused(N_("Pilih paling sedikit satu desa."), "nodes")
        if draft.kind is NoticeKind.BULLETIN and _private_numbers(text):
            raise NoticeRefused(
                N_(
                    "Hapus nomor telepon atau nomor lain yang panjang: pengumuman tidak menunjuk orang. "
                    "Nomor bantuan resmi boleh."
                ),
                "text",
            )

    def write(self, draft: NoticeDraft, *, by: Who) -> int:
        """Sign a notice and queue it for its villages; return its serial. Raises NoticeRefused."""
        self.check(draft, by=by)
        issued, until = day_number(self._clock.wall_s()), draft.until.toordinal() - _EPOCH_ORDINAL

        def job() -> int:
            serial = self._next_serial()
            notice = WireNotice(
                serial, draft.kind, draft.level, draft.public, issued, until, draft.text.strip()
            )
            self._keep(notice, by, draft.nodes)
            return serial

        return self._writer.run(job)

    def withdraw(self, serial: int, *, by: Who) -> None:
        """Take a notice back in every village that it went to; raise UnknownNotice."""
        connect(self._db)
        row = Notice.select().where((Notice.serial == serial) & Notice.withdraws.is_null()).first(self._db)
        if row is None or not self._seen_by(by, serial, all_of_them=True):
            raise UnknownNotice
        if self._withdrawn(serial):
            return

        def job() -> None:
            withdrawal = NoticeWithdrawal(self._next_serial(), serial)
            self._keep(withdrawal, by, [int(down.node) for down in self._downs(serial)])

        self._writer.run(job)

    def _next_serial(self) -> int:
        """Grow with the date, so that a hub restored from an older copy gives no serial twice."""
        last = Notice.select().order_by(Notice.serial.desc()).first(self._db)
        return max(0 if last is None else int(last.serial) + 1, int(self._clock.wall_s()))

    def _keep(self, notice: WireNotice | NoticeWithdrawal, by: Who, nodes: Sequence[int]) -> None:
        fields: dict[str, object]
        if isinstance(notice, NoticeWithdrawal):
            day = day_number(self._clock.wall_s())
            fields = {"kind": int(NoticeKind.WITHDRAWAL), "level": 0, "public": False, "text": ""}
            fields |= {"issued": day, "until": day, "withdraws": notice.withdrawn}
            self._audit.note(by, "notice withdrawn", f"notice {notice.withdrawn}")
        else:
            fields = {"kind": int(notice.kind), "level": notice.level, "public": notice.public}
            fields |= {"issued": notice.issued, "until": notice.until, "text": notice.text}
            self._audit.note(by, "notice sent", f"notice {notice.serial}")
        fields |= {
            "serial": notice.serial,
            "signed": sign(self._signing_private, LABEL, encode_notice(notice)),
            "written_at": self._clock.wall_s(),
            "written_by": by if isinstance(by, str) else by.name,
        }
        Notice.insert(fields).execute(self._db)
        for node in dict.fromkeys(nodes):
            self._outgoing.queue(node, NOTICE, str(notice.serial))

    def packet_bytes(self, draft: NoticeDraft) -> int:
        """Return how many bytes a draft takes in a radio packet; one packet has 231."""
        until = draft.until.toordinal() - _EPOCH_ORDINAL
        issued = min(day_number(self._clock.wall_s()), until)
        body = encode_notice(
            WireNotice(
                int(self._clock.wall_s()), draft.kind, draft.level, draft.public, issued, until, draft.text
            )
        )
        return len(body) + 64 + 1 + 8 + 8

    # -- following --------------------------------------------------------------------------------

    def seen(self, node_number: int, record: BulletinSeen, at: float) -> None:
        """Keep that a village saw a notice; inside a job of the writer."""
        row = {
            "notice": record.serial,
            "node": node_number,
            "step": int(record.step),
            "at": record.at_s or None,
            "told_at": at,
        }
        if Notice.select().where(Notice.serial == record.serial).exists(self._db):
            NoticeSeen.insert(row).on_conflict_ignore().execute(self._db)

    def rows(
        self, *, by: Who = COMMAND_LINE, before: int | None = None, limit: int | None = None
    ) -> list[NoticeRow]:
        """Return the notices to a village that `by` may see, the newest first; withdrawals stand at what they
        withdraw."""
        connect(self._db)
        query = Notice.select().where(Notice.withdraws.is_null()).order_by(Notice.serial.desc())
        if before is not None:
            query = query.where(Notice.serial < before)
        if not isinstance(by, str) and by.areas:
            seen = self._to().where((Down.ref == Notice.serial.cast("TEXT")) & sees(by, Node.village))
            query = query.where(peewee.fn.EXISTS(seen))
        return [self._row(row) for row in query.limit(limit).execute(self._db)]

    def row(self, serial: int) -> NoticeRow | None:
        """Return one notice as a list shows it, whoever asks, or None."""
        connect(self._db)
        found = Notice.select().where((Notice.serial == serial) & Notice.withdraws.is_null()).first(self._db)
        return None if found is None else self._row(found)

    def _to(self) -> Any:
        """Return the query of the villages that notices went to."""
        return Down.select().join(Node, on=(Node.number == Down.node)).where(Down.what == NOTICE)

    def _seen_by(self, by: Who, serial: int, *, all_of_them: bool = False) -> bool:
        """Return whether one of a notice's villages, or each of them, is of the areas of `by`."""
        if isinstance(by, str) or not by.areas:
            return True
        to, seen = self._to().where(Down.ref == str(serial)), sees(by, Node.village)
        return not to.where(~seen).exists(self._db) if all_of_them else bool(to.where(seen).exists(self._db))

    def view(
        self, serial: int, *, by: Who = COMMAND_LINE, first: int = 0, limit: int | None = None
    ) -> NoticeView:
        """Return one notice and how far it came in each village that `by` may see; raise UnknownNotice.

        `first` and `limit` choose a part of the villages.
        """
        connect(self._db)
        row = Notice.select().where((Notice.serial == serial) & Notice.withdraws.is_null()).first(self._db)
        if row is None or not self._seen_by(by, serial):
            raise UnknownNotice
        query = self._to().where(Down.ref == str(serial))
        if isinstance(by, SignedIn) and by.areas:
            # By number: PostgreSQL takes a notice for one row, and looks through the area for each row of it.
            own = Node.select(Node.number).where(sees(by, Node.village)).tuples().execute(self._db)
            query = query.where(Down.node.in_([number for (number,) in own]))
        query = query.select(
            Node.number, Node.village, Node.village_name, Down.delivered, Down.delivered_at
        ).order_by(Node.village, Node.number)
        if limit is not None:
            query = query.limit(limit + 1).offset(first)
        rows = list(query.tuples().execute(self._db))
        more = limit is not None and len(rows) > limit
        rows = rows[:limit]
        seen = self._seen_in(serial, [int(one[0]) for one in rows])
        villages = tuple(
            NoticeVillage(
                node=int(node),
                village=str(village),
                village_name=str(name),
                delivered=bool(delivered),
                delivered_at=delivered_at,
                read_at=seen.get((int(node), int(SeenStep.READ))),
                announced_at=seen.get((int(node), int(SeenStep.ANNOUNCED))),
            )
            for node, village, name, delivered, delivered_at in rows
        )
        following = first + limit if limit is not None and more else None
        return NoticeView(self._row(row), villages, following, self._seen_by(by, serial, all_of_them=True))

    def _seen_in(self, serial: int, nodes: Sequence[int]) -> dict[tuple[int, int], float]:
        here = (NoticeSeen.notice == serial) & NoticeSeen.node.in_(list(nodes))
        rows = NoticeSeen.select().where(here).execute(self._db)
        return {(int(one.node), int(one.step)): float(one.at or one.told_at) for one in rows}

    def _row(self, row: Any) -> NoticeRow:
        serial = int(row.serial)
        downs = Down.select().where((Down.what == NOTICE) & (Down.ref == str(serial)))
        seen = NoticeSeen.select(NoticeSeen.node).where(NoticeSeen.notice == serial).distinct()
        return NoticeRow(
            serial=serial,
            kind=NoticeKind(row.kind),
            level=int(row.level),
            public=bool(row.public),
            issued=date.fromordinal(_EPOCH_ORDINAL + int(row.issued)),
            until=date.fromordinal(_EPOCH_ORDINAL + int(row.until)),
            text=str(row.text),
            written_by=str(row.written_by),
            withdrawn=self._withdrawn(serial),
            villages=downs.count(self._db),
            delivered=downs.where(Down.delivered).count(self._db),
            seen=seen.count(self._db),
        )

    def _downs(self, serial: int) -> list[Any]:
        query = Down.select().where((Down.what == NOTICE) & (Down.ref == str(serial)))
        return list(query.execute(self._db))

    def _withdrawn(self, serial: int) -> bool:
        return bool(Notice.select().where(Notice.withdraws == serial).exists(self._db))

    def today(self) -> date:
        """Return the day in the middle of Indonesia, by which notices begin and end."""
        return date.fromordinal(_EPOCH_ORDINAL + day_number(self._clock.wall_s()))


def _private_numbers(text: str) -> list[str]:
    found = [re.sub(r"\D", "", number) for number in _NUMBER.findall(_HARMLESS.sub(" ", plain_dashes(text)))]
    return [number for number in found if number not in _official_numbers()]


@cache
def _official_numbers() -> frozenset[str]:
    """Return the numbers of help in the material, which anybody may be told."""
    lines = Catalogue().help_lines.values()
    return frozenset(re.sub(r"\D", "", number) for line in lines for number in (line.number, line.whatsapp))
