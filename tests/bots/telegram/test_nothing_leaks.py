"""Nothing about people and no token in what the bot writes, logs or says of itself, whatever goes wrong."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from small_media import jpeg
from telegram.error import NetworkError
from telegram_stub import CHAT, NAME, STORY, TIMEOUT, TOKEN, Bench, error, run

from bots.telegram.folder import TOKEN_FILE, open_folder

SECRETS = [str(CHAT), NAME, NAME.lower(), "Pak Kumis", TOKEN, TOKEN.split(":")[1], "0000000000000001"]


def test_nothing_about_people_is_written_or_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    bench = Bench(tmp_path)
    bench.telegram.files = {"foto": jpeg()}
    photo: dict[str, Any] = {"photo": [{"file_id": "foto", "file_unique_id": "b", "width": 64, "height": 48}]}

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(bench.message(**photo))
        bench.telegram.fail("sendMessage", TIMEOUT, error(500, STORY), error(400, STORY))
        await bench.take(bench.press("kirim"))
        await bench.say("salah", STORY, "0000000000000001")
        bench.telegram.fail("getUpdates", NetworkError(f"https://api.telegram.org/bot{TOKEN}/getUpdates"))
        bench.telegram.fail("getUpdates", error(409, STORY), error(502, STORY))
        bench.telegram.updates = [bench.update(message={"message_id": 1, "text": STORY, "chat": CHAT})]
        for _ in range(5):
            await bench.bot.polling.once()
        bench.bot.status.write(at_once=True)
        for one in (bench.bot.chats.of(CHAT, 0), open_folder(tmp_path)):
            assert not any(secret in repr(one) for secret in SECRETS)

    run(bench, story())
    assert len(bench.desk.reports) == 1
    spoken = capfd.readouterr()
    told = caplog.text + spoken.out + spoken.err
    assert not [secret for secret in SECRETS if secret in told]
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != TOKEN_FILE]
    assert {"telegram.db", "status.json", "telegram.key"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        assert not [secret for secret in SECRETS if secret.encode() in content], file.name
        assert not [secret for secret in SECRETS if secret in file.name]
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_what_a_box_is_told_does_not_show_numbers_of_telegram(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(bench.press("kirim"))

    run(bench, story())
    (token,) = bench.desk.tokens
    assert not any(secret in token for secret in SECRETS)
    assert "504" not in token[3:7]
    other = Bench(tmp_path / "other")  # the same update at another bot's folder: another token

    async def again() -> None:
        await other.up_to_send()
        await other.take(other.press("kirim"))

    run(other, again())
    assert other.desk.tokens != bench.desk.tokens
