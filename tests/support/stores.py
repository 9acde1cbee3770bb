"""Which databases a test of the hub runs on: SQLite, and a PostgreSQL that the tests start for themselves."""

from __future__ import annotations

import atexit
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest

from hub.storage.opening import open_store
from hub.storage.private_server import NoPostgres, PrivateServer

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "migrated"
_number = itertools.count(1)
_server: PrivateServer | None = None


def server() -> PrivateServer:
    """Return this process's PostgreSQL, started when first asked for; without one skip, and fail in CI."""
    global _server
    if _server is None:
        try:
            _server = PrivateServer()
        except NoPostgres as error:
            no_postgres_here(error)
        atexit.register(close_server)
        open_store(_server.create(_TEMPLATE), Path()).close()
    return _server


def no_postgres_here(error: NoPostgres) -> NoReturn:
    """Skip the test, or fail it in CI, where PostgreSQL has to be."""
    if os.environ.get("CI"):
        pytest.fail(str(error), pytrace=False)
    pytest.skip(str(error))


def close_server() -> None:
    """Stop this process's PostgreSQL, if it was started."""
    global _server
    if _server is not None:
        _server.close()
        _server = None


@contextmanager
def store_url(kind: str) -> Iterator[str | None]:
    """Give the URL of an empty database with all tables; None stands for a file in the hub's folder."""
    if kind == "sqlite":
        yield None
        return
    name = f"test{next(_number)}"
    url = server().create(name, template=_TEMPLATE)
    yield url
    server().drop(name)


def drop(url: str) -> None:
    """Remove one of this server's databases, whoever uses it."""
    server().drop(urlsplit(url).path.lstrip("/"))
