"""Notices from the hub: checks who signed them, keeps them, says which count today, tells what was done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sync.errors import MalformedWire, SealBroken
from sync.link_quality import day_number
from sync.sealing.signing import open_signed
from sync.storage.writer import GroupCommitWriter
from sync.wire.control_records import encode_up_control
from sync.wire.notices import BulletinSeen, NoticeWithdrawal, SignedNotice, decode_notice
from sync.wire.notices import Notice as WireNotice
from sync.wire.numbers import NoticeKind, SeenStep
from village_node.models import Notice
from village_node.timekeeping import Stamp, TimeKeeper

_log = logging.getLogger(__name__)
LABEL = "bulletin"
MAX_KEPT = 500
"""Of those that count no more the oldest go first."""
OPEN_AT_ONCE = 64
"""Whose signature need not be checked again at each page: the same bytes have the same answer."""
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class VillageNotice:
    """A notice as pages show it. `age_s` is None when the box cannot tell; `ended` when it counts no more."""

    serial: int
    kind: NoticeKind
    level: int
    public: bool
    issued: date
    until: date
    text: str
    age_s: int | None
    withdrawn: bool
    ended: bool
    read: bool
    announced: bool

    @property
    def counts(self) -> bool:
        """Whether it is neither taken back nor over."""
        return not self.withdrawn and not self.ended


class UnknownNotice(Exception):
    """No notice of this box has that serial number."""


class Notices:
    """Keeps the notices of one box. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        times: TimeKeeper,
        *,
        signing_public: bytes,
        send: Callable[[bytes, Callable[[], None]], None],
    ) -> None:
        self._db = database
        self._writer = writer
        self._times = times
        self._public = signing_public
        self._send = send
        self.changed = threading.Event()
        """Set when a notice came or was taken back; who waits for it clears it."""
        self._rows: list[Any] | None = None
        """What was read last; None when it may have changed since."""
        self._opened = lru_cache(maxsize=OPEN_AT_ONCE)(self._open)

    def _open(self, signed: bytes) -> WireNotice | NoticeWithdrawal:
        return decode_notice(open_signed(self._public, LABEL, signed))

    def take(self, notice: SignedNotice) -> None:
        """Keep a notice that the hub signed; pass over any other, and one that is here."""
        try:
            body = self._opened(notice.signed)
        except (SealBroken, MalformedWire) as error:
            _log.warning("a notice was not kept: %s", error)
            return
        stamp = self._times.stamp()
        if isinstance(body, NoticeWithdrawal):
            self._writer.run(lambda: self._withdraw(body.withdrawn, stamp))
        else:
            self._writer.run(lambda: self._keep(body.serial, notice.signed, stamp))
        self._rows = None
        self.changed.set()

    def _keep(self, serial: int, signed: bytes, stamp: Stamp) -> None:
        self._insert(serial, signed, stamp)
        # A withdrawal may come before what it withdraws.
        Notice.update(signed=signed).where((Notice.serial == serial) & (Notice.signed == b"")).execute(
            self._db
        )
        self._drop_oldest()

    def _withdraw(self, serial: int, stamp: Stamp) -> None:
        self._insert(serial, b"", stamp)
        Notice.update(withdrawn=True).where(Notice.serial == serial).execute(self._db)

    def _insert(self, serial: int, signed: bytes, stamp: Stamp) -> None:
        self._rows = None
        Notice.insert(
            serial=serial, signed=signed, boot=stamp.boot, mono_s=stamp.mono_s, wall_s=stamp.wall_s
        ).on_conflict_ignore().execute(self._db)

    def _drop_oldest(self) -> None:
        kept = Notice.select(Notice.serial).order_by(Notice.serial.desc()).limit(MAX_KEPT)
        Notice.delete().where(Notice.serial.not_in(kept)).execute(self._db)

    # -- reading ----------------------------------------------------------------------------------

    def all(self) -> list[VillageNotice]:
        """Return every notice that is kept, the newest first."""
        rows = self._rows
        if rows is None:
            # Every visitor's first page asks: the writer, for which reports wait, is asked once.
            rows = self._writer.read(self._read)
        return [shown for row in rows if (shown := self._shown(row)) is not None]

    def unread_count(self) -> int:
        """Return how many notices count and were neither read nor told to others."""
        return sum(n.counts and not (n.read or n.announced) for n in self.all())

    def _read(self) -> list[Any]:
        # On the writer's thread, like every change, so that no older reading is put over a newer one.
        query = Notice.select().where(Notice.signed != b"").order_by(Notice.serial.desc())
        self._rows = list(query.execute(self._db))
        return self._rows

    def public(self, kind: NoticeKind) -> list[VillageNotice]:
        """Return what the village's own site shows of a kind: public, and counting today."""
        return [notice for notice in self.all() if notice.public and notice.counts and notice.kind is kind]

    def one(self, serial: int) -> VillageNotice:
        """Return one notice; raise UnknownNotice."""
        for notice in self.all():
            if notice.serial == serial:
                return notice
        raise UnknownNotice

    def _shown(self, row: Any) -> VillageNotice | None:
        try:
            # Whoever can write to the card must not speak for the hub.
            notice = self._opened(bytes(row.signed))
        except (SealBroken, MalformedWire):
            return None
        if not isinstance(notice, WireNotice):
            return None
        now_s = self._times.trusted_wall_s()
        return VillageNotice(
            serial=notice.serial,
            kind=notice.kind,
            level=notice.level,
            public=notice.public,
            issued=date.fromordinal(_EPOCH_ORDINAL + notice.issued),
            until=date.fromordinal(_EPOCH_ORDINAL + notice.until),
            text=notice.text,
            age_s=self._times.age_s(Stamp(row.boot, row.mono_s, row.wall_s)),
            withdrawn=bool(row.withdrawn),
            # A box that does not know the date shows it, with its date.
            ended=now_s is not None and day_number(now_s) > notice.until,
            read=bool(row.read),
            announced=bool(row.announced),
        )

    # -- what was done ----------------------------------------------------------------------------

    def seen(self, serial: int, step: SeenStep) -> None:
        """Note that somebody read a notice or told others of it, and tell the hub, once.

        Raises UnknownNotice; StorageFull or StorageFailed, and then nothing is noted.
        """
        notice = self.one(serial)
        if notice.announced if step is SeenStep.ANNOUNCED else notice.read:
            return
        at_s = self._times.trusted_wall_s() or 0
        field = Notice.announced if step is SeenStep.ANNOUNCED else Notice.read

        def note() -> None:
            self._rows = None
            Notice.update({field: True}).where(Notice.serial == serial).execute(self._db)

        self._send(encode_up_control(BulletinSeen(serial, step, at_s)), note)
        self._rows = None
