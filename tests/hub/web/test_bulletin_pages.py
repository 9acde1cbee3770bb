"""The pages of bulletins, as an analyst, two supervisors and an administrator use them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from village import VILLAGE, Region, quick_folder

PASSWORD = "kentongan bertalu-talu"
TEXT = "Waspada tawaran kerja yang menyuruh berangkat cepat."


class Office:
    """Browsers of several people at a hub with one village."""

    def __init__(self, region: Region) -> None:
        region.node()
        region.settle()
        self.region = region
        self.app = region.hub.create_app()
        self._clients: dict[str, FlaskClient] = {}
        roles = {"sari": "analyst", "budi": "supervisor", "ratna": "supervisor", "ketut": "administrator"}
        for name, role in roles.items():
            region.hub.store.accounts.add(name, role, PASSWORD)
            client = self._clients[name] = self.app.test_client()
            with client.session_transaction() as session:
                session["id"] = region.hub.store.accounts.begin_session(name)

    def read(self, name: str, path: str) -> str:
        return " ".join(self._clients[name].get(path).text.split())

    def post(self, name: str, path: str, page: str, /, **typed: object) -> tuple[int, str]:
        text = self._clients[name].get(page).text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
        answer = self._clients[name].post(path, data={**fields, **typed}, follow_redirects=True)
        return answer.status_code, " ".join(answer.text.split())

    def write(self, name: str, go: str, page: str = "/buletin/tulis", **typed: object) -> tuple[int, str]:
        form = {"text": TEXT, "topic": "offer", "level": "2", "certainty": "Likely", "area": VILLAGE}
        form |= {"until": "2027-01-30", "status": "Actual", "public": "yes", "go": go}
        return self.post(name, "/buletin/tulis", page, **{**form, **typed})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield Office(region)
        region.close()


def test_the_bytes_are_said_while_writing_and_what_is_too_long_stays_on_the_page(office: Office) -> None:
    _, preview = office.write("sari", "preview")
    assert re.search(r"Sisa \d+ bita dalam satu paket radio. Ke 1 desa.", preview)
    long = "".join(random.Random(5).choices("abcdefghijklmnoprstu ", k=300))
    status, refused = office.write("sari", "submit", text=long)
    assert status == 422
    assert re.search(r"kurangi \d+ bita", refused)
    assert " ".join(long.split()) in refused
    status, unchosen = office.write("sari", "submit", area="none")
    assert (status, "area-problem" in unchosen) == (422, True)
    assert 'value="none" selected' in office.read("sari", "/buletin/tulis"), "no region by mistake"
    office.write("sari", "save", area="none")
    assert "wilayah belum dipilih" in office.read("sari", "/buletin")
    assert office.region.hub.store.notices.rows() == []


def test_a_bulletin_from_a_signal_is_approved_by_another_supervisor_and_cancelled(office: Office) -> None:
    form = office.read("budi", f"/buletin/tulis?sinyal=7&wilayah={VILLAGE}&jenis=departure&tingkat=3")
    assert "Dari sinyal 7" in form
    for chosen in (f'value="{VILLAGE}" selected', 'value="departure" selected', 'value="3" selected'):
        assert chosen in form
    status, page = office.write("budi", "submit", page="/buletin/tulis?sinyal=7", level="3")
    assert (status, "Menunggu persetujuan" in page, "Setujui, tanda tangani" in page) == (200, True, False)
    status, _ = office.post("sari", "/buletin/1/putusan", "/buletin/1", go="approve")
    assert status == 403
    assert (
        office.post("ratna", "/buletin/1/putusan", "/buletin/1", go="give-back", reason="Singkat.")[0] == 200
    )
    assert "Singkat." in office.read("budi", "/buletin/1")
    office.post("budi", "/buletin/1", "/buletin/1", go="submit")
    status, page = office.post("ratna", "/buletin/1/putusan", "/buletin/1", go="approve")
    assert (status, "Berlaku" in page, "menunggu dikirim" in page) == (200, True, True)
    office.region.settle()
    assert "Sampai 1 dari 1 desa" in office.read("sari", "/buletin/1")
    assert "Waspada" in office.read("sari", "/buletin/tulis?ganti=1")
    _, page = office.post("ketut", "/buletin/1/batal", "/buletin/1")
    assert "Dibatalkan" in page


def test_what_carries_a_bulletin_is_ended_where_agencies_are_told(office: Office) -> None:
    office.write("budi", "submit")
    office.post("ratna", "/buletin/1/putusan", "/buletin/1", go="approve")
    [row] = office.region.hub.store.notices.rows()
    page = office.read("ketut", f"/pengumuman/{row.serial}")
    assert ('href="/buletin/1"' in page, "Tarik dari semua desa" in page) == (True, False)
    _, page = office.post("ketut", f"/pengumuman/{row.serial}/tarik", f"/pengumuman/{row.serial}")
    assert "Batalkan di semua desa" in page
    assert not office.region.hub.store.notices.rows()[0].withdrawn


def test_a_template_of_the_material_fills_the_form_in_both_languages(office: Office) -> None:
    page = office.read("sari", "/buletin/tulis?templat=uang_muka")
    assert "Awas uang muka untuk keluarga" in page
    english = next(t.text_en for t in office.region.hub.store.bulletins.templates() if t.key == "uang_muka")
    assert english
    assert english.split()[0] in page


def test_an_agency_s_secret_is_shown_once(office: Office) -> None:
    said = {"name": "Polres", "way": "webhook", "address": "https://polres.example/cap", "area": ""}
    _, page = office.post("ketut", "/buletin/penerima", "/buletin/penerima", **said)
    [secret] = re.findall(r"<code>([0-9a-f]{64})</code>", page)
    assert secret not in office.read("ketut", "/buletin/penerima")
    said["address"] = "http://x/"
    status, page = office.post("ketut", "/buletin/penerima", "/buletin/penerima", **said)
    assert (status, "https://" in page) == (422, True)
