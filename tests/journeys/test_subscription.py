"""LANGGANAN at a village's modem, over sync to the hub, a bulletin by the hub's modem, BERHENTI, silence.

Two emulated modems behind pseudo-terminals, the real programs' parts in one process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_modem import WAIT_S, RunningModem
from sent_bulletins import RATNA, TEXT, send_bulletin
from village import VILLAGE, Region, dump, quick_folder

from bots.conversations import Conversations
from bots.desks.node_desk import NodeDesk
from bots.desks.subscribing import AtTheHub, ByTheVillage, SubscriptionDesk
from bots.dialogue import talk
from bots.dialogue.contract import Channel, KeptBy
from bots.rooms import Rooms
from bots.sms.auto_replies import LoopBreaker
from bots.sms.bulletin_post import BulletinPost
from bots.sms.counts import Counts
from bots.sms.rim import SmsParts, SmsRim
from bots.sms.serving import BULLETIN_SENDING
from firmware_bridge.sms_modem import SmsModem
from hub.subscriptions.door import SubscriptionDoor
from sync.clock import SystemClock
from sync.subscription_door import HubDoor
from village_node.handin_server import HandInServer

VILLAGER = "+6281200003141"
UNIX_S = 1_780_000_000


class Office:
    """One bot over one modem."""

    def __init__(self, path: Path, node: Path, kept_by: KeptBy, hub: Path | None) -> None:
        self.modem = RunningModem(path)
        clock = SystemClock()
        self.port = SmsModem(f"serial:{path}", None, BULLETIN_SENDING, id_key=bytes(32), clock=clock)
        conversations, loops, counts = Conversations(bytes(32)), LoopBreaker(), Counts()
        desk: SubscriptionDesk = ByTheVillage(node) if hub is None else AtTheHub(hub, "sms")
        post = None
        if hub is not None:
            post = BulletinPost(HubDoor(hub), self.port.send, loops, conversations, counts)

        rooms = Rooms(Channel.SMS, node, kept_by, clock, village=VILLAGE, subscribes=True)
        parts = SmsParts(
            self.port,
            talk,
            rooms.room,
            NodeDesk(node, kept_by),
            conversations,
            loops,
            counts,
            clock,
            desk,
            post,
        )
        self.rim = SmsRim(parts)
        self._sent = UNIX_S

    def gets(self, text: str) -> None:
        """Have the network deliver an SMS, and let the bot take it."""
        self._sent += 60
        self.modem.do(lambda it: it.deliver(VILLAGER, text, self._sent))
        used = [1]
        deadline = time.monotonic() + WAIT_S
        while used[-1] or not self.rim._parts.counts._counts["received"]:
            self.rim.turn(0.05)
            self.modem.do(lambda it: used.append(len(it.store_named("SM").slots)))
            assert time.monotonic() < deadline

    def said(self) -> list[str]:
        """Return what the network took since."""
        texts = []
        while not self.modem.sent.empty():
            sent = self.modem.sent.get()
            assert sent.to.endswith(VILLAGER[1:])
            texts.append(sent.text)
        return texts

    def close(self) -> None:
        self.port.close()
        self.modem.stop()


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def test_from_langganan_in_the_village_to_a_bulletin_and_berhenti(region: Region, tmp_path: Path) -> None:
    node, made = region.node(), region.hub.store.subscriptions
    region.exchange()
    box = HandInServer(region.node_folder(), node.reporting, node.desk, dict, subscribing=node.subscribing)
    door = SubscriptionDoor(region.hub_folder, made.kept, made.sending)
    village = Office(tmp_path / "village", region.node_folder(), KeptBy.VILLAGE, None)
    office = Office(tmp_path / "hub", region.node_folder(), KeptBy.HUB, region.hub_folder)
    try:
        village.gets("Langganan")
        [answer] = village.said()
        assert "Diteruskan ke hub" in answer
        assert "Berhenti: kirim BERHENTI" in answer
        region.settle()
        number = send_bulletin(region)
        office.rim.turn(0.05)
        [bulletin] = office.said()
        assert TEXT in bulletin
        assert village.said() == []

        # A phone that sends our own words back is not answered.
        office.gets(bulletin)
        assert office.said() == []

        village.gets("BERHENTI")
        [answer] = village.said()
        assert "dalam perjalanan ke hub" in answer
        region.settle()
        assert made.kept.standing("sms", VILLAGER) is None
        region.hub.store.bulletins.cancel(number, who=RATNA)
        send_bulletin(region, text="Waspada lagi. Polisi: 110.")
        region.clock.advance(3_600)
        office.rim._parts.bulletins._again_s = 0.0  # type: ignore[union-attr]
        office.rim.turn(0.05)
        assert office.said() == []

        for folder in (region.hub_folder, region.node_folder()):
            assert VILLAGER[1:] not in repr(dump(folder))
            for file in folder.rglob("*"):
                assert not file.is_file() or VILLAGER[1:].encode() not in file.read_bytes(), file.name
    finally:
        village.close()
        office.close()
        door.close()
        box.close()
