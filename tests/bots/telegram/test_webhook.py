"""Updates that Telegram posts: only with the secret, and answered when they are finished."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from telegram_stub import TIMEOUT, Bench

from bots.telegram.folder import webhook_secret
from bots.telegram.webhook import MOST_BYTES

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Served:
    """A bot that serves its webhook from a thread."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.url = ""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),))
        self._thread.start()
        assert self._ready.wait(60)

    async def _serve(self) -> None:
        def ready(url: str | None) -> None:
            self.url = str(url)
            self._ready.set()

        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self.bench.bot.serve(ready))
        with suppress(asyncio.CancelledError):
            await self._task
        await self.bench.bot.close()

    def post(self, body: bytes, secret: str | None, path: str = "/telegram", method: str = "POST") -> int:
        request = urllib.request.Request(self.url + path, body, method=method)
        if secret is not None:
            request.add_header(HEADER, secret)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(60)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, webhook=("https://bot.example/desa", ("127.0.0.1", 0)))


@pytest.fixture
def served(bench: Bench) -> Iterator[Served]:
    served = Served(bench)
    yield served
    served.close()


def told(update: dict[str, Any]) -> bytes:
    return json.dumps(update).encode()


def test_telegram_is_told_where_and_with_which_secret(served: Served, bench: Bench) -> None:
    secret = webhook_secret(bench.folder)
    while "setWebhook" not in [method for method, _ in bench.telegram.sent]:
        time.sleep(0.01)
    asked = [said for method, said in bench.telegram.sent if method == "setWebhook"]
    assert asked[0]["url"] == "https://bot.example/desa/telegram"
    assert asked[0]["secret_token"] == secret
    assert len(secret) >= 40
    while bench.bot.status.state == "starting":
        time.sleep(0.01)
    assert bench.bot.status.state == "webhook"


def test_an_update_is_answered_once_it_is_finished(served: Served, bench: Bench) -> None:
    secret = webhook_secret(bench.folder)
    update = told(bench.message(text="/start"))
    bench.telegram.fail("sendMessage", TIMEOUT, TIMEOUT, TIMEOUT)
    assert served.post(update, secret) == 503
    assert served.post(update, secret) == 200
    assert served.post(update, secret) == 200
    assert bench.telegram.texts()[3:] == ["Halo, mau apa?"]


@pytest.mark.parametrize("secret", [None, "", "x", "é"])
def test_without_the_secret_nothing_is_read(served: Served, bench: Bench, secret: str | None) -> None:
    assert served.post(told(bench.message(text="/start")), secret) == 403
    assert not bench.telegram.texts()


def test_other_requests_are_refused(served: Served, bench: Bench) -> None:
    secret = webhook_secret(bench.folder)
    update = told(bench.message(text="/start"))
    assert served.post(update, secret, path="/") == 403
    assert served.post(update, secret, method="PUT") == 405
    assert served.post(b"", secret) == 413
    assert served.post(b"x" * (MOST_BYTES + 1), secret) == 413
    assert served.post(b"no JSON", secret) == 200  # else it would come for ever
    assert not bench.telegram.texts()
