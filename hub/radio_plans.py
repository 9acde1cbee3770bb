"""What the radios of each area have in common: for enrolments of its boxes, and for the hub's own radio."""

from __future__ import annotations

import json
from typing import Any

from firmware_bridge.frequency_slots import Band, FrequencyRefused
from firmware_bridge.wanted_settings import wanted_by
from hub.audit.log import AuditLog
from hub.radio_plan_models import RadioPlanRow
from hub.services import SignedIn
from hub.storage.statements import put
from sync.areas.table import area_table
from sync.clock import Clock
from sync.sealing.radio_plan import RadioPlan
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter


class PlanRefused(Exception):
    """No plan was kept; the text says what to choose instead."""


class RadioPlans:
    """The plans of one hub. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, audit: AuditLog, clock: Clock) -> None:
        self._db = database
        self._writer = writer
        self._audit = audit
        self._clock = clock

    def set(self, area: str, plan: RadioPlan, *, band: Band, by: SignedIn | str) -> None:
        """Keep the plan of an area ("" for the whole hub); raise PlanRefused for an unknown one, or a
        frequency outside of `band`.

        Boxes that are enrolled already keep what they have.
        """
        if area and area not in area_table():
            raise PlanRefused("an area has a Kemendagri code of one to four levels, such as 52.02")
        try:
            wanted_by(plan, band=band)
        except FrequencyRefused as refused:
            raise PlanRefused(str(refused)) from refused
        row = {"area": area, "settings": json.dumps(plan.to_json()), "changed_at": self._clock.wall_s()}

        def job() -> None:
            self._audit.note(by, "radio plan set", f"area {area or '-'}")
            put(RadioPlanRow, row).execute(self._db)

        self._writer.run(job)

    def forget(self, area: str, *, by: SignedIn | str) -> bool:
        """Give boxes that are enrolled from now on none; return whether there was one."""

        def job() -> bool:
            if not RadioPlanRow.delete().where(RadioPlanRow.area == area).execute(self._db):
                return False
            self._audit.note(by, "radio plan forgotten", f"area {area or '-'}")
            return True

        return self._writer.run(job)

    def all(self) -> dict[str, RadioPlan]:
        """Return the plans by area, the widest first."""
        connect(self._db)
        rows = RadioPlanRow.select().order_by(RadioPlanRow.area).execute(self._db)
        return {str(row.area): RadioPlan.from_json(json.loads(row.settings)) for row in rows}

    def of(self, village: str) -> RadioPlan | None:
        """Return the plan of the narrowest area around a village, or None."""
        around = [area for area in self.all() if not area or f"{village}.".startswith(f"{area}.")]
        return self.all()[max(around, key=len)] if around else None
