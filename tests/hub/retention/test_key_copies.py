"""Keys are copied apart, the newest opens every copy, and what was forgotten is in none of them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from inbox_arrivals import BUDI, SARI, arrive, listed
from village import Region, dump, empty

from hub.retention.key_copies import find_keys, read_keys
from hub.storage.copies import CopyFailed
from kentongan import main

WORD = "Zebrafinken"
WHY = "masa simpan habis"


def lose_database(region: Region) -> None:
    region.stop_hub()
    if region.database_url is None:
        for file in region.hub_folder.glob("hub.sqlite3*"):
            file.unlink()
    else:
        empty(region.database_url)


def restore(region: Region, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["hub", "restore", str(region.hub_folder), *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_copy_of_the_database_holds_neither_keys_nor_words(region: Region) -> None:
    arrive(region, f"{WORD} mengajak, nomor 0812-0000-9753")
    while region.hub.store.people.linker.turn():
        pass
    copy = region.path / "copy"
    region.hub.store.jobs.copy(copy)
    assert stat.S_IMODE((region.path / "copy.keys").stat().st_mode) == 0o600
    assert WORD.encode() not in copy.read_bytes()
    assert WORD.lower().encode() not in copy.read_bytes()
    lose_database(region)
    code, _, problem = restore(region, str(copy), "--keys", str(region.path / "none"))
    assert code == 1
    assert "without them no report can be read" in problem
    assert restore(region, str(copy), "--no-keys")[0] == 0
    assert dump(region.hub_folder)["report_key"] == []
    assert region.stories() == []
    assert listed(region) == []


def test_a_restored_hub_reads_finds_and_links(region: Region) -> None:
    [one] = arrive(region, f"{WORD} mengajak")
    copy = region.path / "copy"
    region.hub.store.jobs.copy(copy)
    lose_database(region)
    code, told, _ = restore(region, str(copy))
    assert (code, '"without_key": 0' in told) == (0, True)
    assert region.stories() == [f"{WORD} mengajak"]
    store = region.hub.store
    found, _ = store.search.search(WORD, before=None, limit=9, who=SARI)
    assert [row.report for row in found] == [one]
    assert store.people.linker.turn() == 1
    assert store.people.store.reports() == 1


def test_what_was_forgotten_since_stays_so_in_an_old_copy(region: Region) -> None:
    gone, kept = arrive(region, f"{WORD} mengajak", "Kakatua")
    copy, newer = region.path / "copy", region.path / "newer"
    cases = region.hub.store.cases
    number = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(number, [gone], who=SARI)
    region.hub.store.jobs.copy(copy)
    cases.take_out(number, gone, "salah kasus", who=SARI)
    region.hub.store.forgetting.forget([gone], by=BUDI, reason=WHY)
    region.hub.store.jobs.copy(newer)
    (region.path / "copy.keys").unlink()  # it expired
    assert gone not in {row["owner"] for row in read_keys(find_keys(newer))["key"]}
    lose_database(region)
    code, told, _ = restore(region, str(copy), "--keys", str(find_keys(newer)))
    assert (code, '"forgotten": 1' in told) == (0, True)
    assert [row.id for row in listed(region)] == [kept]
    # Its node has it still, and is answered as if it had never been forgotten.
    region.settle()
    assert [row.id for row in listed(region)] == [kept]
    assert not region.node().desk.has_work()


def test_the_nightly_copies_share_the_newest_keys(region: Region) -> None:
    gone, kept = arrive(region, f"{WORD} mengajak", "Kakatua")
    jobs = region.hub.store.jobs
    jobs.nightly_backup()
    region.hub.store.forgetting.forget([gone], by=BUDI, reason=WHY)
    region.clock.advance(86_400)
    jobs.nightly_backup()
    first, second, keys = sorted((region.hub_folder / "backups").iterdir())
    assert find_keys(first) == find_keys(second) == keys
    assert [row["owner"] for row in read_keys(keys)["key"]] == [kept]


@pytest.mark.parametrize("damage", ["cut", "junk", "none"])
def test_a_file_of_keys_that_is_not_whole_is_refused(region: Region, damage: str) -> None:
    arrive(region, "satu", "dua")
    region.hub.store.jobs.copy(region.path / "copy")
    file: Path = find_keys(region.path / "copy")
    text = file.read_text()
    if damage == "none":
        file.unlink()
    else:
        file.write_text(text[: text.rindex("\n", 0, -1)] if damage == "cut" else "junk")
    with pytest.raises(CopyFailed):
        read_keys(file)
