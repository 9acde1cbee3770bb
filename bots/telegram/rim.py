"""One update from beginning to end: heard, talked over, wishes done, answered, and only then finished."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from telegram import Update

from bots.desks.subscribing import SubscriptionDesk
from bots.dialogue.contract import (
    Add,
    AskSubscription,
    FileNotTaken,
    Forget,
    Input,
    KeptBy,
    LookUp,
    NotTaken,
    PassOn,
    Pressed,
    Reply,
    Room,
    Said,
    SentFile,
    SharedPosition,
    State,
    Submit,
    Subscribe,
    Taken,
    Turn,
    Wish,
    Withdraw,
)
from bots.telegram import words
from bots.telegram.chats import FORGET_S, MOST_FILES_BYTES, Chat, OpenChats
from bots.telegram.desk import Desk, wish_token
from bots.telegram.files import FileDesk, NotFetched
from bots.telegram.hearing import Elsewhere, Heard, Odd, Offered, Part, Place, Press, Words, hear
from bots.telegram.journal import Begun, Journal
from bots.telegram.posting import Blocked, NotNow, Posting
from bots.telegram.saying import DELETE_CODE, in_pieces, pressed_text
from bots.telegram.status import Status
from sync.errors import CarrierError
from sync.wire.attachments import MAX_ATTACHMENTS

_log = logging.getLogger(__name__)
MOST_TURNS = 12
"""Of a dialogue for one input; wishes bring further inputs."""
MOST_TRIES = 8
"""To ask a box that is away what it took; with the pauses of polling some minutes."""
START = "/start"
ODD_WORDS = {
    Odd.EDITED: words.EDITED,
    Odd.FORWARDED_PLACE: words.FORWARDED_PLACE,
    Odd.LIVE: words.LIVE,
}
"""What is said of parts that no dialogue hears."""
Talk = Callable[[State, Input, Room], Turn]


@dataclass(frozen=True, repr=False)
class Parts:
    """What the rim joins."""

    bot_id: int
    key: bytes
    """The bot's own, for tokens."""
    talk: Talk
    room: Callable[[], Room]
    desk: Desk
    files: FileDesk
    posting: Posting
    chats: OpenChats
    journal: Journal
    status: Status
    say: words.Say
    monotonic_s: Callable[[], float]
    shared: bool = False
    """Whether a box in the village and one at the hub serve this bot by turns."""
    subscriptions: SubscriptionDesk | None = None
    """Takes wishes about bulletins, with the chat; None: nobody does."""
    away_until: Callable[[], str | None] = lambda: None
    """Before when messages may be lost, in words; None where none are."""


