"""A backup on a stick: one state of the store, checked, and a new card made of it that lies to nobody."""

from __future__ import annotations

import sqlite3
import stat
import threading
import zipfile
from pathlib import Path

import pytest
from village import SECRETS, VILLAGE, Region, answers, reached

from village_node.backups import (
    KEPT_BACKUPS,
    BackupRefused,
    backups_of,
    check_backup,
    restore_backup,
    write_backup,
)
from village_node.folder import DATABASE_FILE, ENROLMENT_FILE, KEY_FILE
from village_node.services import ReceiptMayBeLost
from village_node.wiring import Node

MOST_REPORTS = 400


def restored(region: Region, file: Path) -> Node:
    """Lose the card, and put a new one with the backup in its place."""
    new = region.path / "new-card"
    restore_backup(file, new)
    region.clock.advance(60)
    node = region.nodes[VILLAGE] = region.start(new)
    return node


@pytest.fixture
def stick(region: Region) -> Path:
    folder = region.path / "stick"  # in memory: every backup is flushed
    folder.mkdir()
    return folder


def test_a_new_card_brings_every_report_once_and_knows_every_receipt(region: Region, stick: Path) -> None:
    read = region.file("satu: dibaca di pusat")
    region.settle()
    waiting = region.file("dua: menunggu")
    made = write_backup(region.node().config.folder, stick, now_s=None)
    known = region.file("tiga: sesudah cadangan, sampai di pusat")
    region.settle()
    lost = region.file("empat: mati bersama kartu")
    old_epochs = {epoch for epoch, _ in region.node().log.epochs()}
    region.stop_node()

    node = restored(region, made.file)
    assert reached(node, waiting.code) == ["saved"]
    for after_it in (known, lost):  # it was shown, so it is no wrong code
        with pytest.raises(ReceiptMayBeLost):
            reached(node, after_it.code)
    after = region.file("lima: di kartu baru")
    region.settle()
    region.settle()
    assert sorted(region.stories()) == sorted(
        (
            "satu: dibaca di pusat",
            "dua: menunggu",
            "tiga: sesudah cadangan, sampai di pusat",
            "lima: di kartu baru",
        )
    )
    for taken in (read, waiting, after):
        assert reached(node, taken.code)[:3] == ["saved", "on_its_way", "received"]
    ids = [taken.envelope_id for taken in (read, waiting, known, lost, after)]
    assert len(set(ids)) == len(ids)
    # Epochs are named by the hash of a fresh key: no number of the dead card is used again.
    assert after.envelope_id is not None
    assert not any(after.envelope_id.startswith(epoch.hex()) for epoch in old_epochs)
    assert node.chain.epoch_id not in old_epochs


def test_a_new_card_tells_which_program_it_has_whatever_the_old_one_told(region: Region, stick: Path) -> None:
    told = {"update_told": 7, "update_refused": 8}
    for key, value in told.items():
        region.node().log.set_number(key, value)
    made = write_backup(region.node().config.folder, stick, now_s=None)
    region.stop_node()
    node = restored(region, made.file)
    assert [node.log.number(key) for key in told] == [0, 0]


def test_an_answer_from_before_opens_on_the_new_card(region: Region, stick: Path) -> None:
    taken = region.file()
    region.settle()
    early = write_backup(region.node().config.folder, stick, now_s=None)
    assert taken.envelope_id is not None
    region.hub.store.work.answer(taken.envelope_id, "Kami sudah membaca.", asks=False, by="sari")
    region.settle()
    late = write_backup(region.node().config.folder, stick, now_s=None)
    assert answers(region.node(), taken.code) == ["Kami sudah membaca."]
    region.stop_node()
    node = restored(region, late.file)
    assert answers(node, taken.code) == ["Kami sudah membaca."]
    region.stop_node()
    (region.path / "new-card").rename(region.path / "dead-card")
    node = restored(region, early.file)
    region.settle()
    assert answers(node, taken.code) == ["Kami sudah membaca."]


def test_it_is_one_state_while_reports_come_in(region: Region, stick: Path) -> None:
    node, stop = region.node(), threading.Event()

    def keep_filing() -> None:
        for _ in range(MOST_REPORTS):  # a machine that is busy gets no endless store to copy five times
            if stop.is_set():
                return
            region.file()

    filing = threading.Thread(target=keep_filing, daemon=True)
    filing.start()
    try:
        for _ in range(5):
            made = write_backup(node.config.folder, stick, now_s=None)
            assert made.rows["receipt"] == made.rows["step"]
            assert made.rows["envelope"] >= made.rows["receipt"]
    finally:
        stop.set()
        filing.join(60)
    assert not filing.is_alive(), "a report is neither taken nor refused"


def test_the_stick_shows_no_more_than_the_card(region: Region, stick: Path) -> None:
    taken = region.file()
    made = write_backup(region.node().config.folder, stick, now_s=1_800_000_000)
    content = made.file.read_bytes()
    # Four digits stand by chance in a key's hexadecimal figures, in one backup of sixty.
    words = [word for word in SECRETS if not word.isdecimal()] + ["0812-0000-4321", "081200004321"]
    assert not any(word.encode() in content for word in (*words, str(taken.code)))
    assert [file.name for file in stick.iterdir()] == [made.file.name]
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert made.made_at_s == 1_800_000_000


