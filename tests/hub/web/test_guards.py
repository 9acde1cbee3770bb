"""What every page stands behind; drawn from the app's own map, so that no new page is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import Rule

from hub.services import READING_ROLES, ROLES
from tests.hub.web.conftest import FIRST, STORY, Browser, HubInMemory, build, hidden_fields

OPEN_ENDPOINTS = {"static", "sign_in.show", "sign_in.sign_in", "sign_in.show_code", "sign_in.enter_code"}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def guarded(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and an address of every page that needs signing in."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_ENDPOINTS:
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield rule.endpoint, method, address(rule)


def address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", FIRST, re.sub(r"<int:[^>]+>", "1", rule.rule))


def test_the_map_has_the_pages_that_these_tests_walk(app: Flask) -> None:
    assert {(method, path) for _, method, path in guarded(app)} >= {
        ("GET", "/"),
        ("GET", f"/reports/{FIRST}"),
        ("POST", f"/reports/{FIRST}/answer"),
        ("POST", f"/reports/{FIRST}/acted-on"),
        ("POST", "/sign-out"),
    }


def test_every_page_but_signing_in_needs_signing_in(
    app: Flask, stranger: Browser, services: HubInMemory
) -> None:
    for endpoint, method, path in guarded(app):
        response = stranger.client.open(path, method=method, data={"text": "x"} if method != "GET" else None)
        if method in CHANGING:
            assert response.status_code == 403, endpoint
            assert "Belum dikirim" in response.text, endpoint
        else:
            assert response.status_code == 303, endpoint
            assert response.location.startswith("/sign-in"), endpoint
        assert STORY not in response.text, endpoint
    assert services.calls == []


def test_every_form_needs_its_token(app: Flask, sari: Browser, services: HubInMemory) -> None:
    other = Browser(app)
    other.sign_in("budi")
    foreign = hidden_fields(other.get(f"/reports/{FIRST}").text)["form_token"]
    sign_in_token = hidden_fields(Browser(app).get("/sign-in").text)["form_token"]
    services.calls.clear()
    for endpoint, method, path in guarded(app):
        if method not in CHANGING:
            continue
        for token in (None, "", "x", foreign, sign_in_token):
            data = {"text": "halo", "kind": "answer"} | ({"form_token": token} if token is not None else {})
            response = sari.client.open(path, method=method, data=data)
            assert response.status_code == 403, (endpoint, token)
    assert services.calls == []
    assert sari.get("/").status_code == 200, "nor was anybody signed out"


def test_signing_in_needs_the_token_of_this_browser(stranger: Browser, services: HubInMemory) -> None:
    right = {"name": "sari", "password": HubInMemory.PASSWORD}
    foreign = hidden_fields(Browser(stranger.client.application).get("/sign-in").text)["form_token"]
    for token in (None, "", foreign):
        data = right | ({"form_token": token} if token is not None else {})
        response = stranger.client.post("/sign-in", data=data)
        assert response.status_code == 403
        assert "Belum dikirim" in response.text
        assert HubInMemory.PASSWORD not in response.text
    assert services.calls == []


def test_a_token_does_not_outlive_its_session(sari: Browser, services: HubInMemory) -> None:
    old = hidden_fields(sari.read(f"/reports/{FIRST}"))
    sari.post("/sign-out", page="/")
    sari.sign_in("sari")
    services.calls.clear()
    response = sari.client.post(f"/reports/{FIRST}/answer", data={**old, "text": "halo", "kind": "answer"})
    assert response.status_code == 403
    assert services.calls == []


@pytest.mark.parametrize("name", ["sari", "budi", "ketut"])
def test_reading_roles_may_read(app: Flask, name: str) -> None:
    browser = Browser(app)
    browser.sign_in(name)
    assert browser.get("/").status_code == 200
    assert STORY in browser.read(f"/reports/{FIRST}")


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [("auni", 403, "bukan untuk peran Anda"), ("lembaga", 404, "Halaman tidak ditemukan")],
)
def test_an_auditor_is_told_that_a_page_is_not_for_him_and_an_agency_that_there_is_none(
    app: Flask, services: HubInMemory, name: str, status: int, words: str
) -> None:
    browser = Browser(app)
    browser.sign_in(name)
    token = hidden_fields(browser.get("/").text)["form_token"]
    services.calls.clear()
    for endpoint, method, path in guarded(app):
        if endpoint == "sign_in.sign_out":
            continue
        data = {"form_token": token, "text": "x", "kind": "answer"} if method in CHANGING else None
        response = browser.client.open(path, method=method, data=data)
        assert response.status_code == status, endpoint
        assert words in response.text, endpoint
        assert STORY not in response.text
    assert services.calls == []
    assert browser.post("/sign-out", page="/").status_code == 303


def test_the_tests_know_every_role(services: HubInMemory) -> None:
    assert {account.role for account in services.accounts.values()} == set(ROLES)
    assert set(READING_ROLES) == {"analyst", "supervisor", "administrator"}


def test_a_page_that_names_no_roles_is_open_to_nobody(services: HubInMemory) -> None:
    app = build(services)
    pages = Blueprint("new", __name__)

    @pages.get("/new")
    def forgotten() -> str:
        return STORY

    app.register_blueprint(pages)
    assert Browser(app).get("/new").status_code == 303
    browser = Browser(app)
    browser.sign_in("ketut")
    response = browser.get("/new")
    assert response.status_code == 403
    assert STORY not in response.text


def test_typed_text_comes_back_when_the_session_ended_meanwhile(sari: Browser, services: HubInMemory) -> None:
    form = hidden_fields(sari.read(f"/reports/{FIRST}"))
    services.clock.advance(31 * 60)
    typed = "Jawaban <panjang>\nyang diketik lama"
    response = sari.client.post(f"/reports/{FIRST}/answer", data={**form, "text": typed, "kind": "answer"})
    assert response.status_code == 403
    assert "sesi Anda sudah berakhir" in response.text
    assert "Jawaban &lt;panjang&gt;\nyang diketik lama</textarea>" in response.text
    assert services.called("answer") == []


def test_text_of_a_browser_without_a_session_does_not_come_back(stranger: Browser) -> None:
    response = stranger.client.post(f"/reports/{FIRST}/answer", data={"text": "titipan"})
    assert response.status_code == 403
    assert "titipan" not in response.text


def test_a_page_loaded_ahead_by_the_browser_does_not_count_as_read(
    sari: Browser, services: HubInMemory
) -> None:
    for name in ("Sec-Purpose", "Purpose"):
        assert sari.get(f"/reports/{FIRST}", headers={name: "prefetch;prerender"}).status_code == 503
    assert sari.client.head(f"/reports/{FIRST}").status_code == 405
    assert services.called("show_report") == []
    assert services.views[FIRST].read_at is None
