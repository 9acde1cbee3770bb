"""Telegram in this process for tests: a request class that answers, keeps what was sent, and fails on demand.

And a dialogue of a few lines, so that tests of the rim depend on no dialogue of ours.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from bots.dialogue.contract import (
    Button,
    FileNotTaken,
    Forget,
    Input,
    KeptBy,
    LookUp,
    NotTaken,
    Pressed,
    Reply,
    Room,
    Said,
    SentFile,
    SharedPosition,
    Shown,
    State,
    Submit,
    Taken,
    Turn,
    Wish,
)
from bots.telegram.folder import keep_token, open_folder
from bots.telegram.polling import Turn as LentTurn
from bots.telegram.serving import Setting, TelegramBot
from sync.clock import ManualClock
from sync.errors import CarrierError
from sync.media.cleaning import Clean
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType

TOKEN = "123456789:AAErahasiaTokenUntukUji_0000000000"
CHAT = 7_770_001_234
NAME = "Namakunyata"
STORY = "Ada orang bernama Pak Kumis mengajak anak tetangga ke luar negeri."


def say(_language: str, text: str) -> str:
    return text


class StubTelegram(BaseRequest):
    """Answers all methods that the bot uses. `fails[method]` holds what is answered first, one each time:
    (code, body) or an exception."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.fails: dict[str, deque[tuple[int, Any] | Exception]] = {}
        self.updates: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.deleted: list[int] = []
        self.last_id = 1000

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    def fail(self, method: str, *answers: tuple[int, Any] | Exception) -> None:
        self.fails.setdefault(method, deque()).extend(answers)

    def texts(self) -> list[str]:
        return [said["text"] for method, said in self.sent if method == "sendMessage"]

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        given = {} if request_data is None else dict(request_data.parameters)
        if "/file/" in url:
            return 200, self.files[name]
        self.sent.append((name, given))
        waiting = self.fails.get(name)
        if waiting:
            answer = waiting.popleft()
            if answer is PASS:
                return 200, json.dumps({"ok": True, "result": self._result(name, given)}).encode()
            if isinstance(answer, Exception):
                raise answer
            code, body = answer
            return code, body if isinstance(body, bytes) else json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": self._result(name, given)}).encode()

    def _result(self, name: str, given: dict[str, Any]) -> Any:
        if name == "getMe":
            return {"id": 123456789, "is_bot": True, "first_name": "Kentongan", "username": "kentongan_bot"}
        if name == "sendMessage":
            self.last_id += 1
            return {
                "message_id": self.last_id,
                "date": 1,
                "chat": {"id": int(given["chat_id"]), "type": "private"},
                "text": given["text"],
            }
        if name == "getUpdates":
            offset = int(given.get("offset", 0))
            self.updates = [one for one in self.updates if one["update_id"] >= offset]
            return self.updates[: int(given.get("limit", 100))]
        if name == "getFile":
            content = self.files[given["file_id"]]
            path = f"documents/{given['file_id']}"
            size = len(content)
            return {"file_id": "f", "file_unique_id": "u", "file_size": size, "file_path": path}
        if name == "getWebhookInfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.updates)}
        if name == "deleteMessages":
            self.deleted += (
                json.loads(given["message_ids"])
                if isinstance(given["message_ids"], str)
                else given["message_ids"]
            )
        if name == "deleteMessage":
            self.deleted.append(int(given["message_id"]))
        return True


