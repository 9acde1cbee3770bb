"""The hub's plan reaches the page of a receipt, by HTTPS and by radio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from duty_people import KETUT, account
from village import VILLAGE, Region, quick_folder

from hub.models import Down
from village_node.web.public_app import create_public_app


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.mark.parametrize("way", ["http", "radio"])
def test_the_reporter_reads_when_the_hub_is_staffed(region: Region, way: str) -> None:
    taken = region.file()
    region.talk_by_radio(for_s=300)
    account(region, "sari", "analyst", "52")
    account(region, "budi", "supervisor")
    duty = region.hub.store.duty
    duty.add_shifts("sari", 1, [0, 1, 2, 3, 4], (450, 960), False, by=KETUT)
    duty.add_shifts("budi", 2, list(range(7)), (0, 0), True, by=KETUT)
    assert region.hub.store.duty_hours.turn() == 1
    if way == "radio":
        region.file()  # else the box calls every six hours
        region.talk_by_radio(for_s=300)
        [down] = Down.select().where(Down.what == "setting").execute(region.hub.store.database)
        assert len(down.sealed) < 200, "one packet"
    else:
        region.exchange()
    node = region.node(VILLAGE)
    app = create_public_app(node, village_name="Contoh", staffed=node.hub_hours.staffed)
    page = " ".join(app.test_client().post("/nomor", data={"code": taken.code or ""}).text.split())
    assert "Petugas membaca laporan: Senin-Jumat 07.30-16.00 (WITA)." in page
    assert "Laporan mendesak: kapan saja." in page
    # 2027-01-15 16.00 in Makassar, a Friday: the office has just closed.
    assert "Sekarang hanya laporan mendesak yang dibaca." in page
