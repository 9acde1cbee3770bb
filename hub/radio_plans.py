"""What the radios of each area have in common: for enrolments of its boxes, and for the hub's own radio."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from firmware_bridge.frequency_slots import Band, FrequencyRefused, choose_frequency
from firmware_bridge.wanted_settings import wanted_by
from hub.accounts.areas import may_see
from hub.audit.log import AuditLog
from hub.radio_plan_models import RadioPlanRow
from hub.services import SignedIn
from hub.storage.statements import put
from sync.airtime import PRESETS
from sync.areas.table import area_table
from sync.clock import Clock
from sync.sealing.radio_plan import RadioPlan
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter


class PlanRefused(Exception):
    """No plan was kept; the text says what to choose instead. `why` is "area", "frequency" or "channel"."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        super().__init__(text)


@dataclass(frozen=True)
class Wish:
    """What somebody chose for the radios of an area; without slot and frequency the usual slot is meant."""

    region: str
    preset: str
    slot: int | None
    frequency_mhz: float | None
    channel_name: str
    hop_limit: int

    def plan(self, key: bytes, band: Band) -> RadioPlan:
        """Return the plan with this key; raise PlanRefused for what no radio takes, or outside of `band`."""
        try:
            frequency = choose_frequency(
                self.region,
                PRESETS[self.preset],
                slot=self.slot,
                frequency_mhz=self.frequency_mhz,
                band=band,
            )
        except FrequencyRefused as refused:
            raise PlanRefused("frequency", str(refused)) from refused
        khz = 0 if frequency.slot else round(frequency.mhz * 1000)
        try:
            return RadioPlan(
                self.region, self.preset, frequency.slot, khz, self.channel_name, key, self.hop_limit
            )
        except ValueError as error:
            raise PlanRefused("channel", str(error)) from error


@dataclass(frozen=True, repr=False)
class KeptPlan:
    """The plan of one area ("": the whole hub). `may_change`: it lies in the areas of who asks."""

    area: str
    plan: RadioPlan
    changed_at: float
    may_change: bool


class RadioPlans:
    """The plans of one hub. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, audit: AuditLog, clock: Clock) -> None:
        self._db = database
        self._writer = writer
        self._audit = audit
        self._clock = clock

    def set(self, area: str, plan: RadioPlan, *, band: Band, by: SignedIn | str, reason: str = "") -> None:
        """Keep the plan of an area ("" for the whole hub); raise PlanRefused for an unknown one, one beyond
        those of `by`, or a frequency outside of `band`.

        Boxes that are enrolled already keep what they have.
        """
        if (area and area not in area_table()) or not may_see(by, area):
            raise PlanRefused("area", "an area has a Kemendagri code of one to four levels, such as 52.02")
        try:
            wanted_by(plan, band=band)
        except FrequencyRefused as refused:
            raise PlanRefused("frequency", str(refused)) from refused
        row = {"area": area, "settings": json.dumps(plan.to_json()), "changed_at": self._clock.wall_s()}

        def job() -> None:
            self._audit.note(by, "radio plan set", f"area {area or '-'}", reason)
            put(RadioPlanRow, row).execute(self._db)

        self._writer.run(job)

    def forget(self, area: str, *, by: SignedIn | str, reason: str = "") -> bool:
        """Give boxes that are enrolled from now on none; return whether there was one of an area of `by`."""

        def job() -> bool:
            if not may_see(by, area) or not RadioPlanRow.delete().where(RadioPlanRow.area == area).execute(
                self._db
            ):
                return False
            self._audit.note(by, "radio plan forgotten", f"area {area or '-'}", reason)
            return True

        return self._writer.run(job)

    def all(self) -> dict[str, RadioPlan]:
        """Return the plans by area, the widest first."""
        connect(self._db)
        rows = RadioPlanRow.select().order_by(RadioPlanRow.area).execute(self._db)
        return {str(row.area): RadioPlan.from_json(json.loads(row.settings)) for row in rows}

    def shown(self, *, who: SignedIn) -> list[KeptPlan]:
        """Return the plans that count for boxes which `who` may see, the widest first."""
        connect(self._db)
        return [
            KeptPlan(
                row.area,
                RadioPlan.from_json(json.loads(row.settings)),
                float(row.changed_at),
                may_see(who, row.area),
            )
            for row in RadioPlanRow.select().order_by(RadioPlanRow.area).execute(self._db)
            if may_see(who, row.area) or any(_lies_in(code, row.area) for code in who.areas)
        ]

    def of(self, village: str) -> RadioPlan | None:
        """Return the plan of the narrowest area around a village, or None."""
        around = [area for area in self.all() if _lies_in(village, area)]
        return self.all()[max(around, key=len)] if around else None


def _lies_in(code: str, area: str) -> bool:
    return not area or f"{code}.".startswith(f"{area}.")