def test_several_generations_are_kept_and_the_newest_is_named_highest(region: Region, stick: Path) -> None:
    folder = region.create_node()
    (stick / "kentongan-1-000009.part").write_text("left by a stick that was pulled out")
    for _ in range(KEPT_BACKUPS + 2):
        made = write_backup(folder, stick, now_s=None)
    files = backups_of(stick, made.node)
    assert len(files) == KEPT_BACKUPS
    assert files[-1] == made.file
    assert made.file.name.endswith(f"-{KEPT_BACKUPS + 2:06d}.backup")
    assert not list(stick.glob("*.part"))
    assert check_backup(files[0]).rows == made.rows


def test_a_damaged_one_is_refused_wherever_it_is_damaged_and_leaves_no_node(
    region: Region, stick: Path
) -> None:
    region.file()
    made = write_backup(region.node().config.folder, stick, now_s=None)
    content = made.file.read_bytes()
    copy, new = stick / "copy.backup", region.path / "new"
    step = max(1, len(content) // 60)
    damaged = [
        content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :] for at in range(0, len(content), step)
    ]
    refused = 0
    for broken in (*damaged, content[: len(content) // 2], content[:-30], b"", b"PK" * 40):
        copy.write_bytes(broken)
        try:
            restore_backup(copy, new)
        except BackupRefused:
            refused += 1
            assert not (new / ENROLMENT_FILE).exists()
            assert not list(new.glob("*.sqlite3*"))
        else:  # one byte that means nothing in a zip
            assert (new / ENROLMENT_FILE).exists()
            for file in new.iterdir():
                file.unlink()
    assert refused >= len(damaged)


def test_parts_that_do_not_belong_together_are_refused(region: Region, stick: Path) -> None:
    made = write_backup(region.create_node(), stick, now_s=None)
    with zipfile.ZipFile(made.file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for name, old, new in (
        (ENROLMENT_FILE, b"{", b"{ "),  # the same in other words: its sum differs
        ("manifest.json", b'"node": 1', b'"node": 2'),
    ):
        assert old in parts[name]
        changed = stick / "changed.backup"
        with zipfile.ZipFile(changed, "w") as packed:
            for part, content in parts.items():
                packed.writestr(part, content.replace(old, new, 1) if part == name else content)
        with pytest.raises(BackupRefused, match="damaged or no backup"):
            check_backup(changed)
    with zipfile.ZipFile(changed, "w") as packed:  # the control
        for part, content in parts.items():
            packed.writestr(part, content)
    assert check_backup(changed).node == 1


def test_one_that_would_unpack_without_end_is_refused_before_it_unpacks(stick: Path) -> None:
    bomb, new = stick / "kentongan-1-000001.backup", stick / "new"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in (KEY_FILE, ENROLMENT_FILE, "manifest.json"):
            packed.writestr(name, '{"kentongan_backup": 1}')
        packed.writestr(DATABASE_FILE, bytes(50_000_000))
    before = _written_bytes()
    with pytest.raises(BackupRefused, match="damaged or no backup"):
        restore_backup(bomb, new)
    assert _written_bytes() - before < 1_000_000


def _written_bytes() -> int:
    """Return how much this process has handed to files."""
    [line] = [one for one in Path("/proc/self/io").read_text().splitlines() if one.startswith("wchar:")]
    return int(line.split()[1])


def test_a_node_is_never_written_over(region: Region, stick: Path) -> None:
    folder = region.create_node()
    made = write_backup(folder, stick, now_s=None)
    before = (folder / ENROLMENT_FILE).read_bytes()
    with pytest.raises(BackupRefused, match="holds a node already"):
        restore_backup(made.file, folder)
    assert (folder / ENROLMENT_FILE).read_bytes() == before


def test_a_damaged_card_is_not_backed_up_over_a_good_one(region: Region, stick: Path) -> None:
    region.file()
    folder = region.node().config.folder
    good = write_backup(folder, stick, now_s=None)
    region.stop_node()
    database = folder / "node.sqlite3"
    with sqlite3.connect(database) as connection:
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'envelope'").fetchone()
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(BackupRefused):
        write_backup(folder, stick, now_s=None)
    assert backups_of(stick, good.node) == [good.file]


@pytest.mark.parametrize("free", [0, 100_000])
def test_a_full_stick_is_refused_in_words(
    region: Region, stick: Path, free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = region.create_node()
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free})())
    with pytest.raises(BackupRefused, match=r"KiB free and needs \d+"):
        write_backup(folder, stick, now_s=None)
    assert not list(stick.iterdir())


def test_no_backup_goes_into_the_boxs_own_folder_or_nowhere(region: Region, tmp_path: Path) -> None:
    folder = region.create_node()
    for to in (folder, tmp_path / "nothing"):
        with pytest.raises(BackupRefused, match="stick"):
            write_backup(folder, to, now_s=None)


def test_the_name_of_a_stick_is_repeated_by_nothing(region: Region, tmp_path: Path) -> None:
    """Sticks are called after their owners."""
    folder = region.create_node()
    with pytest.raises(BackupRefused) as refused:
        write_backup(folder, tmp_path / "KETUT CONTOH", now_s=None)
    assert "CONTOH" not in str(refused.value)
