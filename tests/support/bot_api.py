"""telegram-test-api, an emulator of Telegram's interface for bots that this project did not write, and people
who write to a bot through it. `scripts/test` installs it; a test itself reaches loopback alone."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "telegram_emulator"
HOW = "run scripts/test once: it installs Node.js, and telegram-test-api in tests/support/telegram_emulator"
PATIENCE_S = 60.0


def _missing() -> str | None:
    if shutil.which("node") is None:
        return f"there is no node: {HOW}, or sudo apt-get install nodejs npm"
    if not (FOLDER / "node_modules" / "telegram-test-api").is_dir():
        return f"telegram-test-api is not installed: {HOW}"
    return None


@contextlib.contextmanager
def emulator() -> Iterator[str]:
    """Give the address of a running emulator; without one skip the test, or fail it under CI."""
    missing = _missing()
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    process = subprocess.Popen(
        ["node", str(FOLDER / "server.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def _keys(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the rows of buttons under a message; the library sends them as JSON within JSON."""
    markup = message.get("reply_markup") or {}
    rows: list[list[dict[str, Any]]] = (json.loads(markup) if isinstance(markup, str) else markup).get(
        "inline_keyboard", []
    )
    return rows


class Person:
    """Somebody with a phone: writes to the bot, presses what stands under its messages, reads."""

    def __init__(self, url: str, token: str, chat: int, name: str) -> None:
        self._url, self._token, self._chat, self._name = url, token, chat, name
        self._read = 0

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        data = json.dumps({"token": self._token, "botToken": self._token, **body}).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)["result"]

    def _me(self) -> dict[str, Any]:
        return {"id": self._chat, "is_bot": False, "first_name": self._name, "username": self._name.lower()}

    def _message(self, **what: Any) -> dict[str, Any]:
        chat = {"id": self._chat, "type": "private", "first_name": self._name}
        return {"date": int(time.time()), "from": self._me(), "chat": chat, **what}

    def say(self, text: str) -> None:
        self._post("/sendMessage", self._message(text=text))

    def share_position(self, latitude: float, longitude: float) -> None:
        place = {"latitude": latitude, "longitude": longitude}
        self._post("/sendMessage", self._message(location=place))

    def press(self, value: str) -> None:
        """Wait for a message with a button of this value; press it under the newest one.

        The bot says some things in two messages: who has read the first may be quicker than the second.
        """
        one = self._with_button(value)
        message = {
            "message_id": one["message_id"],
            "date": int(time.time()),
            "chat": {"id": self._chat, "type": "private"},
            "from": {"id": 666, "is_bot": True, "first_name": "Kentongan"},
            "text": one["text"],
            "reply_markup": {"inline_keyboard": _keys(one)},
        }
        self._post("/sendCallback", {"from": self._me(), "message": message, "data": value})

    def _with_button(self, value: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            screen = self.screen()
            for one in reversed(screen):
                if any(key["callback_data"] == value for row in _keys(one) for key in row):
                    return dict(one)
            assert time.monotonic() < deadline, f"no button {value} in {[said['text'] for said in screen]}"
            time.sleep(0.05)

    def screen(self) -> list[dict[str, Any]]:
        """Return the bot's messages that stand in the chat now, as they were edited."""
        history = self._post("/getUpdatesHistory", {})
        return [
            {**one["message"], "message_id": one["messageId"]}
            for one in history
            if "message" in one and str(one["message"].get("chat_id")) == str(self._chat)
        ]

    def mine(self) -> list[dict[str, Any]]:
        """Return the person's own messages that stand in the chat now."""
        history = self._post("/getUpdatesHistory", {})
        return [o for o in history if "message" in o and o["message"].get("from", {}).get("id") == self._chat]

    def wait_for(self, seen: Callable[[list[str]], bool], what: str) -> list[str]:
        """Wait until the bot's messages are so; return them."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            texts = [str(one["text"]) for one in self.screen()]
            if seen(texts):
                return texts
            assert time.monotonic() < deadline, f"{what} did not come; there is {texts}"
            time.sleep(0.05)

    def reads(self, words: str) -> str:
        """Wait for a message with these words; return the newest one."""
        texts = self.wait_for(lambda texts: any(words in text for text in texts), words)
        return next(text for text in reversed(texts) if words in text)
