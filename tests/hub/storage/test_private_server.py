"""The PostgreSQL that tests and benchmarks start for themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
import stores

from hub.storage import private_server
from hub.storage.private_server import NoPostgres, find_programs


def test_it_listens_on_no_network_and_its_databases_are_apart() -> None:
    server = stores.server()
    assert server.execute("SHOW listen_addresses") == [("",)]
    server.create("apart")
    server.execute("CREATE TABLE t (n int)", database="apart")
    server.create("second", template="apart")
    server.execute("INSERT INTO t VALUES (1)", database="second")
    assert server.execute("SELECT * FROM t", database="apart") == []
    server.drop("apart")
    server.drop("second")


def test_where_it_is_missing_one_line_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(private_server, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPostgres, match="^PostgreSQL is not installed: apt-get install postgresql$"):
        find_programs()


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_it_tests_are_skipped_and_fail_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    def missing() -> None:
        raise NoPostgres(private_server.HOW_TO_INSTALL)

    monkeypatch.setattr(stores, "_server", None)
    monkeypatch.setattr(stores, "PrivateServer", missing)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="apt-get install postgresql"):
        stores.server()
