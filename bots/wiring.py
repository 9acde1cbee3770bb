"""Joins what a bot is made of: a box, the material, the dialogues, the rim. Nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.desks.answering import Answers
from bots.desks.node_desk import NodeDesk
from bots.desks.subscribing import AtTheHub
from bots.dialogue import talk
from bots.dialogue.contract import Channel, KeptBy
from bots.rooms import Rooms, catalogue_of
from bots.telegram.application import API_URL
from bots.telegram.folder import open_folder
from bots.telegram.serving import Setting, TelegramBot
from bots.telegram.turns import LentTurn
from bots.texts import say
from sync.clock import Clock
from sync.handin import HandIn
from sync.media.cleaning import Cleaner
from sync.subscription_door import HubDoor


@dataclass(frozen=True)
class TelegramConfig:
    """All that may differ between two bots, read once by the command line.

    `node` is the folder of the box that takes the reports. `at_hub`: that box stands at the hub. `shared`: a
    box in the village and a relay box serve the bot by turns. `webhook`: the address that Telegram is told,
    and where this process listens.
    """

    folder: Path
    node: Path
    village: str | None = None
    """None: that of the box; a bot for workers abroad has none."""
    at_hub: bool = False
    abroad: bool = False
    shared: bool = False
    hub: Path | None = None
    """The folder of the hub whose own bot this is: it takes subscriptions, and posts bulletins."""
    hub_bot: str = ""
    """The @name of the hub's own bot, which others point to."""
    webhook: tuple[str, tuple[str, int]] | None = None
    api_url: str = API_URL
    long_poll_s: int = 25


def make_telegram_bot(config: TelegramConfig, clock: Clock, token: Callable[[], str]) -> TelegramBot:
    """Return a bot that is not started yet; raise FolderUnusable."""

    def ask(wish: str) -> dict[str, Any]:
        with HandIn(config.node) as box:
            return box.bot_turn(wish)

    folder = open_folder(config.folder)
    kept_by = KeptBy.HUB if config.at_hub else KeptBy.VILLAGE
    rooms = Rooms(
        Channel.TELEGRAM,
        config.node,
        kept_by,
        clock,
        village=config.village,
        abroad=config.abroad,
        subscribes=config.hub is not None,
        hub_bot=config.hub_bot,
    )
    return TelegramBot(
        Setting(folder, config.webhook, config.api_url, config.shared, config.long_poll_s),
        talk=talk,
        room=lambda: rooms.room(token),
        desk=NodeDesk(config.node, kept_by, Answers(catalogue_of)),
        say=say,
        clean=Cleaner(),
        clock=clock,
        subscriptions=None if config.hub is None else AtTheHub(config.hub, "telegram"),
        door=None if config.hub is None else HubDoor(config.hub),
        turn=LentTurn(ask, monotonic_s=clock.monotonic_s, wall_s=clock.wall_s) if config.shared else None,
    )
