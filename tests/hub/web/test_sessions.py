"""How long a session lasts, and what its cookie holds."""

from __future__ import annotations

import pytest
from flask.sessions import SecureCookieSessionInterface

from hub.services import SignedIn
from sync.clock import ManualClock
from tests.hub.web.conftest import FIRST, Browser, HubInMemory, build

MINUTE = 60.0
HOUR = 3600.0


def test_the_cookie_holds_a_random_id_and_nothing_else(sari: Browser) -> None:
    app = sari.client.application
    cookie = sari.client.get_cookie("kentongan_hub")
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert cookie is not None
    assert serializer is not None
    held = serializer.loads(cookie.value)
    assert len(held.pop("id")) == 32
    assert held == {}


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(services: HubInMemory) -> None:
    stranger = Browser(build(services))
    response = stranger.sign_in("sari")
    (session_cookie,) = [c for c in response.headers.getlist("Set-Cookie") if c.startswith("kentongan_hub=")]
    (form_cookie,) = Browser(build(services)).get("/sign-in").headers.getlist("Set-Cookie")
    for cookie in (session_cookie, form_cookie):
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/" in cookie
        assert "Expires" not in cookie
        assert "Secure" not in cookie


def test_over_https_cookies_are_secure_and_bound_to_the_host(services: HubInMemory) -> None:
    client = build(services, secure_cookies=True).test_client()
    page = client.get("/sign-in", base_url="https://hub.example")
    (form_cookie,) = page.headers.getlist("Set-Cookie")
    assert form_cookie.startswith("__Host-kentongan_form=")
    assert "Secure" in form_cookie
    browser = Browser(client.application)
    browser.client = client
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    response = client.post(
        "/sign-in",
        base_url="https://hub.example",
        data={"form_token": token, "name": "sari", "password": HubInMemory.PASSWORD},
    )
    (session_cookie,) = response.headers.getlist("Set-Cookie")
    assert session_cookie.startswith("__Host-kentongan_hub=")
    assert "Secure" in session_cookie


def test_a_session_ends_after_half_an_hour_without_activity(sari: Browser, clock: ManualClock) -> None:
    clock.advance(29 * MINUTE)
    assert sari.get("/").status_code == 200
    clock.advance(29 * MINUTE)
    assert sari.get("/").status_code == 200
    clock.advance(30 * MINUTE)
    response = sari.get("/")
    assert (response.status_code, response.location) == (303, "/sign-in?ended=1")
    assert "Sesi Anda sudah berakhir" in sari.read(response.location)


def test_a_list_that_refreshes_itself_does_not_keep_a_session_alive(
    sari: Browser, clock: ManualClock
) -> None:
    for _ in range(59):
        clock.advance(30)
        assert sari.get("/?auto=1").status_code == 200
    clock.advance(30)
    assert sari.get("/?auto=1").status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(sari: Browser, clock: ManualClock) -> None:
    for _ in range(12 * 3 - 1):
        clock.advance(20 * MINUTE)
        assert sari.get("/").status_code == 200
    clock.advance(20 * MINUTE)
    assert sari.get("/").status_code == 303


def test_a_cookie_from_the_future_is_not_believed(sari: Browser, clock: ManualClock) -> None:
    clock.jump_wall(-30)
    assert sari.get("/").status_code == 200
    clock.jump_wall(-HOUR)
    assert sari.get("/").status_code == 303


def test_activity_from_the_future_is_not_believed(sari: Browser, clock: ManualClock) -> None:
    for _ in range(6):
        clock.advance(20 * MINUTE)
        sari.get("/")
    clock.jump_wall(-HOUR)
    assert sari.get("/").status_code == 303


def test_a_removed_account_is_out_at_once(sari: Browser, services: HubInMemory) -> None:
    del services.accounts["sari"]
    assert sari.get("/").status_code == 303
    assert services.called("page") == []


def test_a_changed_role_counts_at_once(sari: Browser, services: HubInMemory) -> None:
    services.accounts["sari"] = SignedIn("sari", "auditor")
    assert sari.get(f"/reports/{FIRST}").status_code == 403
    assert services.called("show_report") == []


def test_each_signing_in_gets_another_session_id(services: HubInMemory) -> None:
    app = build(services)
    ids = set()
    for _ in range(2):
        browser = Browser(app)
        browser.sign_in("sari")
        with browser.client.session_transaction() as session:
            ids.add(session["id"])
    assert len(ids) == 2


@pytest.mark.parametrize(
    "held",
    [
        {"name": "sari", "id": "a" * 32, "issued_at": 1.78e9, "seen_at": 1.78e9},
        {"id": ""},
        {"id": 7},
        {"name": "sari"},
        {},
    ],
)
def test_a_cookie_of_another_shape_signs_nobody_in(stranger: Browser, held: dict[str, object]) -> None:
    with stranger.client.session_transaction() as session:
        session.update(held)
    assert stranger.get("/").status_code == 303


def test_a_forged_cookie_signs_nobody_in(sari: Browser, stranger: Browser) -> None:
    cookie = sari.client.get_cookie("kentongan_hub")
    assert cookie is not None
    stranger.client.set_cookie(
        "kentongan_hub", cookie.value[:-2] + ("AA" if cookie.value[-2:] != "AA" else "BB")
    )
    assert stranger.get("/").status_code == 303
