"""Sends, edits and deletes messages; what can be tried again is, the rest is counted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from telegram import Bot, LinkPreviewOptions, ReplyKeyboardRemove
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bots.dialogue.contract import Reply
from bots.telegram.chats import Chat
from bots.telegram.saying import DELETE_CODE, keyboard, pieces, position_keyboard
from bots.telegram.status import Status
from bots.telegram.words import DELETE_LABEL, POSITION_HOW, POSITION_LABEL, Say

_log = logging.getLogger(__name__)
PAUSES_S = (1.0, 3.0)
"""Before the second and the third try."""
TOGETHER = 100
"""Messages that Telegram deletes in one request."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""An address that somebody wrote is fetched by nobody."""


class NotNow(Exception):
    """Telegram is not reached: the update must come again."""


class Blocked(Exception):
    """The person has stopped the bot: nothing can be told."""


class Posting:
    """Speaks for one bot."""

    def __init__(self, bot: Bot, status: Status, say: Say, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._bot = bot
        self._status = status
        self._say = say
        self._sleep = sleep

    async def send(self, chat_id: int, chat: Chat, reply: Reply) -> None:
        """Send one reply in as many messages as it needs; raise NotNow or Blocked."""
        language = chat.state.language
        buttons = keyboard(reply, self._say(language, DELETE_LABEL))
        texts = pieces(reply.text)
        for number, text in enumerate(texts, 1):
            markup: Any = buttons if number == len(texts) else None
            if markup is None and chat.asked_position and not reply.asks_position:
                markup, chat.asked_position = ReplyKeyboardRemove(), False
            sent = await self._send(chat_id, text, markup)
            if sent is None:
                continue
            chat.ours.append(sent)
            if markup is buttons and any(b.value != DELETE_CODE for row in reply.buttons for b in row):
                chat.live.add(sent)
        if reply.asks_position:
            how, label = self._say(language, POSITION_HOW), self._say(language, POSITION_LABEL)
            sent = await self._send(chat_id, how, position_keyboard(label))
            chat.asked_position = True
            if sent is not None:
                chat.ours.append(sent)

    async def _send(self, chat_id: int, text: str, markup: Any) -> int | None:
        for pause_s in (*PAUSES_S, None):
            try:
                message = await self._bot.send_message(
                    chat_id, text, reply_markup=markup, link_preview_options=_NO_PREVIEW
                )
                return message.message_id
            except Forbidden:
                self._status.count("blocked")
                raise Blocked from None
            except BadRequest:
                self._status.count("unsent")  # this text would never go: another try changes nothing
                return None
            except (RetryAfter, InvalidToken):
                raise NotNow from None
            except NetworkError as error:
                if isinstance(error, TimedOut):
                    self._status.count("timeouts")
                if pause_s is None:
                    raise NotNow from None
                await self._sleep(pause_s)
            except Exception as error:
                # It was sent or will never be: another try would say it twice.
                _log.error("an answer of Telegram was not understood: %s", type(error).__name__)
                self._status.count("unsent")
                return None
        return None

    async def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Show what was chosen in a message and take its buttons away, where Telegram lets us."""
        try:
            await self._bot.edit_message_text(text, chat_id, message_id, link_preview_options=_NO_PREVIEW)
        except TelegramError:
            return  # too old, or gone: the answer comes below it all the same

    async def answer(self, query_id: str) -> None:
        """Let the button stop turning."""
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError:
            return

    async def delete(self, chat_id: int, messages: Iterable[int]) -> int:
        """Delete messages of a private chat, the bot's and the person's; return how many were not."""
        wanted = sorted(set(messages))
        left = 0
        for start in range(0, len(wanted), TOGETHER):
            some = wanted[start : start + TOGETHER]
            try:
                await self._bot.delete_messages(chat_id, some)
            except TelegramError:
                left += [await self._delete_one(chat_id, one) for one in some].count(False)
        return left

    async def _delete_one(self, chat_id: int, message_id: int) -> bool:
        try:
            return await self._bot.delete_message(chat_id, message_id)
        except TelegramError:
            return False

    async def leave(self, chat_id: int) -> None:
        """Leave a group or channel."""
        try:
            await self._bot.leave_chat(chat_id)
            self._status.count("groups_left")
        except TelegramError:
            return
