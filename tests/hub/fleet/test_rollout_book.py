"""Rollouts as the hub keeps them: who may see one, who is left out, and words that come late."""

from __future__ import annotations

import json

import pytest
from releases import PUBLIC, release
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.boxes import revoke
from hub.fleet.rollout_services import Choice, RolloutRefused
from hub.fleet.rollouts import Condition, Step
from hub.fleet.settings_kind import OWN, written
from hub.models import Contact, Node
from hub.services import COMMAND_LINE, SignedIn
from hub.storage.statements import put
from hub.store_wiring import HubStore
from sync.sealing.release_turn import seal_question
from sync.wire.box_settings import SettingsHeld
from sync.wire.numbers import BoxSetting, SettingsState, UpdateTrouble
from sync.wire.update_records import NO_PART, NO_VERSION, ReleaseQuestion, UpdateHeld, Version

SPARING = written({BoxSetting.AIRTIME_PERMILLE: 20}, 12)
NONE = UpdateTrouble.NONE
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


@pytest.mark.parametrize("database_url", [None])
def test_a_rollout_is_not_undone_where_a_later_one_changed_the_box(region: Region) -> None:
    region.node()
    region.settle()
    store, generation = region.hub.store, region.hub.store.outgoing.generation
    rollouts, settings = store.fleet.rollouts, store.fleet.settings
    more = written({BoxSetting.AIRTIME_PERMILLE: 50}, 12)

    def kept(what: str, serial: int) -> int:
        number = rollouts.begin("settings", what, Choice(), "Contoh", who=COMMAND_LINE)
        held = SettingsHeld(SettingsState.KEPT, generation, serial)
        store.writer.run(lambda: store.fleet.hear_settings(1, held, region.clock.wall_s()))
        return number

    first, second = kept(SPARING, 1), kept(more, 2)
    with pytest.raises(RolloutRefused, match=f"rollout {second} brought") as caught:
        rollouts.undo(first, "Contoh", who=COMMAND_LINE)
    assert caught.value.why == "newer"
    assert json.loads(settings.kept(1)) == json.loads(more)
    assert rollouts.undo(second, "Contoh", who=COMMAND_LINE) == 1
    assert rollouts.undo(first, "Contoh", who=COMMAND_LINE) == 1


def hub_with_two_boxes(region: Region) -> HubStore:
    """Return the store of a hub that signs releases and has heard two boxes."""
    region.create_hub(release_public=PUBLIC)
    for village in (VILLAGE, OTHER_VILLAGE):
        region.node(village)
        region.settle(village)
    return region.hub.store


@pytest.mark.parametrize("database_url", [None])
def test_a_release_waits_for_no_word_that_will_not_come(region: Region) -> None:
    """A box tells each thing once: what it said before, and what it is never handed, counts at once."""
    store = hub_with_two_boxes(region)
    rollouts, releases = store.fleet.rollouts, store.fleet.releases
    releases.add(release("0.2.0"))
    releases.add(release("0.3.0", machine="x86_64"))

    def say(node: int, running: Version, left: Version = NO_VERSION, why: UpdateTrouble = NONE) -> None:
        held = UpdateHeld(running, NO_VERSION, left, why)
        store.writer.run(lambda: store.fleet.hear_update(node, held, region.clock.wall_s()))

    def ask(node: int) -> None:
        psk = bytes(Node.select().where(Node.number == node).get(store.database).psk)
        releases.answer(seal_question(ReleaseQuestion(node, "aarch64", NO_PART, 0), psk))

    def offer(version: str, first: int) -> int:
        return rollouts.begin("release", version, Choice(first=first), "Contoh", who=COMMAND_LINE)

    def steps(number: int) -> dict[int, Step]:
        return {one.box.node: one.box.step for one in rollouts.one(number, who=COMMAND_LINE).boxes}

    say(1, (0, 2, 0))  # by a stick, as the first box of the office
    say(2, (0, 1, 0))
    number = offer("0.2.0", 1)
    assert steps(number) == {1: Step.CONFIRMED, 2: Step.SENT}
    say(2, (0, 1, 0), (0, 2, 0), UpdateTrouble.ROOM)
    rollouts.stop(number, "Contoh", who=COMMAND_LINE)
    again = offer("0.2.0", 2)
    assert rollouts.one(again, who=COMMAND_LINE).halted_by == (2,)
    assert steps(again)[2] is Step.REFUSED
    rollouts.stop(again, "Contoh", who=COMMAND_LINE)

    foreign = offer("0.3.0", 1)
    ask(1)
    assert steps(foreign) == {1: Step.REFUSED, 2: Step.WAITING}
    assert releases.updates([1])[1].trouble is UpdateTrouble.MACHINE
    rollouts.stop(foreign, "Contoh", who=COMMAND_LINE)
    releases.add(release("0.3.0", machine="aarch64"))
    number = offer("0.3.0", 1)
    store.writer.run(lambda: releases._is_unfit(1, "0.2.9"))  # one that was offered before, answered late
    assert releases.updates([1])[1].trouble is UpdateTrouble.NONE
    ask(1)
    rollouts.turn()
    assert steps(number)[1] is Step.ARRIVED


@pytest.mark.parametrize("database_url", [None])
def test_a_release_does_not_wait_for_a_box_without_an_updater(region: Region) -> None:
    """Installed from source, or before there were updates: it never says which version it runs."""
    store = hub_with_two_boxes(region)
    rollouts, releases = store.fleet.rollouts, store.fleet.releases
    releases.add(release("0.2.0"))
    number = rollouts.begin("release", "0.2.0", Choice(first=1), "Contoh", who=COMMAND_LINE)
    offered = region.clock.wall_s()

    def after(days: float, *, heard: bool) -> dict[int, Step]:
        at = offered + days * 86_400
        region.clock.advance(at - region.clock.wall_s())
        if heard:
            rows = [{"node": node, "via": "radio", "at": at} for node in (1, 2)]
            store.writer.run(lambda: put(Contact, rows).execute(store.database))
        rollouts.turn()
        return {one.box.node: one.box.step for one in rollouts.one(number, who=COMMAND_LINE).boxes}

    def say(node: int, running: Version) -> None:
        held = UpdateHeld(running, NO_VERSION, NO_VERSION, NONE)
        store.writer.run(lambda: store.fleet.hear_update(node, held, region.clock.wall_s()))

    say(2, (0, 1, 0))
    assert after(6, heard=True) == {1: Step.SENT, 2: Step.WAITING}
    assert after(30, heard=False) == {1: Step.SENT, 2: Step.WAITING}, "switched off: nobody knows"
    assert after(31, heard=True)[1] is Step.TAKES_NONE
    view = rollouts.one(number, who=COMMAND_LINE)
    assert (view.condition, view.halted_by, view.steps[Step.SENT]) == (Condition.RUNNING, (), 1)
    assert after(60, heard=True)[2] is Step.SENT, (
        "it takes releases, and the next stick or internet brings it"
    )
    say(2, (0, 2, 0))
    view = rollouts.one(number, who=COMMAND_LINE)
    assert (view.condition, view.steps) == (Condition.DONE, {Step.TAKES_NONE: 1, Step.CONFIRMED: 1})
    say(1, (0, 2, 0))  # a technician came
    assert rollouts.one(number, who=COMMAND_LINE).steps == {Step.CONFIRMED: 2}
