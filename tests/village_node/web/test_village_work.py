"""The facilitator's work beside the sessions, through its pages, over a real node and hub."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from facilitator import Facilitator
from village import OTHER_VILLAGE, Region, quick_folder

from content.files import shipped_files
from content.packs import pack
from hub import folder as hub_folder
from hub.notice_services import NoticeDraft
from sync.wire.numbers import NoticeKind
from village_node.web.carry_pages import FILE_NAME, MAX_FILE_BYTES

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STORY = "Ibu Contoh bercerita: anaknya dijanjikan kerja di kebun."


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        public = KEY.public_key().public_bytes_raw()
        hub_folder.create(region.hub_folder, name="Pusat", database_url=None, release_public=public)
        yield region
        region.close()


@pytest.fixture
def desk(region: Region) -> Facilitator:
    region.node().store.material._trial = lambda folder: None
    region.settle()
    return Facilitator(region.node()).sign_in()


def upload(desk: Facilitator, data: bytes) -> tuple[int, str]:
    file = (io.BytesIO(data), "apa-saja.bin")
    response = desk.post("/data/masuk", file=file)
    return response.status_code, " ".join(response.text.split())


def write(
    region: Region, kind: NoticeKind = NoticeKind.BULLETIN, text: str = "Waspada.", **more: bool
) -> int:
    until = region.hub.store.notices.today() + datetime.timedelta(days=5)
    draft = NoticeDraft(kind, 2, more.get("public", False), until, text, (1,))
    return region.hub.store.notices.write(draft, by="sari")


# --- walk-in and paper ---


@pytest.mark.parametrize(("path", "channel"), [("/lapor-warga", "facilitator"), ("/lapor-kertas", "paper")])
def test_a_report_for_somebody_goes_to_the_hub_and_leaves_a_slip(
    region: Region, desk: Facilitator, path: str, channel: str
) -> None:
    first = desk.client.get(path).text
    form_token = re.findall(r'name="form_token" value="([^"]+)"', first)
    assert len(form_token) >= 2
    answer = desk.client.post(
        path,
        data={"form_token": form_token[-2:], "kind": "recruiter", "narrative": STORY, "go": "send"},
    )
    assert answer.status_code == 200, answer.text
    assert "Kupon peserta" in answer.text
    assert "Kegiatan Informasi Desa Pringgarata" in answer.text
    assert "<svg" in answer.text
    assert STORY not in answer.text
    again = desk.client.post(
        path,
        data={"form_token": form_token[-2:], "kind": "recruiter", "narrative": STORY, "go": "send"},
    )
    assert "Laporannya tetap satu" in again.text
    region.settle()
    [view] = region.hub.store.work.all_reports()
    assert (view.report.narrative, view.report.channel) == (STORY, channel)


def test_the_form_goes_on_page_by_page_inside_the_facilitator_s_site(desk: Facilitator) -> None:
    page = desk.client.get("/lapor-warga").text
    tokens = re.findall(r'name="form_token" value="([^"]+)"', page)
    step = re.findall(r'name="step" value="([^"]+)"', page)[0]
    following = desk.client.post(
        "/lapor-warga", data={"form_token": tokens[-2:], "step": step, "kind": "recruiter"}
    )
    assert following.status_code == 200
    assert "fasilitator" in following.text.lower()
    assert 'action="/lapor-warga"' in following.text
    assert 'href="/sehat"' not in following.text


def test_without_the_site_s_token_nothing_is_taken(region: Region, desk: Facilitator) -> None:
    answer = desk.client.post(
        "/lapor-warga", data={"form_token": "x" * 20, "kind": "other", "narrative": STORY, "go": "send"}
    )
    assert answer.status_code == 403
    region.settle()
    assert region.stories() == []


def test_the_paper_form_asks_what_the_site_asks(desk: Facilitator) -> None:
    page = desk.read("/formulir-kertas")
    assert page.count("<li><strong>") > 20
    assert len(page.encode()) < 50_000
    assert "Cetak formulir kosong" in desk.read("/bantu-lapor")


# --- notices ---


def test_a_bulletin_is_shown_and_the_hub_hears_that_it_was_read(region: Region, desk: Facilitator) -> None:
    serial = write(region, text="Ada calo di pasar.\nCek dulu izinnya.")
    write(region, NoticeKind.OPPORTUNITY, "Pelatihan las di BLK.")
    region.settle()
    page = desk.read("/pengumuman")
    assert "<p>Ada calo di pasar.</p>" in page
    assert "Pelatihan las di BLK." in page
    assert desk.post("/pengumuman", serial=serial, step="read").status_code == 303
    desk.post("/pengumuman", serial=serial, step="announced")
    page = desk.read("/pengumuman")
    assert "sudah kami baca" in page
    assert "sudah kami umumkan" in page
    region.settle()
    [village] = region.hub.store.notices.view(serial).villages
    assert village.read_at is not None
    assert village.announced_at is not None
    assert desk.post("/pengumuman", serial=77, step="read").status_code == 404
    assert desk.post("/pengumuman", serial="x", step="read").status_code == 400
    assert desk.post("/pengumuman", serial=serial, step="burnt").status_code == 400


def test_the_start_page_says_how_many_notices_wait_for_a_reader(region: Region, desk: Facilitator) -> None:
    assert "belum dibaca" not in desk.read("/")
    serials = [write(region), write(region, NoticeKind.OPPORTUNITY, "Pelatihan las di BLK."), write(region)]
    region.settle()
    assert "Pengumuman dan peluang: 3 belum dibaca" in " ".join(desk.read("/").split())
    desk.post("/pengumuman", serial=serials[0], step="read")
    desk.post("/pengumuman", serial=serials[1], step="announced")
    assert "1 belum dibaca" in desk.read("/")
    region.hub.store.notices.withdraw(serials[2], by="sari")
    region.settle()
    assert "belum dibaca" not in desk.read("/")


def test_what_ended_or_was_taken_back_stands_apart(region: Region, desk: Facilitator) -> None:
    serial = write(region)
    region.settle()
    region.hub.store.notices.withdraw(serial, by="sari")
    region.settle()
    page = desk.read("/pengumuman")
    assert "Tidak ada pengumuman yang berlaku" in page
    assert "Ditarik oleh pusat" in page


# --- data out and in ---


def test_a_courier_carries_a_file_out_and_the_answer_in(region: Region, desk: Facilitator) -> None:
    region.file(STORY)
    out = desk.post("/data/keluar")
    assert FILE_NAME in out.headers["Content-Disposition"]
    assert out.headers["Cache-Control"] == "no-store"
    region.hub.desk.exchange(out.data, via="courier")
    assert region.stories() == [STORY]
    status, page = upload(desk, region.hub.desk.courier_bundle([1]))
    assert (status, "sudah diterima" in page) == (200, True)
    assert region.node().log.pending_count() == 0


def test_each_file_that_is_none_is_refused_in_words(region: Region, desk: Facilitator) -> None:
    good = region.hub.desk.courier_bundle([1])
    region.node(OTHER_VILLAGE)
    region.settle(OTHER_VILLAGE)
    for data, said in (
        (b"", "Pilih dulu filenya"),
        (b"foto", "bukan file dari pusat"),
        (good[:-5], "rusak atau terpotong"),
        (region.node().desk.up_bundle().data, "Itu file untuk pusat"),
        (region.hub.desk.courier_bundle([2]), "milik desa lain"),
        (b"KTGPACK1" + bytes(200), "tidak ditandatangani pusat"),
    ):
        status, page = upload(desk, data)
        assert (status, said in page) == (422, True), said
    assert desk.post("/data/masuk").status_code == 422
    head = b'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n' + desk.token().encode()
    file = b'\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = head + file + bytes(MAX_FILE_BYTES + 1) + b"\r\n--x--\r\n"
    large = desk.client.post("/data/masuk", data=body, content_type="multipart/form-data; boundary=x")
    assert (large.status_code, "terlalu besar" in large.text) == (422, True)


def test_material_is_brought_used_and_taken_back(region: Region, desk: Facilitator) -> None:
    language = "languages/id/language.toml"
    text = dict(shipped_files())[language].decode().replace("Bahasa Indonesia", "Versi 4")
    files = {**shipped_files(), language: text.encode()}
    data = pack(files, version=4, made_at=datetime.date(2026, 11, 26), release_key=KEY)
    status, page = upload(desk, data)
    assert (status, "Materi versi 4 sudah diperiksa" in page) == (200, True)
    assert region.node().content().about.name == "Versi 4"
    assert "versi 4" in desk.read("/keadaan")
    page = " ".join(desk.post("/data/kembali").text.split())
    assert "Sekarang dipakai: bawaan kotak" in page
    assert region.node().content().about.name == "Bahasa Indonesia"
    assert desk.post("/data/kembali").status_code == 422


# --- the ledger ---


def test_a_letter_is_noted_corrected_and_counted(desk: Facilitator) -> None:
    line = {"agency": "PT Contoh", "destination": "Malaysia", "letter_on": "5-11-2026", "people": "3"}
    assert desk.post("/surat", **line).status_code == 303
    assert "PT Contoh" in desk.read("/surat")
    assert desk.post("/surat/1", **{**line, "people": "4"}).status_code == 303
    page = desk.read("/surat/1")
    assert "3 orang" in page
    assert "4 orang" in page
    assert re.search(r"ditulis \d{2}-\d{2}-\d{4}\)", page)
    assert "November 2026" in desk.read("/surat")
    assert "2026-11" not in desk.read("/surat").split("Jumlah per bulan")[1]
    csv = desk.get("/surat/hitungan.csv")
    assert csv.data.decode("utf-8-sig").splitlines()[1] == "2026-11;PT Contoh;Malaysia;1;4"
    desk.post("/surat/1", go="remove", **line)
    assert "Belum ada yang dicatat" in desk.read("/surat")
    assert "dikeluarkan" in desk.read("/surat/1")
    assert desk.post("/surat/1", **line).status_code == 404
    assert desk.get("/surat/9").status_code == 404


def test_the_ledger_asks_for_no_person(desk: Facilitator) -> None:
    label = re.findall(r'<label class="name" for="agency">([^<]+)</label>', desk.read("/surat"))
    assert label == ["Perusahaan yang meminta surat"]


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Facilitator) -> None:
    wrong = desk.post("/surat", agency="PT Contoh", destination="", letter_on="kemarin", people="tiga")
    assert wrong.status_code == 422
    assert 'value="PT Contoh"' in wrong.text
    # Every wrong field at once: who corrects one must not meet the next only then.
    assert re.findall(r'id="(\w+)-error">([^<]+)', wrong.text) == [
        ("destination", "Tulis 1 sampai 80 huruf."),
        ("letter_on", "Tulis seperti 5-12-2026."),
        ("people", "Tulis angka saja."),
    ]
    summary = wrong.text.split('role="alert"')[1].split("</ul>")[0]
    assert re.findall(r'href="#(\w+)"', summary) == ["destination", "letter_on", "people"]


def test_every_page_asks_for_the_pin(region: Region) -> None:
    stranger = Facilitator(region.node())
    for path in ("/data", "/surat", "/surat/hitungan.csv", "/pengumuman", "/lapor-warga", "/formulir-kertas"):
        assert stranger.get(path).status_code == 303, path
    for path in ("/data/keluar", "/data/masuk", "/data/kembali", "/surat", "/lapor-warga"):
        assert stranger.client.post(path).status_code == 403, path
