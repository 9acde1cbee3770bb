"""The hub of a soak: the real hub over a real store, its nodes' site, its staff's days, its bad nights."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

from flask import Flask
from soak_ledger import Ledger
from soak_world import Air, Station, World
from village import migrated_file

from hub import folder as hub_folder
from hub.bot_turns import BotTurns
from hub.config import HubConfig
from hub.enrolling import enrol
from hub.link_desk import UnknownSender
from hub.models import Answer, Report
from hub.notice_services import NoticeDraft
from hub.retention.key_copies import keys_file_of, put_back, read_keys
from hub.storage.copies import restore_store
from hub.storage.opening import SQLITE_FILE
from hub.store_wiring import HubStore
from hub.web.sync_api import create_sync_blueprint
from hub.wiring import Hub
from sync.carriers.courier import read_bundle, write_bundle
from sync.errors import CarrierError, MalformedWire
from sync.sealing.enrolment import Enrolment
from sync.storage.database import connect
from sync.wire.numbers import NoticeKind

SARI = "sari"
NEVER_BY_THE_JOB = ("backup",)
"""The nightly copy is the rig's weekly one, which leaves the building."""
LINKED_AT_ONCE = 200


class SoakHub:
    """See the module. `hub` is None while the machine is off."""

    def __init__(
        self,
        path: Path,
        world: World,
        ledger: Ledger,
        random: Random,
        *,
        air: Air | None,
        station: Station | None,
    ) -> None:
        self.path, self._world, self._ledger, self._random = path, world, ledger, random
        self._air, self._station = air, station
        self.folder = path / "hub-0"
        self._copies = 0
        self.hub: Hub | None = None
        self._site = Flask("soak").test_client()
        self._backup: Path | None = None
        self.answers_lost = 0
        """Answers that were written after the copy to which the hub went back, and not read by anybody."""
        hub_folder.create(
            self.folder, name="Pusat", database_url=None, release_public=None, demand_second_factor=()
        )
        shutil.copyfile(migrated_file(), self.folder / SQLITE_FILE)

    # -- power --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Switch the hub on."""
        station = self._station
        config = HubConfig(
            self.folder, database_url=None, radio_url="simulated" if station else None, random_share=0.0
        )
        hub = self.hub = Hub(
            config,
            clock=self._world.clock,
            open_radio=None if station is None else lambda url: station.radio,
        )
        store = hub.store
        keep = store.intake.on_arrived

        def arrived(reports: Sequence[tuple[str, bool]]) -> None:
            keep(reports)
            self._ledger.arrived([name for name, _ in reports], self._world.now)

        store.intake.on_arrived = arrived
        app = Flask("soak")
        turns = BotTurns(store.database, store.writer)
        app.register_blueprint(
            create_sync_blueprint(
                hub.answering,
                turns,
                store.clock.wall_s,
                store.fleet.boxes.hear_online,
                store.fleet.releases.answer,
            )
        )
        self._site = app.test_client()
        store.arrivals.catch_up()
        if self._air is not None and station is not None:
            self._air.begin(station, hub.desk, lambda at_s: at_s)

    def stop(self, *, cut: bool) -> None:
        """Switch it off, or let it die as it is."""
        hub, self.hub = self.hub, None
        if hub is None:
            return
        old = self.folder
        if cut:
            self._copies += 1
            self.folder = self.path / f"hub-{self._copies}"
            shutil.copytree(old, self.folder, ignore=shutil.ignore_patterns("*-shm"))
        hub.close()
        if self._air is not None and self._station is not None:
            self._air.end(self._station)
        if cut:
            shutil.rmtree(old)

    def away_for(self, seconds: float, *, cut: bool) -> None:
        """Be off for so long."""
        if self.hub is not None:
            self.stop(cut=cut)
            self._ledger.count("hub cut" if cut else "hub restarted")
            self._world.after(seconds, self.start)

    def lose_the_disk(self) -> None:
        """Lose the database, and go on with the last copy that left the building."""
        if self.hub is None or self._backup is None:
            return
        before = self._answers()
        self.stop(cut=False)
        for file in self.folder.glob(f"{SQLITE_FILE}*"):
            file.unlink()
        restore_store(None, self.folder, self._backup)
        store = HubStore(HubConfig(self.folder, database_url=None), self._world.clock)
        put_back(store, read_keys(keys_file_of(self._backup)))
        store.close()
        self._ledger.count("hub went back to a copy")
        self.start()
        self.answers_lost += before - self._answers()

    def _answers(self) -> int:
        store = self._running.store
        return int(store.writer.read(lambda: Answer.select().count(store.database)))

    @property
    def _running(self) -> Hub:
        assert self.hub is not None
        return self.hub

    # -- what comes and goes ------------------------------------------------------------------------

    def enrolment(self, village: str, name: str) -> str:
        """Return a new enrolment for a village."""
        store = self._running.store
        made: Enrolment = enrol(
            store.database,
            store.writer,
            store.identity,
            village=village,
            village_name=name,
            hub_url=None,
            now_s=self._world.clock.wall_s() - 60,
        )
        return made.to_text()

    def post(self, path: str, body: bytes) -> bytes:
        """Answer a request of a node, as the hub's site does; raise CarrierError."""
        if self.hub is None:
            raise CarrierError("the hub cannot be reached (SoakHubOff)")
        answer = self._site.post(path, data=body)
        self.wake()
        if answer.status_code != 200:
            self._ledger.count(f"requests refused with {answer.status_code}")
            raise CarrierError(f"the hub refused with status {answer.status_code}")
        return answer.get_data()

    def wake(self) -> None:
        """Something may be to be sent."""
        if self.hub is not None and self._air is not None and self._station is not None:
            self._air.wake(self._station)

    def take_in(self, file: Path) -> bool:
        """Take in a courier file; return whether the hub could."""
        if self.hub is None:
            return False
        try:
            self.hub.desk.exchange(read_bundle(file), via="courier")
        except (MalformedWire, UnknownSender):
            self._ledger.count("courier files refused by the hub")
            return False
        self.wake()
        return True

    def hand_out(self, file: Path, node_number: int) -> bool:
        """Write a courier file for a village."""
        if self.hub is None:
            return False
        write_bundle(file, self.hub.desk.courier_bundle([node_number]))
        return True

    # -- its days -----------------------------------------------------------------------------------

    def day(self) -> None:
        """A day's work of staff and machine."""
        if self.hub is None:
            return
        store = self.hub.store
        while store.people.linker.turn(LINKED_AT_ONCE):
            pass
        for job in self.hub.jobs._jobs:
            if job.name not in NEVER_BY_THE_JOB:
                self.hub.jobs.run_if_due(job)
        store.links.flush()  # a thread of the hub does it each minute
        connect(store.database)
        unread = Report.select(Report.id).where(Report.read_at.is_null()).order_by(Report.received_at)
        for row in list(unread.tuples().execute(store.database)):
            self._read(str(row[0]))
        self.wake()

    def _read(self, report: str) -> None:
        work = self._running.store.work
        work.show_report(report, by=SARI)
        if self._random.random() < 0.7:
            asks = self._random.random() < 0.2
            text = "Dari mana tawaran itu datang?" if asks else "Terima kasih, sudah kami teruskan."
            work.answer(report, text, asks=asks, by=SARI)
        if self._random.random() < 0.5:
            work.mark_acted_on(report, by=SARI)

    def week(self) -> None:
        """Copy the database off the site: villages may forget what is in it."""
        if self.hub is None:
            return
        copies = self.path / "copies"
        copies.mkdir(exist_ok=True)
        file = copies / f"hub-{int(self._world.now)}.sqlite3"
        self.hub.store.jobs.backup(file)
        if self._backup is not None:
            self._backup.unlink()
            keys_file_of(self._backup).unlink()
        self._backup = file
        self.wake()

    def month(self, nodes: Sequence[int]) -> None:
        """Write a notice to all villages."""
        if self.hub is None:
            return
        notices = self.hub.store.notices
        until = notices.today() + datetime.timedelta(days=20)
        text = "Waspada tawaran kerja. Polisi: 110."
        notices.write(NoticeDraft(NoticeKind.BULLETIN, 2, True, until, text, tuple(nodes)), by=SARI)
        self._ledger.count("notices written")
        self.wake()

    # -- what it leaves -----------------------------------------------------------------------------

    def disk_bytes(self) -> int:
        """Return what the database takes, with its log of writes."""
        return sum(file.stat().st_size for file in self.folder.glob(f"{SQLITE_FILE}*"))
