"""A worker abroad calls for help over the hub's own bot: numbers, a position shared on purpose, the nearest
mission, a report with the country that stands at the head of the inbox and rings who is on duty.

Through `Application.process_update`, with the hub, its own node and the duty roster in one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from duty_people import SARI, STEP_S, Post, three_levels, with_post
from telegram_stub import CHAT, NAME, Bench, run
from village import Region, quick_folder

from bots.desks.node_desk import NodeDesk
from bots.dialogue import talk
from bots.dialogue.contract import Channel, KeptBy
from bots.rooms import Rooms
from hub.cases.services import InboxChoice
from hub.duty.ways import MailServer, keep_mail
from village_node.handin_server import HandInServer

OWN = "52"
"""The area whose code the hub's own node has."""
STORY = "Rahasiakata. Paspor saya diambil majikan dan pintu dikunci dari luar."
ELSEWHERE = {"latitude": 25.2, "longitude": 55.3}
JOHOR = {"latitude": 1.49, "longitude": 103.74}


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@contextmanager
def hubs_own_bot(region: Region, folder: Path) -> Iterator[Bench]:
    """The bot that `kentongan bot telegram BOT --node OWN --at-hub --abroad` serves."""
    node, at = region.node(OWN), region.node_folder(OWN)
    region.exchange(OWN)
    box = HandInServer(
        at, node.reporting, node.desk, dict, receipts=node.receipts, follow_ups=node.follow_ups
    )
    rooms = Rooms(Channel.TELEGRAM, at, KeptBy.HUB, region.clock, abroad=True)
    drawn = iter(range(100))
    desk = NodeDesk(at, KeptBy.HUB)
    try:
        yield Bench(
            folder,
            desk=desk,  # type: ignore[arg-type]
            dialogue=talk,
            room=lambda: rooms.room(lambda: f"drawn-{next(drawn)}"),
        )
    finally:
        box.close()


def test_from_danger_in_another_country_to_who_is_on_duty(region: Region, tmp_path: Path) -> None:
    three_levels(region)
    keep_mail(region.hub_folder, MailServer("127.0.0.1", 25, "none", "hub@kantor.example"), "")
    with hubs_own_bot(region, tmp_path / "bot") as bench:

        async def story() -> None:
            await bench.say("/start")
            assert "tidak terkunci" in bench.telegram.texts()[0]
            await bench.take(bench.message(location=ELSEWHERE))  # nobody asked for it
            assert "Lokasi itu tidak dicatat" in bench.telegram.texts()[-1]
            await bench.say("/bahaya")
            asks = bench.telegram.texts()[-1]
            assert asks.index("110") < asks.index("Di negara mana Anda sekarang?")
            said = len(bench.telegram.texts())
            await bench.take(bench.press("v:MY"))
            there = "\n".join(bench.telegram.texts()[said:])
            assert "Nomor darurat di negara itu: 999" in there
            assert "KBRI Kuala Lumpur" in there
            assert "belum kami periksa" in there
            assert "hanya ikut kalau Anda sendiri membagikannya" in there
            await bench.take(bench.message(location=JOHOR))
            near = bench.telegram.texts()[-1]
            assert near.index("KJRI Johor Bahru") < near.index("KBRI Kuala Lumpur")
            assert "Yang terdekat dari lokasi Anda, kira-kira 2 km:" in near
            await bench.say(STORY)

        run(bench, story())
        told = "\n".join(bench.telegram.texts())
        assert "Yang menyimpan: hub." in told
        assert "Nomor tanda terima:" in told
        region.settle(OWN)
        store, post = region.hub.store, Post()
        hub_folder, node_folder = region.hub_folder, region.node_folder(OWN)
        [row], _ = store.inbox.page(InboxChoice(urgent=True), before=None, limit=5, who=SARI)
        [view] = store.work.all_reports()
        assert view.report.to_json() == {
            "kind": "victim",
            "urgency": "now",
            "narrative": STORY,
            "channel": "telegram",
            "offer": {"destination": "MY"},
            "position": {"lat_e5": 149000, "lon_e5": 10374000},
        }
        roster = with_post(region, post)
        region.clock.advance(60)
        roster.turn()
        assert post.taken() == [("mail", "sari", 1)]
        region.clock.advance(STEP_S)
        roster.turn()
        assert post.taken() == [("mail", "budi", 1)]
        store.work.show_report(row.report.id, by=SARI)
        region.clock.advance(STEP_S)
        roster.turn()
        assert post.taken() == []  # it was opened
        secrets = (str(CHAT), NAME, STORY.split(".")[0])
        # The hub's own search knows words of a story; who told it nobody knows.
        for folder, told_to in ((bench.folder, secrets), (node_folder, secrets), (hub_folder, secrets[:2])):
            for file in (one for one in folder.rglob("*") if one.is_file()):
                kept = file.read_bytes()
                assert not [secret for secret in told_to if secret.encode() in kept], file.name
