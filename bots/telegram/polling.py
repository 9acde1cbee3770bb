"""Long polling. Telegram is told that an update was taken only when it was finished on our disk.

python-telegram-bot's own loop puts updates into a queue and acknowledges them with the next request, finished
or not: a crash would lose them. So this one asks, has every update taken, and then asks on behind them.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bots.telegram.hearing import ALLOWED_UPDATES
from bots.telegram.outages import Outages
from bots.telegram.posting import NotNow
from bots.telegram.status import Status

_log = logging.getLogger(__name__)
LONG_POLL_S = 25
"""How long Telegram holds a request when nothing comes."""
AT_ONCE = 40
"""Updates in one request: what is left waits at Telegram, not in our memory."""
CHATS_AT_ONCE = 8
QUICK_S = 0.3
"""Between two requests of which the first brought nothing and came back at once."""
CONFLICT_S = 30.0
FIRST_PAUSE_S, MOST_PAUSE_S = 2.0, 300.0


class Revoked(Exception):
    """Telegram does not know the token any more: a new one must be put into the bot's folder."""


class Turn(Protocol):
    """Whether this process may poll now."""

    polled_at: float | None
    """When another box polled last, Unix seconds, where that is known."""

    async def held(self) -> bool:
        """Ask again where it is time to; False while another box has the bot."""
        ...

    async def give_back(self) -> None:
        """This process polls no more: another may at once."""
        ...


class AlwaysOurs:
    """The bot of a village without a relay: nobody else has its token."""

    polled_at: float | None = None

    async def held(self) -> bool:
        """Return True."""
        return True

    async def give_back(self) -> None:
        """There is nobody to give it to."""


class Polling:
    """The loop. `take` raises NotNow for an update that must come again."""

    def __init__(
        self,
        bot: Bot,
        take: Callable[[Update], Awaitable[None]],
        *,
        status: Status,
        outages: Outages,
        turn: Turn,
        sleep: Callable[[float], Awaitable[None]],
        monotonic_s: Callable[[], float],
        begin_anew: Callable[[], None] = lambda: None,
        forget_silent: Callable[[], None] = lambda: None,
        long_poll_s: int = LONG_POLL_S,
    ) -> None:
        """`begin_anew` forgets all conversations: another box has gone on with them."""
        self._bot = bot
        self._take = take
        self._status = status
        self._outages = outages
        self._turn = turn
        self._sleep = sleep
        self._monotonic_s = monotonic_s
        self._begin_anew = begin_anew
        self._forget_silent = forget_silent
        self._ours = False
        self._long_poll_s = long_poll_s
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until cancelled; raise Revoked."""
        while True:
            await self._sleep(await self.once())

    async def once(self) -> float:
        """Ask once and have all taken that came; return after how many seconds to ask again."""
        self._forget_silent()
        if not await self._turn.held():
            await self.let_go()
            self._status.becomes("waiting")
            return FIRST_PAUSE_S
        if not self._ours:
            try:
                await (
                    self._bot.delete_webhook()
                )  # of a box that had one and died: Telegram answers no poll then
            except TelegramError as error:
                return self._failed(error)
        self._ours = True
        asked_s = self._monotonic_s()
        try:
            updates = await self._bot.get_updates(
                offset=self._offset,
                limit=AT_ONCE,
                timeout=self._long_poll_s,
                allowed_updates=ALLOWED_UPDATES,
            )
        except TelegramError as error:
            return self._failed(error)
        except Exception as error:
            # The library reads all updates at once, and one that it cannot read could hold words.
            _log.error("an update could not be read: %s", type(error).__name__)
            return await self._skip()
        self._failures = 0
        await self._outages.polled(self._turn.polled_at)
        self._status.becomes("polling")
        if not updates:
            return QUICK_S if self._monotonic_s() - asked_s < 1 else 0.0
        if not await self._turn.held():
            # The request outlived the turn: the other box gets these too, and it alone takes them.
            await self.let_go()
            self._status.becomes("waiting")
            return FIRST_PAUSE_S
        late = await self._take_all(updates)
        if late is None:
            self._offset = max(update.update_id for update in updates) + 1
            return 0.0
        self._offset = late
        self._failures += 1
        return self._pause_s()

    async def let_go(self) -> None:
        """Acknowledge what was finished, so that no other box gets it again, and give the turn back."""
        if not self._ours:
            return
        self._ours = False
        if self._offset is not None:
            with suppress(TelegramError):
                await self._bot.get_updates(offset=self._offset, limit=1, timeout=0)
        self._offset = None
        self._begin_anew()
        await self._turn.give_back()

    async def _take_all(self, updates: Sequence[Update]) -> int | None:
        """Have updates taken, those of one chat one after the other; return the first one that was not."""
        chats: dict[int | None, list[Update]] = {}
        for update in updates:
            chat = update.effective_chat
            chats.setdefault(None if chat is None else chat.id, []).append(update)
        few = asyncio.Semaphore(CHATS_AT_ONCE)

        async def one_chat(waiting: list[Update]) -> int | None:
            async with few:
                for update in waiting:
                    try:
                        await self._take(update)
                    except NotNow:
                        return update.update_id
            return None

        late = await asyncio.gather(*(one_chat(waiting) for waiting in chats.values()))
        return min((update_id for update_id in late if update_id is not None), default=None)

    async def _skip(self) -> float:
        """Pass over an update that python-telegram-bot cannot read: it would come again for ever."""
        self._status.count("unreadable")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there is a method for it: the one that fails
            try:
                raw = await self._bot.do_api_request(
                    "getUpdates", {"offset": self._offset or 0, "limit": AT_ONCE}
                )
            except TelegramError as error:
                return self._failed(error)
            except Exception:
                # A page that asks to log in to some Wi-Fi is no answer of Telegram, however it is read.
                return self._failed(TelegramError("no answer of Telegram"))
        for one in raw:
            try:
                update = Update.de_json(one, self._bot)
            except Exception:
                # Whatever the library raises at an update of a kind that it does not know: it is passed over.
                self._offset = int(one["update_id"]) + 1
                return 0.0
            late = await self._take_all([update])
            if late is not None:
                self._offset = late
                return FIRST_PAUSE_S
            self._offset = update.update_id + 1
        return 0.0

    def _failed(self, error: TelegramError) -> float:
        self._failures += 1
        if isinstance(error, InvalidToken):
            self._status.becomes("revoked")
            raise Revoked from None
        if isinstance(error, Conflict):
            self._status.becomes("conflict")
            return CONFLICT_S
        if isinstance(error, RetryAfter):
            self._status.becomes("slowed")
            wait = error.retry_after
            return float(wait if isinstance(wait, int | float) else wait.total_seconds())
        if isinstance(error, TimedOut):
            self._status.count("timeouts")
        if isinstance(error, BadRequest):
            self._offset = None
        self._status.becomes("offline")
        return self._pause_s()

    def _pause_s(self) -> float:
        return min(MOST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._failures - 1, 12))