class Rim:
    """Takes updates, in any number at once; those of one chat go one after the other."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._started_s = parts.monotonic_s()
        self._tries: dict[int, int] = {}
        self._answered: set[int] = set()
        """Updates that were answered and are not finished on the disk: nobody hears it twice."""

    async def take(self, update: Update) -> None:
        """Do everything about one update. Raises NotNow when it must come again: it was not finished."""
        heard = hear(update)
        if heard.elsewhere is None and heard.chat is not None and heard.parts:
            await self._converse(heard.chat, heard, update.update_id)
        elif await self._begun(update.update_id) is not Begun.FINISHED:
            await self._elsewhere(heard)
            await self._parts.journal.finish(update.update_id)

    async def _begun(self, update_id: int) -> Begun:
        begun = await self._parts.journal.begin(update_id)
        self._parts.status.count("repeated" if begun is Begun.FINISHED else "updates")
        return begun

    def begin_anew(self) -> None:
        """Forget all conversations: another box serves this bot, or did."""
        self._parts.chats.clear()
        self._started_s = self._parts.monotonic_s()

    def forget_silent(self) -> None:
        """Forget what was said too long ago."""
        self._parts.chats.forget(self._parts.monotonic_s())

    async def _elsewhere(self, heard: Heard) -> None:
        if heard.elsewhere is not None:
            self._parts.status.count("passed_over")
        if heard.chat is not None and heard.elsewhere in (Elsewhere.GROUP, Elsewhere.CHANNEL):
            await self._parts.posting.leave(heard.chat)  # what is said there is for more than two

    async def _converse(self, chat_id: int, heard: Heard, update_id: int) -> None:
        parts, now = self._parts, self._parts.monotonic_s()
        known = parts.chats.knows(chat_id)
        chat = parts.chats.of(chat_id, now)
        async with chat.lock:
            # Asked only now: the same update may have come while it was being answered.
            begun = await self._begun(update_id)
            if begun is Begun.FINISHED:
                return
            if update_id in self._answered:
                await self._finish(update_id)
                return
            if update_id not in chat.owed:
                replies = await self._guarded(chat_id, chat, heard, update_id, begun, known)
                chat.owed[update_id] = [piece for reply in replies for piece in in_pieces(reply)]
            chat.seen_s = now
            parts.chats.let_files_go(chat)
            try:
                await self._pay(chat_id, chat, update_id)
            except Blocked:
                parts.chats.drop(chat_id)
            self._answered.add(update_id)
            await self._finish(update_id)

    async def _finish(self, update_id: int) -> None:
        await self._parts.journal.finish(update_id)
        self._answered.discard(update_id)

    async def _pay(self, chat_id: int, chat: Chat, update_id: int) -> None:
        edit = chat.edits.pop(update_id, None)
        if edit is not None:
            await self._parts.posting.edit(chat_id, *edit)
        owed = chat.owed[update_id]
        while owed:
            await self._parts.posting.send(chat_id, chat, owed[0])
            del owed[0]
        del chat.owed[update_id]

    async def _guarded(
        self, chat_id: int, chat: Chat, heard: Heard, update_id: int, begun: Begun, known: bool
    ) -> list[Reply]:
        try:
            return await self._replies(chat_id, chat, heard, update_id, begun, known)
        except NotNow:
            raise
        except Exception as error:
            # A fault of ours: the text could hold what somebody wrote, and coming again would change nothing.
            _log.error("fault in a conversation: %s", type(error).__name__)
            self._parts.status.count("faults")
            self._parts.chats.restart(chat)
            try:
                # It may have been kept before the fault.
                return await self._taken_before(chat, update_id) or [self._own(chat, words.FAULT)]
            except CarrierError:
                return [self._own(chat, words.INTERRUPTED_UNKNOWN)]

    def _own(self, chat: Chat, text: str, **values: str) -> Reply:
        said = self._parts.say(chat.state.language, text)
        return Reply(said % values if values else said)

    async def _replies(
        self, chat_id: int, chat: Chat, heard: Heard, update_id: int, begun: Begun, known: bool
    ) -> list[Reply]:
        if heard.message_id is not None and heard.message_id not in chat.theirs:
            chat.theirs.append(heard.message_id)
        press = next((part for part in heard.parts if isinstance(part, Press)), None)
        if press is not None:
            await self._parts.posting.answer(press.query_id)
            if press.value == DELETE_CODE:
                await self._parts.posting.delete(chat_id, [press.message_id] if press.message_id else [])
                return []
        if begun is Begun.BEFORE:
            return await self._interrupted(chat, update_id)
        now = self._parts.monotonic_s()
        if not chat.spends(now, chat.seen_s):
            return self._too_many(chat)
        replies = list(self._notes(chat, heard, known, now))
        if press is not None and press.message_id not in chat.live:
            if known and not replies:
                return [self._own(chat, words.OLD_BUTTON)]
            return [*replies, *await self._talked(chat_id, chat, Said(START), update_id)]
        return [*replies, *await self._heard(chat_id, chat, heard.parts, update_id)]

    async def _heard(self, chat_id: int, chat: Chat, heard: tuple[Part, ...], update_id: int) -> list[Reply]:
        replies: list[Reply] = []
        for part in heard:
            if isinstance(part, Odd) and part in ODD_WORDS:
                replies.append(self._own(chat, ODD_WORDS[part]))
                continue
            one = await self._input(chat, part, update_id)
            replies += await self._talked(chat_id, chat, one, update_id)
        return replies

    def _too_many(self, chat: Chat) -> list[Reply]:
        self._parts.status.count("flood")
        if chat.quiet:
            return []
        chat.quiet = True
        return [self._own(chat, words.FLOOD)]

    def _notes(self, chat: Chat, heard: Heard, known: bool, now: float) -> Iterator[Reply]:
        """What must be told before anything else: what was forgotten, lost, and who answers."""
        parts = self._parts
        starts = any(isinstance(part, Words) and part.text.startswith(START) for part in heard.parts)
        if known and now - chat.seen_s >= FORGET_S:
            parts.chats.forget_talk(chat)
        if chat.was_cut:
            chat.was_cut = False
            yield self._own(chat, words.FORGOTTEN)
        if known:
            return
        pressed = any(isinstance(part, Press) for part in heard.parts)
        if pressed or (not starts and now - self._started_s < FORGET_S):
            yield self._own(chat, words.OTHER_BEFORE if parts.shared else words.RESTARTED)
        until = parts.away_until()
        if until is not None:
            yield self._own(chat, words.AWAY_LONG, until=until)
        if parts.shared:
            hub = parts.room().kept_by is KeptBy.HUB
            yield self._own(chat, words.HUB_ANSWERS if hub else words.VILLAGE_ANSWERS)

    async def _interrupted(self, chat: Chat, update_id: int) -> list[Reply]:
        """The update was begun before a crash: what came of it the box knows, by the token."""
        parts = self._parts
        parts.status.count("interrupted")
        parts.chats.restart(chat)
        try:
            taken = await self._taken_before(chat, update_id)
        except CarrierError:
            return self._not_known(chat, update_id)
        self._tries.pop(update_id, None)
        return taken or [self._own(chat, words.INTERRUPTED)]

    async def _taken_before(self, chat: Chat, update_id: int) -> list[Reply]:
        """Return what is said of what the box took for an update, nothing where it took nothing; raise
        CarrierError."""
        parts = self._parts
        token = wish_token(parts.key, parts.bot_id, update_id)
        taken = await asyncio.to_thread(parts.desk.taken, token)
        if taken is None:
            return []
        by = words.KEPT_BY_HUB if taken.kept_by is KeptBy.HUB else words.KEPT_BY_VILLAGE
        if taken.receipt is None:
            return [self._own(chat, words.INTERRUPTED_TAKEN_NO_CODE), self._own(chat, by)]
        told = self._own(chat, words.INTERRUPTED_TAKEN, code=taken.receipt)
        return [replace(told, holds_code=True), self._own(chat, by)]

    def _not_known(self, chat: Chat, update_id: int) -> list[Reply]:
        """After a power cut the box begins later than the bot: the update comes again until it is there."""
        self._tries[update_id] = self._tries.get(update_id, 0) + 1
        if self._tries[update_id] <= MOST_TRIES:
            raise NotNow
        del self._tries[update_id]
        return [self._own(chat, words.INTERRUPTED_UNKNOWN)]

    async def _input(self, chat: Chat, part: Part, update_id: int) -> Input:
        if isinstance(part, Words):
            return Said(part.text)
        if isinstance(part, Press):
            chat.live.clear()
            if part.message_id is not None:
                chat.edits[update_id] = (part.message_id, pressed_text(part.text, part.label))
            return Pressed(part.value)
        if isinstance(part, Place):
            return SharedPosition(part.lat_e5, part.lon_e5, part.name)
        if isinstance(part, Offered):
            return await self._file(chat, part)
        return FileNotTaken("kind")

    async def _file(self, chat: Chat, offered: Offered) -> Input:
        parts = self._parts
        if len(chat.files) >= MAX_ATTACHMENTS:
            return FileNotTaken("count")
        if parts.chats.files_bytes() >= MOST_FILES_BYTES:
            return FileNotTaken("network")  # full of other people's: later there is room
        try:
            clean = await parts.files.take(offered)
        except NotFetched as refused:
            parts.status.count("files_refused")
            return FileNotTaken(refused.why)
        parts.status.count("files_taken")
        chat.last_handle += 1
        chat.files[chat.last_handle] = clean
        return SentFile(chat.last_handle, offered.media)

    async def _talked(self, chat_id: int, chat: Chat, one: Input, update_id: int) -> list[Reply]:
        replies: list[Reply] = []
        inputs = [one]
        for _ in range(MOST_TURNS):
            if not inputs:
                break
            turn = self._parts.talk(chat.state, inputs.pop(0), self._parts.room())
            chat.state = turn.state
            replies += turn.replies
            for wish in turn.wishes:
                if isinstance(wish, Forget):
                    replies += await self._forgotten(chat_id, chat)
                    continue
                if isinstance(wish, Subscribe | AskSubscription):
                    inputs.append(await self._about_bulletins(chat_id, wish))
                    continue
                outcome = await self._fulfilled(chat, wish, update_id)
                if outcome is None:
                    continue
                inputs.append(outcome)
                if self._parts.shared and isinstance(wish, LookUp) and _leads_nowhere(outcome):
                    replies.append(self._own(chat, words.OTHER_BOX))
        return replies

    async def _fulfilled(self, chat: Chat, wish: Wish, update_id: int) -> Input | None:
        told: Any = wish
        if isinstance(wish, Submit | Add | Withdraw | PassOn):
            told = replace(wish, token=self._token(chat, wish.token, update_id))
        outcome = await asyncio.to_thread(self._parts.desk.fulfil, told, dict(chat.files))
        if isinstance(wish, Submit) and isinstance(outcome, Taken):
            for handle in wish.files:
                chat.files.pop(handle, None)
        return outcome

    async def _about_bulletins(self, chat_id: int, wish: Subscribe | AskSubscription) -> Input:
        """The one wish that needs to know who it is: the number of the chat goes to the hub and stays there
        until /berhenti."""
        desk = self._parts.subscriptions
        if desk is None:
            return NotTaken("refused")
        return await asyncio.to_thread(desk.fulfil, wish, str(chat_id))

    def _token(self, chat: Chat, drawn: str, update_id: int) -> str:
        """What a box is told: it follows from the update alone, so that after a crash it is found again."""
        if drawn not in chat.tokens:
            first = wish_token(self._parts.key, self._parts.bot_id, update_id)
            count = sum(token == first for token in chat.tokens.values())
            chat.tokens[drawn] = (
                wish_token(self._parts.key, self._parts.bot_id, update_id, len(chat.tokens))
                if count
                else first
            )
        return chat.tokens[drawn]

    async def _forgotten(self, chat_id: int, chat: Chat) -> list[Reply]:
        wanted = {*chat.ours, *chat.theirs}
        left = await self._parts.posting.delete(chat_id, wanted)
        chat.ours.clear()
        chat.theirs.clear()
        self._parts.chats.restart(chat)
        # What stood there before this process began, and what Telegram passed over, the bot cannot know.
        done = words.DELETED if wanted and not left else words.FORGOTTEN_ALL
        return [self._own(chat, done), self._own(chat, words.DELETE_YOURSELF)]


def _leads_nowhere(outcome: Input) -> bool:
    """Whether a code that was looked up may be one of another village's box."""
    return isinstance(outcome, NotTaken) and outcome.why in ("unknown", "lost")
