"""A store that the card damaged for good: the box goes on with a fresh one, and lies about no receipt."""

from __future__ import annotations

import contextlib
import os
import queue
import sqlite3
import threading
from pathlib import Path
from typing import Any

import peewee
import pytest
from bad_cards import spoil_a_page
from processes import sample_lines
from village import Region, reached

from sync.clock import SystemClock
from sync.handin import HandIn
from sync.storage.database import file_problem
from village_node.backups import restore_backup, write_backup
from village_node.config import NodeConfig
from village_node.folder import DATABASE_FILE
from village_node.handin_receipts import MAY_BE_LOST, receipt
from village_node.log_rows import MADE_ANEW, RECEIPTS_LOST
from village_node.salvage import (
    ASIDE,
    KEPT_ASIDE,
    Salvaged,
    ask_for_salvage,
    salvage_asked,
    salvage_where_asked,
)
from village_node.services import ReceiptMayBeLost, UnknownReceipt
from village_node.serving import SalvagePace, _node_of, serve_node
from village_node.store_watch import (
    LOOK_AGAIN_S,
    TRIES_BESIDE_A_GOOD_CARD,
    TRY_EVERY_S,
    CardReading,
    StoreWatch,
    damage_stays,
)
from village_node.upkeep import upkeep_jobs
from village_node.web.public_app import create_public_app
from village_node.web.receipt_pages import MAY_BE_LOST as LOST_ON_THE_PAGE
from village_node.wiring import Node

WRONG = "1234567890123456"


def made_anew(region: Region) -> Salvaged | None:
    """Stop the node, let the next start salvage, and start it."""
    folder = region.node().config.folder
    region.stop_node()
    assert ask_for_salvage(folder)
    done = salvage_where_asked(folder)
    region.clock.advance(5)
    region.node()
    return done


def test_what_arrived_stays_known_what_is_lost_is_said_and_the_box_goes_on(region: Region) -> None:
    arrived = region.file("satu: sampai di pusat")
    region.settle()
    waiting = region.file("dua: hilang bersama halamannya")
    folder = region.node().config.folder
    spoil_a_page(folder / DATABASE_FILE, "envelope")
    before = {epoch for epoch, _ in region.node().log.epochs()}
    done = made_anew(region)
    assert done == Salvaged(("envelope",), 1)
    node = region.node()
    assert reached(node, arrived.code)[:3] == ["saved", "on_its_way", "received"]
    assert waiting.code is not None
    for code in (waiting.code, WRONG):  # nobody can tell these apart any more
        with pytest.raises(ReceiptMayBeLost):
            node.look_up(code)
    assert node.chain.epoch_id not in before
    region.file("tiga: sesudahnya")
    region.settle()
    assert sorted(region.stories()) == ["satu: sampai di pusat", "tiga: sesudahnya"]
    status = node.health.status()
    assert (status["store"], status["takes_reports"]) == ("made_anew", True)
    assert node.beacons.beacon().flags, "the hub is told that a card is needed"


def test_pages_and_bots_are_told_that_a_code_may_be_lost(region: Region) -> None:
    waiting = region.file()
    spoil_a_page(region.node().config.folder / DATABASE_FILE, "envelope")
    made_anew(region)
    node = region.node()
    client = create_public_app(node, village_name="Contoh", can_save=lambda: True).test_client()
    page = client.post("/nomor", data={"code": waiting.code})
    assert page.status_code == 404
    assert LOST_ON_THE_PAGE.heading in page.text
    assert "tidak ditemukan" not in page.text
    assert receipt(node.receipts, waiting.code) == {"error": MAY_BE_LOST, "may_be_lost": True}


def test_a_damaged_index_loses_nothing(region: Region) -> None:
    waiting = region.file("satu")
    spoil_a_page(region.node().config.folder / DATABASE_FILE, "sqlite_autoindex_receipt_1")
    assert made_anew(region) == Salvaged((), 0)
    node = region.node()
    assert reached(node, waiting.code) == ["saved"]
    with pytest.raises(UnknownReceipt) as unknown:
        node.look_up(WRONG)
    assert not isinstance(unknown.value, ReceiptMayBeLost)
    region.settle()
    assert region.stories() == ["satu"]


