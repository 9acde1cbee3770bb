"""Open chats, in memory alone: where a dialogue stands, files that wait, which messages could be deleted.

A chat is known by a keyed hash whose key dies with the process. Its number itself is never kept: to answer,
the number comes with the update that is answered.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from bots.dialogue.contract import Reply, State
from sync.wire.attachments import Attachment

FORGET_S = 30 * 60.0
"""After so long without a word a half-finished conversation is forgotten, whether anybody comes or not."""
FORGET_MESSAGES_S = 48 * 3600.0
"""For so long Telegram lets a bot delete messages; then their numbers go as well."""
MOST_CHATS = 2000
MOST_FILES_BYTES = 16 * 1024 * 1024
"""Of all chats together. Whoever comes first is served; others are told to wait."""
BURST = 30
"""Messages at once that one chat may send; then one every REFILL_S seconds."""
REFILL_S = 2.0


@dataclass(repr=False)
class Chat:
    """One person's chat with the bot."""

    state: State
    seen_s: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    files: dict[int, Attachment] = field(default_factory=dict)
    last_handle: int = 0
    ours: list[int] = field(default_factory=list)
    """Messages of the bot, by their numbers in the chat."""
    theirs: list[int] = field(default_factory=list)
    live: set[int] = field(default_factory=set)
    """Messages whose buttons still count."""
    tokens: dict[str, str] = field(default_factory=dict)
    """A dialogue's token -> the token of the update that first wished it: what a box is told."""
    owed: dict[int, list[Reply]] = field(default_factory=dict)
    """Update -> replies that could not be sent yet."""
    edits: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Update -> the pressed message and its text from now on."""
    allowance: float = BURST
    quiet: bool = False
    """Whether the person was told that this is too much, and is not answered until it is less."""
    asked_position: bool = False
    was_cut: bool = False
    """Whether a half-finished conversation was forgotten, which the person does not know yet."""

    def spends(self, now_s: float, since_s: float) -> bool:
        """Whether one more message is not too many; `since_s` is the time of the one before."""
        self.allowance = min(BURST, self.allowance + (now_s - since_s) / REFILL_S)
        if self.allowance < 1:
            return False
        self.allowance -= 1
        self.quiet = False
        return True


class OpenChats:
    """All chats of one bot. Used on the event loop alone."""

    def __init__(self, fresh: State, *, most: int = MOST_CHATS) -> None:
        self._fresh = fresh
        self._most = most
        self._key = secrets.token_bytes(32)
        self._chats: OrderedDict[bytes, Chat] = OrderedDict()

    def _name(self, chat_id: int) -> bytes:
        return hashlib.blake2b(str(chat_id).encode(), key=self._key, digest_size=16).digest()

    def of(self, chat_id: int, now_s: float) -> Chat:
        """Return a chat, opened if it was not open."""
        self.forget(now_s)
        name = self._name(chat_id)
        chat = self._chats.get(name)
        if chat is None:
            chat = self._chats[name] = Chat(self._fresh, now_s)
            while len(self._chats) > self._most:
                self._drop_oldest()
        self._chats.move_to_end(name)
        return chat

    def knows(self, chat_id: int) -> bool:
        """Whether a chat is open."""
        return self._name(chat_id) in self._chats

    def forget_talk(self, chat: Chat) -> None:
        """Forget a conversation that was silent for too long, and that it is to be said."""
        chat.was_cut = chat.was_cut or chat.state.dialogue != "menu" or chat.state.held is not None
        self.restart(chat)

    def let_files_go(self, chat: Chat) -> None:
        """Keep no file that the conversation holds no more: it was cancelled, or nobody had asked for it."""
        held = chat.state.files
        for handle in [one for one in chat.files if one not in held]:
            del chat.files[handle]

    def drop(self, chat_id: int) -> None:
        """Forget a chat wholly."""
        self._chats.pop(self._name(chat_id), None)

    def clear(self) -> None:
        """Forget all chats wholly."""
        self._chats.clear()

    def restart(self, chat: Chat) -> None:
        """Forget the conversation of a chat; its messages can still be deleted, and its language stays."""
        chat.state = State(language=chat.state.language, warned=chat.state.warned)
        chat.files.clear()
        chat.tokens.clear()
        chat.live.clear()

    def forget(self, now_s: float) -> None:
        """Forget what is older than it may be; the oldest stand first. Call it from time to time, for nobody
        may come."""
        for name, chat in list(self._chats.items()):
            if now_s - chat.seen_s < FORGET_S:
                break
            if chat.lock.locked():
                continue
            if now_s - chat.seen_s >= FORGET_MESSAGES_S:
                del self._chats[name]
            else:
                self.forget_talk(chat)

    def files_bytes(self) -> int:
        """Return how much all files that wait take."""
        return sum(len(one.content) for chat in self._chats.values() for one in chat.files.values())

    def __len__(self) -> int:
        return len(self._chats)

    def _drop_oldest(self) -> None:
        for name, chat in self._chats.items():
            if not chat.lock.locked():
                del self._chats[name]
                return
        return
