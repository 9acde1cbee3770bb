"""A hub and its villages in one process: real stores in a folder, a clock that moves only when told to."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from hub import folder as hub_folder
from hub.config import HubConfig
from hub.enrolling import enrol
from hub.link_desk import Imported
from hub.retention.key_copies import keys_file_of, put_back, read_keys
from hub.storage.copies import restore_store
from hub.storage.opening import SQLITE_FILE, open_store
from hub.store_wiring import HubStore
from hub.wiring import Hub
from sync.clock import Clock, ManualClock
from sync.link.hearing import RadioPath
from sync.records import Report, check_report
from sync.storage.database import migrate, open_sqlite
from village_node import folder as node_folder
from village_node.config import NodeConfig
from village_node.link_desk import Applied
from village_node.services import Taken
from village_node.store_watch import StoreWatch
from village_node.store_wiring import MIGRATIONS
from village_node.wiring import Node

VILLAGE = "52.02.08.2001"
OTHER_VILLAGE = "53.18.01.2003"
NOW_S = 1_800_000_000.0
STORY = "Pak Wayan Contoh (0812-0000-4321) mengajak tiga anak ke Malaysia lewat Batam."
"""Words that must not be found anywhere outside of the hub."""
SECRETS = ("Wayan", "0812", "4321", "Malaysia", "Batam", "mengajak")
RADIO_NUMBER = 0x11112222


def report(narrative: str = STORY, **fields: object) -> Report:
    return check_report({"kind": "recruiter", "narrative": narrative, **fields})


def new_clock() -> ManualClock:
    return ManualClock(monotonic_s=1_000.0, wall_s=NOW_S)


@contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """Give a folder in memory where the machine has one: every commit here waits for its disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield otherwise
        return
    with tempfile.TemporaryDirectory(prefix="kentongan-test-", dir=memory) as name:
        yield Path(name)


_made_once: list[Path] = []


