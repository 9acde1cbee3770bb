"""Rollouts as the hub keeps them: who may see one, who is left out, and words that come late."""

from __future__ import annotations

import json

import pytest
from village import OTHER_VILLAGE, Region

from hub.boxes import revoke
from hub.fleet.rollout_services import Choice, RolloutRefused
from hub.fleet.rollouts import Condition, Step
from hub.fleet.settings_kind import OWN, written
from hub.services import COMMAND_LINE, SignedIn
from sync.wire.box_settings import SettingsHeld
from sync.wire.numbers import BoxSetting, SettingsState

SPARING = written({BoxSetting.AIRTIME_PERMILLE: 20}, 12)
ELSEWHERE = SignedIn("wilayah", "supervisor", areas=(OTHER_VILLAGE[:5],))


@pytest.mark.parametrize("database_url", [None])
def test_one_box_is_in_one_rollout_and_one_that_is_in_use_no_more_is_left_out(region: Region) -> None:
    region.node()
    region.settle()
    region.node(OTHER_VILLAGE)
    region.settle(OTHER_VILLAGE)
    store = region.hub.store
    rollouts, fleet = store.fleet.rollouts, store.fleet

    def refused(choice: Choice, reason: str = "Contoh") -> str:
        with pytest.raises(RolloutRefused) as caught:
            rollouts.begin("settings", SPARING, choice, reason, who=ELSEWHERE)
        return caught.value.why

    assert refused(Choice(nodes=(1,))) == "boxes"
    assert refused(Choice(nodes=(1, 2))) == "boxes"
    assert refused(Choice(), " ") == "reason"
    number = rollouts.begin("settings", SPARING, Choice(first=1), "Contoh", who=COMMAND_LINE)
    assert refused(Choice()) == "busy"
    assert list(rollouts.several(who=ELSEWHERE)) == []
    for act in (
        lambda: rollouts.one(number, who=ELSEWHERE),
        lambda: rollouts.stop(number, "Contoh", who=ELSEWHERE),
        lambda: rollouts.undo(number, "Contoh", who=ELSEWHERE),
        lambda: rollouts.leave_out(number, 2, "Contoh", who=ELSEWHERE),
    ):
        with pytest.raises(RolloutRefused, match="no rollout"):
            act()

    now = region.clock.wall_s()
    revoke(store.database, store.writer, store.audit, 1, by=COMMAND_LINE, now_s=now)
    rollouts.turn()
    view = rollouts.one(number, who=COMMAND_LINE)
    assert [(one.box.node, one.box.step, one.box.left_out) for one in view.boxes] == [
        (1, Step.SENT, True),
        (2, Step.SENT, False),
    ]

    def hear(state: SettingsState, serial: int) -> None:
        held = SettingsHeld(state, store.outgoing.generation, serial)
        store.writer.run(lambda: fleet.hear_settings(2, held, now))

    hear(SettingsState.KEPT, 99)
    assert fleet.settings.kept(2) == OWN
    hear(SettingsState.KEPT, 2)
    hear(SettingsState.ON_PROBATION, 2)
    hear(SettingsState.WENT_BACK, 1)
    assert json.loads(fleet.settings.kept(2)) == json.loads(SPARING)
    told = fleet.settings.told(2)
    assert told is not None
    assert told.state == SettingsState.KEPT
    assert rollouts.one(number, who=COMMAND_LINE).condition is Condition.DONE
