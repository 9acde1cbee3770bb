"""Joins machine reading with the store that holds the reports."""

from __future__ import annotations

from typing import Any

from hub.machine_reading.commands import FOLDER
from hub.machine_reading.readings import MachineReadings
from hub.machine_reading.running import Runner
from hub.machine_reading.shelf import Shelf


def join_machine_reading(store: Any) -> MachineReadings:
    """Return the machine reading of a `HubStore` that is being built, and let it forget with its reports."""
    shelf = Shelf(store.config.folder / FOLDER)
    readings = MachineReadings(
        store.database,
        store.writer,
        store.clock,
        store.contents,
        store.attachments,
        shelf,
        Runner(shelf),
        note=store.audit.note,
    )
    store.forgetting.also.append(readings.forget)
    return readings