def _folder_made_once() -> Path:
    """Return a folder in memory, where the machine has one, that `remove_what_was_made_once` removes."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    if not _made_once:
        atexit.register(remove_what_was_made_once)
    _made_once.append(Path(tempfile.mkdtemp(prefix="kentongan-empty-", dir=memory)))
    return _made_once[-1]


def remove_what_was_made_once() -> None:
    """Remove the empty databases that this process made to be copied."""
    migrated_file.cache_clear()
    migrated_node_file.cache_clear()
    while _made_once:
        shutil.rmtree(_made_once.pop(), ignore_errors=True)


@cache
def migrated_file() -> Path:
    """Return an empty database of a hub with all tables, made once: forty migrations take 0.2 s."""
    folder = _folder_made_once()
    open_store(None, folder).close()
    return folder / SQLITE_FILE


@cache
def migrated_node_file() -> Path:
    """Return an empty database of a node with all tables, made once."""
    file = _folder_made_once() / node_folder.DATABASE_FILE
    database = open_sqlite(file)
    migrate(database, MIGRATIONS)
    database.close()
    return file


@dataclass
class Region:
    """One hub and the nodes that were enrolled at it; `close` ends all of them."""

    path: Path
    clock: ManualClock = field(default_factory=new_clock)
    nodes: dict[str, Node] = field(default_factory=dict)
    _hub: Hub | None = None
    database_url: str | None = None
    """Where the hub's data is; None: a file in its folder."""
    random_share: float = 0.0
    """Nobody can tell in a test which reports a draw takes: none, unless it is about that."""
    _last: ExitStack = field(default_factory=ExitStack)

    # -- the hub ----------------------------------------------------------------------------------

    @property
    def hub_folder(self) -> Path:
        return self.path / "hub"

    @property
    def hub(self) -> Hub:
        if self._hub is None:
            if not self.hub_folder.exists():
                self.create_hub()
            self._hub = Hub(HubConfig(self.hub_folder, random_share=self.random_share), clock=self.clock)
        return self._hub

    def create_hub(self, *, release_public: bytes | None = None) -> None:
        hub_folder.create(
            self.hub_folder,
            name="Pusat",
            database_url=self.database_url,
            release_public=release_public,
            demand_second_factor=(),
        )
        if self.database_url is None:
            shutil.copyfile(migrated_file(), self.hub_folder / SQLITE_FILE)
            (self.hub_folder / SQLITE_FILE).chmod(0o600)

    def stop_hub(self) -> None:
        if self._hub is not None:
            self._hub.close()
            self._hub = None

    def restart_hub(self) -> Hub:
        self.stop_hub()
        self.clock.advance(5)
        return self.hub

    def restore_hub(self, copy: Path) -> None:
        """Lose the hub's database, and put a copy of it in its place."""
        self.stop_hub()
        if self.database_url is None:
            for file in self.hub_folder.glob("*.sqlite3*"):
                file.unlink()
        else:
            empty(self.database_url)
        restore_store(self.database_url, self.hub_folder, copy)
        if (keys := keys_file_of(copy)).exists():
            store = HubStore(HubConfig(self.hub_folder), self.clock)
            put_back(store, read_keys(keys))
            store.close()

    def enrolment(self, village: str = VILLAGE) -> str:
        store = self.hub.store
        return enrol(
            store.database,
            store.writer,
            store.identity,
            village=village,
            village_name="Pringgarata",
            hub_url=None,
            now_s=self.clock.wall_s() - 60,
        ).to_text()

    def stories(self) -> list[str]:
        return [view.report.narrative for view in self.hub.store.work.all_reports()]

    # -- nodes ------------------------------------------------------------------------------------

    def node_folder(self, village: str = VILLAGE) -> Path:
        return self.path / f"node-{village}"

    def create_node(self, village: str = VILLAGE) -> Path:
        folder = self.node_folder(village)
        if not folder.exists():
            node_folder.create(folder, self.enrolment(village))
            shutil.copyfile(migrated_node_file(), folder / node_folder.DATABASE_FILE)
            (folder / node_folder.DATABASE_FILE).chmod(0o600)
        return folder

    def node(self, village: str = VILLAGE, **settings: Any) -> Node:
        """Return the village's running node, started when it is not."""
        if village not in self.nodes:
            self.nodes[village] = self.start(self.create_node(village), **settings)
        return self.nodes[village]

    def start(self, folder: Path, *, free_space: Callable[[], int] | None = None, **settings: Any) -> Node:
        config = replace(NodeConfig(folder, wait_min_s=0, wait_max_s=0, duty_cycle=1.0), **settings)
        return Node(config, clock=self.clock, free_space=free_space)

    def stop_node(self, village: str = VILLAGE) -> None:
        self.nodes.pop(village).close()

    def restart_node(self, village: str = VILLAGE, **settings: Any) -> Node:
        self.stop_node(village)
        self.clock.advance(5)
        return self.node(village, **settings)

    def file(self, narrative: str = STORY, village: str = VILLAGE, **fields: object) -> Taken:
        return self.node(village).take_report(report(narrative, **fields), form_token=None)

    # -- carrying ---------------------------------------------------------------------------------

    def exchange(self, village: str = VILLAGE, via: str = "http") -> tuple[Imported, Applied]:
        """Carry both ways once."""
        desk = self.node(village).desk
        down, imported = self.hub.desk.exchange(desk.up_bundle().data, via=via)
        return imported, desk.apply_down_bundle(down)

    def settle(self, village: str = VILLAGE) -> None:
        """Exchange until both sides know what the other has."""
        for _ in range(3):
            self.exchange(village)

    def talk_by_radio(self, village: str = VILLAGE, *, for_s: float = 900.0) -> None:
        """Let node and hub send to each other without loss for so many seconds of the clock.

        They are asked every two seconds, and every ten where both have been silent for a minute.
        """
        desk = self.node(village).desk
        until = self.clock.monotonic_s() + for_s
        silent_turns = 0
        while self.clock.monotonic_s() < until:
            up = desk.due_frames()
            for frame in up:
                self.hub.desk.hear_frame(frame.payload, RadioPath(0, RADIO_NUMBER))
            down = self.hub.desk.due_frames()
            for frame in down:
                desk.hear(frame.payload, 0x0000AAAA)
            silent_turns = 0 if up or down else silent_turns + 1
            self.clock.advance(2.0 if silent_turns < 30 else 10.0)

    def watch(
        self,
        node: Node,
        end: Callable[[], None] = lambda: None,
        *,
        clock: Clock | None = None,
        kind: type[StoreWatch] = StoreWatch,
    ) -> StoreWatch:
        """Return a watch of a node's card that is not started; it lets go of the card after the node did."""
        made = kind(node.config.folder, node.log, clock or self.clock, end)
        self._last.callback(made.card.close)
        return made

    def close(self) -> None:
        for village in list(self.nodes):
            self.stop_node(village)
        self.stop_hub()
        self._last.close()


def reached(node: Node, code: str | None) -> list[str]:
    """Return the names of the steps that a receipt has reached."""
    assert code is not None
    return [step.name for step in node.look_up(code).ladder if step.reached]


def answers(node: Node, code: str | None) -> list[str]:
    assert code is not None
    return [answer.text for answer in node.look_up(code).answers]


def dump(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the one database of a node's or a hub's folder."""
    url = hub_folder.load(folder).database_url if (folder / hub_folder.KEY_FILE).exists() else None
    if url is not None:
        return _dump_postgres(url)
    [file] = folder.glob("*.sqlite3")
    connection = sqlite3.connect(file)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in tables}
    finally:
        connection.close()


def empty(url: str) -> None:
    """Remove every table of a PostgreSQL database of the tests' own."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _dump_postgres(url: str) -> dict[str, list[tuple[Any, ...]]]:
    import psycopg

    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'.encode()).fetchall(), key=repr)
            for (name,) in tables
        }


def copy_database(folder: Path, to: Path) -> None:
    """Copy a closed database, as a card or a backup is copied."""
    to.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.sqlite3*"):
        shutil.copy(file, to / file.name)


def put_back_database(copy: Path, folder: Path) -> None:
    for file in folder.glob("*.sqlite3*"):
        file.unlink()
    for file in copy.iterdir():
        shutil.copy(file, folder / file.name)
