"""The fleet on its page: who needs a person first, in both languages, a part at a time by the index."""

from __future__ import annotations

import pytest
from releases import PUBLIC, release
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.fleet.models import FleetBox, FleetRolloutBox
from hub.fleet.rollout_services import Choice
from hub.fleet.rollouts import Step
from hub.services import COMMAND_LINE, Role
from hub.storage.statements import insert_rows
from hub.web.parts import ROWS
from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust, DiskFree
from tests.hub.web.conftest import Browser, HubInMemory


def browser(region: Region, name: str, *areas: str, role: Role = "analyst") -> Browser:
    region.hub.store.accounts.add(name, role, HubInMemory.PASSWORD, areas=areas)
    found = Browser(region.hub.create_app())
    found.sign_in(name)
    return found


@pytest.mark.parametrize("database_url", [None])
def test_the_page_says_who_needs_a_person_and_what_to_do(region: Region) -> None:
    region.enrolment(VILLAGE)
    region.enrolment(OTHER_VILLAGE)
    store = region.hub.store
    told = Beacon(clock=ClockTrust.HUB, disk=DiskFree.NEARLY_FULL, flags=BeaconFlag.POWER_LOW_NOW)
    store.writer.run(lambda: store.fleet.boxes.hear(2, told, region.clock.wall_s()))
    store.fleet.boxes.settle()
    page = browser(region, "sari").read("/armada")
    assert "1 dari 2 kotak perlu ditolong" in page
    assert page.index("kotak nomor 2") < page.index("kotak nomor 1")
    assert "Rencanakan kunjungan teknisi" in page
    assert "kartu hampir penuh" in page
    assert "<svg" in page
    part = browser(region, "made", VILLAGE).read("/armada")
    assert "kotak nomor 2" not in part
    assert "0 dari 1 kotak" in part
    assert "Kotak baru: tunggu kabar pertamanya." in part
    assert "<svg" not in part


@pytest.mark.parametrize("database_url", [None])
def test_a_part_of_a_long_list_begins_behind_the_last_row(region: Region) -> None:
    looks = browser(region, "sari")
    assert "Belum ada kotak." in looks.read("/armada")
    region.enrolment()
    store = region.hub.store
    store.fleet.boxes.settle()
    row = FleetBox.select().dicts().first(store.database)
    more = [{**row, "node": n, "place": row["place"] + n} for n in range(2, ROWS + 3)]
    store.writer.run(lambda: insert_rows(store.database, FleetBox, more))
    page = looks.read("/armada")
    assert page.count('class="row') == ROWS
    address = page.split('class="more"><a href="', 1)[1].split('"', 1)[0]
    rest = looks.read(address)
    assert rest.count('class="row') == 2
    assert 'class="more"' not in rest
    assert looks.read("/armada?setelah=x").count('class="row') == ROWS
    query = FleetBox.select().where(FleetBox.place > 5).order_by(FleetBox.place).limit(ROWS)
    plan = store.database.execute_sql("EXPLAIN QUERY PLAN " + query.sql()[0], query.sql()[1]).fetchall()
    assert [step[3] for step in plan] == ["SEARCH t1 USING INDEX fleetbox_place (place>?)"]


@pytest.mark.parametrize("database_url", [None])
def test_a_rollout_says_what_goes_out_and_which_boxes_take_none(region: Region) -> None:
    region.create_hub(release_public=PUBLIC)
    for village in (VILLAGE, OTHER_VILLAGE):
        region.node(village)
        region.settle(village)
    store = region.hub.store
    store.fleet.releases.add(release("0.2.0"))
    number = store.fleet.rollouts.begin("release", "0.2.0", Choice(), "Contoh", who=COMMAND_LINE)
    looks = browser(region, "budi", role="supervisor")
    assert "versi 0.2.0" in looks.read("/armada/penyebaran")
    page = looks.read(f"/armada/penyebaran/{number}")
    assert "baris perintah" in page
    assert "kurir membawanya dengan stik" in page
    assert "Lewati kotak ini" in page
    assert "pembaru" not in page
    sent = FleetRolloutBox.step == Step.SENT.value
    none = FleetRolloutBox.update(step=Step.TAKES_NONE.value).where(sent)
    store.writer.run(lambda: none.execute(store.database))
    page = looks.read(f"/armada/penyebaran/{number}")
    assert "tidak menerima pembaruan" in page
    assert "Teknisi menjalankan pemasang" in page
    assert "Lewati kotak ini" not in page
    assert "berjalan" in page
