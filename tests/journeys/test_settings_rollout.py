"""Settings go from a hub to its boxes in stages, over HTTP; one that cuts a box off goes back by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region, quick_folder

from hub.fleet.rollout_services import Choice, RolloutRefused
from hub.fleet.rollouts import Condition, Step
from hub.fleet.settings_kind import OWN, written
from hub.services import COMMAND_LINE, SignedIn
from sync.errors import CarrierError
from sync.serving import WsgiServer
from sync.wire.numbers import BoxSetting
from village_node.internet import exchange_until_settled
from village_node.wiring import Node

NOWHERE = "http://127.0.0.1:9"
SPARING = written({BoxSetting.AIRTIME_PERMILLE: 20, BoxSetting.DENSE_TEXT: 0}, 12)
HOUR_S = 3600
KETUT = SignedIn("ketut", "administrator")


class Boxes:
    """A hub that is served, and the boxes that ask it as their settings say."""

    def __init__(self, region: Region, url: str) -> None:
        self.region, self.url = region, url
        for village in (VILLAGE, OTHER_VILLAGE):
            self.node(village)
            self.pass_time(village)
        self.rollouts = region.hub.store.fleet.rollouts

    def node(self, village: str) -> Node:
        return self.region.node(village, hub_url=self.url, dense_text=False)

    def pass_time(self, village: str, hours: float = 0.2) -> None:
        self.region.clock.advance(hours * HOUR_S)
        node = self.node(village)
        assert node.client is not None
        try:
            exchange_until_settled(node.desk, node.client)
            node.settings.reached_by_internet(node.desk.bundle_answered)
        except CarrierError:
            pass
        node.settings.turn(node.reporting.send_placed)
        if node.settings.starts_anew:
            self.region.stop_node(village)
            self.node(village)

    def settle(self, hours: float = 0.2, turns: int = 6) -> None:
        for _ in range(turns):
            for village in (VILLAGE, OTHER_VILLAGE):
                self.pass_time(village, hours)
            self.rollouts.turn()

    def steps(self, number: int) -> dict[int, Step]:
        view = self.rollouts.one(number, who=COMMAND_LINE)
        return {one.box.node: one.box.step for one in view.boxes}


@pytest.fixture
def boxes(tmp_path: Path) -> Iterator[Boxes]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        site = WsgiServer(region.hub.create_app(), ("127.0.0.1", 0))
        site.start()
        try:
            yield Boxes(region, site.url)
        finally:
            site.close()
            region.close()


def test_a_set_goes_to_one_box_then_to_all_and_each_says_that_it_keeps_it(boxes: Boxes) -> None:
    number = boxes.rollouts.begin("settings", SPARING, Choice(first=2), "Hemat radio", who=KETUT)
    assert boxes.steps(number) == {1: Step.WAITING, 2: Step.SENT}
    boxes.pass_time(VILLAGE)
    assert boxes.node(VILLAGE).config.duty_cycle == 1.0
    boxes.settle(turns=12)
    view = boxes.rollouts.one(number, who=COMMAND_LINE)
    assert boxes.steps(number) == dict.fromkeys((1, 2), Step.CONFIRMED)
    assert (view.condition, set(boxes.steps(number).values())) == (Condition.DONE, {Step.CONFIRMED})
    for village in (VILLAGE, OTHER_VILLAGE):
        assert boxes.node(village).config.duty_cycle == 0.02
        assert boxes.node(village).health.status()["settings"]["state"] == "kept"
    assert json.loads(boxes.region.hub.store.fleet.settings.kept(1)) == json.loads(SPARING)

    assert boxes.rollouts.undo(number, "Terlalu lambat", who=KETUT) == 2
    boxes.settle(turns=5)
    assert [boxes.node(village).config.duty_cycle for village in (VILLAGE, OTHER_VILLAGE)] == [1.0, 1.0]
    assert boxes.region.hub.store.fleet.settings.kept(1) == OWN


def test_an_address_at_which_no_hub_is_goes_back_by_itself_and_halts_the_rollout(boxes: Boxes) -> None:
    store = boxes.region.hub.store
    bad = written({BoxSetting.HUB_URL: NOWHERE}, 12)
    number = boxes.rollouts.begin("settings", bad, Choice(first=1), "Alamat baru", who=KETUT)
    boxes.settle(turns=2)
    assert boxes.node(VILLAGE).config.hub_url == NOWHERE
    assert boxes.steps(number)[1] is Step.ARRIVED
    boxes.region.file()
    boxes.settle(hours=1.0, turns=3)
    assert boxes.steps(number)[1] is Step.ARRIVED
    assert boxes.node(VILLAGE).health.status()["settings"]["state"] == "probation"
    boxes.settle(hours=1.0, turns=8)
    assert boxes.node(VILLAGE).config.hub_url == boxes.url
    assert boxes.steps(number) == {1: Step.WENT_BACK, 2: Step.WAITING}
    view = boxes.rollouts.one(number, who=COMMAND_LINE)
    assert (view.condition, view.halted_by) == (Condition.HALTED, (1,))
    assert boxes.region.stories()
    boxes.settle()
    assert boxes.node(OTHER_VILLAGE).config.hub_url == boxes.url

    store.fleet.boxes.settle()
    row = store.fleet.boxes.part(who=COMMAND_LINE, after=0, limit=9).rows[0]
    assert (row.node, row.troubles[0], row.needs_person) == (1, "halts", True)
    boxes.rollouts.leave_out(number, 1, "Listrik mati", who=KETUT)
    assert boxes.steps(number) == {1: Step.WENT_BACK, 2: Step.SENT}
    boxes.rollouts.stop(number, "Alamat salah", who=KETUT)
    store.fleet.boxes.settle()
    assert store.fleet.boxes.counts(who=COMMAND_LINE) == (2, 0)
    with pytest.raises(RolloutRefused):
        boxes.rollouts.stop(number, "Lagi", who=KETUT)
