"""Series of other offices on the pages: who sees what, files, and pictures beside reports."""

from __future__ import annotations

import io
import re

import pytest
from village import Region
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from hub.other_data.cells import FILE_MAX_BYTES
from hub.services import Role

FILE = (
    b"Kabupaten;Minggu;Jumlah;Nama\nLombok Tengah;2026-W50;12;Melati\n"
    b"Lombok Tengah;2026-W51;<b>;Melati\nPLBN Contoh;2026-W51;4;Melati\n"
)
TOLD = {"name": "Paspor <i>", "office": "Imigrasi", "kind": "passports", "unit": "52", "method": "kentongan"}


class Seat:
    """Somebody signed in at a hub's real site."""

    def __init__(self, region: Region, name: str, role: Role, *areas: str) -> None:
        region.hub.store.accounts.add(name, role, "kentongan bertalu-talu", areas)
        self.client = region.hub.create_app().test_client()
        with self.client.session_transaction() as session:
            session["id"] = region.hub.store.accounts.begin_session(name)

    def read(self, path: str) -> str:
        response = self.client.get(path, buffered=True)
        assert response.status_code == 200, (path, response.status_code)
        return " ".join(response.text.split())

    def post(self, path: str, *, page: str, **typed: str) -> TestResponse:
        token = re.findall(r'name="form_token" value="([0-9a-f]+)"', self.client.get(page).text)[-1]
        return self.client.post(path, data={"form_token": token, **typed}, buffered=True)


@pytest.fixture
def database_url() -> None:
    """A file: what differs between databases is tested below the pages."""


def upload(seat: Seat, path: str, content: bytes) -> TestResponse:
    [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', seat.client.get(path).text))
    file = FileStorage(io.BytesIO(content), "Melati.csv")
    # The client would put a large body into a file of its own, and leave that open.
    body, length, boundary = stream_encode_multipart({"form_token": token, "file": file}, use_tempfile=False)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return seat.client.post(path, input_stream=body, content_type=kind, content_length=length, buffered=True)


def test_a_series_is_made_filled_shown_and_undone(region: Region) -> None:
    seat = Seat(region, "budi", "supervisor")
    assert "Data lain" in seat.read("/peta")
    assert "Tidak ada seri." in seat.read("/data-lain")
    assert seat.post("/data-lain/baru", page="/data-lain/baru", **{**TOLD, "unit": "99"}).status_code == 422
    assert seat.post("/data-lain/baru", page="/data-lain/baru", **TOLD).location == "/data-lain/1"
    assert "Paspor &lt;i&gt;" in seat.read("/data-lain/1")
    assert upload(seat, "/data-lain/1/berkas", b"x").status_code == 422
    assert upload(seat, "/data-lain/1/berkas", b"a" * (FILE_MAX_BYTES + 1)).status_code == 422
    assert upload(seat, "/data-lain/1/berkas", FILE).location == "/data-lain/impor/1"
    page = seat.read("/data-lain/impor/1")
    for shown in (
        "Kolom 4",
        ">Nama<",
        "seperti nama orang",
        "1 angka terbaca",
        "Impor 1 angka",
        "PLBN Contoh",
    ):
        assert shown in page, shown
    assert "Melati" not in page
    assert re.search(r"Baris 3:\s+Jumlah adalah angka bulat", page)
    meaning = {"column-0": "unit", "column-1": "week", "column-2": "count"}
    post = {"word-0": "PLBN Contoh", "code-0": "52.02", "post-0": "1"}
    at = "/data-lain/impor/1"
    assert seat.post(f"{at}/arti", page=at, **{**meaning, "column-0": "x"}).status_code == 422
    assert seat.post(f"{at}/arti", page=at, **meaning, **post).status_code == 303
    assert "PLBN Contoh, Kabupaten Lombok Tengah" in seat.read(at)
    assert seat.post(f"{at}/impor", page=at).status_code == 303
    assert seat.post(f"{at}/impor", page=at).status_code == 422
    shown = seat.read("/data-lain")
    assert shown.count("<svg") == 3
    assert "PLBN Contoh, Kabupaten Lombok Tengah" in shown
    assert seat.read("/data-lain?wilayah=52.02&jenis=passports&minggu=12").count("<svg") == 2
    assert seat.read("/data-lain?jenis=ferries").count("<svg") == 0
    for wrong in ("?jenis=x", "?minggu=3", "?mulai=-1"):
        assert seat.client.get(f"/data-lain{wrong}").status_code == 404
    one = seat.read("/data-lain/2?minggu=53")
    assert "tanpa angka 4 minggu" not in one
    assert "Impor 1</a>" in one
    assert seat.client.get("/data-lain/2.svg").mimetype == "image/svg+xml"
    assert seat.client.get("/data-lain/2.png").data.startswith(b"\x89PNG")
    assert b"2026-12-07,12" in seat.post("/data-lain/2/csv", page="/data-lain/2").data
    change = {"note": "Tiap Senin", "method": "earsC", "settings": "method=C2", "stale_weeks": "1"}
    assert seat.post("/data-lain/2/ubah", page="/data-lain/2", **change).status_code == 303
    assert "Tidak ada angka sejak minggu" in seat.read("/data-lain/2"), "a stale series says so"
    assert (
        seat.post("/data-lain/2/ubah", page="/data-lain/2", **{**change, "stale_weeks": "x"}).status_code
        == 422
    )
    assert seat.post(f"{at}/batal", page=at, text="").status_code == 422
    assert seat.post(f"{at}/batal", page=at, text="salah").status_code == 303
    assert seat.client.get("/data-lain/2").status_code == 404


def test_an_analyst_sees_and_another_area_does_not(region: Region) -> None:
    keeper = Seat(region, "budi", "supervisor")
    keeper.post("/data-lain/baru", page="/data-lain/baru", **TOLD)
    analyst = Seat(region, "sari", "analyst", "53")
    assert "Tidak ada seri." in analyst.read("/data-lain")
    for path in ("/data-lain/1", "/data-lain/1.svg", "/data-lain/1.png"):
        assert analyst.client.get(path).status_code == 404
    everywhere = Seat(region, "wati", "analyst")
    page = everywhere.read("/data-lain/1")
    assert "Ubah cara mengawasi" not in page
    assert everywhere.client.get("/data-lain/baru").status_code == 403


def test_dropping_a_file_leads_back(region: Region) -> None:
    seat = Seat(region, "budi", "supervisor")
    seat.post("/data-lain/baru", page="/data-lain/baru", **TOLD)
    upload(seat, "/data-lain/1/berkas", FILE)
    at = "/data-lain/impor/1"
    assert seat.post(f"{at}/buang", page=at).location == "/data-lain/1"
    assert seat.client.get(at).status_code == 404
