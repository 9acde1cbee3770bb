"""Which updates were begun and which are finished: all that the bot writes down. No chat, no words.

An update is finished on the disk before Telegram is told that it was taken, so a crash in between brings it
again and it is passed over. One that was begun and not finished is answered for what it may have done.
"""

from __future__ import annotations

import enum
import threading
from pathlib import Path
from typing import Any

from telegram.ext import BasePersistence, PersistenceInput

from sync.storage.database import connect, open_sqlite

KEPT = 5000
"""The newest updates that are remembered. Telegram keeps what it could bring again for 24 hours."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS seen (id INTEGER PRIMARY KEY, finished INTEGER NOT NULL, turn INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS seen_turn ON seen (turn)",
    "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value REAL NOT NULL)",
)


class Begun(enum.Enum):
    """What is known of an update that comes."""

    NEW = "new"
    BEFORE = "before"
    """It was begun, and not finished: a crash, or nobody could be answered."""
    FINISHED = "finished"


class Journal(BasePersistence[dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """Over one SQLite file. What python-telegram-bot would have it keep of chats and people it does not keep."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            store_data=PersistenceInput(bot_data=False, chat_data=False, user_data=False, callback_data=False)
        )
        self._db = open_sqlite(path)
        self._lock = threading.Lock()
        connect(self._db)
        for table in _TABLES:
            self._db.execute_sql(table)
        self._turn = int(self._db.execute_sql("SELECT COALESCE(MAX(turn), 0) FROM seen").fetchone()[0])

    def begin(self, update_id: int) -> Begun:
        """Write down that an update is begun, if it was not; return what was known of it."""
        with self._lock:
            connect(self._db)
            row = self._db.execute_sql("SELECT finished FROM seen WHERE id = ?", (update_id,)).fetchone()
            if row is not None:
                return Begun.FINISHED if row[0] else Begun.BEFORE
            self._turn += 1
            with self._db.atomic("IMMEDIATE"):
                self._db.execute_sql(
                    "INSERT INTO seen (id, finished, turn) VALUES (?, 0, ?)", (update_id, self._turn)
                )
                self._db.execute_sql("DELETE FROM seen WHERE turn <= ?", (self._turn - KEPT,))
            return Begun.NEW

    def finish(self, update_id: int) -> None:
        """Write down that an update needs nothing more."""
        with self._lock:
            connect(self._db)
            with self._db.atomic("IMMEDIATE"):
                self._db.execute_sql("UPDATE seen SET finished = 1 WHERE id = ?", (update_id,))

    def setting(self, name: str) -> float | None:
        """Return a number that was kept, such as the time of the last poll."""
        with self._lock:
            connect(self._db)
            row = self._db.execute_sql("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
            return None if row is None else float(row[0])

    def keep(self, name: str, value: float) -> None:
        """Keep a number."""
        with self._lock:
            connect(self._db)
            with self._db.atomic("IMMEDIATE"):
                self._db.execute_sql(
                    "INSERT INTO setting (name, value) VALUES (?, ?) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )

    def close(self) -> None:
        """Close this thread's connection."""
        with self._lock:
            self._db.close()

    # What python-telegram-bot asks of a persistence: nothing of it is kept.

    async def get_user_data(self) -> dict[int, dict[Any, Any]]:
        """Return nothing."""
        return {}

    async def get_chat_data(self) -> dict[int, dict[Any, Any]]:
        """Return nothing."""
        return {}

    async def get_bot_data(self) -> dict[Any, Any]:
        """Return nothing."""
        return {}

    async def get_callback_data(self) -> None:
        """Return nothing."""
        return

    async def get_conversations(self, name: str) -> dict[Any, Any]:
        """Return nothing."""
        return {}

    async def update_conversation(self, name: str, key: Any, new_state: object | None) -> None:
        """Keep nothing."""

    async def update_user_data(self, user_id: int, data: dict[Any, Any]) -> None:
        """Keep nothing."""

    async def update_chat_data(self, chat_id: int, data: dict[Any, Any]) -> None:
        """Keep nothing."""

    async def update_bot_data(self, data: dict[Any, Any]) -> None:
        """Keep nothing."""

    async def update_callback_data(self, data: Any) -> None:
        """Keep nothing."""

    async def drop_chat_data(self, chat_id: int) -> None:
        """There is nothing to drop."""

    async def drop_user_data(self, user_id: int) -> None:
        """There is nothing to drop."""

    async def refresh_user_data(self, user_id: int, user_data: dict[Any, Any]) -> None:
        """There is nothing to read."""

    async def refresh_chat_data(self, chat_id: int, chat_data: dict[Any, Any]) -> None:
        """There is nothing to read."""

    async def refresh_bot_data(self, bot_data: dict[Any, Any]) -> None:
        """There is nothing to read."""

    async def flush(self) -> None:
        """Everything is on the disk already."""
