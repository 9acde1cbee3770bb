"""Somebody who talks with the dialogues, without any rim: each input is told, replies and wishes are kept."""

from __future__ import annotations

import datetime
import functools
import itertools
from dataclasses import replace
from typing import Any

from bots.dialogue import talk
from bots.dialogue.contract import (
    Channel,
    Input,
    KeptBy,
    Pressed,
    Reply,
    Room,
    Said,
    State,
    Submit,
    Taken,
    Turn,
    Wish,
)
from content.catalogue import Catalogue
from content.files import shipped_files
from sync.areas.table import area_names, area_table
from sync.records import check_report

VILLAGE = "52.02.08.2001"
CODE = "1234567890123456"
TODAY = datetime.date(2026, 11, 26)


@functools.cache
def material(language: str) -> Catalogue:
    """Return the shipped material, Indonesian where there is none in that language."""
    files = shipped_files()
    return Catalogue(files, language if f"languages/{language}/language.toml" in files else "id")


def a_room(channel: Channel = Channel.TELEGRAM, **facts: Any) -> Room:
    """Return what dialogues may read; tokens are t1, t2, ..."""
    numbers = itertools.count(1)
    room = Room(channel, material, area_table(), area_names(), TODAY, lambda: f"t{next(numbers)}", VILLAGE)
    return replace(room, **facts)


class Person:
    """One conversation."""

    def __init__(self, room: Room | None = None, language: str = "id") -> None:
        self.room = a_room() if room is None else room
        self.state = State(language=language)
        self.replies: tuple[Reply, ...] = ()
        self.wishes: tuple[Wish, ...] = ()

    def tells(self, heard: Input) -> Turn:
        """Tell one input."""
        turn = talk(self.state, heard, self.room)
        self.state, self.replies, self.wishes = turn.state, turn.replies, turn.wishes
        return turn

    def says(self, *texts: str) -> Turn:
        """Say texts, one after the other."""
        for text in texts:
            turn = self.tells(Said(text))
        return turn

    def presses(self, *values: str) -> Turn:
        """Press buttons, each of which the reply before must have had."""
        for value in values:
            assert value in self.offered(), (value, self.offered())
            turn = self.tells(Pressed(value))
        return turn

    def offered(self) -> list[str]:
        """Return the values of the buttons of the last replies."""
        return [button.value for reply in self.replies for row in reply.buttons for button in row]

    @property
    def heard(self) -> str:
        """All that was replied last."""
        return "\n".join(reply.text for reply in self.replies)

    def submitted(self) -> dict[str, Any]:
        """Return the one report that was wished, checked."""
        (wish,) = self.wishes
        assert isinstance(wish, Submit)
        return check_report(dict(wish.report)).to_json()

    def is_taken(self, receipt: str | None = CODE, kept_by: KeptBy = KeptBy.VILLAGE) -> Turn:
        """Tell that the report is kept."""
        return self.tells(Taken(receipt, kept_by))
