"""The page of tokens: made, shown once, revoked; the page of what programs may ask."""

from __future__ import annotations

import re

from village import Region

from tests.hub.web.test_export_pages import Seat


def test_a_token_is_made_shown_once_and_revoked(region: Region) -> None:
    seat = Seat(region, "ketut", "administrator")
    made = seat.post("/token", purpose="Dasbor", scope="counts", areas="52.02", days="30")
    [token] = re.findall(r"<code>(kt1_[\w-]{43})</code>", made.text)
    asking = {"Authorization": f"Bearer {token}"}
    assert seat.client.get("/api/1/counts", headers=asking).status_code == 200
    page = seat.client.get("/token").text
    assert "Token 1: " in page
    assert "Dasbor" in page
    assert "(52.02)" in page
    assert token not in page
    assert seat.post("/token/1/cabut").status_code == 303
    assert "Dicabut" in seat.client.get("/token").text
    assert seat.client.get("/api/1/counts", headers=asking).status_code == 401
    assert seat.post("/token/9/cabut").status_code == 404


def test_what_is_wrong_is_said_and_kept(region: Region) -> None:
    seat = Seat(region, "ketut", "administrator")
    answer = seat.post("/token", purpose="Dasbor", days="x", scope="counts")
    assert (answer.status_code, "Masa berlaku" in answer.text, 'value="Dasbor"' in answer.text) == (
        422,
        True,
        True,
    )


def test_the_page_says_each_path(region: Region) -> None:
    page = Seat(region, "ketut", "administrator").client.get("/token/panduan").text
    for path in ("/api/1/reports", "/api/1/reports/{report_id}", "/api/1/cases", "/api/1/counts"):
        assert f"GET <code>{path}</code></h2>" in page
    assert "<script" not in page
    assert "Undefined" not in page
