"""Copies and their way back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from stores import server, store_url
from village import Region, dump, empty

from hub.storage import copies
from hub.storage.copies import CopyFailed, copy_store, find_program, restore_store


def test_a_copy_put_back_is_the_same(region: Region) -> None:
    region.file()
    region.settle()
    copy = region.path / "copy"
    copy_store(region.hub.store.database, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = dump(region.hub_folder)
    region.restore_hub(copy)
    assert dump(region.hub_folder) == before


def test_nothing_is_written_over(region: Region) -> None:
    region.file()
    region.settle()
    copy = region.path / "copy"
    copy_store(region.hub.store.database, copy)
    region.stop_hub()
    before = dump(region.hub_folder)
    with pytest.raises(CopyFailed, match="nothing is written over|none is emptied"):
        restore_store(region.database_url, region.hub_folder, copy)
    assert dump(region.hub_folder) == before


def test_what_is_no_copy_is_refused(region: Region) -> None:
    assert region.hub
    region.stop_hub()
    if region.database_url is None:
        (region.hub_folder / "hub.sqlite3").unlink()
    else:
        empty(region.database_url)
    junk = region.path / "junk"
    junk.write_bytes(b"not a copy" * 100)
    for file in (junk, region.path / "missing"):
        with pytest.raises(CopyFailed):
            restore_store(region.database_url, region.hub_folder, file)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_copy_that_is_cut_short_leaves_the_database_empty(region: Region) -> None:
    region.file()
    region.settle()
    assert region.database_url is not None
    copy = region.path / "copy"
    copy_store(region.hub.store.database, copy)
    copy.write_bytes(copy.read_bytes()[:-2000])
    region.stop_hub()
    empty(region.database_url)
    with pytest.raises(CopyFailed, match="pg_restore failed"):
        restore_store(region.database_url, region.hub_folder, copy)
    assert not any(dump(region.hub_folder).values())


def test_a_program_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(copies, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CopyFailed, match="apt-get install postgresql-client"):
        find_program("pg_dump")


def test_the_password_is_not_in_the_list_of_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A program that writes down how it was called stands in for pg_restore."""
    seen = tmp_path / "seen"
    program = tmp_path / "pg_restore"
    program.write_text(f'#!/bin/sh\necho "$@" >{seen}\necho "$PGPASSWORD" >>{seen}\n')
    program.chmod(0o700)
    monkeypatch.setattr(copies, "find_program", lambda name: program)
    dump_file = tmp_path / "dump"
    dump_file.write_bytes(b"PGDMP")
    with store_url("postgresql") as url:
        assert url is not None
        empty(url)
        restore_store(url.replace("kentongan@", "kentongan:rahasia@"), tmp_path, dump_file)
    arguments, password = seen.read_text().splitlines()
    assert "rahasia" not in arguments
    assert password == "rahasia"
    assert server()
