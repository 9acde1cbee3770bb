"""The hub takes another sealing key: nothing sealed for the old one is lost, and then the old one goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from key_rotation import retire, rotate
from stores import KINDS, store_url
from village import Region, answers, quick_folder, reached

from hub.folder import load
from hub.models import Epoch
from sync.sealing.derivation import key_id


@pytest.fixture(params=KINDS)
def region(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Region]:
    with store_url(request.param) as url, quick_folder(tmp_path) as folder:
        region = Region(folder, database_url=url)
        yield region
        region.close()


@pytest.mark.parametrize("way", ["http", "radio"])
def test_a_village_turns_to_the_new_key_and_all_of_before_stays(region: Region, way: str) -> None:
    def carry() -> None:
        if way == "http":
            region.settle()
        else:
            region.file("supaya kotak memanggil")
            region.talk_by_radio(for_s=300)

    before = region.file("sebelum kunci baru")
    carry()
    waits = region.file("disegel untuk kunci lama, datang sesudahnya")
    old = region.hub.store.identity.static.public
    rotate(region)
    node = region.node()
    carry()
    assert node.hub_keys.newest == key_id(region.hub.store.identity.static.public) != key_id(old)
    assert node.key_change.settle()
    after = region.file("sesudah kunci baru")
    carry()
    carry()
    assert {"sebelum kunci baru", "sesudah kunci baru"} < set(region.stories())
    assert reached(node, waits.code)[:3] == ["saved", "on_its_way", "received"]
    status = region.hub.store.rotation.status()
    assert [n.waits_for for n in status.nodes] == [None]
    assert len({bytes(e.hub_key) for e in Epoch.select().execute(region.hub.store.database)}) == 2

    retire(region)
    assert load(region.hub_folder).retiring is None
    for taken, text in ((before, "Jawaban lama."), (after, "Jawaban baru.")):
        region.hub.store.work.answer(taken.envelope_id or "", text, asks=False, by="budi")
    carry()
    assert answers(node, before.code) == ["Jawaban lama."]
    assert answers(node, after.code) == ["Jawaban baru."]
    assert "sebelum kunci baru" in region.stories()
