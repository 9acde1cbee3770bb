"""A file on the pages: uploaded, looked at, imported, undone; hostile ones refused."""

from __future__ import annotations

import io
import re

import pytest
from village import Region
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from hub.imports.reading import FILE_MAX_BYTES
from hub.services import SignedIn
from tests.hub.web.test_referral_pages import Seat

_SUPERVISOR = SignedIn("budi", "supervisor")
FILE = (
    b"id,judul,nama korban,perekrut,uraian\n"
    b"A-1,<b>Tiga</b>,Melati,Pak Contoh,cerita\nA-1,Lagi,,,\nA-2,Dua,,,\n"
)


@pytest.fixture
def database_url() -> None:
    """A file: what differs between databases is tested below the pages."""


@pytest.fixture
def budi(region: Region) -> Seat:
    return Seat(region, "budi", "supervisor")


def upload(seat: Seat, content: bytes, source: str = "BP3MI NTB") -> TestResponse:
    [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', seat.client.get("/impor").text))
    file = FileStorage(io.BytesIO(content), "Melati.csv")
    # The client would put a large body into a file of its own, and leave that open.
    body, length, boundary = stream_encode_multipart(
        {"form_token": token, "source": source, "file": file}, use_tempfile=False
    )
    kind = f'multipart/form-data; boundary="{boundary}"'
    return seat.client.post(
        "/impor", input_stream=body, content_type=kind, content_length=length, buffered=True
    )


def test_a_file_is_looked_at_imported_and_undone(budi: Seat) -> None:
    assert "Impor kasus dari berkas" in budi.read("/kasus")
    assert upload(budi, FILE).location == "/impor/1"
    page = budi.read("/impor/1")
    for shown in ("2 dari 3 baris", "&lt;b&gt;Tiga", "Nomor ini sudah ada di baris 2.", "Impor 2 kasus"):
        assert shown in page, shown
    assert "Tidak ada kasus" in budi.read("/kasus")
    columns = {
        f"column-{place}": value for place, value in enumerate(("id", "title", "", "recruiter", "story"))
    }
    assert budi.post("/impor/1/kolom", page="/impor/1", **columns).status_code == 303
    assert "Melati" not in budi.read("/impor/1")
    assert budi.post("/impor/1/kolom", page="/impor/1", **{"column-0": "x"}).status_code == 422
    assert budi.post("/impor/1/impor", page="/impor/1").status_code == 303
    assert budi.post("/impor/1/impor", page="/impor/1").status_code == 422
    page = budi.read("/impor/1")
    number = page.split('href="/kasus/')[1].split('"')[0]
    case = budi.read(f"/kasus/{number}")
    assert "Diimpor dari" in case
    assert "Perhatikan: perekrut" in case
    assert "Belum ada.</p>" in case[case.index('id="orang"') :], "nobody is of interest yet"
    assert budi.post("/impor/1/batal", page="/impor/1", text="").status_code == 422
    assert budi.post("/impor/1/batal", page="/impor/1", text="salah berkas").status_code == 303
    assert budi.client.get(f"/kasus/{number}").status_code == 404
    assert "Dibatalkan" in budi.read("/impor")


def test_an_officer_puts_somebody_of_an_import_among_people_of_interest(region: Region, budi: Seat) -> None:
    upload(budi, FILE)
    budi.post("/impor/1/impor", page="/impor/1")
    [number, _] = region.hub.store.imports.view(1, who=_SUPERVISOR).cases
    at = f"/kasus/{number}"
    typed = {"text": "Pak Contoh", "phones": "", "note": "Perekrut, dari impor"}
    assert budi.post(f"{at}/orang", page=at, **typed).status_code == 303
    assert [one.name for one in region.hub.store.cases.view(number, who=_SUPERVISOR).people] == ["Pak Contoh"]
    assert budi.post("/impor/1/batal", page="/impor/1", text="salah").status_code == 422


def test_files_that_are_refused_leave_nothing(region: Region, budi: Seat) -> None:
    large = b"x" * (FILE_MAX_BYTES + 1)
    for content, why in ((b"", "kosong"), (b"id,a\n1,=1\n", "rumus"), (large, "terlalu besar")):
        answer = upload(budi, content)
        assert (answer.status_code, why in answer.text) == (422, True), why
    assert upload(budi, b"x" * (FILE_MAX_BYTES + 64 * 1024)).status_code == 413
    assert upload(budi, FILE, source="").status_code == 422
    assert budi.post("/impor", page="/impor", source="x").status_code == 422
    assert region.hub.store.imports.rows(who=_SUPERVISOR) == []


def test_other_forms_stay_as_small_as_they_were(budi: Seat) -> None:
    typed = {"text": "x" * 40_000}
    assert budi.post("/kasus", page="/kasus", **typed).status_code == 413


def test_a_draft_is_its_maker_s_and_can_be_thrown_away(region: Region, budi: Seat) -> None:
    upload(budi, FILE)
    other = Seat(region, "ketut", "administrator")
    assert other.client.get("/impor/1").status_code == 404
    assert "/impor/1" not in other.read("/impor")
    assert budi.post("/impor/1/buang", page="/impor/1").location == "/impor"
    assert budi.client.get("/impor/1").status_code == 404
