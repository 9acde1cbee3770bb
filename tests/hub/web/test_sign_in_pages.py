"""Signing in and out."""

from __future__ import annotations

import pytest

from tests.hub.web.conftest import FIRST, Browser, HubInMemory, build


def test_the_right_password_leads_to_the_list(stranger: Browser) -> None:
    response = stranger.sign_in("sari")
    assert (response.status_code, response.location) == (303, "/")
    assert "Masuk sebagai" in stranger.read("/")


def test_a_wrong_name_and_a_wrong_password_read_the_same(stranger: Browser) -> None:
    wrong_name = stranger.sign_in("siapa")
    wrong_password = stranger.sign_in("sari", password="salah")
    assert wrong_name.status_code == wrong_password.status_code == 403
    assert "Nama atau kata sandi salah." in wrong_name.text
    assert wrong_name.text.replace("siapa", "sari") == wrong_password.text
    assert stranger.get("/").status_code == 303


def test_a_wrong_password_keeps_the_name_and_forgets_the_password(stranger: Browser) -> None:
    page = stranger.sign_in("sari", password="salah sekali").text
    assert 'value="sari"' in page
    assert "salah sekali" not in page


def test_missing_fields_are_named_beside_them(stranger: Browser, services: HubInMemory) -> None:
    response = stranger.sign_in("", password="")
    assert response.status_code == 422
    assert '<p class="problem" id="name-problem">Tulis nama akun Anda.</p>' in response.text
    assert '<p class="problem" id="password-problem">Tulis kata sandi Anda.</p>' in response.text
    assert stranger.sign_in("n" * 81).status_code == 422
    assert services.called("sign_in") == []


def test_a_name_is_taken_without_the_spaces_around_it(stranger: Browser) -> None:
    assert stranger.sign_in(" sari ").status_code == 303


def test_too_many_tries_answer_429_with_the_wait(stranger: Browser, services: HubInMemory) -> None:
    services.slowed_s = 42
    response = stranger.sign_in("sari")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "42"
    assert "Coba lagi setelah 42 detik." in response.text
    assert 'value="sari"' in response.text


def test_signing_in_returns_to_the_page_that_was_asked_for(stranger: Browser) -> None:
    asked = stranger.get(f"/reports/{FIRST}")
    assert asked.status_code == 303
    assert asked.location == f"/sign-in?next=/reports/{FIRST}"
    page = asked.location
    response = stranger.post("/sign-in", page=page, name="sari", password=HubInMemory.PASSWORD)
    assert response.location == f"/reports/{FIRST}"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "/\\jahat.example",
        "\\\\jahat.example",
        "javascript:alert(1)",
        "/sign-out",
        "/sign-in",
        "/static/hub.css",
        "/reports/x",
        f"/reports/{FIRST}/answer",
        "%2f%2fjahat.example",
        "",
    ],
)
def test_signing_in_never_leads_off_the_site(stranger: Browser, elsewhere: str) -> None:
    page = stranger.client.get("/sign-in", query_string={"next": elsewhere})
    assert page.status_code == 200
    assert "jahat" not in page.text
    assert stranger.sign_in("sari", next=elsewhere).location == "/"
    signed_in = stranger.client.get("/sign-in", query_string={"next": elsewhere})
    assert (signed_in.status_code, signed_in.location) == (303, "/")


def test_signing_out_ends_the_session_and_says_so(sari: Browser) -> None:
    response = sari.post("/sign-out", page="/")
    assert (response.status_code, response.location) == (303, "/sign-in?done=signed-out")
    assert "Anda sudah keluar." in sari.read(response.location)
    assert sari.get("/").status_code == 303


def test_a_link_cannot_sign_out(sari: Browser) -> None:
    assert sari.get("/sign-out").status_code == 405
    assert sari.get("/").status_code == 200


def test_a_copied_cookie_does_not_outlive_signing_out(services: HubInMemory) -> None:
    app = build(services)
    sari, thief = Browser(app), Browser(app)
    sari.sign_in("sari")
    cookie = sari.client.get_cookie("kentongan_hub")
    assert cookie is not None
    thief.client.set_cookie("kentongan_hub", cookie.value)
    assert thief.get("/").status_code == 200
    sari.post("/sign-out", page="/")
    assert thief.get("/").status_code == 303


def test_opening_the_sign_in_page_from_another_site_keeps_the_session(sari: Browser) -> None:
    # A link from elsewhere brings no cookies (SameSite=Strict); what the answer sets must not
    # push the living session out.
    fresh = Browser(sari.client.application)
    fresh.get("/sign-in")
    assert fresh.client.get_cookie("kentongan_hub") is None
    assert fresh.client.get_cookie("kentongan_form") is not None


def test_two_sign_in_pages_in_one_browser_both_work(stranger: Browser) -> None:
    stranger.get("/sign-in")
    first = stranger.client.get_cookie("kentongan_form")
    stranger.get("/sign-in")
    assert stranger.client.get_cookie("kentongan_form") == first
