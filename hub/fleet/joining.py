"""Joins the parts of the fleet over one store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hub.fleet.alerts import FleetAlerts
from hub.fleet.boxes import FleetBoxes
from hub.fleet.releases import Releases
from hub.fleet.rollout_book import Note, RolloutBook
from hub.fleet.rollouts import Step
from hub.fleet.settings_kind import SettingsKind
from hub.folder import HubIdentity
from hub.link_days import LinkDays
from hub.outgoing import Outgoing
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.writer import GroupCommitWriter
from sync.wire.box_settings import SettingsHeld
from sync.wire.update_records import UpdateHeld


class FleetOfHub:
    """The boxes, who is told of their troubles, and what goes to them in stages."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        links: LinkDays,
        folder: Path,
        outgoing: Outgoing,
        note: Note,
        identity: HubIdentity,
    ) -> None:
        self.boxes = FleetBoxes(database, writer, clock, links)
        self.settings = SettingsKind(database, outgoing)
        self.rollouts = RolloutBook(database, writer, clock, links, note)
        self.rollouts.kinds[self.settings.name] = self.settings
        self.releases = Releases(database, writer, clock, identity.release_public, identity.release_chain)
        self.rollouts.kinds[self.releases.name] = self.releases
        self.releases.on_refused = lambda node, ref, at: self.rollouts.word(node, ref, Step.REFUSED, at)
        self.boxes.updates = self.releases.updates
        self.boxes.halting = self.rollouts.halting
        self.alerts = FleetAlerts(database, writer, clock, folder)

    def jobs(self) -> list[Job]:
        """Return the look at all boxes and the telling."""
        return [*self.boxes.jobs(), *self.alerts.jobs(), *self.rollouts.jobs()]

    def hear_settings(self, node: int, held: SettingsHeld, at: float) -> None:
        """A box said what became of settings; in the job of the intake."""
        ref, step = self.settings.heard(node, held, at)
        self.rollouts.word(node, ref, step, at)

    def hear_update(self, node: int, held: UpdateHeld, at: float) -> None:
        """A box said which version it runs; in the job of the intake."""
        for ref, step in self.releases.heard(node, held, at):
            self.rollouts.word(node, ref, step, at)
