"""Errors are plain pages, and the log learns nothing that was typed."""

from __future__ import annotations

import logging

import pytest

from tests.hub.web.conftest import FIRST, STORY, Browser, HubInMemory, build

SECRET = "Lalu Jaya 0812-3456-7890"


def test_no_page_is_404(stranger: Browser, sari: Browser) -> None:
    for browser in (stranger, sari):
        response = browser.get("/tidak-ada")
        assert response.status_code == 404
        assert "Halaman tidak ditemukan" in response.text
        assert '<html lang="id">' in response.text


def test_a_wrong_method_is_405_and_says_which_are_right(sari: Browser) -> None:
    response = sari.client.put("/")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "Cara membuka halaman ini salah" in response.text


def test_a_body_beyond_the_limit_is_413(sari: Browser, stranger: Browser, services: HubInMemory) -> None:
    services.calls.clear()
    for browser in (sari, stranger):
        for path in (f"/reports/{FIRST}/answer", "/sign-in", "/tidak-ada"):
            response = browser.client.post(path, data={"text": "x" * 33_000})
            assert response.status_code == 413
            assert "Terlalu besar" in response.text
    assert services.calls == []


@pytest.mark.parametrize("breaks_with", [RuntimeError(SECRET), KeyError(SECRET), ValueError(SECRET)])
def test_an_unexpected_error_is_a_plain_page_and_one_line_in_the_log(
    sari: Browser, services: HubInMemory, caplog: pytest.LogCaptureFixture, breaks_with: Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    page = f"/reports/{FIRST}"
    token = sari.get(page).text.split('name="form_token" value="')[1].split('"')[0]
    services.breaks_with = breaks_with
    response = sari.client.post(
        f"{page}/answer?text={SECRET}", data={"form_token": token, "text": SECRET, "kind": "answer"}
    )
    assert response.status_code == 500
    assert "Ada gangguan di hub" in response.text
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    (record,) = caplog.records
    assert type(breaks_with).__name__ in record.getMessage()
    assert "conftest.py" in record.getMessage()
    assert record.exc_info is None
    assert record.exc_text is None
    for typed in (SECRET, "Jaya", FIRST, "sari", STORY):
        assert typed not in caplog.text


def test_an_error_with_a_cause_does_not_bring_it_into_the_log(
    sari: Browser, services: HubInMemory, caplog: pytest.LogCaptureFixture
) -> None:
    error = RuntimeError("outer " + SECRET)
    error.__cause__ = ValueError(SECRET)
    services.breaks_with = error
    assert sari.get("/").status_code == 500
    assert SECRET not in caplog.text


def test_nothing_typed_reaches_the_log_on_the_ordinary_way(
    services: HubInMemory, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(build(services))
    browser.sign_in("sari", password=SECRET)
    browser.sign_in("sari")
    browser.answer(SECRET)
    browser.answer(SECRET * 100)
    browser.get("/" + SECRET)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_an_error_even_in_the_check_of_the_account_stays_quiet(
    services: HubInMemory, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = build(services)
    browser = Browser(app)
    browser.sign_in("sari")

    def broken(_: str) -> None:
        raise OSError(SECRET)

    monkeypatch.setattr(services, "session", broken)
    response = browser.get(f"/reports/{FIRST}")
    assert response.status_code == 500
    assert "Ada gangguan di hub" in response.text
    assert SECRET not in caplog.text


def test_the_app_does_not_hand_errors_to_the_server_even_when_debugged(services: HubInMemory) -> None:
    app = build(services)
    app.debug = True
    app.testing = True
    browser = Browser(app)
    browser.sign_in("sari")
    services.breaks_with = RuntimeError(SECRET)
    assert browser.get("/").status_code == 500
