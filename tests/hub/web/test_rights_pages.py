"""The pages about rights of Law 27/2022 and breaches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from inbox_arrivals import arrive
from office import Officer
from village import Region, quick_folder

DAY_S = 86_400
STORY = "Zebrafinken mengajak ke Batam"


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def test_a_supervisor_works_off_the_list_and_an_analyst_does_not_see_it(region: Region) -> None:
    [one] = arrive(region, STORY)
    budi, sari = Officer(region, "budi", "supervisor"), Officer(region, "sari", "analyst")
    budi.sign_in()
    sari.sign_in()
    typed = {"kind": "access", "ref": one, "way": "phone"}
    wrong = budi.post("/hak", page="/hak", **{**typed, "received": "besok"})
    assert (wrong.status_code, f'value="{one}"' in wrong.text, 'value="besok"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert "Tulis tanggal dan jam" in wrong.text
    assert budi.post("/hak", page="/hak", **typed).status_code == 303
    page = budi.read("/hak")
    assert "Melihat data sendiri" in page
    assert f"laporan {one}</a>, telepon" in page
    assert "Zebrafinken" not in page
    assert "harus selesai" not in budi.read("/")
    region.clock.advance(2 * DAY_S + 60)
    budi.sign_in()
    sari.sign_in()
    assert "1 hak atau kebocoran</a>: harus selesai paling lambat" in budi.read("/")
    assert "harus selesai" not in sari.read("/")
    assert sari.get("/hak").status_code == 403
    region.clock.advance(DAY_S)
    budi.sign_in()
    assert "itu sudah lewat" in budi.read("/")
    assert "Lewat waktu" in budi.read("/hak")
    assert budi.post("/hak/1/selesai", page="/hak", reason="").status_code == 422
    assert budi.post("/hak/1/selesai", page="/hak", reason="Salinan diberikan").status_code == 303
    assert "(terlambat), oleh <bdi>budi</bdi>" in budi.read("/hak")
    assert "harus selesai" not in budi.read("/")


def test_a_breach_prints_its_notice_in_the_hub_s_own_time(region: Region) -> None:
    budi = Officer(region, "budi", "supervisor")
    budi.sign_in()
    typed = {"kind": "breach", "way": "found", "ref": ""}
    assert "Tulis data apa" in budi.post("/hak", page="/hak", **typed).text
    done = budi.post("/hak", page="/hak", **typed, affected="Nama dari <b>dua</b> laporan")
    assert done.status_code == 303
    page = budi.read("/hak/1/pemberitahuan")
    assert "Nama dari &lt;b&gt;dua&lt;/b&gt; laporan" in page
    assert "[BELUM DIPERIKSA]" in page
    assert "Dari: Pusat" in page
    assert "WITA" in page
    where = "/hak/1/pemberitahuan"
    refused = budi.post(where, page=where, affected="", how="laptop hilang")
    assert (refused.status_code, "laptop hilang" in refused.text) == (422, True)
    assert budi.post(where, page=where, affected="Tiga laporan", how="laptop hilang").status_code == 303
    assert "2. Kapan dan bagaimana terjadi [BELUM DIPERIKSA] laptop hilang" in budi.read(where)
    assert budi.get("/hak/9/pemberitahuan").status_code == 404
    region.hub.store.accounts.change_language("budi", "en")
    assert "Kantor mengetahui kejadian ini pada Jumat, 15 Januari 2027" in budi.read(where), "it is a letter"
    assert budi.post("/hak/9/selesai", page="/hak", reason="").status_code == 404
