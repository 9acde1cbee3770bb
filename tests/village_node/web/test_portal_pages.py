"""The captive portal before the site, as phones meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from village_node.captive_portal import CaptivePortal
from village_node.web.public_app import create_public_app

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices

SITE = "http://10.42.0.1/"
PROBE = {"base_url": "http://captive.apple.com"}
OWN = {"base_url": "http://10.42.0.1"}


@pytest.fixture
def phone(services: MemoryServices) -> FlaskClient:
    portal = CaptivePortal(SITE, key=bytes(32))
    app = create_public_app(services, village_name="Contoh", site_address=SITE, portal=portal)
    return app.test_client()


def test_joining_opens_the_site_and_staying_ends_the_asking(phone: FlaskClient) -> None:
    led = phone.get("/hotspot-detect.html", **PROBE)
    assert (led.status_code, led.headers["Location"]) == (302, SITE)
    home = phone.get("/", **OWN).text
    assert "Tetap di Wi-Fi ini" in home
    assert SITE in home
    assert SITE in phone.post("/tetap", **OWN).text
    assert phone.get("/hotspot-detect.html", **PROBE).text.count("Success") == 2
    assert "Tetap di Wi-Fi ini" not in phone.get("/", **OWN).text


def test_answers_of_the_portal_are_guarded_and_never_cached(phone: FlaskClient) -> None:
    for _ in range(2):
        answer = phone.get("/generate_204", base_url="http://connectivitycheck.gstatic.com")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        phone.post("/tetap", **OWN)
    assert answer.status_code == 204
    assert answer.data == b""


def test_a_form_sent_to_the_internet_reaches_no_page(phone: FlaskClient, services: MemoryServices) -> None:
    form = {"form_token": "token-of-a-form-0001", "kind": "other", "narrative": "cerita"}
    answer = phone.post("/isi", data=form, base_url="http://example.com")
    assert answer.status_code == 302
    assert services.reports == []


def test_another_site_cannot_make_a_phone_stay(phone: FlaskClient) -> None:
    phone.get("/generate_204", base_url="http://connectivitycheck.gstatic.com")
    assert phone.post("/tetap", headers={"Origin": "http://evil.example"}, **OWN).status_code == 403
    again = phone.get("/generate_204", base_url="http://connectivitycheck.gstatic.com")
    assert again.status_code == 302


def test_without_a_portal_every_host_is_the_site(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://captive.apple.com").status_code == 200
    assert "Tetap di Wi-Fi ini" not in client.get("/").text
