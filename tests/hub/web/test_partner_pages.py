"""Agencies on the administrator's pages."""

from __future__ import annotations

import pytest
from referral_desk import AGENCY
from village import Region

from tests.hub.web.test_referral_pages import Seat


@pytest.fixture
def database_url() -> None:
    """A file: what differs between databases is tested below the pages."""


def test_an_agency_is_added_changed_and_given_its_account(region: Region) -> None:
    Seat(region, AGENCY.name, "agency")
    ketut = Seat(region, "ketut", "administrator")
    assert "Belum ada lembaga" in ketut.read("/lembaga")
    refused = ketut.post("/lembaga", page="/lembaga", name="", kind="lpsk")
    assert (refused.status_code, "Nama lembaga" in refused.text) == (422, True)
    typed = {"name": "UPTD <PPA>", "kind": "ppa", "contact": "0370-0000", "area": "52.02"}
    made = ketut.post("/lembaga", page="/lembaga", **typed)
    assert (made.status_code, made.location) == (303, "/lembaga/1")
    assert "UPTD &lt;PPA&gt;" in ketut.read("/lembaga")
    assert "checked" in ketut.read("/lembaga/1")
    assert ketut.post("/lembaga/1", page="/lembaga/1", **{**typed, "area": "x"}).status_code == 422
    assert ketut.post("/lembaga/1/akun", page="/lembaga/1", user="siapa", member="yes").status_code == 422
    assert ketut.post("/lembaga/1/akun", page="/lembaga/1", user=AGENCY.name, member="yes").status_code == 303
    assert f"<bdi>{AGENCY.name}</bdi>" in ketut.read("/lembaga/1")
    assert ketut.post("/lembaga/1/akun", page="/lembaga/1", user=AGENCY.name).status_code == 303
    assert ketut.post("/lembaga/1", page="/lembaga/1", **typed).status_code == 303
    assert "Tidak dipakai" in ketut.read("/lembaga")
    for path in ("/lembaga/9", "/lembaga/99999999999999999999"):
        assert ketut.client.get(path).status_code == 404
