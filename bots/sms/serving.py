"""Joins what an SMS bot is made of and serves until it is told to stop."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bots.conversations import KEY_BYTES, Conversations
from bots.desks.answering import Answers
from bots.desks.node_desk import NodeDesk
from bots.desks.subscribing import AtTheHub, ByTheVillage, SubscriptionDesk
from bots.dialogue import talk
from bots.dialogue.contract import Channel, KeptBy
from bots.rooms import Rooms, catalogue_of
from bots.sms.auto_replies import LoopBreaker
from bots.sms.bulletin_post import BulletinPost
from bots.sms.counts import Counts
from bots.sms.folder import open_folder
from bots.sms.rim import SmsParts, SmsRim
from firmware_bridge.modem_greeting import ModemSettings
from firmware_bridge.sms_modem import SmsModem
from firmware_bridge.sms_outbox import SendingSettings
from sync.clock import Clock
from sync.subscription_door import HubDoor

STATUS_S = 30.0
BULLETIN_SENDING = SendingSettings(longest_parts=7, per_day=5_300)
"""The longest bulletin has seven parts; the hub counts the day's."""


@dataclass(frozen=True)
class SmsConfig:
    """All that may differ between two SMS bots. `modem`: a URL of `SmsModem`; `pin`: of the SIM card."""

    folder: Path
    node: Path
    modem: str
    pin: str | None = None
    village: str | None = None
    """None: that of the box."""
    at_hub: bool = False
    hub: Path | None = None
    """The folder of the hub whose modem this is: wishes about bulletins go there, and bulletins come from it.
    Without it they go through the box."""


def serve_sms(config: SmsConfig, clock: Clock, stop: threading.Event, ready: Callable[[], None]) -> None:
    """Serve until stopped; raise FolderUnusable, or ValueError for a modem of another form."""
    key = open_folder(config.folder)
    counts = Counts()
    sending = SendingSettings() if config.hub is None else BULLETIN_SENDING
    modem = SmsModem(config.modem, ModemSettings(pin=config.pin), sending, id_key=key, clock=clock)
    conversations, loops = Conversations(secrets.token_bytes(KEY_BYTES)), LoopBreaker()
    subscriptions: SubscriptionDesk = ByTheVillage(config.node)
    bulletins = None
    if config.hub is not None:
        subscriptions = AtTheHub(config.hub, "sms")
        bulletins = BulletinPost(HubDoor(config.hub), modem.send, loops, conversations, counts)
    kept_by = KeptBy.HUB if config.at_hub or config.hub is not None else KeptBy.VILLAGE
    rooms = Rooms(Channel.SMS, config.node, kept_by, clock, village=config.village, subscribes=True)
    gateway = SmsRim(
        SmsParts(
            modem=modem,
            talk=talk,
            room=rooms.room,
            desk=NodeDesk(config.node, kept_by, Answers(catalogue_of)),
            conversations=conversations,
            loops=loops,
            counts=counts,
            clock=clock,
            subscriptions=subscriptions,
            bulletins=bulletins,
        )
    )

    def write_status() -> None:
        while True:
            counts.write(config.folder, modem.health(), clock.wall_s())
            if clock.wait(stop, STATUS_S):
                modem.close()  # an answer that waits for the network is given up: its message stays
                return

    writer = threading.Thread(target=write_status, name="status", daemon=True)
    writer.start()
    ready()
    try:
        gateway.run(stop)
    finally:
        stop.set()
        writer.join()
        counts.write(config.folder, modem.health(), clock.wall_s(), runs=False)
