"""A store that the card damaged for good: the box goes on with a fresh one, and lies about no receipt."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
from bad_cards import spoil_a_page
from village import Region, reached

from village_node.backups import restore_backup, write_backup
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
from village_node.store_watch import TRIES_BESIDE_A_GOOD_CARD, StoreWatch
from village_node.upkeep import upkeep_jobs
from village_node.web.public_app import create_public_app
from village_node.web.receipt_pages import MAY_BE_LOST as LOST_ON_THE_PAGE

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
    watch = StoreWatch(node.config.folder, node.log, region.clock, ended.set)
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
