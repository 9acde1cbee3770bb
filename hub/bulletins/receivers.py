"""Agencies that are told of bulletins, and what waits for them. Implements
`hub.bulletins.services.ReceiverServices`.

A message stands in a row from the transaction that made it until it arrived or was given up: a restart
forgets none. A process that dies between sending and noting sends once more, under the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from hub.bulletins.cap import NAMESPACE
from hub.bulletins.models import BulletinAlert, BulletinDelivery, BulletinReceiver
from hub.bulletins.sending import is_mail_address, is_webhook, mail_cap, post_webhook
from hub.bulletins.services import BulletinRefused, DeliveryRow, ReceiverRow, UnknownBulletin
from hub.duty.retries import after_try, still_tried
from hub.duty.ways import WayFailed, Ways, load_ways
from hub.languages import N_
from hub.services import SignedIn
from hub.storage.statements import insert_new, insert_rows
from sync.areas.table import area_table
from sync.clock import Clock
from sync.scheduling import Job
from sync.sealing.derivation import expand
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

MAIL, WEBHOOK = "mail", "webhook"
WAYS: Final = (MAIL, WEBHOOK)
NAME_MAX_CHARACTERS: Final = 120
EVERY_S: Final = 60
LONGEST_S: Final = 900
OVERTAKEN: Final = "a later message took its place"
STOPPED: Final = "the agency was told no more"
AT_ONCE: Final = 30
"""Messages of one look, so that agencies that do not answer hold up no others for long."""
Note = Callable[[SignedIn, str, str], object]


class Receivers:
    """Keeps agencies and sends. Threads may share it; the job runs in one process at a time."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        folder: Path,
        *,
        folder_key: bytes,
        note: Note,
        expire: Callable[[], None] = lambda: None,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._folder = folder
        self._folder_key = folder_key
        self._note = note
        self._expire = expire

    def jobs(self) -> list[Job]:
        """Return the look of each minute."""
        return [Job("bulletins", EVERY_S, self.turn, longest_s=LONGEST_S)]

    # -- agencies ---------------------------------------------------------------------------------

    def rows(self) -> tuple[ReceiverRow, ...]:
        """See `ReceiverServices.rows`."""
        connect(self._db)
        found = []
        for row in BulletinReceiver.select().order_by(BulletinReceiver.id).execute(self._db):
            own = BulletinDelivery.select().where(BulletinDelivery.receiver == row.id)
            open_ = own.where(_open())
            last = own.where(BulletinDelivery.tries > 0).order_by(BulletinDelivery.id.desc()).first(self._db)
            gave_up = own.where(BulletinDelivery.ended_at.is_null(False)).count(self._db)
            problem = None if last is None or last.sent_at is not None else last.problem
            active, waiting = bool(row.active), open_.count(self._db)
            found.append(
                ReceiverRow(
                    row.id, row.name, row.way, row.address, row.area, active, waiting, gave_up, problem
                )
            )
        return tuple(found)

    def add(self, name: str, way: str, address: str, area: str, *, who: SignedIn) -> tuple[int, str]:
        """See `ReceiverServices.add`."""
        name, address, area = " ".join(name.split()), address.strip(), area.strip()
        if not 0 < len(name) <= NAME_MAX_CHARACTERS or not name.isprintable():
            raise BulletinRefused(
                N_("Tulis nama lembaga: 1 sampai %(most)s huruf.", most=NAME_MAX_CHARACTERS)
            )
        if way not in WAYS:
            raise BulletinRefused(N_("Pilih salah satu dari daftar."))
        if way == MAIL and not is_mail_address(address):
            raise BulletinRefused(N_("Tulis satu alamat surel, seperti piket@lembaga.example."))
        if way == WEBHOOK and not is_webhook(address):
            raise BulletinRefused(N_("Alamat webhook dimulai dengan https:// dan nama server, tanpa spasi."))
        if area and area not in area_table():
            raise BulletinRefused(N_("Kode wilayah seperti 52, 52.02, 52.02.08, atau 52.02.08.2001."))

        def job() -> int:
            self._note(who, "receiver added", "receiver new")
            return insert_new(
                self._db,
                BulletinReceiver,
                name=name,
                way=way,
                address=address,
                area=area,
                active=True,
                secret=1,
                made_by=who.name,
                made_at=self._clock.wall_s(),
            )

        number = self._writer.run(job)
        return number, self._secret(number, 1).hex() if way == WEBHOOK else ""

    def set_active(self, receiver: int, active: bool, *, who: SignedIn) -> None:
        """See `ReceiverServices.set_active`."""

        def job() -> None:
            self._one(receiver)
            self._note(who, "receiver changed", f"receiver {receiver}")
            here = BulletinReceiver.id == receiver
            BulletinReceiver.update(active=active).where(here).execute(self._db)
            if not active:  # told again, it hears of what comes then
                waiting = _open() & (BulletinDelivery.receiver == receiver)
                now = self._clock.wall_s()
                BulletinDelivery.update(ended_at=now, problem=STOPPED).where(waiting).execute(self._db)

        self._writer.run(job)

    def new_secret(self, receiver: int, *, who: SignedIn) -> str:
        """See `ReceiverServices.new_secret`."""

        def job() -> int:
            version = int(self._one(receiver).secret) + 1
            self._note(who, "receiver changed", f"receiver {receiver}")
            here = BulletinReceiver.id == receiver
            BulletinReceiver.update(secret=version).where(here).execute(self._db)
            return version

        return self._secret(receiver, self._writer.run(job)).hex()

    def mail_is_set(self) -> bool:
        """See `ReceiverServices.mail_is_set`."""
        return self._ways().mail is not None

    def _one(self, receiver: int) -> Any:
        row = BulletinReceiver.select().where(BulletinReceiver.id == receiver).first(self._db)
        if row is None:
            raise UnknownBulletin
        return row

    def _secret(self, receiver: int, version: int) -> bytes:
        return expand(self._folder_key, "hub-webhook", context=f"{receiver}.{version}".encode())

    # -- sending ----------------------------------------------------------------------------------

    def queue(self, alert: int, area: str, at: float, ended: int | None = None) -> None:
        """Let a message wait for each agency whose area it touches, and for those that were told of the
        bulletin that it ends; in the job that makes it."""
        told = self._end_earlier(alert, ended, at)
        rows = BulletinReceiver.select().where(BulletinReceiver.active).execute(self._db)
        waiting = [
            {"alert": alert, "receiver": row.id, "tries": 0, "next_try_at": at}
            for row in rows
            if touch(row.area, area) or row.id in told
        ]
        insert_rows(self._db, BulletinDelivery, waiting)

    def _end_earlier(self, alert: int, ended: int | None, at: float) -> set[int]:
        """Send no more what a bulletin said before its end: behind that it would warn again. Return the
        agencies that it was for; what was tried may have arrived although nobody said so."""
        if ended is None:
            return set()
        said = BulletinAlert.select(BulletinAlert.id).where(BulletinAlert.bulletin == ended)
        earlier = BulletinDelivery.alert.in_(said) & (BulletinDelivery.alert != alert)
        BulletinDelivery.update(ended_at=at, problem=OVERTAKEN).where(earlier & _open()).execute(self._db)
        told = BulletinDelivery.select(BulletinDelivery.receiver).where(earlier).distinct()
        return {int(row.receiver) for row in told.execute(self._db)}

    def of_bulletin(self, bulletin: int) -> tuple[DeliveryRow, ...]:
        """Return how the messages of a bulletin did."""
        query = (
            BulletinDelivery.select(
                BulletinDelivery, BulletinReceiver.name, BulletinReceiver.way, BulletinAlert.message
            )
            .join(BulletinReceiver, on=(BulletinReceiver.id == BulletinDelivery.receiver))
            .join(BulletinAlert, on=(BulletinAlert.id == BulletinDelivery.alert))
            .where(BulletinAlert.bulletin == bulletin)
            .order_by(BulletinDelivery.id)
        )
        return tuple(_delivery(row) for row in query.objects().execute(self._db))

    def turn(self) -> None:
        """Mark bulletins that are over, and send what is due."""
        self._expire()
        ways = self._ways()
        for row in self._writer.read(self._due):
            try:
                self._send(row, ways)
                problem = None
            except WayFailed as failed:
                problem = str(failed)
            self._writer.run(partial(self._tried, row, problem))

    def _ways(self) -> Ways:
        try:
            return load_ways(self._folder)
        except WayFailed:
            return Ways()

    def _due(self) -> list[Any]:
        query = (
            BulletinDelivery.select(BulletinDelivery, BulletinReceiver, BulletinAlert)
            .join(BulletinReceiver, on=(BulletinReceiver.id == BulletinDelivery.receiver), attr="to")
            .switch(BulletinDelivery)
            .join(BulletinAlert, on=(BulletinAlert.id == BulletinDelivery.alert), attr="said")
            .where(_open() & (BulletinDelivery.next_try_at <= self._clock.wall_s()) & BulletinReceiver.active)
            .order_by(BulletinDelivery.next_try_at, BulletinDelivery.id)
            .limit(AT_ONCE)
        )
        return list(query.execute(self._db))

    def _send(self, row: Any, ways: Ways) -> None:
        said, now = row.said, self._clock.wall_s()
        fits = is_webhook if row.to.way == WEBHOOK else is_mail_address
        if not fits(row.to.address):  # entered when more was taken
            raise WayFailed("the address is none that can be written to: enter the agency anew")
        if row.to.way == WEBHOOK:
            secret = self._secret(row.to.id, int(row.to.secret))
            post_webhook(row.to.address, secret, said.xml.encode("utf-8"), said.identifier, now)
        else:
            text = _mail_text(said.xml)
            mail_cap(ways, row.to.address, said.headline, text, said.xml, said.identifier, now)

    def _tried(self, row: Any, problem: str | None) -> None:
        values = after_try(int(row.tries), problem, self._clock.wall_s())
        BulletinDelivery.update(values).where(BulletinDelivery.id == row.id).execute(self._db)


def _delivery(row: Any) -> DeliveryRow:
    gave_up = row.ended_at is not None
    return DeliveryRow(row.name, row.way, row.message, row.sent_at, row.tries, gave_up, row.problem)


def _open() -> Any:
    """Return the condition that a message is still tried."""
    return still_tried(BulletinDelivery)


def touch(one: str, other: str) -> bool:
    """Return whether one area lies in the other."""
    return not one or not other or f"{other}.".startswith(f"{one}.") or f"{one}.".startswith(f"{other}.")


def _mail_text(xml: str) -> str:
    """Return a message as people read it, in both languages."""
    parts = []
    for info in ElementTree.fromstring(xml).iter(f"{{{NAMESPACE}}}info"):  # noqa: S314 - our own
        lines = [
            info.findtext(f"{{{NAMESPACE}}}{name}") for name in ("headline", "description", "instruction")
        ]
        lines.append(info.findtext(f"{{{NAMESPACE}}}area/{{{NAMESPACE}}}areaDesc"))
        lines.append(info.findtext(f"{{{NAMESPACE}}}expires"))
        parts.append("\n\n".join(line for line in lines if line))
    return "\n\n---\n\n".join(parts) + "\n"
