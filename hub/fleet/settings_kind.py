"""Settings of boxes as something that is rolled out, and what boxes say of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hub.fleet.models import FleetSettings, FleetSettingsSent
from hub.fleet.rollout_services import RolloutRefused, Sent, ToldSettings
from hub.fleet.rollouts import Step
from hub.models import Down
from hub.outgoing import SETTING, Outgoing
from hub.storage.statements import put
from sync.errors import MalformedWire
from sync.sealing.signing import SIGNATURE_BYTES
from sync.storage.database import connect
from sync.wire.box_settings import (
    PROBATION_HOURS,
    BadSetting,
    SettingsHeld,
    check_values,
    encode_values,
    least_probation_hours,
)
from sync.wire.numbers import BoxSetting, SettingsState
from sync.wire.settings_records import BoxSettings, decode_setting

USUAL_PROBATION_HOURS: Final = 72
_SPARE_S: Final = 2 * 86_400
STEP_OF: Final = {
    SettingsState.ON_PROBATION: Step.TRYING,
    SettingsState.KEPT: Step.CONFIRMED,
    SettingsState.WENT_BACK: Step.WENT_BACK,
    SettingsState.REFUSED: Step.REFUSED,
    SettingsState.BY_HAND: Step.WENT_BACK,
}
OWN: Final = json.dumps({"hours": USUAL_PROBATION_HOURS, "values": {}})
"""Nothing from the hub: each box as it was set up."""


def written(values: Mapping[BoxSetting, int | str], hours: int) -> str:
    """Return a checked set as JSON; raise RolloutRefused whose `why` is the name of what is not allowed."""
    try:
        check_values(values, hours)
    except BadSetting as bad:
        name = BoxSetting(bad.setting).name.lower() if bad.setting else "probation_hours"
        raise RolloutRefused(name, f"{name} is not allowed: {allowed(name, values)}") from None
    named = {setting.name.lower(): value for setting, value in sorted(values.items())}
    return json.dumps({"hours": hours, "values": named}, sort_keys=True)


def read(what: str) -> tuple[dict[BoxSetting, int | str], int]:
    """Return the values and the hours of a set as `written` gave it."""
    found = json.loads(what)
    return {BoxSetting[name.upper()]: value for name, value in found["values"].items()}, int(found["hours"])


def allowed(name: str, values: Mapping[BoxSetting, int | str]) -> str:
    """Return what a setting may be, in English, for the command line."""
    from sync.wire.box_settings import BOUNDS, URL_MAX_CHARACTERS, WAIT_APART_MINUTES

    if name == "probation_hours":
        return f"{least_probation_hours(values)} to {PROBATION_HOURS[1]} hours with these settings"
    setting = BoxSetting[name.upper()]
    if setting is BoxSetting.HUB_URL:
        return f"https://... of at most {URL_MAX_CHARACTERS} characters"
    least, most = BOUNDS[setting]
    span = f"a whole number from {least} to {most}"
    if setting in (BoxSetting.WAIT_LEAST_MINUTES, BoxSetting.WAIT_MOST_MINUTES):
        return f"{span}, both together and at least {WAIT_APART_MINUTES} apart"
    return span


class SettingsKind:
    """Implements `rollout_services.RolloutKind`."""

    name = "settings"

    def __init__(self, database: Any, outgoing: Outgoing) -> None:
        self._db = database
        self._outgoing = outgoing

    def overdue_s(self, what: str) -> float:
        """Return twice the probation, for boxes that are off at night, and two days."""
        return 2 * read(what)[1] * 3600 + _SPARE_S

    def send(self, node: int, what: str) -> Sent:
        """Sign and queue a set for a box."""
        values, hours = read(what)
        ref = ""

        def numbered(generation: int, serial: int) -> BoxSettings:
            nonlocal ref
            ref = ref_of(generation, serial)
            return BoxSettings(node, generation, serial, hours, encode_values(values))

        self._outgoing.queue_setting(node, numbered)
        put(FleetSettingsSent, {"ref": ref, "node": node, "what": what}).execute(self._db)
        return Sent(ref, self.kept(node))

    def undo(self, node: int, before: str) -> None:
        """Queue what the box kept before."""
        self.send(node, before)

    def told(self, node: int) -> ToldSettings | None:
        """See `SettingsTold.told`."""
        connect(self._db)
        row = self._row(node)
        return None if row is None else ToldSettings(row.kept, int(row.state), float(row.told_at))

    def kept(self, node: int) -> str:
        """Return the set that a box keeps, as far as it said."""
        row = self._row(node)
        return OWN if row is None else str(row.kept)

    def takes_none(self, since: Mapping[int, float], heard_at: Mapping[int, float]) -> Sequence[int]:
        """Return none: every box takes settings."""
        return ()

    def arrived(self, refs: Mapping[int, str]) -> Sequence[int]:
        """See `RolloutKind.arrived`."""
        nodes = list(refs)
        found = set()
        for start in range(0, len(nodes), 500):
            came = (Down.what == SETTING) & Down.delivered & Down.node.in_(nodes[start : start + 500])
            for node, ref in Down.select(Down.node, Down.ref).where(came).tuples().execute(self._db):
                if _ref_of_signed(bytes.fromhex(ref)) == refs[int(node)]:
                    found.add(int(node))
        return sorted(found)

    def heard(self, node: int, held: SettingsHeld, at: float) -> tuple[str, Step]:
        """Keep what a box said; return of which set, and what it means for a rollout. In the intake's job."""
        ref, row = ref_of(held.generation, held.serial), self._row(node)
        kept, kept_ref = (OWN, "0.0") if row is None else (row.kept, row.kept_ref)
        if held.state is SettingsState.BY_HAND:
            kept, kept_ref = OWN, ref
        elif held.state is SettingsState.KEPT and _place(ref) > _place(kept_ref):
            mine = (FleetSettingsSent.ref == ref) & (FleetSettingsSent.node == node)
            told = FleetSettingsSent.select().where(mine).first(self._db)
            kept, kept_ref = (kept, kept_ref) if told is None else (told.what, ref)
        # Words may come late: of an older set, or that one was begun which is over.
        is_late = row is not None and (
            _place(ref) < _place(row.ref) or (ref == row.ref and held.state is SettingsState.ON_PROBATION)
        )
        now = {"ref": ref, "state": int(held.state), "told_at": at}
        if is_late:
            now = {"ref": row.ref, "state": row.state, "told_at": row.told_at}
        put(FleetSettings, {"node": node, "kept": kept, "kept_ref": kept_ref, **now}).execute(self._db)
        return ref, STEP_OF[held.state]

    def _row(self, node: int) -> Any:
        return FleetSettings.select().where(FleetSettings.node == node).first(self._db)


def _place(ref: str) -> tuple[int, int]:
    generation, serial = ref.split(".")
    return int(generation), int(serial)


def ref_of(generation: int, serial: int) -> str:
    """Return the name of a set."""
    return f"{generation}.{serial}"


def _ref_of_signed(signed: bytes) -> str | None:
    try:
        setting = decode_setting(signed[:-SIGNATURE_BYTES])
    except MalformedWire:
        return None
    return ref_of(setting.generation, setting.serial) if isinstance(setting, BoxSettings) else None
