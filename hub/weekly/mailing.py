"""Sends each new report of the whole hub by e-mail to whom an administrator wrote down; at first to nobody.

A message stands in a row from the transaction that kept its report. Subject and text tell nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from hub.bulletins.sending import is_mail_address
from hub.duty.retries import after_try, still_tried
from hub.duty.ways import WayFailed, Ways, hand_over, load_ways
from hub.languages import BY_TAG, N_, speaking, translate
from hub.referrals.paper_process import PaperFailed
from hub.storage.statements import insert_new, insert_rows
from hub.weekly.models import WeeklyMail, WeeklyReceiver, WeeklyReport
from hub.weekly.services import AUDIENCES, PUBLIC, name_of
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

EVERY_S: Final = 300
LONGEST_S: Final = 900
AT_ONCE: Final = 20
Note = Callable[..., object]
Paper = Callable[[int, int, str, str], bytes]
"""The PDF of a week and version, for an audience, in a language; may raise PaperFailed."""


class ReceiverRefused(ValueError):
    """The address cannot be written down; the text says what is allowed."""


class Receiver(NamedTuple):
    """Where a report goes, which one, in which language, and how many messages wait or were given up."""

    address: str
    audience: str
    language: str
    waiting: int
    given_up: int


class WeeklyMailing:
    """Keeps addresses and sends. Threads may share it; the job runs in one process at a time."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        folder: Path,
        paper: Paper,
        *,
        note: Note,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._folder = folder
        self._paper = paper
        self._note = note

    def jobs(self) -> list[Job]:
        """Return the job that sends what waits."""
        return [Job("weekly-mail", EVERY_S, self.turn, longest_s=LONGEST_S)]

    def receivers(self) -> list[Receiver]:
        """Return all addresses."""
        connect(self._db)
        found = []
        for row in WeeklyReceiver.select().order_by(WeeklyReceiver.address).execute(self._db):
            own = WeeklyMail.select().where(WeeklyMail.receiver == row.id)
            open_ = own.where(still_tried(WeeklyMail))
            given_up = own.where(WeeklyMail.ended_at.is_null(False)).count(self._db)
            found.append(Receiver(row.address, row.audience, row.language, open_.count(self._db), given_up))
        return found

    def add(self, address: str, audience: str, language: str, *, by: str) -> None:
        """Send new reports to an address from now on, or otherwise than until now; raise ReceiverRefused."""
        if not is_mail_address(address):
            raise ReceiverRefused("the address is one e-mail address, such as office@agency.example")
        if audience not in AUDIENCES or language not in BY_TAG:
            raise ReceiverRefused("the audience is internal or public, the language id or en")

        def job() -> None:
            self._note(by, "weekly receiver added", "weekly receivers", "")
            here, said = WeeklyReceiver.address == address, {"audience": audience, "language": language}
            # The row stays: what waits for the address waits by its number.
            if not WeeklyReceiver.update(said).where(here).execute(self._db):
                insert_new(self._db, WeeklyReceiver, address=address, **said)

        self._writer.run(job)

    def remove(self, address: str, *, by: str) -> bool:
        """Send nothing more to an address; return whether it was one."""

        def job() -> bool:
            row = WeeklyReceiver.select().where(WeeklyReceiver.address == address).first(self._db)
            if row is None:
                return False
            self._note(by, "weekly receiver removed", "weekly receivers", "")
            WeeklyMail.delete().where(WeeklyMail.receiver == row.id).execute(self._db)
            WeeklyReceiver.delete().where(WeeklyReceiver.id == row.id).execute(self._db)
            return True

        return bool(self._writer.run(job))

    def queue(self, report: int, at: float) -> None:
        """Let a report wait for each address; in the job that keeps it.

        What goes outside is always the first version: its readers do not get the same again as a correction.
        """
        version = WeeklyReport.select(WeeklyReport.version).where(WeeklyReport.id == report).scalar(self._db)
        receivers = WeeklyReceiver.select(WeeklyReceiver.id)
        if int(version) > 1:
            receivers = receivers.where(WeeklyReceiver.audience != PUBLIC)
        rows = receivers.tuples().execute(self._db)
        waiting = [
            {"report": report, "receiver": one, "tries": 0, "next_try_at": at} for (one,) in list(rows)
        ]
        insert_rows(self._db, WeeklyMail, waiting)

    def turn(self) -> None:
        """Send what is due."""
        due = self._writer.read(self._due)
        if not due:
            return
        try:
            ways = load_ways(self._folder)
        except WayFailed:
            ways = Ways()
        for row in due:
            try:
                self._send(row, ways)
                problem = None
            except WayFailed as failed:
                problem = str(failed)
            except PaperFailed:  # the others do not wait for this one
                problem = "the PDF could not be drawn"
            self._writer.run(partial(self._tried, row, problem))

    def _due(self) -> list[Any]:
        query = (
            WeeklyMail.select(WeeklyMail, WeeklyReceiver, WeeklyReport.week, WeeklyReport.version)
            .join(WeeklyReceiver, on=(WeeklyReceiver.id == WeeklyMail.receiver), attr="to")
            .switch(WeeklyMail)
            .join(WeeklyReport, on=(WeeklyReport.id == WeeklyMail.report), attr="told")
            .where(still_tried(WeeklyMail) & (WeeklyMail.next_try_at <= self._clock.wall_s()))
            .order_by(WeeklyMail.next_try_at, WeeklyMail.id)
            .limit(AT_ONCE)
        )
        return list(query.execute(self._db))

    def _send(self, row: Any, ways: Ways) -> None:
        if ways.mail is None:
            raise WayFailed("no mail server is configured: kentongan hub duty mail")
        with speaking(row.to.language):
            subject = translate(N_("Kentongan: laporan mingguan"))
            text = translate(N_("Laporan mingguan terlampir."))
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = ways.mail.sender, row.to.address, subject
        message["Date"] = formatdate(self._clock.wall_s())
        # The same at each try: who has it already need not show it twice.
        message["Message-ID"] = f"<weekly-{row.id}@{ways.mail.sender.rpartition('@')[2]}>"
        message.set_content(text + "\n")
        paper = self._paper(row.told.week, row.told.version, row.to.audience, row.to.language)
        name = f"kentongan-{name_of(row.told.week)}-{row.to.language}.pdf"
        message.add_attachment(paper, "application", "pdf", filename=name)
        hand_over(ways.mail, ways.password, message)

    def _tried(self, row: Any, problem: str | None) -> None:
        values = after_try(int(row.tries), problem, self._clock.wall_s())
        WeeklyMail.update(values).where(WeeklyMail.id == row.id).execute(self._db)
