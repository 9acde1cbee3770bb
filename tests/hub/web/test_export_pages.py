"""The page of exports, on a hub's real site."""

from __future__ import annotations

import re

import pytest
from inbox_arrivals import arrive
from linked_reports import LinkedReports
from office import AlwaysIn
from village import STORY, Region
from werkzeug.test import TestResponse

from hub.services import Role, SignedIn


class Seat:
    """Somebody signed in at the hub's site."""

    def __init__(self, region: Region, name: str, role: Role, areas: tuple[str, ...] = ()) -> None:
        who = SignedIn(name, role, areas)
        region.hub.store.accounts = AlwaysIn(who)  # type: ignore[assignment]
        self.client = region.hub.create_app().test_client()
        with self.client.session_transaction() as session:
            session["id"] = name

    def post(self, path: str, **typed: str) -> TestResponse:
        [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', self.client.get("/ekspor").text))
        return self.client.post(path, data={"form_token": token, **typed}, buffered=True)


@pytest.fixture
def budi(region: Region) -> Seat:
    arrive(region, STORY, "Lain")
    return Seat(region, "budi", "supervisor")


def test_the_inbox_leads_to_an_export_of_its_filter(budi: Seat) -> None:
    assert 'href="/ekspor?kind=recruiter"' in budi.client.get("/?kind=recruiter").text
    assert '<option value="recruiter" selected>' in budi.client.get("/ekspor?kind=recruiter").text


def test_a_file_is_taken_to_keep_under_a_plain_name(budi: Seat) -> None:
    answer = budi.post("/ekspor/tabel", table="reports", form="csv", kind="recruiter")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="laporan.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("\n") == 4
    assert "Wayan" not in answer.text
    answer = budi.post("/ekspor/tabel", table="reports", form="csv", personal="1", text="Untuk BP3MI")
    assert STORY in answer.text
    answer = budi.post("/ekspor/tabel", table="cases", form="xlsx")
    assert answer.data.startswith(b"PK")
    answer = budi.post("/ekspor/jumlah", weeks="4", drawn="regencies")
    assert (answer.mimetype, '"count": 2' in answer.text) == ("application/geo+json", True)


def test_what_cannot_be_exported_is_said(budi: Seat) -> None:
    for path, typed, why in (
        ("/ekspor/tabel", {"table": "reports", "form": "csv", "personal": "1"}, "Tulis alasan"),
        ("/ekspor/tabel", {"table": "reports", "form": "csv", "area": "52.2"}, "Kode wilayah seperti"),
        ("/ekspor/tabel", {"table": "x"}, "Pilih laporan atau kasus"),
        ("/ekspor/jumlah", {"weeks": "5", "drawn": "regencies"}, "Pilih waktu"),
        ("/ekspor/umum", {"quarter": "2027-1", "form": "csv", "text": "x"}, "Pilih triwulan"),
    ):
        answer = budi.post(path, **typed)
        assert (answer.status_code, why in answer.text) == (422, True), why


def test_an_analyst_is_not_offered_people_nor_public_numbers(region: Region) -> None:
    page = Seat(region, "sari", "analyst").client.get("/ekspor").text
    assert "nomor telepon" not in page
    assert "Angka untuk umum" not in page


def test_the_file_comes_in_pieces(budi: Seat) -> None:
    [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', budi.client.get("/ekspor").text))
    answer = budi.client.post(
        "/ekspor/tabel", data={"form_token": token, "table": "reports", "form": "csv"}, buffered=False
    )
    assert answer.is_streamed
    assert answer.headers.get("Content-Length") is None
    answer.close()


def test_the_page_says_how_excel_reads(budi: Seat) -> None:
    page = budi.client.get("/ekspor").text
    assert "<code>http://localhost/odata/1/</code>" in page
    assert "Umpan OData" in page
    assert 'href="/token"' not in page


def test_the_page_of_a_person_gives_its_network_as_a_file(region: Region) -> None:
    linked = LinkedReports(region)
    first, second, _ = linked.three_villages()
    seat = Seat(region, "budi", "supervisor")
    person = linked.work.decide(
        "recruiter", first, second, same=True, reason="", who=SignedIn("b", "analyst")
    )
    where = f"/orang/{person}/stix"
    assert f'action="{where}"' in seat.client.get(f"/orang/{person}").text
    answer = seat.post(where, text="Permintaan Polda")
    assert (answer.status_code, answer.get_json(force=True)["type"]) == (200, "bundle")
    named = f'attachment; filename="jaringan-{person}.stix.json"'
    assert answer.headers["Content-Disposition"] == named
    refused = seat.post(where, text=" ")
    assert (refused.status_code, "Alasan berisi" in refused.text) == (422, True)
    assert seat.post("/orang/99/stix", text="x").status_code == 404
    assert where not in Seat(region, "sari", "analyst").client.get(f"/orang/{person}").text
