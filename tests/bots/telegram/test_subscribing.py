"""A chat subscribes at the hub's own bot, gets a bulletin, stops; its number lies nowhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sent_bulletins import TEXT, send_bulletin
from talking import a_room
from telegram_stub import CHAT, Bench, error, run
from village import Region, dump, quick_folder

from bots.desks.subscribing import AtTheHub
from bots.dialogue import talk
from hub.subscriptions.door import SubscriptionDoor
from sync.subscription_door import HubDoor


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def test_from_langganan_to_a_bulletin_and_berhenti(
    region: Region, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    region.exchange()
    made = region.hub.store.subscriptions
    door = SubscriptionDoor(region.hub_folder, made.kept, made.sending)
    bench = Bench(
        tmp_path / "bot",
        dialogue=talk,
        room=lambda: a_room(subscribes=True),
        subscriptions=AtTheHub(region.hub_folder, "telegram"),
        door=HubDoor(region.hub_folder),
    )
    posting = bench.bot.bulletins
    assert posting is not None

    async def story() -> None:
        await bench.say("/langganan")
        for value in ("area:52.02.08", "in:id"):
            await bench.take(bench.press(value))
        assert "di hub saja" in bench.telegram.texts()[-1]
        assert made.kept.standing("telegram", str(CHAT)) is None
        await bench.take(bench.press("yes"))
        assert "Tersimpan" in bench.telegram.texts()[-1]

        send_bulletin(region)
        bench.telegram.fail("sendMessage", error(429, "Too Many Requests", retry_after=0))
        await posting.turn()
        assert [TEXT in text for text in bench.telegram.texts()[-1:]] == [True]
        sent = len(bench.telegram.sent)
        await posting.turn()
        assert len(bench.telegram.sent) == sent

        await bench.say("/langganan")
        assert "menerima pengumuman untuk" in bench.telegram.texts()[-1]
        await bench.say("BERHENTI")
        assert "sudah dihapus di hub" in bench.telegram.texts()[-1]
        assert made.kept.standing("telegram", str(CHAT)) is None

        made.kept.begin("telegram", str(CHAT), "52", "id")
        send_bulletin(region, text="Waspada lagi. Polisi: 110.")
        bench.telegram.fail("sendMessage", error(403, "Forbidden: bot was blocked by the user"))
        await posting.turn()
        assert made.kept.standing("telegram", str(CHAT)) is None

    try:
        run(bench, story())
    finally:
        door.close()
    assert str(CHAT) not in caplog.text + repr(dump(region.hub_folder))
    for file in (*tmp_path.rglob("*"), *region.path.rglob("*")):
        assert not file.is_file() or str(CHAT).encode() not in file.read_bytes(), file.name
