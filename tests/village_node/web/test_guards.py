"""Headers, refused origins and error pages; what the log may hold."""

from __future__ import annotations

import gzip
import logging
import re
from typing import TYPE_CHECKING

import pytest
from flask import request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from village_node.services import StorageFull, TooManyGuesses
from village_node.web.guards import content_security_policy
from village_node.web.public_app import PublicSite

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices

URLENCODED = "application/x-www-form-urlencoded"
TOKEN = "token-of-a-form-0001"
REPORT = {"form_token": TOKEN, "kind": "other", "narrative": "cerita-rahasia"}


def every_kind_of_response(client: FlaskClient, services: MemoryServices) -> list[TestResponse]:
    """One response for each status of each route, those of refusals and faults included."""
    responses = [
        client.get("/"),
        client.head("/"),
        client.get("/isi"),
        client.get("/isi/"),
        client.get("/nomor"),
        client.options("/isi"),
        client.post("/isi", data=REPORT),
        client.post("/isi", data={}),
        client.post("/isi", data=b"a=%FF", content_type=URLENCODED),
        client.post("/isi", data=b"{}", content_type="application/json"),
        client.post("/isi", data=b"a" * 300_000, content_type=URLENCODED),
        client.post("/isi", data=REPORT, headers={"Origin": "http://evil.example"}),
        client.post("/nomor", data={"code": "1"}),
        client.post("/nomor", data={"code": "0" * 16}),
        client.get("/tidak-ada"),
        client.get("/", environ_overrides={"PATH_INFO": "/isi//"}),
        client.delete("/isi"),
        client.post("/"),
    ]
    for failure in (StorageFull(), TooManyGuesses(5), ValueError("cerita-rahasia")):
        services.failure = failure
        responses.append(client.post("/isi", data=REPORT))
        responses.append(client.post("/nomor", data={"code": "0" * 16}))
    services.failure = None
    return responses


def test_every_response_carries_the_guarding_headers(client: FlaskClient, services: MemoryServices) -> None:
    responses = every_kind_of_response(client, services)
    assert {r.status_code for r in responses} == {
        200, 400, 403, 404, 405, 413, 415, 422, 429, 500, 507,
    }  # fmt: skip
    for response in responses:
        headers = response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
        for part in headers["Content-Security-Policy"].split("; ")[2:]:
            if part.startswith("script-src"):
                assert re.fullmatch(r"script-src 'sha256-[A-Za-z0-9+/=]+'", part), "one script, and no other"
        assert "Server" not in headers
        assert "Location" not in headers


def test_no_response_ever_sets_a_cookie(client: FlaskClient, services: MemoryServices) -> None:
    for response in every_kind_of_response(client, services):
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_every_page_is_indonesian_and_no_refusal_is_in_english(
    client: FlaskClient, services: MemoryServices
) -> None:
    for response in every_kind_of_response(client, services):
        if response.request.method in ("HEAD", "OPTIONS"):
            continue
        assert '<html lang="id">' in response.text, response.status
        assert not re.search(
            r"Not Found|Method Not|Bad Request|Internal Server|Entity|Forbidden", response.text
        )


def test_pages_are_sent_compressed_to_whoever_takes_it_and_sound_is_not(client: FlaskClient) -> None:
    plain = client.get("/isi")
    assert "Content-Encoding" not in plain.headers
    small = client.get("/isi", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    as_read = gzip.decompress(small.data).decode()
    assert re.sub("fresh-form-token-[0-9]+", "", as_read) == re.sub("fresh-form-token-[0-9]+", "", plain.text)
    assert "Content-Encoding" not in client.get("/isi", headers={"Accept-Encoding": "gzip;q=0"}).headers
    sound = client.get("/suara/id/home.mp3", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "Content-Encoding" not in sound.headers


def test_a_wrong_method_says_what_is_allowed(client: FlaskClient) -> None:
    assert set(client.delete("/isi").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(
    client: FlaskClient, services: MemoryServices, headers: dict[str, str]
) -> None:
    response = client.post("/isi", data=REPORT, headers=headers)
    assert response.status_code == 403
    assert "situs lain" in response.text
    assert services.reports == []


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a phone's captive window
        {"Origin": "null"},  # a browser that heeds our no-referrer policy on plain HTTP
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_this_site_is_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/isi", data=REPORT, headers=headers).status_code == 200


def test_error_pages_repeat_nothing_of_the_request(client: FlaskClient) -> None:
    for response in (
        client.get("/rahasia-alamat?rahasia-tanya=1", headers={"User-Agent": "rahasia-hp"}),
        client.post("/isi?rahasia-tanya", data=b"x=rahasia-isi%FF", content_type=URLENCODED),
        client.post("/isi", data=b'{"rahasia": 1}', content_type="application/json"),
        client.delete("/isi?rahasia=1"),
    ):  # fmt: skip
        assert "rahasia" not in response.text
        assert "rahasia" not in str(response.headers)


def test_nothing_typed_is_ever_logged(
    site: PublicSite, client: FlaskClient, services: MemoryServices, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    every_kind_of_response(client, services)
    assert "ValueError at " in caplog.text  # it does log, but not this:
    for secret in (
        "cerita-rahasia",
        "evil.example",
        "127.0.0.1",
        "token-of",
        "0000000000000000",
        "/tidak-ada",
    ):
        assert secret not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


def test_a_fault_in_drawing_an_error_page_is_not_logged_with_values_either(
    site: PublicSite, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    @site.context_processor
    def broken() -> dict[str, str]:
        raise RuntimeError(request.form["narrative"])

    response = site.test_client().post("/isi", data=REPORT | {"kind": ""})
    assert response.status_code == 500
    assert '<html lang="id">' in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "cerita-rahasia" not in caplog.text + response.text + "".join(capfd.readouterr())
    assert "RuntimeError at " in caplog.text


def test_the_policy_names_the_style_by_its_hash() -> None:
    policy = content_security_policy("abc=", "def=")
    assert "style-src 'sha256-abc='" in policy
    assert "script-src 'sha256-def=';" in policy
