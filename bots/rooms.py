"""What a dialogue may read beside a box: the shipped material, the list of areas, its village, the day."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from pathlib import Path

from bots.dialogue.contract import Channel, KeptBy, Room
from content.catalogue import Catalogue
from content.files import shipped_files
from sync.areas.table import area_names, area_table
from sync.clock import Clock
from sync.errors import CarrierError
from sync.handin import HandIn

WIB = datetime.timezone(datetime.timedelta(hours=7))
"""Western Indonesia: the day that people there mean by "today" differs by two hours at most."""


@functools.cache
def catalogue_of(language: str) -> Catalogue:
    """Return the material in a language, Indonesian where there is none in it."""
    files = shipped_files()
    return Catalogue(files, language if f"languages/{language}/language.toml" in files else "id")


def village_of(node: Path) -> str:
    """Return the area code of a box's village; empty while it does not run, for then it is not known."""
    try:
        with HandIn(node) as box:
            return str(box.status().get("village", ""))
    except CarrierError:
        return ""


class Rooms:
    """Makes the room of each input of one bot: the day is read anew, and the village until it is known.

    `village` None is that of the box in `node`, which may begin to run later than the bot; a bot that is
    `abroad` has none.
    """

    def __init__(
        self,
        channel: Channel,
        node: Path,
        kept_by: KeptBy,
        clock: Clock,
        *,
        village: str | None = None,
        abroad: bool = False,
        subscribes: bool = False,
        hub_bot: str = "",
    ) -> None:
        self._channel = channel
        self._node = node
        self._kept_by = kept_by
        self._clock = clock
        self._village = "" if abroad and village is None else village
        self._abroad = abroad
        self._subscribes = subscribes
        self._hub_bot = hub_bot

    def room(self, token: Callable[[], str]) -> Room:
        """Return a room that draws its tokens from `token`."""
        if self._village is None:
            self._village = village_of(self._node) or None
        return Room(
            self._channel,
            catalogue_of,
            area_table(),
            area_names(),
            datetime.datetime.fromtimestamp(self._clock.wall_s(), WIB).date(),
            token,
            village=self._village or "",
            abroad=self._abroad,
            kept_by=self._kept_by,
            subscribes=self._subscribes,
            hub_bot=self._hub_bot,
        )
