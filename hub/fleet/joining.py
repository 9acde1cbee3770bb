"""Joins the parts of the fleet over one store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hub.fleet.alerts import FleetAlerts
from hub.fleet.boxes import FleetBoxes
from hub.link_days import LinkDays
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.writer import GroupCommitWriter


class FleetOfHub:
    """The boxes and who is told of their troubles."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, clock: Clock, links: LinkDays, folder: Path
    ) -> None:
        self.boxes = FleetBoxes(database, writer, clock, links)
        self.alerts = FleetAlerts(database, writer, clock, folder)

    def jobs(self) -> list[Job]:
        """Return the look at all boxes and the telling."""
        return [*self.boxes.jobs(), *self.alerts.jobs()]
