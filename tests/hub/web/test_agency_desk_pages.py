"""What an agency's account sees and does, and nothing else."""

from __future__ import annotations

import pytest
from referral_desk import AGENCY, ReferralDesk
from village import Region

from tests.hub.web.test_referral_pages import Seat


@pytest.fixture
def database_url() -> None:
    """A file: what differs between databases is tested below the pages."""


def test_an_agency_signs_in_reads_downloads_and_answers(region: Region) -> None:
    desk = ReferralDesk(region)
    report = desk.arrive()
    name, other = desk.refer(report), desk.refer(report, desk.other)
    polres = Seat(region, AGENCY.name, "agency")
    assert polres.client.get("/sign-in").location == "/rujukan-saya"
    page = polres.read("/rujukan-saya")
    assert (f"Rujukan {name}" in page, other in page) == (True, False)
    assert "Polres Contoh" in page
    at = f"/rujukan-saya/{name}"
    page = polres.read(at)
    for words in ("RAHASIA", "[disamarkan]", "Dibuka lembaga", "kami"):
        assert words in page, words
    assert "Melati" not in page
    assert report not in page
    assert polres.client.get(f"{at}/berkas/json", buffered=True).status_code == 200
    for path in (
        f"/rujukan-saya/{other}",
        f"/rujukan-saya/{other}/berkas/json",
        f"/rujukan/{name}",
        "/",
        "/x",
    ):
        assert polres.client.get(path).status_code == 404, path
    refused = polres.post(f"{at}/jawab", page=at, what="answered", text=" ")
    assert (refused.status_code, "Tulis jawaban" in refused.text) == (422, True)
    assert polres.post(f"{at}/jawab", page=at, what="taken").status_code == 303
    assert (
        polres.post(f"{at}/jawab", page=at, what="answered", text="Sudah <b>dijemput</b>").status_code == 303
    )
    page = Seat(region, "sari", "analyst").read(f"/rujukan/{name}")
    assert "Sudah &lt;b&gt;dijemput&lt;/b&gt;" in page
    assert "Dijawab lembaga" in page


def test_an_account_without_an_agency_is_told(region: Region) -> None:
    assert "belum dihubungkan" in Seat(region, "sendiri", "agency").read("/rujukan-saya")


def test_a_withdrawn_one_says_to_destroy_it(region: Region) -> None:
    desk = ReferralDesk(region)
    name = desk.refer(desk.arrive())
    Seat(region, "sari", "analyst").post(f"/rujukan/{name}/tarik", page=f"/rujukan/{name}", text="keliru")
    page = Seat(region, AGENCY.name, "agency").read(f"/rujukan-saya/{name}")
    assert ("musnahkan" in page, "keliru" in page, "Unduh" in page) == (True, True, False)
