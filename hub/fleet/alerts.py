"""Tells by e-mail that boxes need a person: each trouble once, and once that it is over.

A message names boxes by their numbers and villages by nothing. Where nobody is written down as a receiver,
the page of the fleet is what tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final

from hub.bulletins.sending import is_mail_address
from hub.duty.ways import WayFailed, Ways, hand_over, load_ways
from hub.fleet.models import FleetReceiver, FleetTrouble
from hub.fleet.words import TROUBLE_WORDS
from hub.languages import BY_TAG, N_, speaking, translate
from hub.storage.statements import put
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

EVERY_S: Final = 600
LONGEST_S: Final = 900
MOST_LINES: Final = 50


class ReceiverRefused(ValueError):
    """The address cannot be written down; the text says what is allowed."""


class FleetAlerts:
    """Keeps addresses and sends. Threads may share it; the job runs in one process at a time."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock, folder: Path) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._folder = folder

    def jobs(self) -> list[Job]:
        """Return the job that tells."""
        return [Job("fleet-alerts", EVERY_S, self.turn, longest_s=LONGEST_S)]

    def receivers(self) -> list[tuple[str, str]]:
        """Return addresses and their languages."""
        connect(self._db)
        rows = FleetReceiver.select().order_by(FleetReceiver.address).execute(self._db)
        return [(row.address, row.language) for row in rows]

    def add(self, address: str, language: str) -> None:
        """Tell an address from now on; raise ReceiverRefused."""
        if not is_mail_address(address) or language not in BY_TAG:
            raise ReceiverRefused("the address is one e-mail address, the language id or en")
        row = {"address": address, "language": language}
        self._writer.run(lambda: put(FleetReceiver, row).execute(self._db))

    def remove(self, address: str) -> bool:
        """Tell an address no more; return whether it was one."""
        gone = FleetReceiver.delete().where(FleetReceiver.address == address)
        return bool(self._writer.run(lambda: gone.execute(self._db)))

    def turn(self) -> None:
        """Tell what began and what is over. What no server takes is tried again at the next turn."""
        begun, over = self._writer.read(self._untold)
        if not begun and not over:
            return
        receivers = self.receivers()
        try:
            ways = load_ways(self._folder)
        except WayFailed:
            ways = Ways()
        told = not receivers
        for address, language in receivers:
            try:
                self._send(ways, address, language, begun, over)
                told = True
            except WayFailed:
                continue  # one address that no server takes must not keep the others waiting
        if told:
            self._writer.run(lambda: self._told([row.id for row in begun], [row.id for row in over]))

    def _untold(self) -> tuple[list[Any], list[Any]]:
        new = FleetTrouble.over_at.is_null() & FleetTrouble.told_at.is_null()
        ended = FleetTrouble.over_at.is_null(False)
        query = FleetTrouble.select().order_by(FleetTrouble.id)
        return list(query.where(new).execute(self._db)), list(query.where(ended).execute(self._db))

    def _told(self, begun: Sequence[int], over: Sequence[int]) -> None:
        now = self._clock.wall_s()
        for start in range(0, len(begun), 500):
            these = FleetTrouble.id.in_(list(begun[start : start + 500]))
            FleetTrouble.update(told_at=now).where(these).execute(self._db)
        for start in range(0, len(over), 500):
            these = FleetTrouble.id.in_(list(over[start : start + 500]))
            FleetTrouble.delete().where(these).execute(self._db)

    def _send(
        self, ways: Ways, address: str, language: str, begun: Sequence[Any], over: Sequence[Any]
    ) -> None:
        if ways.mail is None:
            raise WayFailed("no mail server is configured: kentongan hub duty mail")
        message = EmailMessage()
        message["From"], message["To"] = ways.mail.sender, address
        message["Date"] = formatdate(self._clock.wall_s())
        with speaking(language):
            message["Subject"] = translate(N_("Kentongan: kotak desa perlu ditolong"))
            message.set_content("\n".join(self._lines(begun, over)) + "\n")
        hand_over(ways.mail, ways.password, message)

    def _lines(self, begun: Sequence[Any], over: Sequence[Any]) -> list[str]:
        lines = []
        for heading, rows in ((N_("Baru:"), begun), (N_("Sudah selesai:"), over)):
            if rows:
                lines.append(translate(heading))
                for row in rows[:MOST_LINES]:
                    said = translate(TROUBLE_WORDS[row.kind])
                    lines.append(translate(N_("- kotak %(node)s: %(said)s", node=row.node, said=said)))
                if len(rows) > MOST_LINES:
                    lines.append(translate(N_("- dan %(more)s lagi", more=len(rows) - MOST_LINES)))
        return [*lines, translate(N_("Yang perlu dilakukan ada di halaman Armada."))]
