"""A database of the version before: its notes become the first entries, its accounts see the whole region."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hub.accounts.accounts import Accounts
from hub.audit.log import AuditLog
from hub.services import SignedIn
from hub.storage.opening import MIGRATIONS
from sync.clock import ManualClock
from sync.passwords import hash_password
from sync.storage.database import migrate, open_sqlite
from sync.storage.writer import GroupCommitWriter


def test_notes_and_accounts_are_carried_over(tmp_path: Path) -> None:
    before = tmp_path / "migrations"
    before.mkdir()
    for file in sorted(MIGRATIONS.glob("000[1-7]*.py")):
        shutil.copy(file, before)
    database: Any = open_sqlite(tmp_path / "hub.sqlite3")
    migrate(database, before)
    for number in range(5):
        database.execute_sql(
            'INSERT INTO access (at, "by", what, report) VALUES (?, ?, ?, ?)',
            (1_795_000_000.5 + number, "sari", "read", f"0123456789abcdef.0.{number}"),
        )
    database.execute_sql(
        'INSERT INTO access (at, "by", what, report) VALUES (?, ?, ?, ?)',
        (1_795_000_009, "budi", "reset_pin", "node 3"),
    )
    hashed = hash_password("kentongan bertalu-talu")
    database.execute_sql(
        'INSERT INTO "user" (name, role, password_hash) VALUES (?, ?, ?)', ("sari", "supervisor", hashed)
    )
    assert {"0009_accounts", "0010_audit_log"} <= set(migrate(database, MIGRATIONS))
    writer = GroupCommitWriter(database)
    log = AuditLog(database, writer, ManualClock(), bytes(range(32)), bytes(32))
    found = [(kept.entry.at_ms, kept.entry.by, kept.entry.what, kept.entry.about) for kept in log.entries()]
    assert found[0] == (1_795_000_000_500, "sari", "read", "report 0123456789abcdef.0.0")
    assert found[5] == (1_795_000_009_000, "budi", "pin reset", "node 3")
    assert len(found) == log.size() == 6
    log.note("sari", "read", "report x")
    assert log.problem() is None
    assert "access" not in database.get_tables()
    accounts = Accounts(database, writer, ManualClock(), log, folder_key=bytes(32), demand_second_factor=())
    assert accounts.sign_in("sari", "kentongan bertalu-talu") == SignedIn("sari", "supervisor")
    writer.close()
    database.close()