def test_rows_before_and_behind_a_damaged_page_are_kept(region: Region) -> None:
    region.file()
    folder = region.node().config.folder
    region.stop_node()
    database = folder / DATABASE_FILE
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        row = connection.execute("SELECT epoch FROM envelope").fetchone()
        rows = [(row[0], 1, number, bytes(600), 0, 1, 1) for number in range(400)]
        columns = "epoch, lane, counter, sealed, urgent, boot, mono_s"
        connection.executemany(f"INSERT INTO envelope ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    pages_of_rows = leaves(database)
    spoil(database, pages_of_rows[len(pages_of_rows) // 2])
    spoil(database, pages_of_rows[-1])
    ask_for_salvage(folder)
    done = salvage_where_asked(folder)
    assert done is not None
    assert done.damaged_tables == ("envelope",)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        kept = connection.execute("SELECT COUNT(*) FROM envelope").fetchone()[0]
    assert 401 - 2 * 7 <= kept < 401, kept


def leaves(database: Path) -> list[int]:
    """Return the pages with rows of 600 bytes, by what stands in them."""
    content = database.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    starts = range(0, len(content), size)
    return [at // size for at in starts if content[at] == 0x0D and bytes(590) in content[at : at + size]]


def spoil(database: Path, page: int) -> None:
    with database.open("r+b") as file:
        size = int.from_bytes(file.read(18)[16:18], "big")
        file.seek(page * size)
        file.write(b"\xff" * size)


def test_without_its_settings_the_store_stays_as_it_is_and_is_not_tried_for_ever(region: Region) -> None:
    region.file()
    folder = region.node().config.folder
    spoil_a_page(folder / DATABASE_FILE, "setting")
    region.stop_node()
    before = (folder / DATABASE_FILE).read_bytes()
    assert ask_for_salvage(folder)
    assert salvage_where_asked(folder) is None
    assert (folder / DATABASE_FILE).read_bytes() == before
    assert salvage_asked(folder) == "refused"
    assert not ask_for_salvage(folder)
    assert not list(folder.glob(f"{ASIDE}*"))


@pytest.mark.parametrize("cut", range(4))
def test_cut_off_anywhere_it_is_taken_up_again_and_the_wal_is_lost_by_nobody(
    region: Region, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    waiting = region.file("satu")
    folder = region.node().config.folder
    copy = region.path / "card"
    copy.mkdir()
    for file in folder.iterdir():  # with its WAL: as after a pulled plug
        if file.is_file():
            (copy / file.name).write_bytes(file.read_bytes())
    assert (copy / f"{DATABASE_FILE}-wal").stat().st_size
    region.stop_node()
    ask_for_salvage(copy)
    done, true = [0], Path.replace

    def cut_off(self: Path, to: Path) -> Path:
        done[0] += 1
        if done[0] == cut + 1:
            raise KeyboardInterrupt
        return true(self, to)

    monkeypatch.setattr(Path, "replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        salvage_where_asked(copy)
    monkeypatch.undo()
    salvage_where_asked(copy)
    assert salvage_asked(copy) == ""
    node = region.start(copy)
    try:
        assert reached(node, waiting.code) == ["saved"]
        assert node.log.pending_count() >= 1
    finally:
        node.close()


def test_few_damaged_stores_are_kept_and_a_new_card_starts_well(region: Region) -> None:
    region.file()
    for _ in range(KEPT_ASIDE + 1):
        made_anew(region)
    folder = region.node().config.folder
    kept = sorted(file.name for file in folder.glob(f"{ASIDE}*") if not file.name.endswith("-wal"))
    assert kept == [f"{ASIDE}{number}" for number in range(2, KEPT_ASIDE + 2)]
    assert region.node().log.number(MADE_ANEW) == KEPT_ASIDE + 1
    assert not region.node().log.number(RECEIPTS_LOST)
    stick = region.path / "stick"
    stick.mkdir()
    made = write_backup(folder, stick, now_s=None)
    region.stop_node()
    restore_backup(made.file, region.path / "new-card")
    node = region.start(region.path / "new-card")
    assert node.health.status()["store"] == "well"
    node.close()


def test_damage_that_stays_ends_the_program_and_asks_the_next_start(region: Region) -> None:
    region.file()
    node, ended = region.node(), threading.Event()
    watch = region.watch(node, ended.set)
    spoil_a_page(node.config.folder / DATABASE_FILE, "envelope")
    node.store.writer.read(node.store.database.close)  # what SQLite remembers of the file
    jobs = upkeep_jobs(node.store.database, node.log, node.times, lambda: None)
    [check] = [job for job in jobs if job.name == "check-store"]
    check.run()
    assert not node.health.takes_reports()
    for turn in range(TRIES_BESIDE_A_GOOD_CARD):
        assert not ended.is_set(), turn
        watch.look()
    assert ended.is_set()
    assert salvage_asked(node.config.folder) == "wanted"


def test_a_page_that_is_read_well_again_within_seconds_ends_nothing(region: Region) -> None:
    region.file()
    node, ended = region.node(), threading.Event()
    put_back = spoil_a_page(node.config.folder / DATABASE_FILE, "envelope")
    node.store.writer.read(node.store.database.close)
    began = region.clock.monotonic_s()

    class Passing(StoreWatch):
        def look(self) -> None:
            if region.clock.monotonic_s() >= began + 2 * LOOK_AGAIN_S:
                put_back()
            super().look()

    watch = region.watch(node, ended.set, kind=Passing)
    with pytest.raises(peewee.DatabaseError):
        node.log.pending()
    watch.look_at_damage()
    assert not ended.is_set()
    assert not salvage_asked(node.config.folder)
    assert node.health.takes_reports()
    assert region.clock.monotonic_s() == began + 2 * LOOK_AGAIN_S


def test_the_watch_is_woken_by_the_first_bad_page_and_looks_for_seconds_alone(region: Region) -> None:
    region.file()
    node, ended = region.node(), threading.Event()
    clock = SystemClock(speed=10)
    watch = region.watch(node, ended.set, clock=clock)
    spoil_a_page(node.config.folder / DATABASE_FILE, "envelope")
    node.store.writer.read(node.store.database.close)
    watch.start()
    began = clock.monotonic_s()
    with pytest.raises(peewee.DatabaseError):
        node.log.pending()
    assert ended.wait(30)
    assert clock.monotonic_s() - began < TRY_EVERY_S  # three looks by turns would take at least two of it
    watch.close()


def test_an_index_that_lacks_what_its_table_holds_is_found_though_every_page_is_one(region: Region) -> None:
    taken, node = region.file(), region.node()
    database = node.config.folder / DATABASE_FILE
    node.store.writer.read(lambda: node.store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)"))
    with contextlib.closing(sqlite3.connect(database)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_receipt_1'"
        [page] = connection.execute(query).fetchone()
        [find] = connection.execute("SELECT find FROM receipt").fetchone()
    content = database.read_bytes()
    at = content.index(find, (page - 1) * 4096)
    assert at < page * 4096
    with database.open("r+b") as file:
        file.seek(at)
        file.write(bytes(len(find)))
    node.store.writer.read(node.store.database.close)
    assert file_problem(database) is not None
    assert made_anew(region) == Salvaged((), 0)
    assert taken.code is not None
    assert reached(region.node(), taken.code) == ["saved"]


def test_what_is_looked_at_is_read_from_the_card_again(tmp_path: Path) -> None:
    file = tmp_path / DATABASE_FILE
    file.write_bytes(bytes(65_536))
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        opened.read()
        try:
            os.preadv(opened.fileno(), [bytearray(4096)], 8192, os.RWF_NOWAIT)
        except OSError:
            pytest.skip("this disk does not say what it has in memory")
        reading = CardReading(file)
        reading.forget()
        with pytest.raises(BlockingIOError):
            os.preadv(opened.fileno(), [bytearray(4096)], 8192, os.RWF_NOWAIT)
        reading.close()


def test_looking_at_damage_for_months_holds_each_file_once(tmp_path: Path) -> None:
    file = tmp_path / DATABASE_FILE
    file.write_bytes(bytes(4096))

    def held() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = held()
    reading = CardReading(file)
    for _ in range(50):
        reading.forget()
    assert held() == before + 1
    file.with_name(f"{DATABASE_FILE}-wal").write_bytes(bytes(4096))
    reading.forget()
    assert held() == before + 2
    reading.close()
    assert held() == before


def test_a_start_that_meets_a_bad_page_looks_again_before_it_gives_the_page_up(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = region.create_node()
    passing = [peewee.DatabaseError("database disk image is malformed")]

    def opened(config: NodeConfig, **options: Any) -> Node:
        if passing:
            raise passing.pop()
        return Node(config, **options)

    monkeypatch.setattr("village_node.serving.Node", opened)
    config = NodeConfig(folder, speed=10.0, dense_text=False)
    node = _node_of(config, threading.Event(), SalvagePace(region.clock))
    assert node is not None
    node.close()
    assert not list(folder.glob(f"{ASIDE}*"))


def test_damage_stays_when_each_of_three_looks_finds_it(region: Region) -> None:
    region.file()
    database = region.node().config.folder / DATABASE_FILE
    region.stop_node()
    put_back = spoil_a_page(database, "envelope")
    began = region.clock.monotonic_s()
    assert damage_stays(database, region.clock, threading.Event())
    assert region.clock.monotonic_s() == began + (TRIES_BESIDE_A_GOOD_CARD - 1) * LOOK_AGAIN_S
    put_back()
    assert not damage_stays(database, region.clock, threading.Event())


def test_the_program_goes_on_within_itself_and_takes_reports_again(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = region.create_node()
    ready: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
    monkeypatch.setattr("village_node.serving.print_json", ready.put)
    config = NodeConfig(folder, listen=("127.0.0.1", 0), speed=10.0, dense_text=False)
    stop = threading.Event()
    serving = threading.Thread(target=serve_node, args=(config, stop), daemon=True)
    serving.start()
    url = ready.get(timeout=60)["url"]
    try:
        with HandIn(folder) as socket:
            code = socket.submit(sample_lines(1)[0]["report"])["receipt"]
        spoil_a_page(folder / DATABASE_FILE, "envelope")
        with HandIn(folder) as socket:
            assert "error" in socket.submit(sample_lines(1)[0]["report"])
        assert ready.get(timeout=60)["url"] == url
        with HandIn(folder) as socket:
            assert socket.receipt(code)["error"] == MAY_BE_LOST
            assert "receipt" in socket.submit(sample_lines(1)[0]["report"])
    finally:
        stop.set()
        serving.join(30)
    assert not serving.is_alive()
