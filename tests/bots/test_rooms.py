"""What a dialogue may read; the village is known as soon as the box runs, whoever started first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots import rooms
from bots.dialogue.contract import Channel, KeptBy
from bots.rooms import Rooms
from sync.clock import ManualClock


def test_a_bot_that_began_before_its_box_learns_the_village(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [""]
    monkeypatch.setattr(rooms, "village_of", lambda node: known[0])
    made = Rooms(Channel.TELEGRAM, Path(), KeptBy.VILLAGE, ManualClock())
    assert made.room(str).village == ""
    known[0] = "52.02.08.2001"
    assert made.room(str).village == "52.02.08.2001"
    known[0] = ""
    assert made.room(str).village == "52.02.08.2001"


@pytest.mark.parametrize("facts", [{"abroad": True}, {"village": ""}])
def test_a_bot_of_no_village_asks_for_none(monkeypatch: pytest.MonkeyPatch, facts: dict[str, object]) -> None:
    monkeypatch.setattr(rooms, "village_of", lambda node: pytest.fail("asked"))
    given: dict[str, object] = {"village": None, "abroad": False, **facts}
    made = Rooms(Channel.TELEGRAM, Path(), KeptBy.HUB, ManualClock(), **given)  # type: ignore[arg-type]
    assert made.room(str).village == ""
