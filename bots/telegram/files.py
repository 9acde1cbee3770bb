"""Pictures and sounds that people send: fetched into memory under a limit, and cleaned by a child process."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import Final

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bots.telegram.hearing import Offered
from sync.media.cleaning import Clean
from sync.media.refusals import MediaRefused, Refusal
from sync.wire.attachments import Attachment

MOST_FETCHED_BYTES = 12 * 1024 * 1024
"""As the village site takes; Telegram itself gives bots at most 20 MB."""
LONGEST_S = 120.0
"""A file that trickles in is given up: everybody who writes meanwhile waits for it."""
_WHY: Final = {Refusal.TOO_LARGE: "size", Refusal.TOO_MANY_PIXELS: "size", Refusal.BROKEN: "damaged"}


class NotFetched(Exception):
    """The file was not taken; `why` as in `bots.dialogue.contract.FileNotTaken`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class FileDesk:
    """Fetches one file after the other: a board has little memory."""

    def __init__(self, bot: Bot, clean: Clean, longest_s: float = LONGEST_S) -> None:
        self._bot = bot
        self._longest_s = longest_s
        self._clean = clean
        self._turn = asyncio.Lock()

    async def take(self, offered: Offered) -> Attachment:
        """Return the cleaned file; raise NotFetched."""
        if offered.size is not None and offered.size > MOST_FETCHED_BYTES:
            raise NotFetched("size")
        async with self._turn:
            try:
                async with asyncio.timeout(self._longest_s):
                    content = await self._fetched(offered)
            except TimeoutError:
                raise NotFetched("network") from None
            try:
                return await asyncio.to_thread(self._cleaned, offered.media, content)
            except MediaRefused as refused:
                busy = refused.refusal is Refusal.BUSY
                raise NotFetched("network" if busy else _WHY.get(refused.refusal, "kind")) from None

    async def _fetched(self, offered: Offered) -> bytearray:
        try:
            file = await self._bot.get_file(offered.file_id)
            if file.file_size is not None and file.file_size > MOST_FETCHED_BYTES:
                raise NotFetched("size")
            content = await file.download_as_bytearray()
        except BadRequest:
            raise NotFetched("size") from None  # "file is too big" is what it says there
        except TelegramError:
            raise NotFetched("network") from None  # its text could hold the token
        if len(content) > MOST_FETCHED_BYTES:
            raise NotFetched("size")
        return content

    def _cleaned(self, media: str, content: bytearray) -> Attachment:
        # In memory and nowhere else: no folder for temporary files sees it.
        descriptor = os.memfd_create("file")
        with os.fdopen(descriptor, "w+b") as file:
            file.write(content)
            file.flush()
            with suppress(OSError):
                file.seek(0)
            return self._clean("picture" if media == "picture" else "sound", file)
