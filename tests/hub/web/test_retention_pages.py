"""The page about how long reports are kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from inbox_arrivals import SARI, arrive
from office import Officer
from village import Region, quick_folder

STORY = "Zebrafinken mengajak ke Batam"
DAY_S = 86_400


@pytest.fixture
def region(tmp_path: object) -> Iterator[Region]:
    from pathlib import Path

    with quick_folder(Path(str(tmp_path))) as folder:
        region = Region(folder)
        yield region
        region.close()


def test_a_supervisor_approves_holds_and_lifts(region: Region) -> None:
    [one] = arrive(region, STORY)
    store = region.hub.store
    store.triage.step(one, "signal", "discarded", "iklan", seen=None, who=SARI)
    region.clock.advance(350 * DAY_S)
    store.retention.turn()
    budi = Officer(region, "budi", "supervisor")
    budi.sign_in()
    page = budi.read("/masa-simpan")
    assert one in page
    assert "Zebrafinken" not in page
    assert "belum diperiksa menurut hukum" in page
    empty = budi.post("/masa-simpan/setujui", page="/masa-simpan")
    assert (empty.status_code, "Pilih paling sedikit satu" in empty.text) == (422, True)
    done = budi.post("/masa-simpan/setujui", page="/masa-simpan", report=one, go="approve")
    assert done.status_code == 303
    assert "<bdi>budi</bdi></td>" in budi.read("/masa-simpan")
    wrong = budi.post("/masa-simpan/tahan", page="/masa-simpan", ref=one, reason="Perkara", until="besok")
    assert wrong.status_code == 422
    assert f'value="{one}"' in wrong.text
    date = "2099-01-01"
    held = budi.post("/masa-simpan/tahan", page="/masa-simpan", ref=one, reason="Perkara", until=date)
    assert held.headers["Location"].endswith("done=held")
    region.clock.advance(30 * DAY_S)
    assert store.retention.turn() == 0
    budi.sign_in()
    number = store.retention.holds(SARI)[0].number
    gone = budi.post("/masa-simpan/lepas", page="/masa-simpan", hold=str(number), reason="Putusan tetap")
    assert gone.status_code == 303
    assert "Tidak ada yang ditahan" in budi.read("/masa-simpan")
    for nonsense in ("", "x", "9" * 40):
        refused = budi.post("/masa-simpan/lepas", page="/masa-simpan", hold=nonsense, reason="x")
        assert refused.status_code == 422
