"""Which database is opened, and what must be alike in both."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import peewee
import pytest
from stores import server, store_url
from village import Region

from hub import models
from hub.config import HubConfig
from hub.doctor import examine
from hub.storage.opening import (
    MIGRATIONS,
    LaterStore,
    check_url,
    migrate_store,
    on_postgres,
    one_state,
    open_store,
    store_problem,
)
from hub.storage.postgres import BadDatabaseUrl
from sync.storage.database import connect


@pytest.mark.parametrize(
    "url",
    [
        "mysql://sari:rahasia@pusat/kentongan",
        "postgresql://sari:rahasia@pusat:port:port/%%",
        "postgresql://sari:rahasia@pusat/kentongan?rahasia=1",
        "postgresql://sari:rahasia@pusat",
        "sqlite:////no/such/folder/rahasia",
        "rahasia",
    ],
)
def test_what_cannot_be_meant_is_refused_and_never_repeated(url: str, tmp_path: Path) -> None:
    for refuse in (check_url, lambda url: open_store(url, tmp_path)):
        with pytest.raises(BadDatabaseUrl) as refused:
            refuse(url)
        assert "rahasia" not in str(refused.value)
        assert "\n" not in str(refused.value)


def test_the_environment_goes_before_what_init_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert HubConfig(tmp_path).database_url is None
    monkeypatch.setenv("DATABASE_URL", "postgresql://sari:rahasia@pusat/kentongan")
    config = HubConfig(tmp_path)
    assert config.database_url == "postgresql://sari:rahasia@pusat/kentongan"
    assert "rahasia" not in repr(config)


def test_a_password_stands_in_no_finding_and_no_log(
    region: Region, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert region.hub
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("DATABASE_URL", "postgresql://sari:rahasia@127.0.0.1:1/kentongan")
    [finding] = examine(region.hub_folder)
    assert finding["check"] == "store"
    assert "PostgreSQL database kentongan on 127.0.0.1" in finding["problem"]
    assert "rahasia" not in str(finding) + caplog.text


WORDS = ("search_doc", "words")
"""The index of the search is the one thing that each database keeps in its own way."""


def columns(database: Any) -> dict[str, list[tuple[str, bool]]]:
    connect(database)
    return {
        table: sorted(
            (column.name, column.null)
            for column in database.get_columns(table)
            if (table, column.name) != WORDS
        )
        for table in database.get_tables()
        if not table.startswith("search_words")
    }


def indexes(database: Any) -> set[tuple[str, str]]:
    return {
        (table, index.name)
        for table in database.get_tables()
        for index in database.get_indexes(table)
        if not index.name.startswith("sqlite_") and not index.name.endswith("_pkey")
        if index.name != "_".join(WORDS) and not table.startswith("search_words")
    }


def test_both_have_one_schema_and_it_is_that_of_the_models(tmp_path: Path) -> None:
    sqlite = open_store(None, tmp_path)
    with store_url("postgresql") as url:
        postgres = open_store(url, tmp_path)
        assert (on_postgres(sqlite), on_postgres(postgres)) == (False, True)
        assert columns(sqlite) == columns(postgres)
        assert indexes(sqlite) == indexes(postgres)
        types = {
            (table, column.name): column.data_type
            for table in postgres.get_tables()
            for column in postgres.get_columns(table)
            if (table, column.name) != WORDS
        }
        # A number of four bytes overflows or rounds where SQLite does not.
        assert set(types.values()) <= {
            "bigint",
            "bytea",
            "text",
            "boolean",
            "double precision",
            # the runner's own table
            "integer",
            "character varying",
            "timestamp without time zone",
        }
        for model in vars(models).values():
            if isinstance(model, type) and issubclass(model, peewee.Model):
                table = model._meta.table_name
                assert {name for name, _ in columns(postgres)[table]} == set(model._meta.columns)
                assert model.select().count(postgres) == 0
        postgres.close()
    sqlite.close()


def test_an_older_program_leaves_a_later_store_alone(
    region: Region, database_url: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who leads the link back to the version before must be told, not served out of half a store."""
    region.hub  # noqa: B018 - makes it
    region.stop_hub()
    open_store(database_url, region.hub_folder).close()
    older = tmp_path / "older"
    older.mkdir()
    for file in sorted(MIGRATIONS.glob("[0-9]*.py"))[:-1]:
        (older / file.name).touch()
    monkeypatch.setattr("hub.storage.opening.MIGRATIONS", older)
    with pytest.raises(LaterStore, match="restore a backup of before"):
        open_store(database_url, region.hub_folder)


def test_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    url = server().create("raced")
    names: list[list[str]] = []
    start = threading.Barrier(3)

    def begin() -> None:
        from hub.storage.postgres import HubPostgres

        database = HubPostgres(url)
        start.wait(20)
        names.append(migrate_store(database))
        database.close()

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    server().drop("raced")
    assert sorted(map(len, names)) == [0, 0, len(list(MIGRATIONS.glob("0*.py")))]


def test_a_whole_database_has_no_problem(region: Region) -> None:
    assert store_problem(region.hub.store.database) is None


def test_one_state_does_not_see_what_is_committed_meanwhile(region: Region) -> None:
    region.file("satu")
    region.settle()
    region.file("dua")
    work = region.hub.store.work
    with one_state(region.hub.store.database):
        assert len(list(work.all_reports())) == 1
        exchange = threading.Thread(target=region.exchange)
        exchange.start()
        exchange.join(30)
        assert len(list(work.all_reports())) == 1
    assert len(list(work.all_reports())) == 2
