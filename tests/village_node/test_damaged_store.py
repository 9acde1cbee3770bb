"""Where in a store the damage lies, and what is left: each receipt shown is known or told to be lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_cards import page_of, spoil_a_page
from click.testing import CliRunner
from unreadable_disk import give_no_block
from village import Region, reached, report

from kentongan import main
from sync.storage.wal_frames import FRAME_BYTES, HEADER_BYTES, read_wal
from village_node.config import NodeConfig
from village_node.damaged_store import MAP_FILE, DamagedLog, keep_map, log_is_broken, refuse_damaged_log
from village_node.folder import DATABASE_FILE, SealingLock
from village_node.log_rows import RECEIPTS_LOST
from village_node.salvage import ASIDE, ask_for_salvage, salvage_asked, salvage_where_asked
from village_node.services import ReceiptMayBeLost
from village_node.wiring import Node
from village_node.without_store import card_works

PAGE = 4096
FRAME = FRAME_BYTES + PAGE


def spoil(file: Path, start: int, size: int = PAGE) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(os.urandom(size))


def root_of(name: str) -> Callable[[Path], None]:
    def fault(folder: Path) -> None:
        spoil_a_page(folder / DATABASE_FILE, name)

    return fault


def first_page(folder: Path) -> None:
    spoil(folder / DATABASE_FILE, 0)


def schema_leaf(folder: Path) -> None:
    """The first page of the schema is a branch: the damage is in a leaf below it."""
    content = (folder / DATABASE_FILE).read_bytes()
    assert content[100] == 5
    spoil(folder / DATABASE_FILE, (int.from_bytes(content[108:112], "big") - 1) * PAGE)


def freelist(folder: Path) -> None:
    trunk = int.from_bytes((folder / DATABASE_FILE).read_bytes()[32:36], "big")
    assert trunk
    spoil(folder / DATABASE_FILE, (trunk - 1) * PAGE)


def two(*faults: Callable[[Path], None]) -> Callable[[Path], None]:
    def fault(folder: Path) -> None:
        for one in faults:
            one(folder)

    return fault


FAULTS: dict[str, tuple[Callable[[Path], None], int | None]] = {
    # What is spoilt, and how many of five receipts are told to be lost; None: none, but other codes may be.
    "index": (root_of("sqlite_autoindex_receipt_1"), 0),
    "reports": (root_of("envelope"), 5),
    "epochs": (root_of("epoch"), 5),
    "receipts": (root_of("receipt"), None),
    "free pages": (freelist, 0),
    "first page": (first_page, 0),
    "schema": (schema_leaf, 0),
    "index and steps": (two(root_of("sqlite_autoindex_receipt_1"), root_of("step")), 5),
    "first page and index": (two(root_of("sqlite_autoindex_envelope_1"), first_page), 0),
    "first page and reports": (two(root_of("envelope"), first_page), 5),
}


@pytest.mark.parametrize("where", FAULTS)
def test_wherever_a_page_is_damaged_no_receipt_is_called_unknown(where: str, region: Region) -> None:
    fault, lost = FAULTS[where]
    codes = [region.file(f"cerita {number}").code for number in range(5)]
    node = region.node()
    folder = node.config.folder
    keep_map(folder)
    node.store.writer.run(lambda: node.store.database.execute_sql("CREATE TABLE x AS SELECT zeroblob(20000)"))
    node.store.writer.run(lambda: node.store.database.execute_sql("DROP TABLE x"))
    region.stop_node()
    fault(folder)
    ask_for_salvage(folder)
    assert salvage_where_asked(folder) is not None
    assert salvage_asked(folder) == ""
    assert not list(folder.glob("*.read*"))
    node = region.node()
    assert told_lost(node, codes) == (lost or 0)
    assert reached(node, region.file("sesudahnya").code) == ["saved"]
    assert bool(node.log.number(RECEIPTS_LOST)) == (lost != 0)
    with contextlib.closing(sqlite3.connect(folder / DATABASE_FILE)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("tables", "lost"), [(["envelope"], 5), (["sqlite_autoindex_receipt_1", "first"], 0)]
)
def test_a_page_that_the_card_does_not_give_is_as_one_that_is_none(
    tables: list[str], lost: int, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [region.file(f"cerita {number}").code for number in range(5)]
    folder = region.node().config.folder
    keep_map(folder)
    region.stop_node()
    database = folder / DATABASE_FILE
    before = database.read_bytes()
    pages = [1 if table == "first" else page_of(database, table) for table in tables]
    give_no_block(monkeypatch, database, *(page - 1 for page in pages))
    ask_for_salvage(folder)
    done = salvage_where_asked(folder)
    assert done is not None
    assert done.damaged_tables == tuple(table for table in tables if lost)
    assert (folder / f"{ASIDE}1").read_bytes() == before
    assert not [*folder.glob("*.read*"), *folder.glob("*.copy*")]
    node = region.node()
    assert told_lost(node, codes) == lost
    assert bool(node.log.number(RECEIPTS_LOST)) == bool(lost)


def told_lost(node: Node, codes: list[str | None]) -> int:
    """Return how many codes are told to be possibly lost; the others must be known, with their step."""
    lost = 0
    for code in codes:
        assert code is not None
        try:
            assert node.look_up(code).ladder[0].reached
        except ReceiptMayBeLost:
            lost += 1
    return lost


def test_without_the_map_of_tables_a_damaged_first_page_waits_for_a_person(region: Region) -> None:
    region.file()
    folder = region.node().config.folder
    (folder / MAP_FILE).unlink(missing_ok=True)
    region.stop_node()
    first_page(folder)
    before = (folder / DATABASE_FILE).read_bytes()
    ask_for_salvage(folder)
    assert salvage_where_asked(folder) is None
    assert salvage_asked(folder) == "refused"
    assert (folder / DATABASE_FILE).read_bytes() == before


@pytest.fixture
def cut_off(region: Region) -> tuple[Path, list[str | None], Path]:
    """A box whose plug was pulled: its folder with its log, and the codes that it showed."""
    node = region.node()
    keep_map(node.config.folder)
    codes = [node.take_report(report(f"cerita {number}"), form_token=None).code for number in range(5)]
    copy = region.path / "card"
    shutil.copytree(node.config.folder, copy, ignore=lambda _, names: [n for n in names if "sock" in n])
    (copy / f"{DATABASE_FILE}-shm").unlink()
    region.stop_node()
    return copy, codes, copy / f"{DATABASE_FILE}-wal"


def test_a_log_as_the_program_left_it_is_read_as_sqlite_reads_it(
    cut_off: tuple[Path, list[str | None], Path],
) -> None:
    folder, _, log = cut_off
    found = read_wal(log)
    assert found is not None
    assert not found.broken
    assert found.page_bytes == PAGE
    last = {frame.page: frame.content for frame in found.frames}
    with contextlib.closing(sqlite3.connect(folder / DATABASE_FILE)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = (folder / DATABASE_FILE).read_bytes()
    for page, written in last.items():
        assert content[(page - 1) * PAGE : page * PAGE] == written


@pytest.mark.parametrize("kept", range(0, 4120 * 3, 1371))
def test_what_a_power_cut_tore_is_no_damage(kept: int, cut_off: tuple[Path, list[str | None], Path]) -> None:
    folder, _, log = cut_off
    found = read_wal(log)
    assert found is not None
    ends = [at for at, frame in enumerate(found.frames) if frame.pages_after]
    before, end = ends[-2] + 1, ends[-1] + 1
    content = bytearray(log.read_bytes()[: HEADER_BYTES + end * FRAME])
    torn = HEADER_BYTES + before * FRAME + kept  # of the last transaction a piece is missing
    content[torn : torn + 512] = bytes(len(content[torn : torn + 512]))
    # Behind it stands what an earlier cut had left, of the same generation.
    log.write_bytes(content + content[HEADER_BYTES : HEADER_BYTES + FRAME])
    assert not log_is_broken(folder)


@pytest.mark.parametrize("at", ["header", "first block", "first", "middle", "middle and first page"])
def test_a_log_damaged_before_its_end_loses_no_more_than_it_says(
    at: str, region: Region, cut_off: tuple[Path, list[str | None], Path]
) -> None:
    folder, codes, log = cut_off
    if at.endswith("first page"):
        first_page(folder)
    found = read_wal(log)
    assert found is not None
    start = {"header": 0, "first block": 0, "first": HEADER_BYTES + 100}.get(
        at, HEADER_BYTES + len(found.frames) // 2 * FRAME
    )
    spoil(log, start, 24 if at == "header" else PAGE)
    assert log_is_broken(folder)
    ask_for_salvage(folder)
    done = salvage_where_asked(folder)
    assert done is not None
    node = region.start(folder)
    try:
        assert told_lost(node, codes) == 0  # all pages that were damaged were written again behind it
        assert node.log.number(RECEIPTS_LOST)
    finally:
        node.close()


def test_a_page_that_was_written_last_where_the_log_is_damaged_is_none_and_not_what_it_was_before(
    region: Region, cut_off: tuple[Path, list[str | None], Path]
) -> None:
    folder, codes, log = cut_off
    with contextlib.closing(sqlite3.connect(folder / DATABASE_FILE)) as store:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'envelope'"
        [page] = store.execute(query).fetchone()
        store.execute("PRAGMA wal_autocheckpoint = 0")
        for value in (b"1", b"2"):  # two commits of other pages: the first is known to have been flushed
            store.execute("REPLACE INTO setting VALUES ('card_tried', ?)", (value,))
            store.commit()
        copy = region.path / "second-card"
        shutil.copytree(folder, copy)
    log = copy / log.name
    found = read_wal(log)
    assert found is not None
    last = max(at for at, frame in enumerate(found.frames) if frame.page == page)
    spoil(log, HEADER_BYTES + last * FRAME + FRAME_BYTES, PAGE)
    assert log_is_broken(copy)
    ask_for_salvage(copy)
    done = salvage_where_asked(copy)
    assert done is not None
    assert done.damaged_tables == ("envelope",)
    node = region.start(copy)
    try:
        assert told_lost(node, codes) == len(codes)
    finally:
        node.close()


@pytest.mark.parametrize("blocks", ["first", "middle", "all"])
def test_a_log_that_the_card_does_not_give_whole_is_read_past_it_before_sqlite_opens_it(
    blocks: str,
    region: Region,
    cut_off: tuple[Path, list[str | None], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, codes, log = cut_off
    found, size = read_wal(log), log.stat().st_size // PAGE + 1
    assert found is not None
    middle = (HEADER_BYTES + len(found.frames) // 2 * FRAME) // PAGE
    give_no_block(monkeypatch, log, *{"first": [0], "middle": [middle], "all": range(size)}[blocks])
    assert log_is_broken(folder)
    ask_for_salvage(folder)
    assert salvage_where_asked(folder) is not None
    node = region.start(folder)
    try:
        lost = told_lost(node, codes)
        assert lost == 0 or blocks == "all"
        assert node.log.number(RECEIPTS_LOST)
    finally:
        node.close()


def test_what_an_earlier_log_left_behind_need_not_be_read(
    cut_off: tuple[Path, list[str | None], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, log = cut_off
    found = read_wal(log)
    assert found is not None
    end = HEADER_BYTES + len(found.frames) * FRAME
    log.write_bytes(log.read_bytes()[:end] + bytes(8 * FRAME))
    give_no_block(monkeypatch, log, (end + FRAME) // PAGE + 1)
    assert not log_is_broken(folder)
    give_no_block(monkeypatch, log, end // PAGE + 1)
    assert log_is_broken(folder)  # SQLite looks there whether its log goes on, and would not open


COMMANDS = {
    "status": ["status", "DIR"],
    "doctor": ["doctor", "DIR"],
    "receipt": ["receipt", "DIR", "CODE"],
    "settings": ["settings", "DIR"],
    "settings --forget": ["settings", "DIR", "--forget"],
    "pin": ["facilitator-code", "DIR"],
    "content": ["content", "status", "DIR"],
    "courier": ["courier-export", "DIR", "OUT"],
    "backup": ["backup", "DIR", "--to", "STICK"],
}


@pytest.fixture
def broken(cut_off: tuple[Path, list[str | None], Path]) -> tuple[Path, list[str | None]]:
    """The same, its log being damaged in its middle."""
    folder, codes, log = cut_off
    found = read_wal(log)
    assert found is not None
    spoil(log, HEADER_BYTES + len(found.frames) // 2 * FRAME)
    assert log_is_broken(folder)
    return folder, codes


def test_no_command_by_hand_cuts_a_damaged_log_and_the_start_behind_it_reads_all(
    region: Region, broken: tuple[Path, list[str | None]]
) -> None:
    folder, codes = broken
    before = {file: file.read_bytes() for file in folder.glob(f"{DATABASE_FILE}*")}
    for name, words in COMMANDS.items():
        places = {
            "DIR": str(folder),
            "CODE": str(codes[0]),
            "OUT": str(folder / "x"),
            "STICK": str(region.path),
        }
        done = CliRunner().invoke(main, ["node", *(places.get(word, word) for word in words)])
        assert {file: file.read_bytes() for file in folder.glob(f"{DATABASE_FILE}*")} == before, name
        if name == "status":
            assert json.loads(done.stdout)["store"] == "damaged"
            assert "start the server" in done.stderr
            continue
        assert done.exit_code == 1, name
        assert "start the server" in (done.stdout if name == "doctor" else done.stderr), name
    assert not list(region.path.glob("*.backup"))
    assert not card_works(NodeConfig(folder))
    ask_for_salvage(folder)
    assert salvage_where_asked(folder) is not None
    node = region.start(folder)
    try:
        assert told_lost(node, codes) == 0
    finally:
        node.close()


def test_beside_a_server_that_holds_the_store_open_its_log_is_not_looked_at(
    broken: tuple[Path, list[str | None]],
) -> None:
    folder, _ = broken
    lock = SealingLock(folder)
    refuse_damaged_log(folder)  # it may be written at this moment, and is not read anew by SQLite
    with pytest.raises(DamagedLog):
        refuse_damaged_log(folder, sealing=True)
    lock.release()
    with pytest.raises(DamagedLog):
        refuse_damaged_log(folder)
