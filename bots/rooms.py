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


def room_of(
    channel: Channel,
    token: Callable[[], str],
    village: str,
    kept_by: KeptBy,
    wall_s: float,
    *,
    subscribes: bool = False,
) -> Room:
    """Return the room of one input. `wall_s`: Unix seconds, for the day."""
    today = datetime.datetime.fromtimestamp(wall_s, WIB).date()
    return Room(
        channel,
        catalogue_of,
        area_table(),
        area_names(),
        today,
        token,
        village=village,
        kept_by=kept_by,
        subscribes=subscribes,
    )
