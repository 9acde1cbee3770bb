"""`kentongan bot telegram`: one process, one event loop, until it is stopped or its token is revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bots.desks.subscribing import SubscriptionDesk
from bots.dialogue.contract import Room, State
from bots.telegram.application import API_URL, Taking, make_bot
from bots.telegram.bulletin_post import BulletinPost, Door
from bots.telegram.chats import OpenChats
from bots.telegram.desk import Desk
from bots.telegram.files import FileDesk
from bots.telegram.folder import JOURNAL_FILE, BotFolder, webhook_secret
from bots.telegram.hearing import ALLOWED_UPDATES
from bots.telegram.journal import Journal
from bots.telegram.outages import Outages
from bots.telegram.polling import FIRST_PAUSE_S, MOST_PAUSE_S, AlwaysOurs, Polling, Revoked, Turn
from bots.telegram.posting import Posting
from bots.telegram.rim import Parts, Rim, Talk
from bots.telegram.status import Status
from bots.telegram.webhook import PATH, Webhook
from bots.telegram.words import Say
from sync.clock import Clock
from sync.media.cleaning import Clean
from sync.serving import FEW_THREADS, WsgiServer

HOOKS_AT_ONCE = 4
"""Connections that Telegram may open at once to a webhook."""
WEBHOOK_TURN_S = 20.0


@dataclass(frozen=True)
class Setting:
    """How one bot is served. `webhook`: the address that Telegram is told, and where this process listens."""

    folder: BotFolder
    webhook: tuple[str, tuple[str, int]] | None = None
    api_url: str = API_URL
    shared: bool = False
    long_poll_s: int = 25


class TelegramBot:
    """All parts of one bot."""

    def __init__(
        self,
        setting: Setting,
        *,
        talk: Talk,
        room: Callable[[], Room],
        desk: Desk,
        say: Say,
        clean: Clean,
        clock: Clock,
        turn: Turn | None = None,
        request: Callable[[], BaseRequest] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        fresh: State | None = None,
        subscriptions: SubscriptionDesk | None = None,
        door: Door | None = None,
    ) -> None:
        folder = setting.folder
        self._setting = setting
        self._sleep = sleep
        self._monotonic_s = clock.monotonic_s
        self.status = Status(folder.path, monotonic_s=clock.monotonic_s, wall_s=clock.wall_s)
        self.bot: ExtBot[Any] = make_bot(folder.token, self.status, api_url=setting.api_url, request=request)
        self.journal = Journal(folder.path / JOURNAL_FILE)
        self.outages = Outages(self.journal, self.status, wall_s=clock.wall_s, monotonic_s=clock.monotonic_s)
        self.chats = OpenChats(fresh or State())
        self.rim = Rim(
            Parts(
                bot_id=folder.bot_id,
                key=folder.key,
                talk=talk,
                room=room,
                desk=desk,
                files=FileDesk(self.bot, clean),
                posting=Posting(self.bot, self.status, say, sleep),
                chats=self.chats,
                journal=self.journal,
                status=self.status,
                say=say,
                monotonic_s=clock.monotonic_s,
                shared=setting.shared,
                subscriptions=subscriptions,
                away_until=self.outages.away_until,
            )
        )
        self.bulletins = None if door is None else BulletinPost(self.bot, door, self.status, sleep)
        self.taking = Taking(self.bot, self.journal, self.rim.take)
        self.hook: Webhook | None = None
        """Where Telegram posts to, once it is served."""
        self._turn = turn or AlwaysOurs()
        self.polling = Polling(
            self.bot,
            self.taking.take,
            status=self.status,
            outages=self.outages,
            turn=self._turn,
            sleep=sleep,
            monotonic_s=clock.monotonic_s,
            begin_anew=self.rim.begin_anew,
            forget_silent=self.rim.forget_silent,
            long_poll_s=setting.long_poll_s,
        )

    async def start(self) -> None:
        """Greet Telegram, trying again until it is reached; raise Revoked."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await self.taking.application.initialize()
                return
            except InvalidToken:
                self.status.becomes("revoked")
                raise Revoked from None
            except TelegramError:
                self.status.becomes("offline")
            await self._sleep(pause_s)
            pause_s = min(MOST_PAUSE_S, 2 * pause_s)

    async def serve(self, ready: Callable[[str | None], None]) -> None:
        """Serve until cancelled; raise Revoked, or CannotListen. `ready` gets where the webhook listens."""
        await self.start()
        await self.outages.ask_pending(self.bot)
        posting = None if self.bulletins is None else asyncio.create_task(self.bulletins.run())
        try:
            await self._serve(ready)
        finally:
            if posting is not None:
                posting.cancel()

    async def _serve(self, ready: Callable[[str | None], None]) -> None:
        if self._setting.webhook is None:
            ready(None)
            await self.polling.run()
        else:
            await self._serve_webhook(*self._setting.webhook, ready)

    async def _serve_webhook(
        self, url: str, listen: tuple[str, int], ready: Callable[[str | None], None]
    ) -> None:
        secret = webhook_secret(self._setting.folder.path)
        hook = self.hook = Webhook(
            self.bot,
            self.taking.take,
            asyncio.get_running_loop(),
            secret=secret,
            status=self.status,
            polled=self.outages.polled,
        )
        server = WsgiServer(hook, listen, threads=max(FEW_THREADS, HOOKS_AT_ONCE))
        server.start()
        try:
            ready(server.url)
            while True:
                self.rim.forget_silent()
                held = await self._turn.held()
                if held and not hook.is_ours:
                    await self._reached(
                        lambda: self.bot.set_webhook(
                            url.rstrip("/") + PATH,
                            max_connections=HOOKS_AT_ONCE,
                            allowed_updates=ALLOWED_UPDATES,
                            secret_token=secret,
                        )
                    )
                    hook.is_ours = True
                elif hook.is_ours and not held:
                    await self._leave_to_the_other(hook)
                self.status.becomes("webhook" if held else "waiting")
                if held and await self.outages.ask_pending(self.bot):
                    # It posts what comes: a day on which nobody writes is no outage.
                    await self.outages.polled(self._turn.polled_at)
                await self._sleep(WEBHOOK_TURN_S)
        finally:
            if self._setting.shared and hook.is_ours:
                await self._leave_to_the_other(hook)
            await asyncio.to_thread(server.close)

    async def _leave_to_the_other(self, hook: Webhook) -> None:
        """Take no update any more, so that the other box gets them all."""
        hook.is_ours = False
        with suppress(TelegramError):
            await self.bot.delete_webhook()
        self.rim.begin_anew()
        await self._turn.give_back()

    async def _reached(self, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask until Telegram has answered."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await ask()
                return
            except InvalidToken:
                self.status.becomes("revoked")
                raise Revoked from None
            except TelegramError:
                self.status.becomes("offline")
            await self._sleep(pause_s)
            pause_s = min(MOST_PAUSE_S, 2 * pause_s)

    async def close(self) -> None:
        """Let go of everything."""
        with suppress(TelegramError, RuntimeError):
            await self.polling.let_go()
        if self.status.state != "revoked":
            self.status.becomes("stopped")
        with suppress(TelegramError, RuntimeError):
            await self.taking.application.shutdown()
        with suppress(TelegramError, RuntimeError):
            await self.bot.shutdown()
        await asyncio.to_thread(self.journal.close)
