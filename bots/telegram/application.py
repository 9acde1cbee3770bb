"""python-telegram-bot as this bot uses it: no queue, no job of its own, nothing kept, nothing logged."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.error import RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, ContextTypes, ExtBot, TypeHandler
from telegram.request import BaseRequest, HTTPXRequest

from bots.telegram.journal import Journal
from bots.telegram.posting import NotNow
from bots.telegram.status import Status, WatchedRequest

_log = logging.getLogger(__name__)
API_URL = "https://api.telegram.org"
TIMEOUT_S = 20.0
RETRIES = 3
"""After a 429, each after the wait that Telegram asks for."""
ONCE = 1
"""As `rate_limit_args` of a request: a 429 is told to whoever asked, and not waited out."""
SILENT = ("telegram", "httpx", "httpcore", "aiolimiter")
"""Their lines hold addresses with the token in them, or whole updates."""
App = Application[Any, Any, Any, Any, Any, Any]


def silence() -> None:
    """Let the libraries below log nothing at all."""
    os.environ["PTB_TIMEDELTA"] = (
        "1"  # periods as timedelta, as its next major version has them; else it warns
    )
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class _SlowDown(TelegramError):
    """A 429 on its way past the library's own waiting."""

    def __init__(self, told: RetryAfter) -> None:
        super().__init__("slow down")
        self.told = told


class Limiter(AIORateLimiter):
    """The library's limiter, which for a request with `ONCE` does not wait out a 429 itself: three such waits
    are longer than a bulletin's message may be with a bot."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        if rate_limit_args != ONCE:
            return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)

        async def once(*given: Any, **named: Any) -> Any:
            try:
                return await callback(*given, **named)
            except RetryAfter as told:
                raise _SlowDown(told) from None

        try:
            return await super().process_request(once, args, kwargs, endpoint, data, None)
        except _SlowDown as slow:
            raise slow.told from None


def make_bot(
    token: str, status: Status, *, api_url: str = API_URL, request: Callable[[], BaseRequest] | None = None
) -> ExtBot[Any]:
    """Return a bot that keeps to Telegram's limits. `request` makes what carries requests."""
    silence()

    def made() -> BaseRequest:
        return WatchedRequest(_over_the_network() if request is None else request(), status)

    return ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=made(),
        get_updates_request=made(),
        rate_limiter=Limiter(max_retries=RETRIES),
    )


def _over_the_network() -> BaseRequest:
    return HTTPXRequest(
        connection_pool_size=8,
        connect_timeout=TIMEOUT_S,
        read_timeout=TIMEOUT_S,
        write_timeout=TIMEOUT_S,
        pool_timeout=TIMEOUT_S,
    )


class Taking:
    """Has updates pass through an Application, and knows which of them were not finished."""

    def __init__(self, bot: ExtBot[Any], journal: Journal, take: Callable[[Update], Awaitable[None]]) -> None:
        self._take = take
        self._late: set[int] = set()
        self.application: App = (
            ApplicationBuilder().bot(bot).persistence(journal).updater(None).job_queue(None).build()
        )
        self.application.add_handler(TypeHandler(Update, self._handle))

    async def _handle(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            await self._take(update)
        except NotNow:
            self._late.add(update.update_id)
        except Exception as error:
            # The disk, or a fault of ours: what was not finished must come again. Its text could hold words.
            _log.error("an update was not finished: %s", type(error).__name__)
            self._late.add(update.update_id)

    async def take(self, update: Update) -> None:
        """Take one update; raise NotNow when it must come again."""
        await self.application.process_update(update)
        if update.update_id in self._late:
            self._late.discard(update.update_id)
            raise NotNow
