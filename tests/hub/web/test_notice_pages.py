from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from village import Region, quick_folder
from werkzeug.test import TestResponse

PASSWORD = "kentongan bertalu"
TEXT = "Waspada tawaran kerja di Kamboja. Kata Pak Wayan Contoh, jangan serahkan paspor."


class Officer:
    """Somebody signed in at a hub with one village."""

    def __init__(self, region: Region, role: str) -> None:
        region.node()
        region.settle()
        region.hub.store.accounts.add("sari", role, PASSWORD)
        self.region = region
        self.client: FlaskClient = region.hub.create_app().test_client()
        self.post("/sign-in", "/sign-in", name="sari", password=PASSWORD)

    def read(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return " ".join(response.text.split())

    def post(self, path: str, page: str, **typed: object) -> TestResponse:
        text = self.client.get(page).text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
        return self.client.post(path, data={**fields, **typed})

    def write(self, **typed: object) -> TestResponse:
        form = {"level": "2.2", "until": "2027-02-01", "public": "yes", "text": TEXT, "node": "1"}
        return self.post("/pengumuman/tulis", "/pengumuman/tulis", **{**form, **typed})


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.fixture
def officer(region: Region) -> Officer:
    return Officer(region, "supervisor")


def test_a_chance_is_looked_at_before_it_goes_out_once(officer: Officer) -> None:
    preview = officer.write(go="preview").text
    assert "Pak Wayan Contoh" in preview
    assert "mirip nama orang" in preview
    assert "1 paket untuk setiap desa" in preview
    assert officer.region.hub.store.notices.rows() == []

    unlooked = officer.write(go="send")
    assert unlooked.status_code == 422
    assert "tidak ada nama orang" in unlooked.text
    assert officer.region.hub.store.notices.rows() == []

    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', preview))
    for _ in range(2):
        sent = officer.client.post("/pengumuman/tulis", data={**fields, "nameless": "yes", "go": "send"})
        assert sent.status_code == 303
    [row] = officer.region.hub.store.notices.rows()
    assert (row.text, row.public, row.villages) == (TEXT, True, 1)
    page = officer.read("/pengumuman")
    assert "Sampai 0 dari 1 desa; dilihat di 0." in page

    officer.region.settle()
    page = officer.read(f"/pengumuman/{row.serial}")
    assert "Pringgarata" in page
    assert "menunggu dikirim" not in page
    officer.post(f"/pengumuman/{row.serial}/tarik", f"/pengumuman/{row.serial}")
    assert "Sudah ditarik" in officer.read(f"/pengumuman/{row.serial}")
    assert officer.client.get("/pengumuman/7").status_code == 404


WRONG = [
    ({"text": ""}, "Tulis 1 sampai 1000 huruf"),
    ({"level": "9.9"}, "Pilih salah satu"),
    ({"level": "2.x"}, "Pilih salah satu"),
    ({"level": "1.2"}, "orang kedua menyetujuinya"),
    ({"until": "kapan"}, "Pilih salah satu"),
    ({"until": "2020-01-01"}, "Pilih tanggal"),
    ({"node": "99"}, "Pilih paling sedikit satu desa"),
]


def test_what_is_wrong_is_said_beside_what_was_typed(officer: Officer) -> None:
    for typed, said in WRONG:
        answer = officer.write(go="preview", **typed)
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
        assert "text" in typed or "Kata Pak Wayan Contoh" in answer.text


@pytest.mark.parametrize(
    ("level", "public", "seen_by"),
    [
        ("2.1", "", "semua orang di Wi-Fi desa"),
        ("2.2", "no", "fasilitator desa saja"),
        ("2.2", "yes", "semua orang di Wi-Fi desa"),
    ],
)
def test_everybody_sees_it_unless_chosen_and_the_preview_says_it(
    officer: Officer, level: str, public: str, seen_by: str
) -> None:
    assert "Tulis buletin" in officer.read("/pengumuman/tulis")
    preview = officer.write(go="preview", level=level, public=public).text
    assert f"<dd>{seen_by}</dd>" in preview
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', preview))
    officer.client.post("/pengumuman/tulis", data={**fields, "nameless": "yes", "go": "send"})
    [row] = officer.region.hub.store.notices.rows()
    assert row.public is (seen_by != "fasilitator desa saja")


def test_an_analyst_reads_and_does_not_write(region: Region) -> None:
    analyst = Officer(region, "analyst")
    assert "Tulis peluang" not in analyst.read("/pengumuman")
    assert analyst.client.get("/pengumuman/tulis").status_code == 403


def test_the_material_of_the_villages_is_told(officer: Officer) -> None:
    assert "Semua desa memakai materi bawaan" in officer.read("/materi")
    assert "belum ada kabar" in officer.read("/materi")
