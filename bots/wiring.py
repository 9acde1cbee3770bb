"""Joins what a bot is made of: a box, the material, the dialogues, the rim. Nothing else does."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.desks.answering import Answers
from bots.desks.node_desk import NodeDesk
from bots.desks.subscribing import AtTheHub
from bots.dialogue import talk
from bots.dialogue.contract import Channel, KeptBy, Room
from bots.telegram.application import API_URL
from bots.telegram.folder import open_folder
from bots.telegram.serving import Setting, TelegramBot
from bots.telegram.turns import LentTurn
from bots.texts import say
from content.catalogue import Catalogue
from content.files import shipped_files
from sync.areas.table import area_names, area_table
from sync.clock import Clock
from sync.errors import CarrierError
from sync.handin import HandIn
from sync.media.cleaning import Cleaner
from sync.subscription_door import HubDoor

WIB = datetime.timezone(datetime.timedelta(hours=7))


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


@functools.cache
def _catalogue(language: str) -> Catalogue:
    files = shipped_files()
    return Catalogue(files, language if f"languages/{language}/language.toml" in files else "id")


def room_maker(config: TelegramConfig, clock: Clock, token: Callable[[], str]) -> Callable[[], Room]:
    """Return what makes a room for each input: the day is read anew."""
    kept_by = KeptBy.HUB if config.at_hub else KeptBy.VILLAGE
    village = config.village if config.village is not None else _village_of(config)

    def room() -> Room:
        today = datetime.datetime.fromtimestamp(clock.wall_s(), WIB).date()
        return Room(
            Channel.TELEGRAM,
            _catalogue,
            area_table(),
            area_names(),
            today,
            token,
            village,
            config.abroad,
            kept_by,
            subscribes=config.hub is not None,
            hub_bot=config.hub_bot,
        )

    return room


def _village_of(config: TelegramConfig) -> str:
    """Return the village of the box; empty where the box does not run yet, for then any place is picked from
    the whole list."""
    if config.abroad:
        return ""
    try:
        with HandIn(config.node) as box:
            return str(box.status()["village"])
    except (CarrierError, KeyError):
        return ""


def make_telegram_bot(config: TelegramConfig, clock: Clock, token: Callable[[], str]) -> TelegramBot:
    """Return a bot that is not started yet; raise FolderUnusable."""

    def ask(wish: str) -> dict[str, Any]:
        with HandIn(config.node) as box:
            return box.bot_turn(wish)

    folder = open_folder(config.folder)
    return TelegramBot(
        Setting(folder, config.webhook, config.api_url, config.shared, config.long_poll_s),
        talk=talk,
        room=room_maker(config, clock, token),
        desk=NodeDesk(config.node, KeptBy.HUB if config.at_hub else KeptBy.VILLAGE, Answers(_catalogue)),
        say=say,
        clean=Cleaner(),
        clock=clock,
        subscriptions=None if config.hub is None else AtTheHub(config.hub, "telegram"),
        door=None if config.hub is None else HubDoor(config.hub),
        turn=LentTurn(ask, monotonic_s=clock.monotonic_s, wall_s=clock.wall_s) if config.shared else None,
    )
