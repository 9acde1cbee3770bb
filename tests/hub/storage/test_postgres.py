"""PostgreSQL as the hub opens it."""

from __future__ import annotations

import gc
import threading
import warnings

import pytest
from village import Region

from hub.accounts.models import User
from hub.storage.postgres import BadDatabaseUrl, connection_parts, is_postgres, shown
from hub.storage.statements import put
from sync.storage.database import connect


def test_a_url_is_shown_without_its_user_and_password() -> None:
    url = "postgresql://sari:rahasia@pusat.example/kentongan?sslmode=require"
    assert shown(url) == "PostgreSQL database kentongan on pusat.example"
    assert shown(None) == shown("sqlite:///x") == "SQLite database"
    assert is_postgres("postgres://x/y")
    assert connection_parts(url)["password"] == "rahasia"
    with pytest.raises(BadDatabaseUrl):
        connection_parts("postgresql://pusat")


def test_a_text_with_nul_is_kept_with_a_mark_and_found_by_nobody(region: Region) -> None:
    database = region.hub.store.database
    put(User, {"name": "sari\x00", "role": "analyst", "password_hash": "x"}).execute(database)
    assert User.select().where(User.name == "sari").exists(database) is False
    assert region.hub.store.accounts.account("budi\x00") is None


def test_a_thread_that_ends_leaves_no_connection_behind(region: Region) -> None:
    database = region.hub.store.database

    def look() -> None:
        connect(database)
        assert User.select().count(database) == 0

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        gc.collect()
