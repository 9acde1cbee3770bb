"""Which node stands in at the hub for a village's box: it serves the village's bot while the box is without
internet."""

from __future__ import annotations

from typing import Any

from hub.models import Node, Setting
from hub.storage.statements import put

_PREFIX = "relay-box:"


def relay_of(database: Any, village: str) -> int | None:
    """Return the number of a village's relay box; None where it has none."""
    row = Setting.select().where(Setting.key == _PREFIX + village).first(database)
    return None if row is None else int.from_bytes(bytes(row.value), "big")


def name_relay(database: Any, village: str, number: int) -> None:
    """Say which node is a village's relay box from now on; in a job of the writer."""
    put(Setting, {"key": _PREFIX + village, "value": number.to_bytes(4, "big")}).execute(database)


def is_relay(database: Any, village: str, number: int) -> bool:
    """Whether a node is the relay box of its village."""
    return relay_of(database, village) == number


def relays(database: Any) -> set[int]:
    """Return the numbers of all relay boxes: they are at the hub, and say nothing of a village's own box."""
    rows = Setting.select(Setting.value).where(Setting.key.startswith(_PREFIX)).tuples().execute(database)
    return {int.from_bytes(bytes(value), "big") for (value,) in rows}


def box_of(database: Any, village: str) -> int | None:
    """Return the number of the box in the village itself, in use; None where there is none."""
    in_use = (Node.village == village) & ~Node.retired
    relay = relay_of(database, village)
    numbers = [int(row.number) for row in Node.select(Node.number).where(in_use).execute(database)]
    return max((number for number in numbers if number != relay), default=None)