def error(code: int, words: str, **parameters: Any) -> tuple[int, Any]:
    """An answer of Telegram that is an error."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
    return code, {**body, **({"parameters": parameters} if parameters else {})}


TIMEOUT = TimedOut()
PASS = TimeoutError()
"""In a list of failures: this request goes through."""


class MemoryDesk:
    """Takes reports once for each token, as a box does."""

    def __init__(self) -> None:
        self.reports: dict[str, Mapping[str, Any]] = {}
        self.attached: list[Attachment] = []
        self.tokens: list[str] = []
        self.away = False
        self.dies = False
        self.breaks = False

    def code(self, token: str) -> str:
        return f"{list(self.reports).index(token) + 1:016d}"

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        if self.away:
            return NotTaken("away")
        if isinstance(wish, Submit):
            self.tokens.append(wish.token)
            self.reports.setdefault(wish.token, wish.report)
            self.attached += [files[handle] for handle in wish.files]
            if self.dies:
                raise KeyboardInterrupt
            if self.breaks:
                raise ValueError(STORY)
            return Taken(self.code(wish.token), KeptBy.VILLAGE)
        if isinstance(wish, LookUp):
            known = [self.code(token) for token in self.reports]
            return Shown((), ()) if wish.code in known else NotTaken("unknown")
        return None

    def taken(self, token: str) -> Taken | None:
        if self.away:
            raise CarrierError("no node serves in this folder")
        return Taken(self.code(token), KeptBy.VILLAGE) if token in self.reports else None


@dataclass(frozen=True, repr=False)
class Told:
    """What the dialogue holds of a report."""

    text: str
    files: tuple[int, ...] = ()


def buttons(*values: str) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(value, value.title()),) for value in values)


def talk(state: State, heard: Input, room: Room) -> Turn:
    """Report in three steps; `hapus` forgets; a code of 16 digits is looked up."""
    if isinstance(heard, Said) and heard.text == "hapus":
        return Turn(State(), (), (Forget(),))
    if isinstance(heard, Said) and heard.text.isdigit():
        return Turn(state, (), (LookUp(heard.text),))
    if isinstance(heard, Said) and heard.text == "salah":
        raise ValueError(heard.text)
    if isinstance(heard, Said) and state.dialogue == "lapor":
        told = replace(state, held=Told(heard.text))
        return Turn(told, (Reply(f"Kirim?\n{heard.text}", buttons("kirim", "batal")),))
    if isinstance(heard, Pressed) and heard.value == "lapor":
        return Turn(State(dialogue="lapor"), (Reply("Tulis *ceritanya*."),))
    if isinstance(heard, Pressed) and heard.value == "kirim" and state.held is not None:
        report = {"kind": "recruiter", "narrative": state.held.text, "channel": "telegram"}
        return Turn(state, (), (Submit(report, state.held.files, room.token()),))
    if isinstance(heard, SentFile) and state.held is not None:
        held = Told(state.held.text, (*state.held.files, heard.handle))
        return Turn(replace(state, held=held), (Reply(f"ada {heard.media}", buttons("kirim")),))
    if isinstance(heard, Taken):
        return Turn(State(), (Reply(f"Disimpan. Kode: {heard.receipt}", holds_code=True),))
    if isinstance(heard, FileNotTaken | NotTaken):
        return Turn(state, (Reply(f"tidak: {heard.why}"),))
    if isinstance(heard, SharedPosition):
        return Turn(state, (Reply(f"posisi {heard.lat_e5} {heard.lon_e5} {heard.place}".strip()),))
    if isinstance(heard, Shown):
        return Turn(state, (Reply("ada"),))
    return Turn(State(), (Reply("Halo, mau apa?", buttons("lapor"), asks_position=False),))


class _NoCleaner:
    def __call__(self, kind: str, file: Any) -> Attachment:
        return Attachment(MediaType.JPEG if kind == "picture" else MediaType.OGG_OPUS, file.read())


def stub_room(kept_by: KeptBy = KeptBy.VILLAGE) -> Callable[[], Room]:
    """A room that knows nothing but how to draw tokens."""
    drawn = itertools.count(1)

    def token() -> str:
        return f"drawn-{next(drawn)}"

    nothing: Any = None
    return lambda: Room(nothing, nothing, nothing, nothing, nothing, token, kept_by=kept_by)


class Bench:
    """A bot over StubTelegram, on a clock that stands still; `restarted` is a new process over its folder."""

    def __init__(
        self,
        folder: Path,
        *,
        telegram: StubTelegram | None = None,
        desk: MemoryDesk | None = None,
        clock: ManualClock | None = None,
        clean: Clean | None = None,
        shared: bool = False,
        at_hub: bool = False,
        turn: LentTurn | None = None,
        webhook: tuple[str, tuple[str, int]] | None = None,
        dialogue: Any = talk,
        room: Callable[[], Room] | None = None,
        subscriptions: Any = None,
        door: Any = None,
    ) -> None:
        self.folder = folder
        self.telegram = telegram or StubTelegram()
        self.desk = desk or MemoryDesk()
        self.clock = clock or ManualClock()
        self.slept: list[float] = []
        self._next_update = 500
        self._next_message = 1
        keep_token(folder, TOKEN)
        self.bot = TelegramBot(
            Setting(open_folder(folder), shared=shared, webhook=webhook),
            talk=dialogue,
            room=room or stub_room(KeptBy.HUB if at_hub else KeptBy.VILLAGE),
            subscriptions=subscriptions,
            door=door,
            turn=turn,
            desk=self.desk,
            say=say,
            clean=clean or _NoCleaner(),
            clock=self.clock,
            request=lambda: self.telegram,
            sleep=self._sleep,
        )
        self.shared = shared

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)
        await asyncio.sleep(0)

    def restarted(self) -> Bench:
        """Another process over the same folder, while Telegram and the box went on."""
        again = Bench(
            self.folder, telegram=self.telegram, desk=self.desk, clock=self.clock, shared=self.shared
        )
        again._next_update, again._next_message = self._next_update, self._next_message
        return again

    # Updates as Telegram writes them.

    def _user(self) -> dict[str, Any]:
        return {"id": CHAT, "is_bot": False, "first_name": NAME, "username": NAME.lower()}

    def update(self, **what: Any) -> dict[str, Any]:
        self._next_update += 1
        return {"update_id": self._next_update, **what}

    def message(self, chat: dict[str, Any] | None = None, **what: Any) -> dict[str, Any]:
        self._next_message += 1
        return self.update(
            message={
                "message_id": self._next_message,
                "date": 1_780_000_000,
                "from": self._user(),
                "chat": chat or {"id": CHAT, "type": "private", "first_name": NAME},
                **what,
            }
        )

    def press(self, value: str, message_id: int | None = None) -> dict[str, Any]:
        """A press of a button under the bot's last message."""
        said = next(g for m, g in reversed(self.telegram.sent) if m == "sendMessage")
        markup = said.get("reply_markup")
        message = {
            "message_id": message_id or self.telegram.last_id,
            "date": 1_780_000_000,
            "chat": {"id": CHAT, "type": "private"},
            "text": said["text"],
        }
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = json.loads(markup) if isinstance(markup, str) else markup
        query = {"id": "77", "from": self._user(), "chat_instance": "1", "data": value, "message": message}
        return self.update(callback_query=query)

    # One process.

    async def take(self, *updates: dict[str, Any]) -> None:
        for one in updates:
            await self.bot.taking.take(Update.de_json(one, self.bot.bot))

    async def say(self, *texts: str) -> None:
        for text in texts:
            await self.take(self.message(text=text))

    async def up_to_send(self, story: str = STORY) -> None:
        """Start, and tell all up to the button that sends."""
        await self.say("/start")
        await self.take(self.press("lapor"))
        await self.say(story)


def run(bench: Bench, story: Coroutine[Any, Any, None]) -> None:
    """Run a story over a bot that greeted Telegram; close it whatever happens."""

    async def whole() -> None:
        try:
            await bench.bot.start()
            await story
        finally:
            story.close()  # where it was not reached
            await bench.bot.close()

    asyncio.run(whole())
