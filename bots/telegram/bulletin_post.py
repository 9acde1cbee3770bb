"""Posts the hub's bulletins to subscribers with the token of the hub's own bot, beside what people write.

The hub has marked each as handed out before it comes here, and hears what became of it. One is fetched at a
time, so that none is in hand while somebody stops. The library's rate limiter keeps to Telegram's thirty a
second; 429 is told to the hub with the wait that Telegram asks for, and nothing is fetched for so long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from telegram import LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot

from bots.telegram.application import ONCE
from bots.telegram.status import Status
from sync.errors import CarrierError

_log = logging.getLogger(__name__)
EVERY_S = 5.0
AWAY_S = 30.0
WAY = "telegram"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NOBODY = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")


class Door(Protocol):
    """What of the hub's door is used; see `sync.subscription_door.HubDoor`. It blocks."""

    def take(self, way: str, most: int) -> list[dict[str, Any]]:
        """Return messages to send."""
        ...

    def outcome(self, message: int, outcome: str, wait_s: float = 0.0) -> None:
        """Say what became of one."""
        ...


class BulletinPost:
    """For one bot."""

    def __init__(
        self, bot: ExtBot[Any], door: Door, status: Status, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._bot = bot
        self._door = door
        self._status = status
        self._sleep = sleep

    async def run(self) -> None:
        """Send what comes, until cancelled."""
        while True:
            try:
                wait_s = await self.turn()
            except Exception as error:
                # A fault of ours: its text could hold a chat. What was handed out comes at most once more.
                _log.error("fault while posting bulletins: %s", type(error).__name__)
                self._status.count("faults")
                wait_s = AWAY_S
            await self._sleep(wait_s)

    async def turn(self) -> float:
        """Send one, if the hub has one; return after how many seconds to ask again."""
        again_s = EVERY_S
        try:
            for one in await asyncio.to_thread(self._door.take, WAY, 1):
                outcome, wait_s = await self._sent(one["to"], one["text"])
                self._status.count("bulletins_sent" if outcome == "sent" else "bulletins_unsent")
                again_s = max(EVERY_S, wait_s) if outcome in ("busy", "away") else 0.0
                await asyncio.to_thread(self._door.outcome, int(one["id"]), outcome, wait_s)
        except CarrierError:
            self._status.count("hub_away")  # what stands as handed out is sent at most once more
            return AWAY_S
        return again_s

    async def _sent(self, chat: str, text: str) -> tuple[str, float]:
        """Send one; return the outcome for the hub, and how long to wait."""
        try:
            await self._bot.send_message(
                int(chat), text, link_preview_options=_NO_PREVIEW, rate_limit_args=ONCE
            )
        except RetryAfter as error:
            asked = error.retry_after
            return "busy", float(asked if isinstance(asked, int) else asked.total_seconds())
        except (Forbidden, ChatMigrated):
            return "gone", 0.0
        except BadRequest as error:
            is_gone = any(words in str(error).lower() for words in _NOBODY)
            return ("gone" if is_gone else "refused"), 0.0
        except TimedOut:
            return "unsure", 0.0  # it may have been posted: nobody gets it twice
        except (NetworkError, InvalidToken):
            return "away", 0.0
        except (TelegramError, ValueError) as error:
            _log.error("an answer of Telegram was not understood: %s", type(error).__name__)
            return "refused", 0.0
        return "sent", 0.0
