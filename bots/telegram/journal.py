"""Which updates were begun and which are finished: all that the bot writes down. No chat, no words.

An update is finished on the disk before Telegram is told that it was taken, so a crash in between brings it
again and it is passed over. One that was begun and not finished is answered for what it may have done.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from telegram.ext import BasePersistence, PersistenceInput

from sync.storage.database import connect, open_sqlite

KEPT = 5000
"""The newest updates that are remembered. Telegram keeps what it could bring again for 24 hours."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS seen "
    "(id INTEGER PRIMARY KEY, finished INTEGER NOT NULL, turn INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS seen_turn ON seen (turn)",
    "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value REAL NOT NULL)",
)
T = TypeVar("T")


class Begun(enum.Enum):
    """What is known of an update that comes."""

    NEW = "new"
    BEFORE = "before"
    """It was begun, and not finished: a crash, or nobody could be answered."""
    FINISHED = "finished"


class Journal(BasePersistence[dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """Over one SQLite file. What python-telegram-bot would have it keep of chats it does not keep."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            store_data=PersistenceInput(bot_data=False, chat_data=False, user_data=False, callback_data=False)
        )
        self._db: Any = open_sqlite(path)
        # One thread for the disk: the event loop waits for no card.
        self._thread = ThreadPoolExecutor(1, "journal")
        self._turn: int = self._thread.submit(self._opened).result()

    def _opened(self) -> int:
        connect(self._db)
        for table in _TABLES:
            self._db.execute_sql(table)
        return int(self._one("SELECT COALESCE(MAX(turn), 0) FROM seen")[0])

    def _one(self, query: str, *values: Any) -> Any:
        return self._db.execute_sql(query, values).fetchone()

    async def _aside(self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    async def begin(self, update_id: int) -> Begun:
        """Write down that an update is begun, if it was not; return what was known of it."""
        return await self._aside(lambda: self._begin(update_id))

    def _begin(self, update_id: int) -> Begun:
        row = self._one("SELECT finished FROM seen WHERE id = ?", update_id)
        if row is not None:
            return Begun.FINISHED if row[0] else Begun.BEFORE
        self._turn += 1
        with self._db.atomic("IMMEDIATE"):
            self._db.execute_sql(
                "INSERT INTO seen (id, finished, turn) VALUES (?, 0, ?)", (update_id, self._turn)
            )
            self._db.execute_sql("DELETE FROM seen WHERE turn <= ?", (self._turn - KEPT,))
        return Begun.NEW

    async def finish(self, update_id: int) -> None:
        """Write down that an update needs nothing more."""
        await self._aside(lambda: self._finish(update_id))

    def _finish(self, update_id: int) -> None:
        with self._db.atomic("IMMEDIATE"):
            self._db.execute_sql("UPDATE seen SET finished = 1 WHERE id = ?", (update_id,))

    def setting(self, name: str) -> float | None:
        """Return a number that was kept, such as the time of the last poll. Blocks: for the start."""
        return self._thread.submit(self._setting, name).result()

    def _setting(self, name: str) -> float | None:
        row = self._one("SELECT value FROM setting WHERE name = ?", name)
        return None if row is None else float(row[0])

    async def keep(self, **values: float) -> None:
        """Keep numbers by their names."""
        await self._aside(lambda: self._keep(values))

    def _keep(self, values: Mapping[str, float]) -> None:
        with self._db.atomic("IMMEDIATE"):
            for one in values.items():
                self._db.execute_sql(
                    "INSERT INTO setting (name, value) VALUES (?, ?) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    one,
                )

    def close(self) -> None:
        """Close the file. Blocks."""
        self._thread.submit(self._db.close).result()
        self._thread.shutdown()

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
