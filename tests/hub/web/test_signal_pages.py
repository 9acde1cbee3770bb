"""Pages of signals as an analyst, a supervisor, an auditor and somebody of another area use them."""

from __future__ import annotations

import pytest
from findings import finding, say_of
from inbox_arrivals import arrive
from office import AlwaysIn, Officer
from village import NOW_S, OTHER_VILLAGE, VILLAGE, Region

from hub.bulletins.services import SENT
from hub.services import SignedIn
from hub.warning.services import BulletinLine
from hub.web.app import create_hub_app
from hub.web.signal_pages import BULLETIN_ADDRESS

pytestmark = pytest.mark.parametrize("database_url", [None])
"""Both databases are asked by the tests of hub/warning."""
SECRETS = ("Pak Contoh", "0812", "4321", "maju contoh")


class Visitor(Officer):
    """An officer who is in already."""

    def __init__(self, region: Region, name: str, role: str, *areas: str) -> None:
        super().__init__(region, name, role, *areas)
        with self.client.session_transaction() as session:
            session["id"] = region.hub.store.accounts.begin_session(name)

    def do(self, number: int, form: str, **typed: str) -> int:
        page = f"/sinyal/{number}"
        return self.post(f"{page}/{form}", page=page, **typed).status_code


def test_a_signal_is_worked_on_by_forms_alone(region: Region) -> None:
    sari, budi = Visitor(region, "sari", "analyst"), Visitor(region, "budi", "supervisor")
    ids = arrive(region, "Pak Contoh (0812-0000-4321) dari PT Maju Contoh", "dua")
    say_of(region.hub.store, ids, frozenset(["+6281200004321"]), ("maju", "contoh"))
    region.hub.store.early.signals.take_findings([finding(ids)], NOW_S)
    listed = sari.read("/sinyal")
    assert 'Sinyal 1: <bdi class="exact">Kenaikan</bdi>' in listed
    assert "5 laporan dalam 2 minggu, biasanya 0 sampai 1" in listed
    assert "2 menyebut nomor telepon yang sama" in listed
    assert not [secret for secret in SECRETS if secret in listed.lower() or secret in listed]
    assert 'aria-current="page">Sinyal (1)</a>' in listed
    shown = sari.read("/sinyal/1")
    assert "Diangkat oleh aturan, belum tentu benar" in shown
    assert "Angka di balik gambar" in shown
    assert ids[0] in shown
    assert 'name="cell"' not in shown
    assert sari.do(1, "langkah", to="verification") == 303
    assert sari.do(1, "langkah", to="assessment") == 303
    shown = sari.read("/sinyal/1")
    assert 'name="cell" value="1-1"' in shown
    assert 'name="cell" value="5-5"' not in shown
    assert 'value="5-5"' in budi.read("/sinyal/1")
    assert budi.do(1, "risiko", cell="5-5", text="anak") == 303
    assert sari.do(1, "risiko", cell="1-1", text="salah") == 422
    assert "Sekarang: telepon polisi" in sari.read("/sinyal/1")
    stale = sari.post("/sinyal/1/langkah", page="/sinyal/1", to="response", seen="1")
    assert stale.status_code == 422
    assert "Orang lain baru saja" in stale.text
    assert sari.do(1, "langkah", to="response") == 303
    assert sari.do(1, "selesai", text="polisi datang") == 303
    assert sari.do(1, "tutup", verdict="true", outcome="rescued", text="selamat") == 422
    assert budi.do(1, "tutup", verdict="true", outcome="rescued", text="selamat") == 303
    assert "Tidak ada sinyal di sini." in sari.read("/sinyal")
    assert "korban ditolong" in sari.read("/sinyal/1")
    assert sari.do(1, "nonsense") == 404
    svg = sari.get("/sinyal/1/grafik.svg")
    assert (svg.mimetype, svg.status_code) == ("image/svg+xml", 200)
    assert "Sinyal 1" in svg.text
    assert sari.get("/sinyal/1/grafik.png").data.startswith(b"\x89PNG")


def test_a_signal_is_raised_from_a_report_once_however_often_one_presses(region: Region) -> None:
    sari = Visitor(region, "sari", "analyst")
    auni = Visitor(region, "auni", "auditor")
    far = Visitor(region, "jauh", "analyst", OTHER_VILLAGE)
    [report] = arrive(region, "Pak Contoh")
    assert "/sinyal/baru?laporan=" in sari.read(f"/reports/{report}")
    form = sari.read(f"/sinyal/baru?laporan={report}")
    assert (VILLAGE in form, report in form) == (True, True)
    assert far.get(f"/sinyal/baru?laporan={report}").status_code == 404
    typed = {"title": "Calo di pasar", "unit": VILLAGE, "reports": report, "form_id": "a"}
    page = "/sinyal/baru"
    assert sari.post(page, page=page, **typed).status_code == 422
    for _ in range(2):
        assert sari.post(page, page=page, text="tiga keluarga", **typed).status_code == 303
    assert sari.read("/sinyal").count("Calo di pasar") == 1
    assert "Sinyal 1" in sari.read(f"/reports/{report}")
    assert far.get("/sinyal/1").status_code == 404
    assert "Calo" not in far.read("/sinyal")
    read = auni.read("/sinyal/1")
    assert "Pak Contoh" not in read
    assert report not in read
    assert "1 laporan tidak dapat Anda lihat." in read
    assert auni.do(1, "komentar", text="x") == 403
    assert f"/buletin/tulis?sinyal=1&amp;wilayah={VILLAGE}" in sari.read("/sinyal/1")


class Bulletins:
    """What bulletins would tell."""

    def of_signal(self, signal_id: int) -> list[BulletinLine]:
        return [BulletinLine(7, SENT, 5, 4, 3)]


def test_bulletins_of_a_signal_stand_on_its_page_with_the_way_to_a_new_one(region: Region) -> None:
    store = region.hub.store
    store.early.signals.take_findings([finding()], NOW_S)
    who = SignedIn("budi", "supervisor")
    app = create_hub_app(
        store.work,
        accounts=AlwaysIn(who),
        inbox=store.inbox,
        links=None,  # type: ignore[arg-type]
        pins=store.pins,
        sessions=store.sessions,
        secret_key=bytes(32),
        secure_cookies=False,
        signals=store.early.signals,
        bulletins_of_signal=Bulletins(),
        clock=region.clock,
    )
    app.add_url_rule(BULLETIN_ADDRESS, "bulletins", lambda: "")
    app.add_url_rule("/buletin/<int:bulletin>", "bulletins.show_one", lambda bulletin: "")
    client = app.test_client()
    with client.session_transaction() as session:
        session["id"] = "budi"
    page = " ".join(client.get("/sinyal/1").text.split())
    assert "Buletin 7, berlaku: untuk 5 desa, sampai di 4, dilihat di 3" in page
    assert f'href="{BULLETIN_ADDRESS}?sinyal=1&amp;wilayah={VILLAGE}"' in page
