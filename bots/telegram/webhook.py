"""Updates as Telegram posts them, behind a proxy. It is told that one was taken when it is finished here."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from telegram import Bot, Update

from bots.telegram.posting import NotNow
from bots.telegram.status import Status

MOST_BYTES = 1024 * 1024
PATIENCE_S = 50.0
"""Telegram gives up after about a minute and sends the update again."""
SECRET_HEADER = "HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN"  # noqa: S105 - the name of a header
PATH = "/telegram"
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Webhook:
    """A WSGI app. It listens on this machine; the proxy in front of it has the certificate."""

    def __init__(
        self,
        bot: Bot,
        take: Callable[[Update], Awaitable[None]],
        loop: asyncio.AbstractEventLoop,
        *,
        secret: str,
        status: Status,
        polled: Callable[[], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._take = take
        self._loop = loop
        self._secret = secret.encode()
        self._status = status
        self._polled = polled
        self.is_ours = False
        """Whether this box has the bot now; updates are sent back while it has not."""

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Whoever does not know the secret learns nothing else."""
        given = str(environ.get(SECRET_HEADER, "")).encode("latin-1", "replace")
        if environ.get("PATH_INFO") != PATH or not hmac.compare_digest(given, self._secret):
            return _answer(start_response, "403 Forbidden")
        if environ.get("REQUEST_METHOD") != "POST":
            return _answer(start_response, "405 Method Not Allowed")
        try:
            size = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if not 0 < size <= MOST_BYTES:
            return _answer(start_response, "413 Content Too Large")
        return _answer(start_response, self._taken(environ["wsgi.input"].read(size)))

    def _taken(self, body: bytes) -> str:
        try:
            update = Update.de_json(json.loads(body), self._bot)
        except Exception:
            # It would come again for ever; what it was stands nowhere.
            self._loop.call_soon_threadsafe(self._status.count, "unreadable")
            return "200 OK"
        job = asyncio.run_coroutine_threadsafe(self._one(update), self._loop)
        try:
            job.result(PATIENCE_S)
        except (NotNow, TimeoutError):
            return "503 Service Unavailable"
        except Exception:
            # The update was not finished, whatever the reason: Telegram brings it again.
            return "503 Service Unavailable"
        return "200 OK"

    async def _one(self, update: Update) -> None:
        if not self.is_ours:
            raise NotNow
        await self._polled()
        await self._take(update)


def _answer(start_response: StartResponse, status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
