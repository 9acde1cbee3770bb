"""The bot against telegram-test-api over HTTP: polling, buttons, edits, deletion."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from bot_api import Person, emulator
from telegram_stub import CHAT, NAME, STORY, TOKEN, MemoryDesk, say, stub_room, talk

from bots.telegram import words
from bots.telegram.folder import keep_token, open_folder
from bots.telegram.serving import Setting, TelegramBot
from sync.clock import SystemClock
from sync.media.cleaning import Cleaner

pytestmark = pytest.mark.slow


@contextmanager
def served(folder: Path, url: str, desk: Any) -> Iterator[TelegramBot]:
    """A bot that polls in a thread of its own until the end of the block."""
    keep_token(folder, TOKEN)
    ready = threading.Event()
    made: list[Any] = []

    async def serve() -> None:
        setting = Setting(open_folder(folder), api_url=url, long_poll_s=0)
        bot = TelegramBot(
            setting, talk=talk, room=stub_room(), desk=desk, say=say, clean=Cleaner(), clock=SystemClock()
        )
        task = asyncio.create_task(bot.serve(lambda _: ready.set()))
        made.extend((bot, task, asyncio.get_running_loop()))
        with suppress(asyncio.CancelledError):
            await task
        await bot.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield made[0]
    finally:
        made[2].call_soon_threadsafe(made[1].cancel)
        thread.join(60)


def test_a_person_reports_and_has_everything_deleted(tmp_path: Path) -> None:
    desk = MemoryDesk()
    with emulator() as url, served(tmp_path, url, desk):
        person = Person(url, TOKEN, CHAT, NAME)
        person.say("/start")
        person.reads("mau apa?")
        person.press("lapor")
        person.reads("Tulis")
        assert person.reads("mau apa?").endswith("» Lapor")  # and its button is gone
        person.say(STORY)
        person.reads("Kirim?")
        person.press("kirim")
        assert person.reads("Kode:") == "Disimpan. Kode: 0000000000000001"
        person.say("0000000000000001")
        person.reads("ada")
        person.share_position(-8.5833, 116.1167)
        person.reads("posisi -858330 11611670")
        person.say("hapus")
        person.reads(words.DELETED)
        assert [one["text"] for one in person.screen()] == [words.DELETED]
        assert not person.mine()
    assert [report["narrative"] for report in desk.reports.values()] == [STORY]
