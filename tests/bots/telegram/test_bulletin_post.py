"""Bulletins over the hub's own bot: 429, blocked, gone, perhaps posted: each told in one word."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram_stub import Bench, error, run

from bots.telegram.application import silence
from bots.telegram.bulletin_post import AWAY_S, EVERY_S, BulletinPost
from bots.telegram.status import Status
from sync.errors import CarrierError

silence()  # periods as timedelta, before any error is made
CHAT, TEXT = "7000003141", "Kentongan. WASPADA: rahasiakata. Berhenti: /berhenti"


class Door:
    """The hub's door in memory."""

    def __init__(self, count: int = 1, *, away: bool = False) -> None:
        self.waiting = [{"id": number, "to": CHAT, "text": TEXT} for number in range(count)]
        self.told: list[tuple[int, str, float]] = []
        self.away = away

    def take(self, way: str, most: int) -> list[dict[str, Any]]:
        assert way == "telegram"
        if self.away:
            raise CarrierError("away")
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken

    def outcome(self, message: int, outcome: str, wait_s: float = 0.0) -> None:
        self.told.append((message, outcome, wait_s))


class Bot:
    """What of a bot is used."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.sent: list[tuple[int, str]] = []

    async def send_message(self, chat: int, text: str, **_: object) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append((chat, text))


def turn(tmp_path: Path, door: Door, fails: Exception | None = None) -> tuple[float, Bot, Status]:
    bot, status = Bot(fails), Status(tmp_path, monotonic_s=lambda: 0.0, wall_s=lambda: 0.0)
    made: Any = bot
    return asyncio.run(BulletinPost(made, door, status, asyncio.sleep).turn()), bot, status


def test_each_is_posted_once_and_told_and_none_is_in_hand_meanwhile(tmp_path: Path) -> None:
    door = Door(2)
    wait_s, bot, _ = turn(tmp_path, door)
    assert bot.sent == [(int(CHAT), TEXT)]
    assert door.told == [(0, "sent", 0.0)]
    assert len(door.waiting) == 1  # whoever stops now gets nothing
    assert wait_s == 0.0
    assert turn(tmp_path, Door(0))[0] == EVERY_S


def test_after_a_429_nobody_else_is_written_to_for_so_long(tmp_path: Path) -> None:
    assert turn(tmp_path, Door(2), RetryAfter(170))[0] == 170
    assert turn(tmp_path, Door(2), NetworkError("reset"))[0] == EVERY_S


def test_the_library_waits_out_no_429_of_a_bulletin(tmp_path: Path) -> None:
    bench = Bench(tmp_path, door=Door())
    bench.telegram.fail("sendMessage", *[error(429, "Too Many Requests", retry_after=400)] * 2)

    async def story() -> None:
        assert bench.bot.bulletins is not None
        assert await asyncio.wait_for(bench.bot.bulletins.turn(), 10) == 400

    run(bench, story())
    assert [method for method, _ in bench.telegram.sent].count("sendMessage") == 1


@pytest.mark.parametrize(
    ("fails", "outcome", "wait_s"),
    [
        (RetryAfter(17), "busy", 17.0),
        (Forbidden("bot was blocked by the user"), "gone", 0.0),
        (BadRequest("Chat not found"), "gone", 0.0),
        (BadRequest("message is too long"), "refused", 0.0),
        (TimedOut(), "unsure", 0.0),
        (NetworkError("reset"), "away", 0.0),
    ],
)
def test_what_telegram_says_becomes_one_word(
    tmp_path: Path, fails: Exception, outcome: str, wait_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door()
    turn(tmp_path, door, fails)
    assert door.told == [(0, outcome, wait_s)]
    for secret in (CHAT, "rahasiakata"):
        assert secret not in caplog.text
        assert all(secret.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_hub_that_is_away_is_waited_for(tmp_path: Path) -> None:
    assert turn(tmp_path, Door(away=True))[0] == AWAY_S
